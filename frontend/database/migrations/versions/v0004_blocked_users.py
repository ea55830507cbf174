"""End users who may not edit."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "blocked_users",
        sa.Column("end_user", sa.String(512), primary_key=True),
        sa.Column("reason", sa.String(500)),
        sa.Column("blocked_at", sa.BigInteger(), nullable=False),
    )
