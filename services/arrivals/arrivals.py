"""What a member does with a card: have the draft written, look again, or put it away."""

from db.arrivals import arrivals as table
from db.store.session import Database
from services.actors import Actor
from services.arrivals.arriving import Arriving
from services.arrivals.beginning import DRAFTED, FAILED, NEW
from services.arrivals.cards import ASKED, DISMISSED, OVER, WAITING, ArrivalCards
from services.arrivals.ports import ArrivalPlace, ArrivalSources
from services.errors import NotFound
from services.followups import NewFollowUp, usual_options
from services.operations import Operations
from services.phrases import Phrase
from services.ports import Clock

NO_ARRIVAL = Phrase(
    "I cannot find that meeting any more. Open the list with /followup.",
    "Non trovo più quella riunione. Apri l’elenco con /followup.",
)
OPEN = (NEW, ASKED, WAITING, OVER, FAILED)


class Arrivals:
    """Verbs of the member whose arrival it is; everybody else gets NotFound."""

    def __init__(
        self,
        database: Database,
        sources: ArrivalSources,
        arriving: Arriving,
        cards: ArrivalCards,
        operations: Operations,
        clock: Clock,
    ) -> None:
        self._database = database
        self._meetings = sources.meetings
        self._members = sources.members
        self._followups = sources.followups
        self._mails = sources.mails
        self._arriving = arriving
        self._cards = cards
        self._operations = operations
        self._clock = clock

    async def write(self, actor: Actor, arrival_id: str, at: ArrivalPlace) -> str:
        """Have the draft written as the member likes it; the follow-up's id. Twice is once.

        The card that was clicked becomes the follow-up's. Raises NotFound.
        """
        row, member = await self._own(actor, arrival_id), await self._members.afresh(actor)
        place = await self._cards.clicked(row, member, at)
        meeting = await self._meetings.find(actor, row.recording_id)
        declined = await self._mails.declined(actor, meeting)
        asked = NewFollowUp(
            request_id=f"arrival:{row.id}:asked",
            recording_id=row.recording_id,
            options=usual_options(member, meeting, declined),
            card=(place.channel, place.ts),
        )
        followup = await self._followups.start_once(actor, asked)
        if followup.card_ts not in ("", place.ts):
            # Begun by hand meanwhile: its own card is enough.
            await self._cards.withdraw(member, place)
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, row.id, lock=True)
            if fresh is not None:
                fresh.state, fresh.followup_id = DRAFTED, followup.id
                fresh.told_at = fresh.told_at or self._clock()
        return followup.id

    async def look_again(self, actor: Actor, arrival_id: str, at: ArrivalPlace) -> None:
        """Look now whether there is a transcript; twice is once. Raises NotFound."""
        row, member = await self._own(actor, arrival_id), await self._members.afresh(actor)
        await self._cards.clicked(row, member, at)
        if row.state == WAITING:
            async with self._database.transaction() as session:
                fresh = await table.find_job(session, row.id, lock=True)
                if fresh is not None:
                    fresh.again_at = None
                await self._operations.wake(session, row.operation_id)
        elif row.state in (OVER, FAILED):
            meeting = await self._meetings.find(actor, row.recording_id)
            await self._arriving.again(row, meeting.title, member.language)

    async def dismiss(self, actor: Actor, arrival_id: str, at: ArrivalPlace) -> None:
        """Put it away; the meeting stays in the list. Raises NotFound."""
        row, member = await self._own(actor, arrival_id), await self._members.who(actor)
        await self._cards.clicked(row, member, at)
        if row.state not in OPEN:
            return
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, row.id, lock=True)
            if fresh is not None:
                fresh.state = DISMISSED
        await self._cards.show(row.id, member)

    async def _own(self, actor: Actor, arrival_id: str) -> table.ArrivalRow:
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, arrival_id)
        if row is None:
            raise NotFound(NO_ARRIVAL)
        return row
