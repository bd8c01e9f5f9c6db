"""Phases have limits and a log policy of their own; of a program's output a run keeps what a team may see."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

EMPTY = sa.text("'{}'")


def upgrade() -> None:
    op.add_column(
        "tasks", sa.Column("log_budget", sa.Integer(), nullable=False, server_default=sa.text("1000000"))
    )
    op.add_column("phases", sa.Column("limits", sa.JSON(), nullable=False, server_default=EMPTY))
    op.add_column(
        "phases", sa.Column("logs", sa.String(length=12), nullable=False, server_default="error-class")
    )
    op.add_column("phases", sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE phases SET logs = 'tail' WHERE task_id IN (SELECT id FROM tasks WHERE kind <> 'code')")
    op.add_column("runs", sa.Column("stdout", sa.String(), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("log_bytes", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("runs", sa.Column("log_cut", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("tails", sa.JSON(), nullable=False, server_default=EMPTY))
    # What teams have seen counts from the beginning.
    size = "length(CAST(log AS BLOB))" if op.get_bind().dialect.name == "sqlite" else "octet_length(log)"
    op.execute(f"UPDATE runs SET log_bytes = {size} WHERE log <> ''")  # noqa: S608 both texts stand above


def downgrade() -> None:
    for table, columns in {
        "runs": ("tails", "log_cut", "log_bytes", "stdout"),
        "phases": ("alone", "logs", "limits"),
        "tasks": ("log_budget",),
    }.items():
        for column in columns:
            op.drop_column(table, column)
