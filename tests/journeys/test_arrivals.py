"""A meeting ends, and its follow-up begins by itself: told once, and to whom it belongs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest_asyncio
from sqlalchemy import text

from db import people
from db.arrivals import arrivals
from db.store import jobs
from db.store.session import Database
from integrations.sandbox.fathom.ending import FIRST_ID
from integrations.sandbox.fathom.vendor import Fathom
from integrations.sandbox.kit.world import Meeting
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from services.connections import WATCH
from services.people import DRAFT
from tests.journeys.ledger import Ledger
from tests.journeys.steps import card
from tests.kit.waiting import until

RECOVERY = 40  # seconds, on a busy machine: start again, notice the dead process, take its job on
READY = "I wrote this by itself"
ASKED = "Shall I write the follow-up?"
CLEAN = tuple(
    text(statement)
    for statement in (
        "DELETE FROM arrivals WHERE recording_id >= :first AND recording_id < :last",
        "DELETE FROM followup_versions USING followups WHERE followup_id = id"
        " AND recording_id >= :first AND recording_id < :last",
        "DELETE FROM followups WHERE recording_id >= :first AND recording_id < :last",
        "DELETE FROM meetings WHERE recording_id >= :first AND recording_id < :last",
        "DELETE FROM transcripts WHERE recording_id >= :first AND recording_id < :last",
    )
)
AS_BEFORE = text(
    "UPDATE members SET auto_start = 'ask', quiet_from = '20:00', quiet_until = '08:00'"
)
NEW = {"first": FIRST_ID, "last": FIRST_ID + 1_000_000}


class Arrivals:
    """What a test of arrivals does: who likes what, and whose meeting ends."""

    def __init__(self, sandbox: Sandbox, database: Database) -> None:
        self.fathom = sandbox.of(Fathom)
        self.database = database

    async def watched(self, person: Visitor, choice: str) -> None:
        """The person's webhook is there, nothing is quiet, and this begins by itself."""
        who, ids = person.person, (person.team.id, person.id)
        seen = people.MemberRow(
            workspace_id=ids[0], member_id=ids[1], name=who.real_name, email=who.email,
            locale=who.locale, tz=who.tz, seen_at=datetime.now(UTC),
        )  # fmt: skip
        async with self.database.transaction() as session:
            await people.remember(session, *ids, seen)
            row = await people.find(session, *ids)
            assert row is not None
            row.auto_start, row.quiet_from, row.quiet_until = choice, None, None
            await jobs.start(session, WATCH, f"{WATCH}:{uuid4().hex}", *ids, partition=ids[0])
        await until(lambda: len(self.fathom.hooks.of(person.id)) == 1)

    def ends(self, person: Visitor, which: str = "customer") -> Meeting:
        """A meeting of this person's ends, and everybody's webhooks are told."""
        return self.fathom.endings.end(person.id, which)[0]

    async def delivered(self, meeting: Meeting) -> None:
        """Every delivery of it was answered, whatever the answer."""
        sent = self.fathom.hooks.deliveries
        await until(
            lambda: all(one.tries for one in sent if one.recording_id == meeting.recording_id)
        )

    async def row(self, person: Visitor, meeting: Meeting) -> arrivals.ArrivalRow | None:
        """What is kept of it for this person."""
        async with self.database.transaction() as session:
            return await arrivals.of_recording(
                session, person.team.id, person.id, meeting.recording_id
            )


@pytest_asyncio.fixture
async def news(sandbox: Sandbox, database: Database, ledger: Ledger) -> AsyncIterator[Arrivals]:
    """Arrivals, of which nothing is left behind."""
    told = Arrivals(sandbox, database)
    yield told
    await ledger.idle()
    told.fathom.endings.forget()
    told.fathom.hooks.deliveries.clear()
    async with database.transaction() as session:
        for statement in CLEAN:
            await session.execute(statement, NEW)
        await session.execute(AS_BEFORE)


async def test_a_meeting_ends_and_its_draft_waits_in_the_messages(
    ada: Visitor, news: Arrivals, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    meeting = news.ends(ada)

    shown = await card(ada, READY)
    assert meeting.title in shown
    assert "Petra Lindholm" in shown
    assert len(ada.messages()) == 1
    assert len(ledger.calls("anthropic", "messages")) == 1
    # What was said came with the delivery.
    assert ledger.calls("fathom", "recordings.transcript") == []
