"""What a server says of its models over HTTP."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from retouch.liveness.errors import NotLiveError

HOST: Final = "127.0.0.1"
_TIMEOUT_SECONDS: Final = 4.0


@dataclass(frozen=True)
class PythonModel:
    """A loaded model for which there must be a process.

    Attributes:
        name: the model's.
        is_loop: whether it carries out edits, on streams.
    """

    name: str
    is_loop: bool


def python_models(port: int) -> Iterator[PythonModel]:
    """Yield the loaded models that run in processes of their own.

    Raises:
        NotLiveError: the server does not answer.
    """
    for entry in _ask("POST", "/v2/repository/index", port):
        if entry.get("state") == "READY":
            config = _ask("GET", f"/v2/models/{entry['name']}/config", port)
            if config.get("backend") == "python":
                yield PythonModel(entry["name"], _is_loop(config))


def _is_loop(config: Any) -> bool:
    task = config.get("parameters", {}).get("task", {})
    return bool(task.get("string_value") == "image-edit")


def _ask(method: str, path: str, port: int) -> Any:
    connection = http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise NotLiveError(f"tritonserver does not answer at port {port}: {error}") from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise NotLiveError(f"tritonserver answers {path} with {response.status}")
    return json.loads(body)
