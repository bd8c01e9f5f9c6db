"""Run by Alembic; the connection comes from ``leitai.db``."""

from alembic import context

from leitai.migrations.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
