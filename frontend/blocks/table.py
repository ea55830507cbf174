"""The table of blocked users."""

from typing import Final

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from frontend.database.base import Base

MAX_USER_CHARACTERS: Final = 512  # as the API takes them
MAX_REASON_CHARACTERS: Final = 500


class BlockedUser(Base):
    """One end user, as the callers name them in `safety_identifier` or `user`."""

    __tablename__ = "blocked_users"

    end_user: Mapped[str] = mapped_column(String(MAX_USER_CHARACTERS), primary_key=True)
    reason: Mapped[str | None] = mapped_column(String(MAX_REASON_CHARACTERS))
    blocked_at: Mapped[int] = mapped_column(BigInteger)  # Unix seconds
