"""An official client in a process of its own, told what to do line by line."""

import base64
import json
import subprocess
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.toolchain import Client


@dataclass(frozen=True)
class File:
    """A file as a user of the client gives it; without a name it is a bare buffer."""

    data: bytes
    name: str | None = None
    content_type: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """For the driver."""
        data = base64.b64encode(self.data).decode()
        return {"data": data, "name": self.name, "type": self.content_type}


@dataclass(frozen=True)
class Error:
    """What the client raised."""

    kind: str
    status: int | None = None
    message: str | None = None
    type: str | None = None
    param: str | None = None
    code: str | None = None
    request_id: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What the client returned or raised, and how long that took."""

    seconds: float
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    error: Error | None = None


class Official:
    """One client; its calls follow each other."""

    def __init__(self, client: Client, settings: dict[str, Any]) -> None:
        self.client = client
        self._settings = settings
        self._process = subprocess.Popen(
            client.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def edit(
        self,
        fields: dict[str, Any],
        *,
        stream: bool = False,
        headers: dict[str, str] | None = None,
        **settings: Any,
    ) -> Outcome:
        """Edit an image; `fields` hold `File`s and values, `headers` replace the client's."""
        files = {
            name: [file.as_json() for file in value] if isinstance(value, list) else value.as_json()
            for name, value in fields.items()
            if isinstance(value, File | list)
        }
        values = {name: value for name, value in fields.items() if name not in files}
        call = {"files": files, "fields": values, "stream": stream, "headers": headers or {}}
        return self._call("edit", call, settings)

    def models(self) -> Outcome:
        """List the models."""
        return self._call("models", {}, {})

    def model(self, model_id: str, **settings: Any) -> Outcome:
        """Describe a model."""
        return self._call("model", {"id": model_id}, settings)

    def _call(self, name: str, call: dict[str, Any], settings: dict[str, Any]) -> Outcome:
        line = {"call": name, "settings": self._settings | settings, **call}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        error = Error(**told.pop("error")) if "error" in told else None
        return Outcome(**told, error=error)
