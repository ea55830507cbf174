"""The event stream of an edit in OpenAPI's words."""

from typing import Any, Final

_DESCRIPTION: Final = (
    "With `stream`: server-sent events. `image_edit.partial_image` and `image_edit.completed` "
    "carry one picture each as `b64_json`, the latter with `usage`; an `error` has the body of "
    "other errors and is the last. `retouch.queued` and `retouch.progress` come only with "
    "`progress`. A line that begins with a colon is a comment."
)
_EXAMPLE: Final = """\
event: image_edit.partial_image
data: {"type":"image_edit.partial_image","b64_json":"...","created_at":1700000000,\
"size":"256x256","quality":"auto","background":"opaque","output_format":"png","image_index":0,\
"partial_image_index":0}

event: image_edit.completed
data: {"type":"image_edit.completed","b64_json":"...","created_at":1700000000,\
"size":"256x256","quality":"auto","background":"opaque","output_format":"png","image_index":0,\
"usage":{"input_tokens":1028,"output_tokens":1024,"total_tokens":2052,\
"input_tokens_details":{"image_tokens":1024,"text_tokens":4}}}

"""
EVENT_STREAM: Final[dict[str, Any]] = {
    "text/event-stream": {
        "schema": {"type": "string", "description": _DESCRIPTION},
        "example": _EXAMPLE,
    }
}
