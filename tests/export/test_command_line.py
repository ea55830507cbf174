"""`retouch export` as a person sees it."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from export.command_line import default_repository, export

app = typer.Typer()
app.command()(export)


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("/no/such/folder", "--id", "dog"), "there is no folder /no/such/folder"),
        (("/no/such/folder", "--id", "dog.unet"), "would collide"),
        (("/no/such/folder", "--id", "../dog"), "is not allowed"),
        (("/no/such/[/folder]", "--id", "dog"), "there is no folder /no/such/[/folder]"),
        (
            ("/no/such/folder", "--id", "dog", "--engine", "openvino", "--precision", "fp16"),
            "openvino computes in fp32 or bf16 or int8, not in fp16",
        ),
        (
            ("/no/such/folder", "--id", "dog", "--engine", "onnxruntime", "--precision", "bf16"),
            "onnxruntime computes in fp32 or fp16, not in bf16",
        ),
        (
            ("/no/such/folder", "--id", "dog", "--engine", "onnxruntime", "--precision", "int8"),
            "onnxruntime computes in fp32 or fp16, not in int8",
        ),
        (
            ("/no/such/folder", "--id", "dog", "--engine", "openvino", "--device", "gpu"),
            "openvino does not run on a gpu",
        ),
        (
            ("/no/such/folder", "--id", "dog", "--engine", "tensorrt", "--device", "cpu"),
            "tensorrt does not run on a cpu",
        ),
        (
            ("/no/such/folder", "--id", "dog", "--engine", "tensorrt", "--cache-interval", "2"),
            "a cache interval is for CPUs",
        ),
        (
            ("/no/such/folder", "--id", "dog", "--device", "gpu", "--cache-interval", "2"),
            "a cache interval is for CPUs",
        ),
    ],
)
def test_an_error_is_one_line_and_exit_code_one(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = _run(*arguments, "--to", tmp_path / "models")
    assert result.exit_code == 1
    errors = [line for line in result.output.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert message in errors[0]
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_taken_id_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "dog.encode").mkdir()
    result = _run("/no/such/folder", "--id", "dog", "--to", tmp_path)
    assert result.exit_code == 1
    assert "--force" in result.output


def test_stages_are_shown_and_options_reach_the_config(sd1_lcm: Path, tmp_path: Path) -> None:
    options = ("--steps", 8, "--guidance", 1.5, "--resolution", 128, "--precision", "fp32")
    result = _run(sd1_lcm, "--id", "dog", "--to", tmp_path / "models", *options)
    assert result.exit_code == 0, result.output
    assert "UNet: write the graph in fp32" in result.output
    assert f"dog is in {tmp_path / 'models'}, for onnxruntime in fp32" in result.output
    config = (tmp_path / "models" / "dog" / "config.pbtxt").read_text(encoding="utf-8")
    for value in ("8", "1.5", "128"):
        assert f'string_value: "{value}"' in config


def test_models_go_to_the_home_folder_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETOUCH_HOME", "/srv/retouch")
    assert default_repository() == Path("/srv/retouch/models")
    monkeypatch.delenv("RETOUCH_HOME")
    assert default_repository() == Path(".retouch/models")
