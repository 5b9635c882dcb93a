"""The operation behind an arrival: look whether it is news, write or ask, and tell its member."""

from datetime import datetime, timedelta

import structlog

from db.arrivals import arrivals as table
from db.store.session import Database
from services.actors import Actor
from services.arrivals import judging
from services.arrivals.arriving import BEGIN
from services.arrivals.cards import ASKED, OVER, WAITING, ArrivalCards
from services.arrivals.ports import ArrivalSources
from services.crm import public_domains
from services.errors import DomainError, NotFound, Temporary
from services.followups import DUE, HELD, NewFollowUp, usual_options
from services.meetings import Meeting
from services.operations import Backoff, Done, Kind, Outcome, Retry, Skipped, StepPlan, Work
from services.people import OFF, Member, quiet_until
from services.ports import Clock

# Beside the states of a card: nothing was told, a follow-up is written, our own work failed.
NEW, QUIET, DRAFTED, FAILED = "new", "quiet", "drafted", "failed"
# Fathom has no transcript yet: looked for again after so long, at most so often.
LOOK_AGAIN, LOOKS = timedelta(minutes=10), 6
# Whoever found the meeting by looking is early: Fathom is given time before anybody is told.
EARLY_LOOKS = 2
GIVEN_UP = ("cancelled", "discarded")
PATIENT = Backoff(tries=12, first=timedelta(seconds=2), longest=timedelta(minutes=30))

log = structlog.get_logger(__name__)


class Beginning:
    """The steps; each looks before it acts, for it may run again after a crash."""

    def __init__(
        self,
        database: Database,
        sources: ArrivalSources,
        cards: ArrivalCards,
        clock: Clock,
    ) -> None:
        self._database = database
        self._meetings = sources.meetings
        self._members = sources.members
        self._followups = sources.followups
        self._mails = sources.mails
        self._cards = cards
        self._clock = clock
        self.kind = Kind(
            BEGIN,
            (
                StepPlan("look", self.look, PATIENT),
                StepPlan("write", self.write, PATIENT),
                StepPlan("tell", self.tell, PATIENT),
            ),
            ended=self.ended,
        )

    async def look(self, work: Work) -> Outcome:
        """Step 1: is it this member's news, and was anything said that a draft can be made of?"""
        row = await self._row(work)
        if row is None or row.state not in (NEW, WAITING, FAILED):
            return Skipped()
        actor = Actor(row.workspace_id, row.member_id)
        member = await self._members.afresh(actor)
        try:
            meeting = await self._meetings.find(actor, row.recording_id)
            quiet = judging.why_quiet(member, meeting, await self._own(actor))
            quiet = quiet or await self._followed(actor, row)
            spoken = () if quiet else await self._meetings.spoken(actor, row.recording_id)
        except Temporary:
            raise
        except DomainError:
            # Deleted at Fathom, or the key is gone: a meeting that nobody can read is no news.
            quiet, spoken = judging.UNREADABLE, ()
        if quiet:
            await self._note(row, QUIET, quiet)
            return Skipped(quiet)
        reason = judging.why_ask(member, meeting, spoken)
        if reason == judging.SILENT and row.looks + 1 < LOOKS:
            return await self._wait(row, member, meeting)
        await self._note(row, _state(reason), reason)
        return Done(reason)

    async def write(self, work: Work) -> Outcome:
        """Step 2: for those who want that, a follow-up begins; in quiet hours nobody is told."""
        row = await self._row(work)
        if row is None or row.state != NEW:
            return Skipped()
        actor = Actor(row.workspace_id, row.member_id)
        member = await self._members.afresh(actor)
        if not judging.begins(member):
            await self._note(row, ASKED, "")
            return Skipped()
        meeting = await self._meetings.find(actor, row.recording_id)
        declined = await self._mails.declined(actor, meeting)
        asked = NewFollowUp(
            request_id=f"arrival:{row.id}:{row.run}",
            recording_id=row.recording_id,
            options=usual_options(member, meeting, declined),
            card=(row.card_channel, row.card_ts),
            arrival=HELD if quiet_until(member, self._clock()) else DUE,
        )
        followup = await self._followups.start_once(actor, asked)
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, row.id, lock=True)
            if fresh is not None:
                fresh.state, fresh.followup_id = DRAFTED, followup.id
        return Done()

    async def tell(self, work: Work) -> Outcome:
        """Step 3: one card in the member's messages, after their quiet hours."""
        row = await self._row(work)
        if row is None or row.state not in (ASKED, OVER, DRAFTED):
            return Skipped()
        actor = Actor(row.workspace_id, row.member_id)
        member = await self._members.afresh(actor)
        now = self._clock()
        if (morning := quiet_until(member, now)) is not None:
            return Retry(after=morning - now)
        if member.preferences.auto_start == OFF:
            await self._note(row, QUIET, judging.SWITCHED_OFF)
            return Skipped()
        if row.state == DRAFTED:
            await self._tell_of(row, now)
            return Done()
        await self._cards.show(row.id, member)
        return Done()

    async def ended(self, arrival_id: str, state: str) -> None:
        """Our own work failed: the next comparison of the list begins it anew."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, arrival_id, lock=True)
            if row is not None and state == FAILED and row.told_at is None:
                row.state = FAILED

    async def _tell_of(self, row: table.ArrivalRow, now: datetime) -> None:
        await self._followups.announce(row.followup_id)
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, row.id, lock=True)
            if fresh is not None and fresh.told_at is None:
                fresh.told_at = now

    async def _wait(self, row: table.ArrivalRow, member: Member, meeting: Meeting) -> Outcome:
        """Look again later; who was told by Fathom that it is ready, is told that it is not."""
        now = self._clock()
        if row.again_at is not None and row.again_at > now:
            return Retry(after=row.again_at - now)
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, row.id, lock=True)
            if fresh is not None:
                fresh.looks, fresh.again_at = fresh.looks + 1, now + LOOK_AGAIN
                fresh.state, fresh.reason = WAITING, judging.SILENT
        early = row.source == "poll" and row.looks < EARLY_LOOKS
        if not early and quiet_until(member, now) is None:
            await self._cards.show(row.id, member)
        return Retry(after=LOOK_AGAIN)

    async def _followed(self, actor: Actor, row: table.ArrivalRow) -> str:
        """Why nothing begins when its member was quicker."""
        try:
            known = await self._followups.latest(actor, row.recording_id)
        except NotFound:
            return ""
        # What began by itself and was never told of is ours, from a run that failed.
        ours = known.arrival in (HELD, DUE)
        return "" if ours or known.status in GIVEN_UP else judging.FOLLOWED

    async def _own(self, actor: Actor) -> frozenset[str]:
        """The firm's e-mail domains; those that anybody may have are nobody's."""
        return await self._members.domains(actor) - public_domains()

    async def _note(self, row: table.ArrivalRow, state: str, reason: str) -> None:
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, row.id, lock=True)
            if fresh is not None:
                fresh.state, fresh.reason, fresh.again_at = state, reason, None
                fresh.updated_at = self._clock()
        log.info("arrivals.judged", status=state, reason=reason, subject=row.id)

    async def _row(self, work: Work) -> table.ArrivalRow | None:
        """The row; None when another run took over."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, work.subject_id)
        return row if row is not None and row.operation_id == work.operation_id else None


def _state(reason: str) -> str:
    """What the arrival is once it was looked at, by why no draft can be written of it."""
    if reason == judging.SILENT:
        return OVER
    return ASKED if reason else NEW
