"""Releases as files, without a server."""

import shutil
from pathlib import Path

import pytest

from retouch.releases.errors import ReleaseError
from retouch.releases.release import Release
from retouch.releases.repository import ReleasedModel, served

NAME = "retouch-mini"
BUILT_IN = Path(__file__).parents[3] / "model_repository"
SHALLOW = "unet_shallow"  # not of every model
PARTS = set(Release(NAME, 1).possible_parts) - {f"{NAME}.{SHALLOW}"}


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A newer export, elsewhere: the configs are enough."""
    ignored = shutil.ignore_patterns("*.onnx", "tokenizer.json")
    shutil.copytree(BUILT_IN, tmp_path / "exported", ignore=ignored)
    return tmp_path / "exported"


@pytest.fixture
def model(exported: Path, tmp_path: Path) -> ReleasedModel:
    """A model with one release."""
    shutil.copytree(exported, tmp_path / "models")
    return ReleasedModel(tmp_path / "models", NAME)


def test_the_parts_of_a_model_are_those_that_serve_the_built_in_one() -> None:
    assert {path.name for path in BUILT_IN.iterdir()} == {NAME} | PARTS


def test_an_added_release_is_not_loaded_until_it_is_used_and_the_former_is_not_loaded_then(
    model: ReleasedModel, exported: Path
) -> None:
    second = model.add(exported)
    assert (second.number, model.in_use.number) == (2, 1)
    assert set(served(model.repository)) == {NAME} | PARTS

    model.use(second)
    assert model.in_use == second
    assert set(served(model.repository)) == {NAME} | set(model.parts(second))

    model.use(Release(NAME, 1))
    assert set(served(model.repository)) == {NAME} | PARTS
    assert [release.number for release in model.releases] == [1, 2]


def test_a_release_with_shallow_steps_follows_one_without_and_goes_again(
    model: ReleasedModel, exported: Path
) -> None:
    shutil.copytree(exported / f"{NAME}.unet", exported / f"{NAME}.{SHALLOW}")
    second = model.add(exported)
    shallow = f"{second.prefix}.{SHALLOW}"
    assert shallow in model.parts(second)
    assert model.parts(second).index(shallow) < model.parts(second).index(f"{NAME}@2.encode")
    assert shallow not in served(model.repository)

    model.use(second)
    assert set(served(model.repository)) == {NAME} | set(model.parts(second))

    shutil.rmtree(exported / f"{NAME}.{SHALLOW}")
    third = model.add(exported)
    assert {part.rpartition(".")[2] for part in model.parts(third)} == {
        part.rpartition(".")[2] for part in PARTS
    }


def test_a_release_that_is_not_there_is_refused_and_so_is_an_export_that_is_not_complete(
    model: ReleasedModel, exported: Path
) -> None:
    with pytest.raises(ReleaseError, match=f"{NAME} has no release 3"):
        model.use(Release(NAME, 3))
    shutil.rmtree(exported / f"{NAME}.unet")
    with pytest.raises(ReleaseError, match=r"\.unet.* cannot be read"):
        model.add(exported)
    assert [release.number for release in model.releases] == [1]


def test_a_folder_with_no_model_or_several_is_no_export(
    model: ReleasedModel, exported: Path, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseError, match="holds 0 models"):
        model.add(tmp_path)
    shutil.copytree(exported / NAME, exported / "another")
    with pytest.raises(ReleaseError, match="holds 2 models"):
        model.add(exported)
