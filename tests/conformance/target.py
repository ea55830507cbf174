"""The server that is asked."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

URL_VARIABLE = "RETOUCH_CONFORMANCE_BASE_URL"
KEY_VARIABLE = "RETOUCH_CONFORMANCE_KEY"
MODEL_VARIABLE = "RETOUCH_CONFORMANCE_MODEL"


@dataclass(frozen=True)
class Target:
    """What a client is configured with, and a model to ask for."""

    base_url: str
    key: str
    model: str

    @property
    def settings(self) -> dict[str, Any]:
        """The client's own settings; each call is a single request."""
        return {"base_url": self.base_url, "api_key": self.key, "max_retries": 0}


def running_target(start: Callable[[], tuple[str, str]]) -> Target:
    """Return the server that the environment names, else the one that `start` has."""
    if URL_VARIABLE in os.environ:
        base_url, key = os.environ[URL_VARIABLE], os.environ[KEY_VARIABLE]
    else:
        base_url, key = start()
    return Target(base_url, key, os.environ.get(MODEL_VARIABLE) or first_model(base_url, key))


def first_model(base_url: str, key: str) -> str:
    """The first model that the server lists."""
    headers = {"Authorization": f"Bearer {key}"}
    listed = httpx.get(f"{base_url}/models", headers=headers).raise_for_status().json()
    return str(listed["data"][0]["id"])
