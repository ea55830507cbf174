"""The table of blocked users."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from frontend.database.base import Base


class BlockedUser(Base):
    """One end user, as the callers name them in `safety_identifier` or `user`."""

    __tablename__ = "blocked_users"

    end_user: Mapped[str] = mapped_column(String(512), primary_key=True)
    reason: Mapped[str | None] = mapped_column(String(500))
    blocked_at: Mapped[int] = mapped_column(BigInteger)  # Unix seconds
