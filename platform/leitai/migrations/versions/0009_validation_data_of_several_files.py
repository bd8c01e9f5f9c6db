"""Tasks name their validation data for each file of a submission."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OLD = sa.table("tasks", sa.column("id", sa.Integer), sa.column("validation", sa.String))
NEW = sa.table("tasks", sa.column("id", sa.Integer), sa.column("validation", sa.JSON))


def upgrade() -> None:
    """Under no name, where a submission is one table; a task has had no other until now."""
    named = op.get_bind().execute(sa.select(OLD).where(OLD.c.validation != "")).all()
    op.drop_column("tasks", "validation")
    column = sa.Column("validation", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    op.add_column("tasks", column)
    for task, file in named:
        op.execute(sa.update(NEW).where(NEW.c.id == task).values(validation={"": file}))


def downgrade() -> None:
    """Tasks of several files have no validation data any more."""
    named = op.get_bind().execute(sa.select(NEW)).all()
    op.drop_column("tasks", "validation")
    column = sa.Column("validation", sa.String(200), nullable=False, server_default=sa.text("''"))
    op.add_column("tasks", column)
    for task, files in named:
        if "" in files:
            op.execute(sa.update(OLD).where(OLD.c.id == task).values(validation=files[""]))
