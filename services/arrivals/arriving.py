"""A recording becomes one member's news, once, whether Fathom told of it or we looked."""

from datetime import timedelta

import structlog

from db.arrivals import arrivals as table
from db.arrivals import watches
from db.store.session import Database
from integrations.fathom.types import Arrived
from services.actors import Actor, Operator
from services.meetings import Meetings
from services.operations import Operations, Place, Start
from services.people import Members
from services.ports import Clock

BEGIN = "arrivals.begin"
# What ended longer ago is no news any more.
NEWS = timedelta(days=1)
# Fathom's clock is not ours, and it tells whole seconds.
SKEW = timedelta(minutes=1)
WEBHOOK, POLL = "webhook", "poll"

log = structlog.get_logger(__name__)


class Arriving:
    """Takes recordings in; the same one again adds nothing."""

    def __init__(
        self,
        database: Database,
        meetings: Meetings,
        members: Members,
        operations: Operations,
        clock: Clock,
    ) -> None:
        self._database = database
        self._meetings = meetings
        self._members = members
        self._operations = operations
        self._clock = clock

    async def take(self, actor: Actor, arrived: Arrived, source: str) -> bool:
        """Index the meeting, and begin what follows from it; False when it is no news.

        What ended before the member connected Fathom, or more than a day ago, is no news.
        """
        meeting = await self._meetings.arrived(actor, arrived.recording, arrived.lines)
        language = (await self._members.who(actor)).language
        now, owner = self._clock(), (actor.workspace_id, actor.member_id)
        async with self._database.transaction() as session:
            watch = await watches.watch(session, *owner)
            if watch is None or meeting.ended_at < max(watch.since - SKEW, now - NEWS):
                return False
            row = table.ArrivalRow(
                workspace_id=actor.workspace_id,
                member_id=actor.member_id,
                recording_id=meeting.recording_id,
                source=source,
                created_at=now,
                updated_at=now,
            )
            if not await table.add(session, actor.workspace_id, row):
                return False
            start = _start(row, meeting.title, language)
            operation_id = await self._operations.start(session, start)
            kept = await table.find_job(session, row.id, lock=True)
            if kept is not None:
                kept.operation_id = operation_id
        log.info("arrivals.arrived", kind=source, subject=row.id, workspace_id=row.workspace_id)
        return True

    async def again(self, row: table.ArrivalRow, title: str, language: str) -> None:
        """Begin anew what an earlier run left undone; twice at once is once."""
        async with self._database.transaction() as session:
            kept = await table.find_job(session, row.id, lock=True)
            if kept is None or kept.run != row.run:
                return
            kept.run, kept.state, kept.reason, kept.looks = kept.run + 1, "new", "", 0
            kept.operation_id = await self._operations.start(session, _start(kept, title, language))


def _start(row: table.ArrivalRow, title: str, language: str) -> Start:
    return Start(
        kind=BEGIN,
        subject_id=row.id,
        title=title,
        operator=Operator("slack", f"{row.workspace_id}:{row.member_id}"),
        dedupe=f"{BEGIN}:{row.id}:{row.run}",
        language=language,
        place=Place(row.workspace_id, ""),
    )
