"""The users' desk: provisioning on one database, OpenRouter from the sandbox, Supabase as lists."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from pydantic import JsonValue

from db import operations as operation_table
from db.store.session import Database
from db.users import keys as key_table
from db.users.signups import SignUpIntentRow
from integrations.errors import IntegrationError, RefusedByVendor
from integrations.http import client
from integrations.openrouter.client import OpenRouter
from integrations.sandbox.openrouter.api import MANAGEMENT_KEY
from integrations.sandbox.openrouter.store import KeyStore
from integrations.sandbox.openrouter.vendor import ROOT, OpenRouterKeys
from services.actors import Operator
from services.credits import CreditBreach, CreditProofs, Credits
from services.errors import AWAY, Temporary
from services.operations import GO_ON, Operation, Operations, Place, legs
from services.users import (
    PROVISION,
    Mirror,
    Provisioning,
    ProvisioningPorts,
    ProvisioningTerms,
    Reconciler,
    ReconcilerPorts,
    Reconciliation,
    SignedUp,
    User,
    UserKeys,
    UserNotices,
    Users,
)
from tests.integrations.sandbox_vendors import Vendors, sandbox_vendors

ADMIN = Operator("slack", "T:U", "Ada")
OPS = Place("T0HOME", "C0OPS")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Somebody:
    """An account of Supabase."""

    id: str
    email: str
    confirmed_at: datetime | None = None
    created_at: datetime | None = None


@dataclass
class Supabase:
    """Accounts and profiles; `failure` is what the mirror answers."""

    accounts: dict[str, Somebody] = field(default_factory=dict)
    profiles: dict[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    failure: IntegrationError | None = None
    down: IntegrationError | None = None

    async def user(self, user_id: str) -> Somebody | None:
        """By id."""
        if self.down:
            raise self.down
        return self.accounts.get(user_id)

    async def user_by_email(self, email: str) -> Somebody | None:
        """By address."""
        return next((one for one in self.accounts.values() if one.email == email), None)

    async def create_user(self, email: str, user_id: str) -> Somebody:
        """Unless the address is taken."""
        if await self.user_by_email(email):
            raise RefusedByVendor("supabase", "email_exists")
        made = Somebody(user_id, email, datetime.now(UTC))
        self.accounts[user_id] = made
        return made

    async def upsert(self, row: Mapping[str, JsonValue]) -> None:
        """Keep the row."""
        if self.failure:
            raise self.failure
        self.profiles[str(row["id"])] = row


@dataclass
class Room:
    """The ops channel as lists."""

    said: list[tuple[str, ...]] = field(default_factory=list)
    cards: list[Operation] = field(default_factory=list)
    found: list[Reconciliation] = field(default_factory=list)
    away: bool = False
    place: Place | None = OPS

    async def same_mailbox(self, email: str) -> None:
        """Keep it."""
        self._say("same_mailbox", email)

    async def profiles_not_written(self, problem: str) -> None:
        """Keep it."""
        self._say("not_written", problem)

    async def openrouter_empty(self) -> None:
        """Keep it."""
        self._say("empty")

    async def reconciled(self, found: Reconciliation) -> None:
        """Keep the findings."""
        self._say("reconciled")
        self.found.append(found)

    async def credits_broken(self, breaches: tuple[CreditBreach, ...], total: int) -> None:
        """Nobody proves here."""

    async def draw(self, operation: Operation) -> Place | None:
        """Keep the card."""
        if operation.channel_id:
            self.cards.append(operation)
        return None

    def _say(self, *words: str) -> None:
        if self.away:
            raise Temporary(AWAY, vendor="Slack")
        self.said.append(words)


class UserDesk:
    """Everything of users, taken by hand."""

    def __init__(self, database: Database, vendors: Vendors, router: OpenRouter) -> None:
        self.database = database
        self.vendors = vendors
        self.now = datetime(2026, 11, 28, 12, tzinfo=UTC)
        self.supabase = Supabase()
        self.room = Room()
        self.credits = Credits(database, self.clock)
        self.operations = Operations(database, self.room, self.clock)
        self.wire(router)

    def wire(self, router: OpenRouter, *, on_confirmation: bool = False) -> None:
        """Build the services anew."""
        terms = ProvisioningTerms(100, Decimal(10), f"seguito {uuid4().hex} ", on_confirmation)
        self.terms = terms
        self.router = router
        self.keys = UserKeys(self.database, router, terms, self.clock)
        self.mirror = Mirror(self.database, self.supabase, self.clock)
        self.notices = UserNotices(self.database, self.room, self.clock)
        outside = ProvisioningPorts(self.database, self.supabase, self.credits, self.notices)
        self.operations = Operations(self.database, self.room, self.clock)
        self.provisioning = Provisioning(
            self.operations, self.keys, self.mirror, outside, terms, self.clock
        )
        self.operations.register(self.provisioning.kind())
        self.users = Users(self.database, self.operations, self.keys, self.mirror, self.clock)
        self.proofs = CreditProofs(self.database, self.room)
        compared = ReconcilerPorts(self.database, router, self.supabase, self.proofs, self.room)
        self.reconciler = Reconciler(compared, self.users, self.keys, self.mirror, terms)

    def clock(self) -> datetime:
        """The time, set by hand; a millisecond later each time somebody looks."""
        self.now += timedelta(milliseconds=1)
        return self.now

    @property
    def store(self) -> KeyStore:
        """OpenRouter's keys."""
        return self.vendors.sandbox.of(OpenRouterKeys).store

    def live(self, user_id: str) -> list[str]:
        """The hashes of the user's keys at OpenRouter."""
        name = f"{self.terms.key_prefix}{user_id}"
        return [key.hash for key in self.store.newest_first() if key.name == name]

    async def sign_up(self, email: str = "", *, confirmed: bool = True) -> str:
        """Somebody signs up; their id."""
        email = email or f"{uuid4().hex}@example.com"
        at = self.now if confirmed else None
        somebody = Somebody(str(uuid4()), email, at)
        self.supabase.accounts[somebody.id] = somebody
        intent = await self.intent(email)
        await self.users.signed_up(intent, SignedUp(somebody.id, email, at))
        return somebody.id

    async def intent(self, email: str) -> str:
        """What is kept before Supabase is asked to sign this address up; its id."""
        row = SignUpIntentRow(email=email, created_at=self.clock())
        async with self.database.transaction() as session:
            session.add(row)
        return row.id

    async def operation(self, user_id: str) -> Operation:
        """The user's newest."""
        found = await self.operations.of_subject(PROVISION, user_id)
        assert found is not None
        return found

    async def run(self, user_id: str, *, tries: int = 60) -> Operation:
        """The job from here to its end, or until it waits; each wait is over at once."""
        for _ in range(tries):
            operation = await self.operation(user_id)
            if operation.is_over or not await self._leg(operation):
                break
        operation = await self.operation(user_id)
        if operation.is_over:
            await self.operations.finish(operation.id, str(operation.run))
        return await self.operation(user_id)

    async def step(self, user_id: str) -> float:
        """Only the next step."""
        operation = await self.operation(user_id)
        waiting = next(one for one in operation.steps if one.state not in ("done", "skipped"))
        if waiting.next_attempt_at is not None:
            self.now = max(self.now, waiting.next_attempt_at)
        async with self.database.transaction() as session:
            row = await operation_table.find(session, operation.id)
        assert row is not None
        return await self.operations.advance(operation.id, legs.name(row), waiting.name)

    async def provisioned(self, email: str = "") -> User:
        """Somebody who has everything."""
        user_id = await self.sign_up(email)
        await self.run(user_id)
        return await self.users.get(user_id)

    async def rows(self, user_id: str) -> list[key_table.UserKeyRow]:
        """The user's keys as we know them, the newest first."""
        async with self.database.transaction() as session:
            return await key_table.of_user(session, user_id)

    async def _leg(self, operation: Operation) -> bool:
        return await self.step(operation.subject_id) >= GO_ON


@asynccontextmanager
async def user_desk(database: Database) -> AsyncIterator[UserDesk]:
    """A desk of the test's own, OpenRouter included."""
    async with (
        sandbox_vendors() as vendors,
        client(f"{vendors.url}{ROOT}", "openrouter") as http,
    ):
        desk = UserDesk(database, vendors, OpenRouter(http, MANAGEMENT_KEY))
        yield desk
        await desk.operations.live.close()
