"""What all tables have in common."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """The root of all tables; what changes one needs a migration in `migrations/versions`."""
