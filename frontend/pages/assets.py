"""The pages' files, read once and kept in memory, compressed where that helps."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Self

_FOLDER: Final = Path(__file__).parent / "static"
# A table of our own: that of the machine differs from machine to machine.
_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


@dataclass(frozen=True)
class Asset:
    """One file.

    Attributes:
        content: its bytes.
        compressed: the same with gzip, where that is smaller.
        media_type: for `Content-Type`.
        etag: changes with the content; weak, for it stands for both encodings.
    """

    content: bytes
    compressed: bytes | None
    media_type: str
    etag: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file."""
        content = path.read_bytes()
        compressed = gzip.compress(content, mtime=0)
        return cls(
            content=content,
            compressed=compressed if len(compressed) < len(content) else None,
            media_type=_TYPES[path.suffix],
            etag=f'W/"{hashlib.sha256(content).hexdigest()[:32]}"',
        )


@cache
def assets() -> Mapping[str, Asset]:
    """All files by their path below `static/`."""
    files = (path for path in _FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(_FOLDER).as_posix(): Asset.read(path) for path in files}
