"""The frontend's metrics, as docs/telemetry.md lists them.

Labels take few values, all of them ours: routes, error codes, models that are served. Never a key,
a prompt, a user or anything else that a client chose.
"""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# From a refusal to the longest edit that the defaults allow.
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600)

disable_created_metrics()  # type: ignore[no-untyped-call]

BUILD: Final = Gauge("retouch_build_info", "Always 1; the version is a label.", ["version"])
REQUESTS: Final = Counter(
    "retouch_http_requests", "Answered requests.", ["route", "method", "status"]
)
REQUEST_SECONDS: Final = Histogram(
    "retouch_http_request_duration_seconds",
    "From a request's arrival to the end of its answer.",
    ["route", "method"],
    buckets=_SECONDS,
)
REFUSALS: Final = Counter(
    "retouch_refusals", "Requests that ended in an error, by its code.", ["code"]
)
QUEUE_WAIT_SECONDS: Final = Histogram(
    "retouch_queue_wait_seconds",
    "How long edits waited for their model before they started.",
    ["model"],
    buckets=_SECONDS,
)
STAGE_SECONDS: Final = Histogram(
    "retouch_stage_duration_seconds",
    "Time of each stage of an edit; finish, encode and store once for each picture.",
    ["stage"],
    buckets=_SECONDS,
)
IMAGES: Final = Counter("retouch_images_finished", "Images that a model finished.", ["model"])
CANCELLED: Final = Counter(
    "retouch_edits_cancelled", "Accepted edits that ended because nobody waited.", ["model"]
)
FAULTS: Final = Counter(
    "retouch_dependency_faults",
    "Calls that failed because something that the frontend needs did.",
    ["dependency"],
)
