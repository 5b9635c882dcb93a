"""Looking ourselves: each watched member's list of meetings is compared now and then."""

from datetime import timedelta

import structlog

from db.arrivals import arrivals, watches
from db.store.session import Database
from integrations.fathom.client import Fathom
from integrations.fathom.types import Arrived, Recording
from services.actors import Actor
from services.arrivals.arriving import NEWS, POLL, SKEW, Arriving
from services.arrivals.beginning import FAILED
from services.connections import Connections
from services.errors import Disconnected, DomainError
from services.people import Members
from services.ports import Clock

# Without a webhook this is how meetings arrive; beside one it finds what Fathom forgot to tell.
EVERY, SAFETY = timedelta(minutes=5), timedelta(hours=1)
AT_ONCE = 100
# Of a diary with more meetings in one day the rest waits for the webhook.
MAX_PAGES = 5

log = structlog.get_logger(__name__)


class Polling:
    """Finds meetings that nobody told us of; the late webhook adds nothing then."""

    def __init__(
        self,
        database: Database,
        fathom: Fathom,
        connections: Connections,
        members: Members,
        arriving: Arriving,
        clock: Clock,
    ) -> None:
        self._database = database
        self._fathom = fathom
        self._connections = connections
        self._members = members
        self._arriving = arriving
        self._clock = clock

    async def due(self) -> list[tuple[str, str]]:
        """A step: workspace and member of those to look at now; their next look is planned."""
        now, found = self._clock(), []
        async with self._database.transaction() as session:
            for watch in await watches.due(session, now, AT_ONCE):
                owner = (watch.workspace_id, watch.member_id)
                has_hook = await watches.has_hook(session, *owner)
                watch.next_poll_at = now + (SAFETY if has_hook else EVERY)
                found.append(owner)
        return found

    async def look(self, workspace_id: str, member_id: str) -> int:
        """A step: take in what ended lately and is not known yet; how many that were."""
        actor = Actor(workspace_id, member_id)
        try:
            recordings = await self._recent(actor)
        except Disconnected:
            # A refused key is tried again all the same: the mark goes once Fathom takes it.
            await self._later(actor)
            return 0
        except DomainError as error:
            log.info("arrivals.not_polled", reason=type(error).__name__, workspace_id=workspace_id)
            return 0
        async with self._database.transaction() as session:
            ids = [one.recording_id for one in recordings]
            known = await arrivals.known(session, workspace_id, member_id, ids)
        language = (await self._members.who(actor)).language
        taken = 0
        for recording in recordings:
            row = known.get(recording.recording_id)
            if row is not None and row.state == FAILED:
                await self._arriving.again(row, recording.title, language)
            elif row is None:
                taken += await self._arriving.take(actor, Arrived(recording, ()), POLL)
        return taken

    async def _later(self, actor: Actor) -> None:
        async with self._database.transaction() as session:
            watch = await watches.watch(session, actor.workspace_id, actor.member_id, lock=True)
            if watch is not None:
                watch.next_poll_at = self._clock() + SAFETY

    async def _recent(self, actor: Actor) -> tuple[Recording, ...]:
        """What ended since the member is watched, within the last day."""
        now = self._clock()
        async with self._database.transaction() as session:
            watch = await watches.watch(session, actor.workspace_id, actor.member_id)
        if watch is None:
            return ()
        after, found, cursor = max(watch.since - SKEW, now - NEWS), list[Recording](), None
        async with self._connections.using_fathom(actor) as key:
            for _ in range(MAX_PAGES):
                page = await self._fathom.meetings(key, created_after=after, cursor=cursor)
                found += page.meetings
                if (cursor := page.next_cursor) is None:
                    break
        return tuple(one for one in found if one.ended_at >= after)
