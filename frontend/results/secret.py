"""The secret that signs result URLs; kept in the home folder, so that URLs survive a restart."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

_NAME: Final = "url-signing.key"
_BYTES: Final = 32


def url_secret(home: Path) -> bytes:
    """Return the secret of `home`, creating it (mode 0600) where there is none."""
    path = home / _NAME
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
