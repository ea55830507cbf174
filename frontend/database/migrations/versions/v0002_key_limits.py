"""What a key may do, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; keys that exist get the server's default limits and never expire."""
    op.add_column("keys", sa.Column("expires_at", sa.BigInteger()))
    op.add_column("keys", sa.Column("images_per_minute", sa.Integer()))
    op.add_column("keys", sa.Column("requests_per_minute", sa.Integer()))
    op.add_column("keys", sa.Column("concurrent_edits", sa.Integer()))
    op.add_column("keys", sa.Column("models", sa.JSON(none_as_null=True)))
