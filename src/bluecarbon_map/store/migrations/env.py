"""Alembic's entry: runs migrations on the connection that `store.migrating` hands over."""

from alembic import context

from bluecarbon_map.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
