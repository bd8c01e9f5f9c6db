"""Scores have intervals, and runs what resamples say of the score that ranks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("low", "high"):
        op.add_column("scores", sa.Column(name, sa.Double(), nullable=True))
    for name in ("replicates", "sealed_replicates"):
        op.add_column("runs", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.add_column(
        "runs", sa.Column("sealed_intervals", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    )


def downgrade() -> None:
    for table, columns in {
        "runs": ("sealed_intervals", "sealed_replicates", "replicates"),
        "scores": ("high", "low"),
    }.items():
        for column in columns:
            op.drop_column(table, column)
