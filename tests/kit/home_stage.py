"""Homes over a real database: a Slack that keeps what is published, and a clock set by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from db import meetings
from db.followups.followups import FollowUpRow, ReceiptRow
from db.store.session import Database
from services import Services
from services.actors import Actor
from services.home import Home, HomeMoved, HomePage, HomeReading
from services.meetings import Guest
from services.meetings.history import GUESTS
from services.people import Members
from services.ports import SlackPerson
from tests.kit.wired import foundation, wired

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPS, TEAM = "C0OPS", "T0HOME"
CAROL = Guest("Carol Vance", "carol@acme.example", is_external=True)
ADA = SlackPerson("Ada Bell", "ada@home.example", "en-US", "Europe/Rome")
BOB = Guest("Bob Mays", "bob@home.example", is_external=False)


@dataclass
class Tab:
    """What Slack shows in everybody's Home: the pages published, the newest last."""

    pages: list[HomePage] = field(default_factory=list)
    hash: str = ""
    refused: int = 0
    fails: Exception | None = None
    # Done in the middle of the next publishing, as another process would.
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def publish(self, page: HomePage, hash_: str) -> str:
        """As views.publish: a hash that is not the newest is refused."""
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            await act()
        if self.fails is not None:
            raise self.fails
        if hash_ not in ("", self.hash):
            self.refused += 1
            raise HomeMoved
        self.pages.append(page)
        self.hash = uuid4().hex
        return self.hash


@dataclass
class People:
    """Slack's people: one after whom everybody is modelled."""

    person_: SlackPerson = ADA

    async def person(self, actor: Actor) -> SlackPerson:
        """That one."""
        return self.person_


@dataclass
class HomeStage:
    """One member's Home, as one process has it; `clock[0]` is now."""

    database: Database
    services: Services
    people: People
    tab: Tab
    clock: list[datetime]
    home: Home
    actor: Actor

    @property
    def page(self) -> HomePage:
        """What is seen."""
        return self.tab.pages[-1]

    def another_process(self) -> Home:
        """The same Home elsewhere."""
        return _home(self.database, self.services, self.people, self.tab, self.clock)

    async def keep(self, *rows: Any) -> None:
        """Put rows into the database."""
        async with self.database.transaction() as session:
            session.add_all(rows)

    async def met(self, number: int, *guests: Guest, actor: Actor | None = None) -> None:
        """A meeting is in the index; the higher its number, the longer ago it was, in days."""
        owner, at = actor or self.actor, NOW - number * DAY
        row = meetings.MeetingRow(
            workspace_id=owner.workspace_id,
            member_id=owner.member_id,
            recording_id=number,
            title=f"Call {number}",
            started_at=at,
            ended_at=at,
            invitees=GUESTS.dump_json(guests).decode(),
            words="call",
        )
        await self.keep(row)

    async def drafted(self, number: int, *, actor: Actor | None = None, **more: Any) -> str:
        """There is a follow-up of that meeting; its id."""
        owner, at = actor or self.actor, NOW - number * DAY
        row = FollowUpRow(
            workspace_id=owner.workspace_id,
            member_id=owner.member_id,
            request_id=uuid4().hex,
            recording_id=number,
            title=f"Call {number}",
            started_at=at,
            options="{}",
            **{"created_at": at, "updated_at": at, "status": "ready", "version": 1, **more},
        )
        await self.keep(row)
        return row.id

    async def in_gmail(self, followup_id: str) -> None:
        """Its draft is in Gmail."""
        row = ReceiptRow(
            followup_id=followup_id, action="gmail", version=1, status="done", created_at=NOW
        )
        await self.keep(row)


@asynccontextmanager
async def home_stage(
    database: Database, actor: Actor | None = None, admins: str = ""
) -> AsyncIterator[HomeStage]:
    """Somebody of the home workspace, unless it is said who."""
    clock, people, tab = [NOW], People(), Tab()
    ops = {"slack_ops_team_id": TEAM, "slack_ops_channel_id": OPS, "slack_ops_admins": admins}
    async with wired(foundation(database, lambda: clock[0], **ops)) as product:
        services = product.services
        home = _home(database, services, people, tab, clock)
        who = actor or Actor(TEAM, uuid4().hex)
        yield HomeStage(database, services, people, tab, clock, home, who)


def _home(
    database: Database, services: Services, people: People, tab: Tab, clock: list[datetime]
) -> Home:
    def now() -> datetime:
        return clock[0]

    accounts, ops = services.connections.accounts, services.ops.access
    checks, budgets = services.reports.health, services.budgets.limits
    reading = HomeReading(database, accounts, ops, checks, budgets, now)
    return Home(database, Members(database, people, now), reading, tab, now)
