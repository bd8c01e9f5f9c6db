"""A judge signs a changed list anew, and the older signature stays."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signatures") as batch_op:
        batch_op.drop_constraint("uq_signatures_phase_id_judge_id", type_="unique")
        batch_op.create_unique_constraint(
            "uq_signatures_phase_id_judge_id_digest", ["phase_id", "judge_id", "digest"]
        )


def downgrade() -> None:
    with op.batch_alter_table("signatures") as batch_op:
        batch_op.drop_constraint("uq_signatures_phase_id_judge_id_digest", type_="unique")
        batch_op.create_unique_constraint("uq_signatures_phase_id_judge_id", ["phase_id", "judge_id"])
