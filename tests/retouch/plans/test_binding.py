"""Plans are compared with the machine before they are served."""

from pathlib import Path

import pytest

from retouch.plans import BINDING_FILE, Gpu, PlanMismatchError, bind, check_plans, gpus
from tests.retouch.plans.fake_driver import H100, L4, Device, install

BUILT_FOR = Gpu("NVIDIA H100 80GB HBM3", "9.0", "10.15.1")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A model `dog` with one plan."""
    folder = tmp_path / "dog.unet" / "1"
    folder.mkdir(parents=True)
    bind(folder / "model.plan", BUILT_FOR)
    return tmp_path


def test_a_plan_for_this_gpu_and_version_is_served(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, [H100, H100], (10, 15, 1))
    assert gpus() == [BUILT_FOR, BUILT_FOR]
    check_plans(repository, "dog")


def test_the_version_of_tensorrt_11_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, [L4], (11, 2, 0))
    assert gpus() == [Gpu("NVIDIA L4", "8.9", "11.2.0")]


@pytest.mark.parametrize(
    ("devices", "version", "here"),
    [
        ([H100], (10, 16, 0), "not for NVIDIA H100 80GB HBM3 (9.0) with TensorRT 10.16.0"),
        ([H100, L4], (10, 15, 1), "not for NVIDIA L4 (8.9) with TensorRT 10.15.1"),
    ],
)
def test_a_plan_for_another_machine_is_refused_with_both_sides_and_the_remedy(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    devices: list[Device],
    version: tuple[int, int, int],
    here: str,
) -> None:
    install(monkeypatch, devices, version)
    with pytest.raises(PlanMismatchError) as caught:
        check_plans(repository, "dog")
    assert str(caught.value) == (
        f"dog.unet: the plan is for {BUILT_FOR}, {here}:"
        " export the checkpoint again on this machine"
    )


def test_a_plan_without_a_gpu_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, [], (10, 15, 1))
    with pytest.raises(PlanMismatchError, match="but here NVIDIA's driver finds no GPU"):
        check_plans(repository, "dog")


def test_a_broken_binding_is_refused(repository: Path) -> None:
    (repository / "dog.unet" / "1" / BINDING_FILE).write_text('{"gpu": 1}', encoding="utf-8")
    with pytest.raises(PlanMismatchError, match=r"dog.unet: the plan's plan.json cannot be read"):
        check_plans(repository, "dog")


def test_the_plans_of_other_models_do_not_matter(repository: Path) -> None:
    check_plans(repository, "cat")
