"""Rollouts over a real control database; tenants, SQL and time as a test sets them."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict, Unpack
from uuid import uuid4

from pydantic import SecretStr

from db import operations as operation_table
from db.store.session import Database
from integrations.databases import ConnectionMode, ConnectionParts
from integrations.errors import Unreachable
from integrations.postgres_grammar.types import Concern, SqlStatement
from integrations.squawk.types import LintReport
from integrations.tenant_databases.outcomes import (
    AlreadyApplied,
    Applied,
    Fingerprint,
    HistoryChanged,
    JournalEntry,
    Outcome,
    TenantOrder,
    TryOutResult,
    Vitals,
)
from services.actors import Operator
from services.errors import Invalid
from services.operations import AGAIN, GO_ON, OVER, Operations, Place
from services.operations.legs import name
from services.phrases import Phrase
from services.rollouts import (
    CatchUp,
    Checking,
    CheckPorts,
    Controls,
    Driver,
    DriverHands,
    FleetTenant,
    Gates,
    Rollout,
    RolloutOptions,
    RolloutOrder,
    RolloutProposals,
    Rollouts,
    Starting,
    TargetPool,
    kinds,
)
from tests.services.operations.kitchen import Board

ADA, GRACE = Operator("slack", "T:ADA", "Ada"), Operator("slack", "T:GRACE", "Grace")
HERE = Place("T", "OPS")
NO_SQL = Phrase("“{text}” is no SQL (line 1).", "“{text}” non è SQL (riga 1).")
QUIET = Vitals(timedelta(0), 0, 0)
BACK = "ALTER TABLE t DROP COLUMN c"
MINUTES = RolloutOptions(canary_watch=timedelta(hours=24), wave_watch=timedelta(minutes=10))


class Asked(TypedDict, total=False):
    """What a test asks for otherwise than usual."""

    version: str
    up_sql: str
    down_sql: str
    strategy: str
    tenants: tuple[str, ...]
    canary: str
    options: RolloutOptions
    dry_run: bool
    start: bool


class PlainReader:
    """Statements end at semicolons; `DROP` destroys, `nonsense` is refused."""

    async def warm(self) -> None:
        """Always quick."""

    async def read(self, sql: str) -> tuple[SqlStatement, ...]:
        """As described."""
        if "nonsense" in sql:
            raise Invalid(NO_SQL, field="sql", text=sql)
        found = [one.strip() for one in sql.split(";") if one.strip()]
        return tuple(SqlStatement(one, one.split()[0], 1, 1, concerns=_of(one)) for one in found)


def _of(sql: str) -> tuple[Concern, ...]:
    return (Concern("drops_column", "c"),) if "DROP" in sql else ()


class QuietLinter:
    """Finds nothing."""

    async def lint(self, sql: str, *, major: int) -> LintReport:
        """Nothing."""
        return LintReport()


@dataclass
class Tenancy:
    """Every tenant's database: journals, and what goes wrong at whom."""

    members: dict[str, FleetTenant] = field(default_factory=dict)
    journals: dict[str, list[JournalEntry]] = field(default_factory=lambda: defaultdict(list))
    outcomes: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    schemas: dict[str, str] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    vitals_of: dict[str, Vitals] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    applied: list[tuple[str, str]] = field(default_factory=list)
    orders: list[TenantOrder] = field(default_factory=list)
    trial: TryOutResult = field(default_factory=lambda: TryOutResult({}, down_returns=True))
    references: list[str] = field(default_factory=list)

    def join(self, tenant_id: str, *, ready: bool = True, price: int = 0) -> FleetTenant:
        """A tenant more."""
        parts = ConnectionParts(
            *("db", 5432, tenant_id, "owner", SecretStr("x"), "disable"), ConnectionMode.DIRECT
        )
        state = "ready" if ready else "onboarding"
        made = FleetTenant(tenant_id, tenant_id, state, ready, parts if ready else None, price)
        self.members[tenant_id] = made
        return made

    async def all(self) -> tuple[FleetTenant, ...]:
        """Everybody."""
        return tuple(self.members.values())

    async def paying(self) -> tuple[FleetTenant, ...]:
        """Everybody, with what the test said of who pays."""
        return await self.all()

    async def find(self, tenant_id: str) -> FleetTenant | None:
        """One."""
        return self.members.get(tenant_id)

    async def apply(self, parts: ConnectionParts, order: TenantOrder) -> Outcome:
        """What the test lined up, else done once, whoever asks how often."""
        tenant, version = parts.database, order.migration.version
        self.orders.append(order)
        if waiting := self.outcomes[tenant]:
            return waiting.pop(0)
        mine = [one for one in self.journals[tenant] if one.version == version]
        stands = bool(mine) and mine[-1].direction == "up"
        if stands is (order.direction == "up"):
            return AlreadyApplied()
        last = self.journals[tenant][-1] if self.journals[tenant] else None
        if order.direction == "down" and last is not None and last.version != version:
            return HistoryChanged("later_version", last.version)
        self.write(tenant, order.operation, version, up=order.direction == "up")
        self.applied.append((tenant, order.direction))
        return Applied(Fingerprint(18, "a"), Fingerprint(18, "b"))

    def write(self, tenant: str, operation: str, version: str, *, up: bool) -> None:
        """A line of a tenant's journal."""
        now = datetime.now(UTC)
        direction = "up" if up else "down"
        entry = JournalEntry(operation, version, direction, "h", 1, now, now)
        self.journals[tenant].append(entry)

    async def journal(self, parts: ConnectionParts) -> tuple[JournalEntry, ...]:
        """The tenant's own."""
        self._reach(parts)
        return tuple(self.journals[parts.database])

    async def fingerprint(self, parts: ConnectionParts, *, lines: bool = False) -> Fingerprint:
        """Everybody's is the same unless a test says otherwise."""
        self._reach(parts)
        return Fingerprint(18, self.schemas.get(parts.database, "same"))

    async def try_out(
        self, migration: object, references: list[ConnectionParts], earlier: object = ()
    ) -> TryOutResult:
        """What the test decided."""
        self.references = [one.database for one in references]
        return self.trial

    async def vitals(self, parts: ConnectionParts) -> Vitals:
        """Quiet unless a test says otherwise."""
        self._reach(parts)
        return self.vitals_of.get(parts.database, QUIET)

    async def ask(self, name: str) -> str:
        """Well unless a test says otherwise."""
        return self.sites.get(name, "")

    def _reach(self, parts: ConnectionParts) -> None:
        if parts.database in self.away:
            raise Unreachable("postgres", "down")


