"""bulk issues are operations.

Revision ID: 0016
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

INTERRUPTED = "It was interrupted. Press Retry for the rest: nothing is issued twice."
# Those under way when this ran are over, and can be retried.
OPERATIONS = """
INSERT INTO operations (id, kind, subject_id, dedupe, title, actor_kind, actor_id, actor_name,
    language, state, run, problem, reference, done, total, workspace_id, channel_id, message_ts,
    created_at, updated_at, ended_at)
SELECT 'op_' || md5(id), 'issuing.bulk', id, id, 'a file of ' || total || ' lines', operator_kind,
    operator_id, operator_name, language, CASE state WHEN 'done' THEN 'done' ELSE 'failed' END, 1,
    CASE state WHEN 'running' THEN :interrupted ELSE problem END, reference, total - (
        SELECT count(*) FROM bulk_lines WHERE bulk_id = bulk_issues.id AND bulk_lines.state = 'ok'
    ), total, workspace_id, channel_id, message_ts, created_at, coalesce(ended_at, now()),
    coalesce(ended_at, now())
FROM bulk_issues WHERE state <> 'proposed'
"""
STEPS = """
INSERT INTO operation_steps (operation_id, position, name, state, note, attempt, began_at, ended_at)
SELECT id, 0, 'issue', state, '', 1, created_at, ended_at FROM operations
WHERE kind = 'issuing.bulk'
"""
PROPOSALS = "UPDATE proposals SET action = 'issuing.bulk' WHERE action = 'bulk.issue'"


def upgrade() -> None:
    op.execute(sa.text(OPERATIONS).bindparams(interrupted=INTERRUPTED))
    op.execute(STEPS)
    op.execute(PROPOSALS)
    op.add_column(
        "bulk_issues", sa.Column("noted_run", sa.Integer(), nullable=False, server_default="1")
    )
    op.alter_column("bulk_issues", "noted_run", server_default=None)
    for column in ("state", "member_id", "message_ts", "problem", "reference", "ended_at"):
        op.drop_column("bulk_issues", column)


def downgrade() -> None:
    for column in ("member_id", "message_ts", "problem", "reference"):
        op.add_column(
            "bulk_issues", sa.Column(column, sa.String(), nullable=False, server_default="")
        )
        op.alter_column("bulk_issues", column, server_default=None)
    op.add_column(
        "bulk_issues", sa.Column("state", sa.String(), nullable=False, server_default="proposed")
    )
    op.alter_column("bulk_issues", "state", server_default=None)
    op.add_column("bulk_issues", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE bulk_issues b SET state = CASE o.state WHEN 'done' THEN 'done' ELSE 'failed' END,"
        " message_ts = o.message_ts, problem = o.problem, reference = o.reference,"
        " ended_at = o.ended_at FROM operations o"
        " WHERE o.kind = 'issuing.bulk' AND o.subject_id = b.id"
    )
    op.execute("DELETE FROM operations WHERE kind = 'issuing.bulk'")
    op.execute("UPDATE proposals SET action = 'bulk.issue' WHERE action = 'issuing.bulk'")
    op.drop_column("bulk_issues", "noted_run")
