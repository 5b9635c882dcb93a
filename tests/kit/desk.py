"""A member with a meeting and the services around it; vendors are fakes of a few lines."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from db import meetings
from db.store.session import Database
from integrations.fathom.client import Fathom
from integrations.fathom.types import TranscriptLine
from services.actors import Actor
from services.budgets import ModelCalls, ModelPricing
from services.connections.connections import Connections
from services.crm import Crm, CrmAccess, Matching
from services.followups.claims import FollowUpClaims
from services.followups.display import FollowUpDisplay, Shown
from services.followups.followups import WRITE, FollowUps
from services.followups.progress import FollowUp
from services.followups.sources import Sources
from services.followups.templates import Templates
from services.habits import Habits
from services.meetings.meetings import Meetings
from services.operations import Kind, Operation, Operations, Place
from services.people import WorkspaceAdmins
from services.people.members import Member, Members
from services.ports import SlackPerson

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Talk:
    """A Fathom that knows one sentence of every meeting."""

    async def transcript(self, key: str, recording_id: int) -> tuple[TranscriptLine, ...]:
        """That sentence."""
        return (TranscriptLine("Ann", "ann@acme.example", "We agreed.", timedelta(0)),)


class Keys:
    """Everybody has a Fathom key."""

    @asynccontextmanager
    async def using_fathom(self, actor: Actor) -> AsyncIterator[str]:
        """The key."""
        yield "key"


class Quiet:
    """A Slack where nothing is seen."""

    async def person(self, actor: Actor) -> SlackPerson:
        """Somebody."""
        return SlackPerson("Ada", "ada@home.example", "en-US", "UTC")

    async def show(self, followup: FollowUp, member: Member) -> Shown:
        """Nothing."""
        return Shown(view_open=False)

    async def withdraw(self, actor: Actor, channel: str, ts: str) -> None:
        """Nothing."""

    async def draw(self, operation: Operation) -> Place | None:
        """Nothing."""


class Desk:
    """One member's services."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.actor = Actor("T1", uuid4().hex)
        self.members = Members(database, Quiet(), now)
        self.stage = FollowUpDisplay(database, self.members, Quiet())
        fathom, keys = cast(Fathom, Talk()), cast(Connections, Keys())
        self.meetings = Meetings(database, fathom, keys, self.members, now)
        self.habits = Habits(database, now)
        self.claims = FollowUpClaims(database, self.meetings, self.members, self.habits, now)
        self.admins = WorkspaceAdmins(Quiet(), "", frozenset(), now)
        templates = Templates(database, self.admins, now)
        free = ModelPricing("model", lambda model, usage: 0)
        self.calls = ModelCalls(database, free, self.members, ZoneInfo("UTC"), now)
        operations = Operations(database, Quiet(), now)
        operations.register(Kind(WRITE, ()))
        access = CrmAccess(keys, ())
        matching = cast(Matching, None)
        crm = (access, Crm(access, matching), matching)
        sources = Sources(self.meetings, self.members, keys, *crm, fathom, self.calls, self.habits)
        self.followups = FollowUps(database, sources, templates, operations, self.stage, now)

    async def met(self) -> int:
        """A meeting is in the index; its recording id."""
        row = meetings.MeetingRow(
            workspace_id=self.actor.workspace_id,
            member_id=self.actor.member_id,
            recording_id=7,
            title="Call",
            started_at=NOW,
            ended_at=NOW,
            invitees="[]",
            words="call",
        )
        async with self.database.transaction() as session:
            session.add(row)
        return row.recording_id


def now() -> datetime:
    """The clock stands still."""
    return NOW
