"""A CRM that is a few lists, its keys, and the services that read it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

from db.store.session import Database
from integrations.errors import AuthExpired, IntegrationError, RefusedByVendor
from services.actors import Actor
from services.connections.crm_keys import CrmKeys, SharedKeys
from services.crm.access import CrmAccess
from services.crm.crono_words import CAPABILITIES, WORDS
from services.crm.index import CrmIndex
from services.crm.matching import Matching
from services.crm.port import (
    GONE,
    Account,
    AccountContext,
    ChangePage,
    Contact,
    CrmPort,
    CrmVendor,
    Deal,
    Gone,
    KeyField,
    Note,
    RecordKind,
)
from services.crm.refresh import AT_ONCE, OVER, CrmRefresh
from services.errors import DomainError
from services.people.members import Members
from services.phrases import Phrase
from tests.kit.desk import Quiet

GOOD = ("good", "keys")
PAGE = 2
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LABEL = Phrase("Key", "Chiave")


@dataclass
class MemoryCrm:
    """What one workspace's CRM holds; `calls` counts pages, `failing` is raised by the next."""

    rows: dict[str, dict[str, Account | Contact | Deal]] = field(
        default_factory=lambda: {"account": {}, "contact": {}, "deal": {}}
    )
    notes: dict[str, tuple[Note, ...]] = field(default_factory=dict)
    failing: list[IntegrationError] = field(default_factory=list)
    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    calls: int = 0
    vendor = "crono"
    name = "Crono"
    words = WORDS
    capabilities = CAPABILITIES

    def put(self, *records: Account | Contact | Deal) -> None:
        """Add or change records."""
        for one in records:
            self.rows[type(one).__name__.lower()][one.id] = one

    def refusal(self, error: RefusedByVendor) -> DomainError | None:
        """A record that is no more, else the general sentence."""
        return Gone(GONE, crm=self.name) if error.code == "EntityNotFound" else None

    async def check(self) -> None:
        """As told."""
        self._try()

    async def changes(self, kind: RecordKind, cursor: str) -> ChangePage:
        """Pages of two; the cursor is an offset, or after the end what changed since."""
        self._try()
        self.calls += 1
        since = datetime.fromisoformat(cursor[1:]) if cursor.startswith("@") else None
        offset = 0 if since or not cursor else int(cursor)
        rows = [one for _, one in sorted(self.rows[kind].items())]
        if since is not None:
            rows = [one for one in rows if one.changed_at and one.changed_at > since]
        page = rows[offset:] if since else rows[offset : offset + PAGE]
        more = since is None and offset + PAGE < len(rows)
        stamps = [one.changed_at for one in self.rows[kind].values() if one.changed_at]
        end = max([EPOCH, *stamps])
        with suppress(IndexError):
            self.meanwhile.pop(0)()
        return ChangePage(tuple(page), str(offset + PAGE) if more else f"@{end.isoformat()}", more)

    async def size(self, kind: RecordKind) -> int | None:
        """How many."""
        return len(self.rows[kind])

    async def accounts_for(self, domain: str) -> tuple[Account, ...]:
        """By exact host."""
        self._try()
        accounts = cast(dict[str, Account], self.rows["account"]).values()
        return tuple(one for one in accounts if domain in one.domains)

    async def context(self, account_id: str, *, notes: int) -> AccountContext:
        """What there is of the account."""
        self._try()
        account = cast(Account | None, self.rows["account"].get(account_id))
        if account is None:
            raise RefusedByVendor("crono", "EntityNotFound")
        people = cast(dict[str, Contact], self.rows["contact"]).values()
        deals = cast(dict[str, Deal], self.rows["deal"]).values()
        return AccountContext(
            account,
            tuple(one for one in people if one.account_id == account_id),
            tuple(one for one in deals if one.account_id == account_id and not one.closed),
            self.notes.get(account_id, ())[:notes],
        )

    async def pipelines(self) -> tuple[()]:
        """None."""
        return ()

    def _try(self) -> None:
        if self.failing:
            raise self.failing.pop(0)


class RefusedCrm:
    """What keys open that this CRM does not take."""

    name = "Crono"

    async def check(self) -> None:
        """Never."""
        raise AuthExpired("crono", "unknown keys")

    async def changes(self, kind: RecordKind, cursor: str) -> ChangePage:
        """Never."""
        raise AuthExpired("crono", "unknown keys")


@dataclass
class MemoryVendor:
    """Opens the same CRM for the good keys."""

    crm: MemoryCrm
    id: str = "crono"
    name: str = "Crono"
    fields: tuple[KeyField, ...] = (
        KeyField("public", LABEL, LABEL),
        KeyField("private", LABEL, LABEL),
    )

    def open(self, keys: tuple[str, ...]) -> CrmPort:
        """The CRM, whoever asks with good keys."""
        return cast(CrmPort, self.crm if keys == GOOD else RefusedCrm())


class CrmDesk:
    """One workspace with this CRM connected by the environment's keys, and a clock."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
        self.crm = MemoryCrm()
        self.ada = Actor(f"T{uuid4().hex[:8]}", "U1")
        shared = SharedKeys(self.ada.workspace_id, crono=GOOD)
        self.keys = CrmKeys(database, shared, self.clock)
        vendors = (cast(CrmVendor, MemoryVendor(self.crm)),)
        self.access = CrmAccess(self.keys, vendors)
        self.index = CrmIndex(database)
        self.refresh = CrmRefresh(database, self.keys, self.access, self.clock)
        self.members = Members(database, Quiet(), self.clock)
        self.matching = Matching(
            database, self.index, self.access, self.keys, self.members, self.clock
        )
        self.waited: list[float] = []

    def clock(self) -> datetime:
        """As set by hand."""
        return self.now

    async def read(self, *, steps: int = 100) -> float:
        """Begin what is due and take steps of it, waits being slept by the clock."""
        async with self.database.transaction() as session:
            row = await self.refresh._fitting(session, self.ada.workspace_id, "crono")
            assert row is not None
            if not self.refresh._is_due(row):
                return OVER
            await self.refresh._start(session, row)
            epoch, job = row.epoch, row.leased_to
        for _ in range(steps):
            wait = await self.refresh.advance(self.ada.workspace_id, str(epoch), job)
            if wait == OVER:
                return OVER
            if wait != AT_ONCE:
                self.waited.append(wait)
                self.now += timedelta(seconds=wait)
        return AT_ONCE
