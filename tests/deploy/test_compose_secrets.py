"""The secrets that are made for the compose file open the doors that they are for."""

import stat
import subprocess
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from frontend.results.secret import url_secret
from frontend.settings import Settings
from tests.deploy.compose import composed, services
from tests.servers.process import free_port, program, running

SCRIPT = Path("docker/make-secrets").absolute()


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the script makes."""
    folder = tmp_path_factory.mktemp("compose") / "secrets"
    subprocess.run([SCRIPT, folder, "edits.example.org"], check=True)
    return folder


def test_every_secret_of_the_file_is_made_and_closed_to_others(secrets: Path) -> None:
    files = {Path(each["file"]).name for each in composed()["secrets"].values()}
    assert {file.name for file in secrets.iterdir()} == files
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in secrets.iterdir()} == {0o444}


def test_secrets_that_are_there_stay_as_they_are(secrets: Path) -> None:
    before = {file.name: file.read_bytes() for file in secrets.iterdir()}
    subprocess.run([SCRIPT, secrets], check=True)
    assert {file.name: file.read_bytes() for file in secrets.iterdir()} == before


def test_the_certificate_is_for_the_host(secrets: Path) -> None:
    command: list[str | Path] = [
        program("openssl", "openssl"),
        "x509",
        "-checkhost",
        "edits.example.org",
    ]
    said = subprocess.run(
        [*command, "-checkhost", "edits.example.org", "-in", secrets / "tls_certificate"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "does match certificate" in said


def test_the_frontend_starts_with_them(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in services()["frontend"]["environment"].items():
        monkeypatch.setenv(name, value.replace("/run/secrets", str(secrets)))
    settings = Settings()
    password = (secrets / "postgres_password").read_text().strip()
    assert (settings.database.host, settings.database.password) == ("postgres", password)
    assert len(url_secret(settings)) >= 32
    assert settings.s3_secret_access_key is not None
    assert password not in repr(settings)


def test_redis_lets_in_who_has_the_password_alone(secrets: Path, tmp_path: Path) -> None:
    port = free_port()
    arguments = services()["redis"]["command"][1:]
    command = [str(program("redis-server", "redis-server"))]
    command += [word.replace("/run/secrets", str(secrets)) for word in arguments]
    command += ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    url = (secrets / "redis_url").read_text().strip().replace("redis:6379", f"127.0.0.1:{port}")

    def refuses() -> bool:
        with Redis(port=port) as stranger:
            try:
                stranger.ping()
            except AuthenticationError:
                return True
            except ConnectionError:
                return False
        raise AssertionError("everybody is let in")

    with running(command, tmp_path / "log", refuses), Redis.from_url(url) as friend:
        assert friend.ping()
        assert friend.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
