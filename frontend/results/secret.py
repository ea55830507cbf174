"""The secret that signs result URLs: the operator's, or one of the home folder's own."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from frontend.settings import Settings

_NAME: Final = "url-signing.key"
_BYTES: Final = 32


def url_secret(settings: Settings) -> bytes:
    """Return the secret that is set; else the home folder's, so that URLs survive a restart.

    Frontends that serve each other's results need the same one.
    """
    if settings.url_secret is not None:
        return settings.url_secret.get_secret_value().encode()
    path = settings.home / _NAME
    if not path.exists():
        _create(path)
    return path.read_bytes()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    try:
        # A link, unlike a rename, fails if another process was faster: both must use one secret.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()
