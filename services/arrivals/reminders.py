"""One reminder of a draft that began by itself and was not used after a day."""

from datetime import timedelta

import structlog

from db.arrivals import arrivals as table
from db.store.session import Database
from services.actors import Actor
from services.arrivals.ports import ArrivalPlace, ArrivalRoom
from services.errors import DomainError, NotFound
from services.followups import FollowUp, FollowUps
from services.people import OFF, Members, quiet_until
from services.ports import Clock

UNUSED = timedelta(days=1)
AT_ONCE = 200
READY = "ready"

log = structlog.get_logger(__name__)


class Reminders:
    """Reminds once; what nobody hears of because Slack lost it is not said twice."""

    def __init__(
        self,
        database: Database,
        members: Members,
        followups: FollowUps,
        room: ArrivalRoom,
        clock: Clock,
    ) -> None:
        self._database = database
        self._members = members
        self._followups = followups
        self._room = room
        self._clock = clock

    async def due(self) -> list[str]:
        """A step: arrivals whose draft is a day old and of which nobody was reminded."""
        async with self._database.transaction() as session:
            return await table.unused(session, self._clock() - UNUSED, AT_ONCE)

    async def remind(self, arrival_id: str) -> bool:
        """A step: say it below the card, unless the draft was used, put away or never shown.

        Whoever switched it off hears nothing; in quiet hours it stays due.
        """
        async with self._database.transaction() as session:
            row = await table.find_job(session, arrival_id)
        if row is None:
            return False
        actor = Actor(row.workspace_id, row.member_id)
        member = await self._members.afresh(actor)
        if quiet_until(member, self._clock()) is not None:
            return False
        try:
            followup = await self._followups.see(actor, row.followup_id)
        except NotFound:
            followup = None
        wanted = member.preferences.auto_start != OFF and _is_unused(followup)
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, arrival_id, lock=True)
            if fresh is None or fresh.reminded_at is not None:
                return False
            fresh.reminded_at = self._clock()
        if not wanted or followup is None:
            return False
        try:
            place = ArrivalPlace(followup.card_channel, followup.card_ts)
            await self._room.remind(member, followup.title, place)
        except DomainError as error:
            log.info("arrivals.not_reminded", reason=type(error).__name__, subject=arrival_id)
            return False
        return True


def _is_unused(followup: FollowUp | None) -> bool:
    """Whether it is written, shown on a card, and nothing was done with it."""
    if followup is None or followup.status != READY or not followup.card_ts:
        return False
    return not followup.receipts
