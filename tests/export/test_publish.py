"""Models come into the repository all together or not at all."""

import shutil
from pathlib import Path

import pytest

from export.contracts import ROLES, Role
from export.errors import PublishError
from export.publish import check_id, publish, staging


def _stage(folder: Path, model_id: str, content: str) -> None:
    for role in Role:
        model = folder / role.model_name(model_id)
        model.mkdir()
        (model / "config.pbtxt").write_text(content, encoding="utf-8")


def _contents(repository: Path) -> dict[str, str]:
    files = repository.glob("*/config.pbtxt")
    return {file.parent.name: file.read_text(encoding="utf-8") for file in files}


def _publish(repository: Path, content: str, *, replace: bool = False) -> None:
    with staging(repository) as staged:
        _stage(staged, "dog", content)
        publish(staged, repository, "dog", replace=replace)


def _everything(content: str) -> dict[str, str]:
    return {role.model_name("dog"): content for role in Role}


def test_all_models_are_published(tmp_path: Path) -> None:
    _publish(tmp_path / "models", "new")
    assert _contents(tmp_path / "models") == _everything("new")


def test_staging_leaves_nothing_beside_the_repository(tmp_path: Path) -> None:
    _publish(tmp_path / "models", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["models"]


def test_a_taken_name_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    repository = tmp_path / "models"
    _publish(repository, "old")
    with pytest.raises(PublishError, match=r"--force"):
        _publish(repository, "new")
    assert _contents(repository) == _everything("old")


def test_one_taken_part_is_enough_to_refuse(tmp_path: Path) -> None:
    (tmp_path / "models" / "dog.unet").mkdir(parents=True)
    with pytest.raises(PublishError, match=r"dog\.unet"):
        _publish(tmp_path / "models", "new")
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["dog.unet"]


def test_replacing_leaves_the_new_models_alone(tmp_path: Path) -> None:
    repository = tmp_path / "models"
    _publish(repository, "old")
    _publish(repository, "new", replace=True)
    assert _contents(repository) == _everything("new")
    assert len(list(repository.iterdir())) == len(Role)


@pytest.mark.parametrize("missing", ROLES)
def test_a_failed_replacement_brings_the_old_models_back(tmp_path: Path, missing: Role) -> None:
    repository = tmp_path / "models"
    _publish(repository, "old")
    with staging(repository) as staged:
        _stage(staged, "dog", "new")
        (staged / missing.model_name("dog")).rename(staged / "elsewhere")
        with pytest.raises(PublishError, match="cannot be written"):
            publish(staged, repository, "dog", replace=True)
    assert _contents(repository) == _everything("old")


def test_a_model_without_shallow_steps_replaces_one_that_has_them(tmp_path: Path) -> None:
    repository = tmp_path / "models"
    _publish(repository, "old")
    with staging(repository) as staged:
        _stage(staged, "dog", "new")
        shutil.rmtree(staged / Role.UNET_SHALLOW.model_name("dog"))
        publish(staged, repository, "dog", replace=True)
    assert _contents(repository) == {role.model_name("dog"): "new" for role in ROLES}


def test_a_failed_first_publication_leaves_an_empty_repository(tmp_path: Path) -> None:
    repository = tmp_path / "models"
    with staging(repository) as staged:
        _stage(staged, "dog", "new")
        (staged / "dog").rename(staged / "elsewhere")
        with pytest.raises(PublishError):
            publish(staged, repository, "dog", replace=False)
    assert list(repository.iterdir()) == []


def test_other_models_are_not_touched(tmp_path: Path) -> None:
    (tmp_path / "models" / "dogs.unet").mkdir(parents=True)
    _publish(tmp_path / "models", "new", replace=True)
    assert (tmp_path / "models" / "dogs.unet").is_dir()


def test_a_repository_that_is_a_file_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(PublishError, match="cannot be written"),
        staging(tmp_path / "file" / "models"),
    ):
        pytest.fail("must not be entered")


@pytest.mark.parametrize("model_id", ["sd1.5-inpaint", "a", "7_b"])
def test_ordinary_ids_are_allowed(model_id: str) -> None:
    check_id(model_id)


@pytest.mark.parametrize(
    "model_id", ["", ".hidden", "-x", "a/b", "..", "a b", "a\n", "\u00e9", "dog.unet", "dog.encode"]
)
def test_ids_that_are_no_folder_or_a_part_are_refused(model_id: str) -> None:
    with pytest.raises(PublishError):
        check_id(model_id)
