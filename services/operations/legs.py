"""The jobs of an operation: one that would have to wait ends, and a delayed one goes on with it.

A job that waits holds its place in the queue, and eight of them would hold up their workspace.
"""

from datetime import datetime, timedelta

from db import operations as table
from db.store import jobs
from db.store.session import Session

AT_ONCE = timedelta(0)
AT_MOST = 100  # revived in one transaction


async def start_job(session: Session, row: table.OperationRow, pause: timedelta = AT_ONCE) -> None:
    """Start the job of the newest leg when the transaction commits, after the pause."""
    partition = row.workspace_id or row.kind
    ids = (job_id(row), row.id, name(row))
    delay = pause if pause > AT_ONCE else None
    await jobs.start(session, row.kind, *ids, partition=partition, delay=delay)


async def hand_on(session: Session, row: table.OperationRow, pause: timedelta = AT_ONCE) -> None:
    """Leave the rest to a job of its own; whatever an older one does changes nothing any more."""
    row.leg += 1
    await start_job(session, row, pause)


async def waiting(session: Session, row: table.OperationRow) -> list[table.StepRow]:
    """The steps that wait for their next try."""
    steps = await table.steps(session, row.id)
    return [step for step in steps if step.state == table.STEP_RETRYING]


async def revive(session: Session, before: datetime) -> int:
    """A new leg for each operation that runs since before then and has no job; how many."""
    found = await table.stranded(session, before, AT_MOST)
    for operation_id in found:
        row = await table.find(session, operation_id, lock=True)
        if row is not None and row.state == table.RUNNING:
            await hand_on(session, row)
    return len(found)


def job_id(row: table.OperationRow) -> str:
    """The id of the newest leg's job."""
    return f"operation:{row.id}:{name(row)}"


def name(row: table.OperationRow) -> str:
    """The run's number, and behind a dot that of a leg which is not its first."""
    return str(row.run) if row.leg == 1 else f"{row.run}.{row.leg}"
