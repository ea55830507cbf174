"""Secrets come from files, too, and are shown nowhere."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from frontend.results.open_store import open_store
from frontend.settings import Settings
from frontend.settings_fault import settings_fault

SECRETS = {
    "database_url": "postgresql://me:hidden@db/retouch",
    "redis_url": "redis://:hidden@redis:6379/0",
    "s3_secret_access_key": "hidden-key",
    "url_secret": "hidden" * 6,
}
S3_KEY = {"s3_access_key_id": "retouch"}


def named(folder: Path, **texts: str) -> dict[str, Any]:
    """Write files, and return the settings that name them."""
    for name, text in texts.items():
        (folder / name).write_text(text)
    return {f"{name}_file": str(folder / name) for name in texts}


def plain(value: Any) -> Any:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def test_every_secret_of_a_file_is_as_if_it_were_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = named(tmp_path, **{name: f"{text}\n" for name, text in SECRETS.items()})
    for name, file in files.items():
        monkeypatch.setenv(f"RETOUCH_{name.upper()}", file)
    monkeypatch.setenv("RETOUCH_S3_ACCESS_KEY_ID", "retouch")
    settings = Settings()
    assert {name: plain(getattr(settings, name)) for name in SECRETS} == SECRETS


def test_no_secret_is_in_the_settings_representation(tmp_path: Path) -> None:
    for values in (SECRETS, named(tmp_path, **SECRETS)):
        settings = Settings.model_validate(values | S3_KEY)
        assert "hidden" not in repr(settings) + str(settings)


def fault(**values: Any) -> str:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate(S3_KEY | values)
    return settings_fault(raised.value)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_set_in_both_ways_is_refused(tmp_path: Path, name: str) -> None:
    said = fault(**{name: SECRETS[name]}, **named(tmp_path, **{name: SECRETS[name]}))
    variable = f"RETOUCH_{name.upper()}"
    assert f"{variable} and {variable}_FILE exclude each other" in said
    assert "hidden" not in said


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_cannot_be_used_is_named_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfehidden")
    (tmp_path / "empty").write_text("\n")
    for file, reason in {
        "missing": "cannot be read: No such file or directory",
        ".": "cannot be read: Is a directory",
        "binary": "is no UTF-8 text",
        "empty": "is empty",
    }.items():
        said = fault(**{f"{name}_file": str(tmp_path / file)})
        assert f"RETOUCH_{name.upper()}_FILE: the file {tmp_path / file} {reason}" in said
        assert len(said.splitlines()) == 1
        assert "hidden" not in said


def test_a_secret_of_a_file_is_checked_like_any_other(tmp_path: Path) -> None:
    wrong = {"url_secret": "hidden", "redis_url": "http://hidden"}
    said = fault(**named(tmp_path, **wrong))
    assert "RETOUCH_URL_SECRET: " in said
    assert "RETOUCH_REDIS_URL: " in said
    assert "hidden" not in said


def test_the_store_has_the_credentials_of_the_settings(tmp_path: Path) -> None:
    values = S3_KEY | named(tmp_path, s3_secret_access_key=SECRETS["s3_secret_access_key"])
    store = open_store(Settings.model_validate({"result_store": "s3://results/a"} | values))
    config: dict[str, Any] = dict(getattr(store, "config"))  # noqa: B009 - of S3 stores alone
    assert config.items() >= {"access_key_id": "retouch", "secret_access_key": "hidden-key"}.items()


def test_half_a_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="go together"):
        Settings.model_validate(S3_KEY)
