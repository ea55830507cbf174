"""Who made which edits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "usage",
        sa.Column("request_id", sa.String(40), primary_key=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("end_user", sa.String(512)),
        sa.Column("model", sa.String(200)),
        sa.Column("images", sa.Integer()),
        sa.Column("size", sa.String(20)),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(100)),
        sa.Column("duration_milliseconds", sa.Integer(), nullable=False),
    )
    op.create_index("ix_usage_created_at", "usage", ["created_at"])
