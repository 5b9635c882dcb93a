"""A kitchen whose operations are baked by hand: display and verbs as a test lines them up."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from db.store.session import Database
from services.actors import Operator
from services.errors import AWAY, DomainError, Temporary
from services.operations import (
    Backoff,
    Done,
    Kind,
    Operation,
    Operations,
    Outcome,
    Place,
    Start,
    StepPlan,
    Work,
)
from services.phrases import Phrase

ADMIN = Operator("slack", "T:U", "Ada")
HERE = Place("T", "C")
BROKEN = Phrase("The key is refused.", "La chiave è rifiutata.")
FAST = Backoff(tries=3, first=timedelta(milliseconds=1), longest=timedelta(milliseconds=2))


@dataclass
class Board:
    """A display that keeps what it was shown, and is away as often as told."""

    shown: list[Operation] = field(default_factory=list)
    away: int = 0

    async def draw(self, operation: Operation) -> Place | None:
        """Keep it; the first drawing gives the card its place."""
        if self.away:
            self.away -= 1
            raise Temporary(AWAY, vendor="Slack")
        self.shown.append(operation)
        return Place(operation.workspace_id, operation.channel_id, operation.message_ts or "1.0")


@dataclass
class Hands:
    """The verbs of a kind with two steps, whose outcomes a test lines up."""

    outcomes: dict[str, list[Outcome | DomainError]] = field(default_factory=dict)
    works: list[Work] = field(default_factory=list)
    ends: list[tuple[str, str]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, work: Work) -> Outcome:
        """The next outcome of this step; Done once they are used up."""
        self.works.append(work)
        waiting = self.outcomes.get(work.step, [])
        outcome = waiting.pop(0) if waiting else Done()
        if isinstance(outcome, DomainError):
            raise outcome
        return outcome

    async def ended(self, subject_id: str, state: str) -> None:
        """Hear of the end."""
        self.ends.append((subject_id, state))
        self.over.set()

    def kind(self, name: str = "tests.bake", *, cancellable: bool = True) -> Kind:
        """Mix, then bake."""
        steps = (StepPlan("mix", self.take, FAST), StepPlan("bake", self.take, FAST))
        return Kind(name, steps, cancellable, self.ended)


class Kitchen:
    """Operations of one kind on a database, taken by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = datetime(2026, 11, 28, 12, tzinfo=UTC)
        self.board = Board()
        self.hands = Hands()
        self.operations = Operations(database, self.board, lambda: self.now)
        self.operations.register(self.hands.kind())

    async def start(self, dedupe: str = "") -> str:
        """A new operation."""
        start = Start("tests.bake", "cake", "A cake", ADMIN, dedupe or uuid4().hex, place=HERE)
        async with self.database.transaction() as session:
            return await self.operations.start(session, start)
