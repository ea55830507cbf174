"""aiperf's endpoint of image edits, with a mask: the second image of a turn."""

from typing import Any

from aiperf.common.models import RequestInfo
from aiperf.endpoints.openai_image_edit import ImageEditEndpoint


class MaskedImageEditEndpoint(ImageEditEndpoint):  # type: ignore[misc] # aiperf is not here
    """`POST /v1/images/edits` with `image` and `mask`."""

    def format_payload(self, request_info: RequestInfo) -> dict[str, Any]:
        """Return the form's fields."""
        _, mask = request_info.turns[-1].images[0].contents
        payload: dict[str, Any] = super().format_payload(request_info)
        return payload | {"mask": self._build_image_field(mask) | {"filename": "mask.png"}}
