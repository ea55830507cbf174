"""The table of keys."""

import time
from typing import Final

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from frontend.database.base import Base

MAX_NAME_CHARACTERS: Final = 200


class Key(Base):
    """One API key; of its secret only the hash is stored. Times are Unix seconds.

    Attributes:
        expires_at: when it stops to be valid; None: never.
        images_per_minute: how many images it may ask for in a minute; None: the server's default,
            as for the next two.
        requests_per_minute: how many edits it may ask for in a minute.
        concurrent_edits: how many edits it may have under way.
        models: the models it may use; None: all.
    """

    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    prefix: Mapped[str] = mapped_column(String(20), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[int] = mapped_column(BigInteger)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger, default=None)
    last_used_at: Mapped[int | None] = mapped_column(BigInteger, default=None)
    expires_at: Mapped[int | None] = mapped_column(BigInteger, default=None)
    images_per_minute: Mapped[int | None] = mapped_column(default=None)
    requests_per_minute: Mapped[int | None] = mapped_column(default=None)
    concurrent_edits: Mapped[int | None] = mapped_column(default=None)
    models: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), default=None)

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= time.time()

    def may_use(self, model_id: str) -> bool:
        """Whether it may ask for edits by a model."""
        return self.models is None or model_id in self.models
