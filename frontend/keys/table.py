"""The table of keys."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from frontend.database import Base


class Key(Base):
    """One API key; of its secret only the hash is stored. Times are Unix seconds."""

    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(20), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[int] = mapped_column(BigInteger)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger, default=None)
    last_used_at: Mapped[int | None] = mapped_column(BigInteger, default=None)