@dataclass
class Heard:
    """Whom a halt was told."""

    halts: list[str] = field(default_factory=list)

    async def halted(self, rollout_id: str) -> None:
        """Keep it."""
        self.halts.append(rollout_id)


class RolloutStage:
    """The services of rollouts; its operations are taken by hand, `now` is set by hand."""

    def __init__(self, database: Database, tenants: int = 0, width: int = 1) -> None:
        self.database = database
        self.now = datetime(2026, 11, 28, 12, tzinfo=UTC)
        self.prefix = uuid4().hex[:6]
        self.tenancy, self.heard, reader = Tenancy(), Heard(), PlainReader()
        for n in range(1, tenants + 1):
            self.tenancy.join(self.tenant(n))
        fleet = self.tenancy
        self.operations = Operations(database, Board(), self.clock)
        self.proposals = RolloutProposals(database, self.operations, reader, fleet, self.clock)
        self.controls = Controls(database, self.operations, fleet, self.clock)
        self.rollouts = Rollouts(database)
        self.catch_up = CatchUp(database, reader, fleet, self.clock)
        self.pool = TargetPool(database, fleet, fleet, reader, self.clock, width)
        ports = CheckPorts(reader, QuietLinter(), fleet, fleet, fleet)
        gates = Gates(fleet, fleet, fleet)
        hands = DriverHands(self.pool, gates, self.heard)
        driver = Driver(database, self.operations, fleet, hands, self.clock)
        checking = Checking(database, ports, self.clock)
        for kind in kinds(checking, Starting(database, fleet, self.clock), driver, self.controls):
            self.operations.register(kind)

    def clock(self) -> datetime:
        """The time that the test set."""
        return self.now

    def tenant(self, n: int) -> str:
        """The id of the n-th tenant."""
        return f"{self.prefix}-{n:02}"

    def order(self, **more: Unpack[Asked]) -> RolloutOrder:
        """A harmless change over everybody, unless told otherwise."""
        usual = RolloutOrder(
            version=f"v{uuid4().hex[:8]}",
            up_sql="ALTER TABLE t ADD c int",
            down_sql=BACK,
            strategy="all",
            options=MINUTES,
            start=True,
        )
        return replace(usual, **more)

    async def propose(self, order: RolloutOrder, who: Operator = ADA) -> str:
        """The rollout's id."""
        return await self.proposals.propose(who, order, uuid4().hex, HERE)

    async def rolled(self, **order: Unpack[Asked]) -> str:
        """Proposed and driven as far as it goes."""
        made = await self.propose(self.order(**order))
        await self.drive(made)
        return made

    async def drive(self, rollout_id: str) -> float:
        """Take its operation's steps until it waits, or is over; the seconds it would wait."""
        while True:
            operation_id = (await self.rollouts.get(rollout_id)).operation_id
            async with self.database.transaction() as session:
                row = await operation_table.find(session, operation_id)
                steps = await operation_table.steps(session, operation_id)
            assert row is not None
            if row.state != "running":
                return 0
            for step in steps:
                while (
                    answer := await self.operations.advance(row.id, name(row), step.name)
                ) == AGAIN:
                    pass
                if answer not in (GO_ON, OVER):
                    return answer
            await self.operations.finish(row.id, name(row))

    async def later(self, rollout_id: str, by: timedelta) -> Rollout:
        """Time passes, and the rollout is driven on whenever it wanted to be."""
        until = self.now + by
        while True:
            wait = await self.drive(rollout_id)
            if not wait or self.now + timedelta(seconds=wait) > until:
                break
            self.now += timedelta(seconds=wait)
        self.now = until
        await self.drive(rollout_id)
        return await self.rollouts.get(rollout_id)

    async def states(self, rollout_id: str) -> dict[str, str]:
        """Every tenant's state."""
        return {one.tenant_id: one.state for one in await self.rollouts.targets(rollout_id)}

    async def close(self) -> None:
        """Draw no more."""
        await self.operations.live.close()
