"""Drives the `openai` package of the interpreter that runs it: a JSON line in, a JSON line out."""

import base64
import inspect
import json
import sys
import time
from typing import Any

import openai


def upload(file: dict[str, Any]) -> Any:
    """A file in the form that the client takes."""
    data = base64.b64decode(file["data"])
    if file["name"] is None:
        return data
    return (file["name"], data, file["type"]) if file["type"] else (file["name"], data)


def arguments(client: openai.OpenAI, call: dict[str, Any]) -> dict[str, Any]:
    """The named arguments that this version knows, and `extra_body` for the rest."""
    known = inspect.signature(client.images.edit).parameters
    files = {
        name: list(map(upload, file)) if isinstance(file, list) else upload(file)
        for name, file in call["files"].items()
    }
    fields = call["fields"]
    named = {name: value for name, value in fields.items() if name in known}
    extra = {name: value for name, value in fields.items() if name not in known}
    # The client insists on a prompt; this is what it takes for one that is not given.
    absent = {} if "prompt" in fields else {"prompt": known["mask"].default}
    return {**files, **absent, **named, "extra_body": extra, "extra_headers": call["headers"]}


def edit(client: openai.OpenAI, call: dict[str, Any]) -> dict[str, Any]:
    """Edit an image."""
    given = arguments(client, call)
    if call["stream"]:
        with client.images.edit(stream=True, **given) as events:
            return {"value": [event.model_dump() for event in events]}
    answer = client.images.with_raw_response.edit(**given)
    return {"headers": dict(answer.headers), "value": answer.parse().model_dump()}


def perform(call: dict[str, Any]) -> dict[str, Any]:
    """Carry out one call."""
    client = openai.OpenAI(**call["settings"])
    if call["call"] == "edit":
        return edit(client, call)
    if call["call"] == "models":
        return {"value": [model.model_dump() for model in client.models.list()]}
    return {"value": client.models.retrieve(call["id"]).model_dump()}


def described(error: Exception) -> dict[str, Any]:
    """What a user sees of an error; the first clients showed only the answer itself."""
    told: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
    body: Any = getattr(error, "body", None)
    if isinstance(error, openai.APIStatusError):
        body = error.response.json()["error"]
        told["status"] = error.status_code
        told["request_id"] = error.response.headers.get("x-request-id")
    if isinstance(body, dict):
        told["message"] = body["message"]
        for name in ("type", "param", "code"):
            told[name] = getattr(error, name) if hasattr(error, "body") else body[name]
    return told


for line in sys.stdin:
    started = time.monotonic()
    try:
        outcome = perform(json.loads(line))
    except Exception as error:
        outcome = {"error": described(error)}
    outcome["seconds"] = time.monotonic() - started
    sys.stdout.write(json.dumps(outcome) + "\n")
    sys.stdout.flush()
