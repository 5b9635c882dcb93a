"""Alerts over a real database; the channel, the outbox and what is watched are lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from db.mail import EmailRow
from db.store.session import Database, Session
from services.alerts import (
    Alert,
    AlertLetters,
    AlertMail,
    Alerts,
    AlertSources,
    AlertTelling,
    AlertWatch,
)
from services.billing import Compared
from services.errors import DomainError
from services.mail import Notice
from services.operations import Place
from services.ports import Letter
from services.rollouts import Rollout


@dataclass
class Channel:
    """The ops channel: what was posted, drawn anew, said to be over; `away` is raised instead."""

    posted: list[Alert] = field(default_factory=list)
    drawn: list[Alert] = field(default_factory=list)
    over: list[Alert] = field(default_factory=list)
    away: DomainError | None = None

    async def post(self, alert: Alert) -> Place:
        """Keep it."""
        self._reach()
        self.posted.append(alert)
        return Place("T", "OPS", str(len(self.posted)))

    async def draw(self, place: Place, alert: Alert) -> None:
        """Keep it."""
        self._reach()
        assert place.message_ts == str(len(self.posted))
        self.drawn.append(alert)

    async def recovered(self, alert: Alert) -> None:
        """Keep it."""
        self._reach()
        self.over.append(alert)

    def _reach(self) -> None:
        if self.away is not None:
            raise self.away


@dataclass
class World:
    """What is watched, as a test sets it."""

    compared: Compared | None = None
    rollouts: tuple[Rollout, ...] = ()
    certificates: dict[str, datetime] = field(default_factory=dict)
    keys: dict[str, datetime] = field(default_factory=dict)

    async def latest(self) -> Compared | None:
        """The newest comparison."""
        return self.compared

    async def list(self, *, limit: int) -> tuple[Rollout, ...]:
        """The rollouts."""
        return self.rollouts

    async def ends_of_certificates(self) -> Mapping[str, datetime]:
        """By host."""
        return self.certificates

    async def ends_of_keys(self) -> Mapping[str, datetime]:
        """By vendor."""
        return self.keys


class AlertStage:
    """One installation's alerts; `process()` is another process that tells."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = datetime(2026, 11, 29, 12, tzinfo=UTC)
        self.channel, self.world = Channel(), World()
        self.letters: list[Letter] = []
        self.alerts = Alerts(database, self.clock)
        self.telling = self.process()
        world = self.world
        watched = AlertSources(world, world, world.ends_of_certificates, world.ends_of_keys)
        self.watch = AlertWatch(database, self.alerts, watched, self.clock)

    def process(self) -> AlertTelling:
        """Whoever tells."""
        mail = AlertMail(self, "ops@example.com")
        return AlertTelling(self.database, self.channel, mail, self.clock)

    def clock(self) -> datetime:
        """The time that the test set."""
        return self.now

    async def queue(self, session: Session, letter: Letter) -> bool:
        """An e-mail."""
        self.letters.append(letter)
        return True

    async def pass_time(self, by: timedelta, every: timedelta = timedelta(seconds=10)) -> None:
        """Time passes; a process looks and tells as often as it does."""
        until = self.now + by
        while self.now < until:
            self.now = min(until, self.now + every)
            await self.alerts.settle()
            await self.telling.turn()

    async def letter(self, number: int = -1) -> Notice | None:
        """What an e-mail says when it leaves now."""
        sent = self.letters[number]
        row = EmailRow(
            kind=sent.kind,
            to_address=sent.to,
            subject_id=sent.subject_id,
            dedupe=sent.dedupe,
            created_at=self.now,
            due_at=self.now,
        )
        async with self.database.transaction() as session:
            return await AlertLetters("https://seguito.example").alert(session, row)
