"""The tenants' desk: onboarding on one database; providers, servers and Slack are lists."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pydantic import JsonValue, SecretStr

from db import operations as operation_table
from db.auth import AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Database, Session
from db.tenants import tenants as table
from integrations.databases import (
    ConnectionMode,
    ConnectionParts,
    DatabaseHealth,
    DatabaseState,
    ProvidedDatabase,
)
from integrations.errors import IntegrationError
from services.actors import Operator
from services.errors import AWAY, Temporary
from services.operations import GO_ON, Operation, Operations, Outcome, Place, Work, legs
from services.ports import Letter
from services.tenants import (
    ONBOARD,
    DatabaseHandle,
    DatabaseProviders,
    Invitations,
    Lifecycle,
    LifecyclePorts,
    NewTenant,
    Onboarding,
    OnboardingPorts,
    SignUpDoor,
    SignUpLimits,
    Tenant,
    Tenants,
    TenantSignUps,
    TenantTerms,
    TenantWatch,
)

ADMIN = Operator("slack", "T:U", "Ada")
OPS = Place("T0HOME", "C0OPS")


@dataclass
class Cluster:
    """A provider as a list of databases. `lose` loses the answer of the next create."""

    name: str = "supabase"
    databases: dict[str, ProvidedDatabase] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    states: list[DatabaseHealth] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    lose: IntegrationError | None = None
    refuse: IntegrationError | None = None
    closed: set[str] = field(default_factory=set)

    async def find(self, name: str) -> ProvidedDatabase | None:
        """By its exact name."""
        self._hear("find")
        return next((one for one in self.databases.values() if one.name == name), None)

    async def create(self, name: str, password: SecretStr) -> ProvidedDatabase:
        """A new one each time, as at a vendor without idempotency keys."""
        self._hear("create")
        made = ProvidedDatabase(uuid4().hex, name, DatabaseState.COMING_UP)
        self.databases[made.ref] = made
        self.passwords[made.ref] = password.get_secret_value()
        if self.lose is not None:
            lost, self.lose = self.lose, None
            raise lost
        return made

    async def health(self, ref: str) -> DatabaseHealth:
        """The next of `states`, else READY."""
        self._hear("health")
        if ref not in self.databases:
            return DatabaseHealth(DatabaseState.GONE)
        return self.states.pop(0) if self.states else DatabaseHealth(DatabaseState.READY)

    async def parts(self, ref: str, password: SecretStr) -> ConnectionParts:
        """Of a session pooler."""
        self._hear("parts")
        return ConnectionParts(
            "pooler.example",
            5432,
            "postgres",
            f"postgres.{ref}",
            password,
            "require",
            ConnectionMode.SESSION,
        )

    async def suspend(self, database: DatabaseHandle) -> DatabaseState:
        """At once."""
        self._hear("suspend")
        self.closed.add(database.ref)
        return DatabaseState.PAUSED

    async def resume(self, database: DatabaseHandle) -> DatabaseState:
        """At once."""
        self._hear("resume")
        self.closed.discard(database.ref)
        return DatabaseState.READY

    async def export(self, database: DatabaseHandle) -> AsyncIterator[bytes]:
        """Two pieces."""
        yield b"PGDMP"
        yield database.name.encode()

    async def delete(self, database: DatabaseHandle) -> DatabaseState:
        """For ever."""
        self._hear("delete")
        self.databases.pop(database.ref, None)
        return DatabaseState.GONE

    def _hear(self, call: str) -> None:
        self.calls.append(call)
        if self.refuse is not None:
            raise self.refuse


@dataclass
class Servers:
    """What answers a query and takes migrations; `away` is what it raises instead."""

    asked: list[ConnectionParts] = field(default_factory=list)
    migrated: list[str] = field(default_factory=list)
    away: Exception | None = None
    filled: bool = False
    own: ConnectionParts | IntegrationError | None = None

    async def ask(self, parts: ConnectionParts) -> str:
        """A version."""
        self.asked.append(parts)
        if self.away:
            raise self.away
        return "16.4"

    async def catch_up(self, tenant_id: str, parts: ConnectionParts) -> int:
        """Two, the first time."""
        if self.away:
            raise self.away
        self.migrated.append(tenant_id)
        return 2 if self.migrated.count(tenant_id) == 1 else 0

    async def read(self, url: SecretStr) -> ConnectionParts:
        """What was put here."""
        if isinstance(self.own, IntegrationError):
            raise self.own
        assert self.own is not None
        return self.own

    async def is_empty(self, parts: ConnectionParts) -> bool:
        """Unless it was filled."""
        if self.away:
            raise self.away
        return not self.filled


@dataclass
class Room:
    """The ops channel and the outbox as lists."""

    said: list[tuple[str, str]] = field(default_factory=list)
    cards: list[Operation] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    slack_away: bool = False

    async def paused(self, tenant: Tenant) -> None:
        """Keep it."""
        self._say("paused", tenant)

    async def back(self, tenant: Tenant) -> None:
        """Keep it."""
        self._say("back", tenant)

    async def draw(self, operation: Operation) -> Place | None:
        """Keep the card."""
        if operation.channel_id:
            self.cards.append(operation)
        return None

    async def queue(self, session: Session, letter: Letter) -> bool:
        """Once per dedupe."""
        is_new = all(one.dedupe != letter.dedupe for one in self.letters)
        if is_new:
            self.letters.append(letter)
        return is_new

    async def announce(self, session: Session, kind: str, facts: Mapping[str, JsonValue]) -> None:
        """Keep its kind."""
        self.events.append(kind)

    def _say(self, what: str, tenant: Tenant) -> None:
        if self.slack_away:
            raise Temporary(AWAY, vendor="Slack")
        self.said.append((what, tenant.company))


class TenantDesk:
    """Everything of tenants, taken by hand."""

    def __init__(
        self, database: Database, pool: AsyncpgPool, world: DatabaseProviders | None = None
    ) -> None:
        """`world`: real databases, in place of the lists."""
        self.database = database
        self.now = datetime(2026, 11, 28, 12, tzinfo=UTC)
        self.cluster, self.servers, self.room = Cluster(), Servers(), Room()
        given = world or DatabaseProviders(
            "supabase", {"supabase": self.cluster}, self.servers, self.servers
        )
        self.terms = TenantTerms(given.usual, f"seguito-{uuid4().hex[:8]}-")
        self.operations = Operations(database, self.room, self.clock)
        self.invitations = Invitations(database, self.room, self.terms, self.clock)
        providers = given.by_name
        outside = OnboardingPorts(
            database, providers, given.own, self.servers, given.smoke, self.room.announce
        )
        self.onboarding = Onboarding(outside, self.invitations, self.terms, self.clock)
        below = LifecyclePorts(database, providers, given.smoke, self.room.announce)
        self.lifecycle = Lifecycle(below, self.clock)
        for kind in (self.onboarding.kind(), *self.lifecycle.kinds()):
            self.operations.register(kind)
        door = SignUpDoor(given.own, SignUpLimits(AuthWindows(pool), most=10_000), OPS)
        self.signups = TenantSignUps(database, self.operations, door, self.terms, self.clock)
        self.tenants = Tenants(
            database, self.operations, self.room.announce, self.terms, self.clock
        )
        self.watch = TenantWatch(database, providers, self.operations, self.room, self.clock)

    def clock(self) -> datetime:
        """The time, set by hand; a millisecond later each time somebody looks."""
        self.now += timedelta(milliseconds=1)
        return self.now

    async def sign_up(self, company: str = "Acme", email: str = "") -> Tenant:
        """Somebody signs up from a network of their own."""
        email = email or f"{uuid4().hex}@example.com"
        onboarding_id = await self.signups.sign_up(NewTenant(email, company), uuid4().hex)
        return (await self.signups.status(onboarding_id))[0]

    async def ready(self, company: str = "Acme") -> Tenant:
        """One that is ready."""
        tenant = await self.sign_up(company)
        await self.run(tenant.id)
        return await self.tenants.get(tenant.id)

    async def row(self, tenant_id: str) -> table.TenantRow:
        """The tenant's row."""
        async with self.database.transaction() as session:
            row = await table.find(session, tenant_id)
        assert row is not None
        return row

    async def operation(self, tenant_id: str, kind: str = ONBOARD) -> Operation:
        """The newest of the kind."""
        found = await self.operations.of_subject(kind, tenant_id)
        assert found is not None
        return found

    async def run(self, tenant_id: str, kind: str = ONBOARD, *, tries: int = 90) -> Operation:
        """The job to its end; each wait is over at once."""
        for _ in range(tries):
            operation = await self.operation(tenant_id, kind)
            if operation.is_over:
                break
            await self.step(tenant_id, kind)
        operation = await self.operation(tenant_id, kind)
        if operation.is_over:
            await self.operations.finish(operation.id, str(operation.run))
        return operation

    async def step(self, tenant_id: str, kind: str = ONBOARD) -> float:
        """Only the next step."""
        operation = await self.operation(tenant_id, kind)
        waiting = next(one for one in operation.steps if one.state not in ("done", "skipped"))
        if waiting.next_attempt_at is not None:
            self.now = max(self.now, waiting.next_attempt_at)
        async with self.database.transaction() as session:
            row = await operation_table.find(session, operation.id)
        assert row is not None
        answer = await self.operations.advance(operation.id, legs.name(row), waiting.name)
        if answer > GO_ON:
            self.now += timedelta(milliseconds=1)
        return answer

    async def work(self, tenant_id: str, step: str) -> Work:
        """What the verb of a step is told."""
        operation = await self.operation(tenant_id)

        async def report(done: int, total: int) -> bool:
            return True

        return Work(operation.id, ONBOARD, tenant_id, operation.run, step, 1, report)

    def verb(self, step: str) -> Callable[[Work], Awaitable[Outcome]]:
        """What a step of the onboarding does."""
        return self.onboarding.kind().step(step).verb

    async def failed_at(self, tenant_id: str, step: str) -> Operation:
        """As after a process that died in this step: it and those behind it are to be taken."""
        operation = await self.operation(tenant_id)
        async with self.database.transaction() as session:
            row = await operation_table.find(session, operation.id, lock=True)
            assert row is not None
            row.state = operation_table.FAILED
            behind = False
            for one in await operation_table.steps(session, operation.id):
                behind = behind or one.name == step
                if behind:
                    one.state = operation_table.STEP_WAITING
        return operation

    async def until(self, tenant_id: str, step: str) -> None:
        """Everything before this step."""
        while True:
            operation = await self.operation(tenant_id)
            at = next(one for one in operation.steps if one.state not in ("done", "skipped"))
            if at.name == step:
                return
            await self.step(tenant_id)


@asynccontextmanager
async def tenant_desk(
    database: Database, world: DatabaseProviders | None = None
) -> AsyncIterator[TenantDesk]:
    """A desk of the test's own; `world` as for `TenantDesk`."""
    pool = AsyncpgPool(database.url)
    await pool.start()
    desk = TenantDesk(database, pool, world)
    yield desk
    await desk.operations.live.close()
    await pool.close()
