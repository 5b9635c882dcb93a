"""Budgets over a real database: one workspace, Slack as a list, and a clock that is set by hand."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from db.store.session import Database
from integrations.providers.types import Usage
from services.actors import Actor
from services.budgets import BudgetNews, Budgets, BudgetTelling, ModelCalls, ModelPricing
from services.people import Member, Members, WorkspaceAdmins
from services.ports import SlackPerson

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
# A dollar for a million tokens, whichever; so a byte of prompt is a quarter of a micro-dollar.
DOLLAR = 1_000_000
MODEL = "model"


def by_tokens(model: str, usage: Usage) -> int:
    """A micro-dollar a token."""
    return usage.input_tokens + usage.output_tokens if model == MODEL else 0


class People:
    """A Slack that knows who is an admin, and keeps what it is told."""

    def __init__(self) -> None:
        self.admins: set[str] = set()
        self.told: list[tuple[str, BudgetNews]] = []

    async def person(self, actor: Actor) -> SlackPerson:
        """Called by their id."""
        name = f"Name of {actor.member_id[:4]}"
        return SlackPerson(name, "a@b.example", "en-US", "UTC", actor.member_id in self.admins)

    async def tell_budget(self, member: Member, news: BudgetNews) -> None:
        """Remember it."""
        self.told.append((member.actor.member_id, news))


class BudgetStage:
    """One workspace; `again` is the same in another process."""

    def __init__(
        self,
        database: Database,
        *,
        workspace_id: str = "",
        zone: str = "UTC",
        slack: People | None = None,
    ) -> None:
        self.database = database
        self.workspace_id = workspace_id or f"T{uuid4().hex[:10].upper()}"
        self.now = NOON
        self.slack = slack or People()
        self.people = Members(database, self.slack, self.clock)
        self.admins = WorkspaceAdmins(self.slack, "", frozenset(), self.clock)
        pricing = ModelPricing(MODEL, by_tokens)
        self.calls = ModelCalls(database, pricing, self.people, ZoneInfo(zone), self.clock)
        self.budgets = Budgets(database, self.admins, pricing, ZoneInfo(zone), self.clock)
        self.telling = BudgetTelling(database, self.slack, self.people, self.admins)
        self.admin = self.member()
        self.slack.admins.add(self.admin.member_id)

    def clock(self) -> datetime:
        """What time it is here."""
        return self.now

    def member(self) -> Actor:
        """Somebody of the workspace."""
        return Actor(self.workspace_id, f"U{uuid4().hex[:10].upper()}")

    async def limit(self, workspace: str = "", default: str = "") -> None:
        """Set by the admin, as typed."""
        await self.budgets.set(self.admin, workspace=workspace, default=default)

    async def spend(self, actor: Actor, *tokens: int, size: int = 0) -> None:
        """A call with answers of so many tokens."""
        async with self.calls.call(actor, "draft", size=size) as meter:
            for count in tokens:
                meter.count(MODEL, Usage(0, count))
