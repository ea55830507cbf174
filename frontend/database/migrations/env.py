"""Run by alembic: applies the migrations on the connection that our code hands over."""

from alembic import context

from frontend.database.metadata import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
