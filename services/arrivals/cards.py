"""The one card of an arrival in its member's messages, until it becomes the follow-up's."""

from db.arrivals import arrivals as table
from db.store.session import Database
from services.actors import Actor
from services.arrivals.judging import whom
from services.arrivals.ports import ArrivalCard, ArrivalPlace, ArrivalRoom
from services.meetings import Meetings
from services.people import Member
from services.ports import Clock

# What a card says: it asks, its transcript is awaited, its owner put it away, nothing came.
ASKED, WAITING, DISMISSED, OVER = "asked", "waiting", "dismissed", "over"


class ArrivalCards:
    """Draws the card; a second one is posted only when nobody knows where the first is."""

    def __init__(
        self, database: Database, meetings: Meetings, room: ArrivalRoom, clock: Clock
    ) -> None:
        self._database = database
        self._meetings = meetings
        self._room = room
        self._clock = clock

    async def show(self, arrival_id: str, member: Member) -> None:
        """Draw it as it is now; raises Temporary while Slack is away.

        That it is about to be posted is written down before, where it is after: a process that
        dies between leaves a card that goes at its first click.
        """
        async with self._database.transaction() as session:
            row = await table.find_job(session, arrival_id, lock=True)
            if row is None:
                return
            row.intent_at = self._clock()
            at, card = ArrivalPlace(row.card_channel, row.card_ts), await self._card(row)
        shown = await self._room.show(member, card, at)
        if shown is None:
            return
        second = False
        async with self._database.transaction() as session:
            row = await table.find_job(session, arrival_id, lock=True)
            if row is None:
                return
            second = row.card_ts not in (at.ts, shown.ts)
            if not second:
                row.card_channel, row.card_ts = shown.channel, shown.ts
                row.told_at = row.told_at or self._clock()
        if second:
            await self._room.withdraw(member, shown)

    async def clicked(
        self, row: table.ArrivalRow, member: Member, at: ArrivalPlace
    ) -> ArrivalPlace:
        """Where the card is, once it was clicked at `at`: of two the one that was lost goes."""
        if not at.ts or row.card_ts == at.ts:
            return ArrivalPlace(row.card_channel, row.card_ts)
        if not row.card_ts:
            async with self._database.transaction() as session:
                fresh = await table.find_job(session, row.id, lock=True)
                if fresh is not None and not fresh.card_ts:
                    fresh.card_channel, fresh.card_ts = at.channel, at.ts
                    return at
        await self._room.withdraw(member, at)
        return ArrivalPlace(row.card_channel, row.card_ts)

    async def withdraw(self, member: Member, at: ArrivalPlace) -> None:
        """The meeting has another card: this one goes."""
        if at.ts:
            await self._room.withdraw(member, at)

    async def _card(self, row: table.ArrivalRow) -> ArrivalCard:
        meeting = await self._meetings.find(
            Actor(row.workspace_id, row.member_id), row.recording_id
        )
        return ArrivalCard(
            id=row.id,
            title=meeting.title,
            guests=whom(meeting),
            started_at=meeting.started_at,
            url=meeting.url,
            state=row.state,
            reason=row.reason,
            again_at=row.again_at,
        )
