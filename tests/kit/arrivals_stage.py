"""Meetings that end in the sandbox, and what the running product makes of them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import text

from db import people
from db.arrivals import arrivals
from db.store import jobs
from db.store.session import Database
from handlers.jobs.arrivals import POLL
from integrations.sandbox.fathom.ending import FIRST_ID
from integrations.sandbox.fathom.hooks import Delivery
from integrations.sandbox.fathom.vendor import Fathom
from integrations.sandbox.kit.world import Guest, Meeting
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from services.connections import WATCH
from tests.kit.waiting import until

RECOVERY = 120  # seconds, on a busy machine: start again, notice the dead process, take its job on
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
DUE = text("UPDATE fathom_watches SET next_poll_at = now() - interval '1 second'")
AS_BEFORE = text(
    "UPDATE members SET auto_start = 'ask', quiet_from = '20:00', quiet_until = '08:00'"
)
NEW = {"first": FIRST_ID, "last": FIRST_ID + 1_000_000}


class ArrivalsStage:
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
            lambda: all(
                one.state != "waiting" for one in sent if one.recording_id == meeting.recording_id
            )
        )

    def told(self, meeting: Meeting) -> list[Delivery]:
        """The deliveries of a meeting."""
        return [
            one for one in self.fathom.hooks.deliveries if one.recording_id == meeting.recording_id
        ]

    def ends_for(self, person: Visitor, other: Visitor, *, attended: bool = True) -> Meeting:
        """A meeting of one ends that the other may see, and perhaps took part in."""
        meeting = self.fathom.endings.held(person.id, "customer")
        colleague = Guest(other.person.real_name, other.person.email, is_external=False)
        guests = (*meeting.guests, *((colleague,) if attended else ()))
        shared = replace(
            meeting,
            viewers=frozenset({person.id, other.id}),
            guests=guests,
            shared_with="single_team",
        )
        self.fathom.endings.ready(shared)
        return shared

    async def look(self) -> None:
        """Everybody's list is compared now."""
        async with self.database.transaction() as session:
            await session.execute(DUE)
            await jobs.start(session, POLL, f"{POLL}:{uuid4().hex}", "now", partition="T0HOME")

    async def judged(
        self, person: Visitor, meeting: Meeting, *states: str, told: bool = False
    ) -> arrivals.ArrivalRow:
        """What is kept of it once it was decided what to do."""
        async with asyncio.timeout(RECOVERY):
            while True:
                row = await self.row(person, meeting)
                judged = row is not None and row.state in (states or ("quiet",))
                if row is not None and judged and (row.card_ts or not told):
                    return row
                await asyncio.sleep(0.05)

    async def row(self, person: Visitor, meeting: Meeting) -> arrivals.ArrivalRow | None:
        """What is kept of it for this person."""
        async with self.database.transaction() as session:
            return await arrivals.of_recording(
                session, person.team.id, person.id, meeting.recording_id
            )

    async def clean(self) -> None:
        """Nothing of it is left that another test sees."""
        self.fathom.endings.forget()
        self.fathom.hooks.deliveries.clear()
        async with self.database.transaction() as session:
            for statement in CLEAN:
                await session.execute(statement, NEW)
            await session.execute(AS_BEFORE)
