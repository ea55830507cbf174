"""The end user that the client named, as answers repeat it."""

from typing import Annotated

from pydantic import Field

Person = Annotated[
    str | None,
    Field(
        description="The request's `safety_identifier`, or else its `user`.",
        exclude_if=lambda person: person is None,
    ),
]
