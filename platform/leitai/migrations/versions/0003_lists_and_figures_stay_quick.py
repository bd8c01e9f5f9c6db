"""Indexes for a team's list, an organizer's figures and newest results, at the size of a real event."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_submissions_of_team", "submissions", ["task_id", "team_id", "created_at"])
    op.create_index("ix_submissions_newest", "submissions", ["task_id", "finished_at"])
    op.create_index("ix_runs_cost", "runs", ["submission_id", "state", "cpu_s"])
    op.drop_index("ix_runs_submission_id", "runs")


def downgrade() -> None:
    op.create_index("ix_runs_submission_id", "runs", ["submission_id"])
    op.drop_index("ix_runs_cost", "runs")
    op.drop_index("ix_submissions_newest", "submissions")
    op.drop_index("ix_submissions_of_team", "submissions")
