"""Alembic's entry: it hands us a configuration that carries an open connection, inside a transaction that is ours."""

from alembic import context

from ipse.infra.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
context.run_migrations()
