"""One edit as usage keeps it: who, what and how it ended; no prompt, no picture."""

from typing import Any

from frontend.middleware.notes import RequestNotes

Entry = dict[str, Any]  # a row of the table `usage`, by column


def usage_entry(notes: RequestNotes, status: int, milliseconds: int) -> Entry | None:
    """Return the row for a request, or None where it came without a valid key.

    Args:
        notes: what was learnt about the request.
        status: how it ended.
        milliseconds: how long it took, to the last byte of its answer.
    """
    if notes.key_id is None:
        return None
    fields = notes.fields
    return {
        "request_id": notes.request_id,
        "created_at": notes.came_at,
        "key_id": notes.key_id,
        "end_user": fields and fields.person,
        "model": notes.model,
        "images": fields and (0 if notes.is_replay else fields.n),
        "size": fields and fields.size,
        "status": status,
        "code": notes.code,
        "duration_milliseconds": milliseconds,
    }
