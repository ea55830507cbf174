"""The administrator's secret, the links that sign in once, and the sessions that they open.

Of all of them only hashes are stored. Times are Unix seconds.
"""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from frontend.database.base import Base


class AdminSecret(Base):
    """The one secret, hashed with scrypt; its row's id is always 1."""

    __tablename__ = "admin_secret"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(200))


class SignInLink(Base):
    """A link that signs a browser in, once."""

    __tablename__ = "sign_in_links"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[int] = mapped_column(BigInteger)


class AdminSession(Base):
    """A browser that is signed in."""

    __tablename__ = "admin_sessions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[int] = mapped_column(BigInteger)
