"""Tasks name the open data on which teams score themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("validation", sa.String(200), nullable=False, server_default=sa.text("''"))
    op.add_column("tasks", column)


def downgrade() -> None:
    op.drop_column("tasks", "validation")
