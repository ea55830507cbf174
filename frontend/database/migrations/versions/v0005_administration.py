"""The administrator's secret, links that sign in once, and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "admin_secret",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(200), nullable=False),
    )
    for name in ("sign_in_links", "admin_sessions"):
        op.create_table(
            name,
            sa.Column("hash", sa.String(64), primary_key=True),
            sa.Column("expires_at", sa.BigInteger(), nullable=False),
        )
