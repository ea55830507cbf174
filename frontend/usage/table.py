"""The table of edits."""

from typing import Final

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from frontend.blocks.table import MAX_USER_CHARACTERS
from frontend.database.base import Base

CLIENT_LEFT: Final = 499  # as nginx logs it


class Usage(Base):
    """One request for edits by a known key, however it ended.

    Attributes:
        created_at: when it came, in Unix seconds.
        end_user: whom the caller names as the person behind it, as given: blocking needs the name.
        model: the model asked for, images how many of `size`; None where the form never got so far
            as to be read. An edit that was made for an equal request before counts no images.
        status: the HTTP status; 499 where the client left before the end.
        code: the error's code, also of one that came in the middle of a stream.
    """

    __tablename__ = "usage"

    request_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[int] = mapped_column(BigInteger, index=True)
    key_id: Mapped[str] = mapped_column(String(40))
    end_user: Mapped[str | None] = mapped_column(String(MAX_USER_CHARACTERS))
    model: Mapped[str | None] = mapped_column(String(200))
    images: Mapped[int | None]
    size: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[int]
    code: Mapped[str | None] = mapped_column(String(100))
    duration_milliseconds: Mapped[int]
