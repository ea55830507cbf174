"""The table of requests that carried an idempotency key."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from frontend.database.base import Base


class IdempotentRequest(Base):
    """One of them. Times are Unix seconds; hashes are SHA-256 in hexadecimal.

    It is being carried out until `answer`, the name of a stored object, is set. Who does that has
    a lease, and renews it; a lease that has run out tells that its owner is gone.
    """

    __tablename__ = "idempotent_requests"

    key_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    parameters_hash: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(32))
    lease_until: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(String(100), default=None)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)
