"""What suspending, resuming and deleting do at the database: each a durable operation."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from db import operations as operation_table
from db.store.session import Database
from db.tenants import invitations
from db.tenants import tenants as table
from integrations.databases import DatabaseState
from services.actors import TIMER, Operator
from services.audit import Change, Subject, note
from services.errors import Conflict, DomainError, NotFound, translate_vendor_errors
from services.operations import (
    RUNNING,
    Backoff,
    Done,
    Kind,
    Outcome,
    Retry,
    Skipped,
    StepPlan,
    Work,
)
from services.phrases import Phrase
from services.ports import Announce, Clock
from services.tenants import notes as say
from services.tenants.ports import DatabaseHandle, SmokeQuery, TenantDatabases
from services.tenants.refusals import NO_TENANT
from services.tenants.rows import (
    asking,
    forget_parts,
    known,
    known_database,
    parts_of,
    patiently,
    vendor_of,
)
from services.tenants.state import DELETED, DELETING, READY, RESUMING, SUSPENDED
from services.tenants.tenants import DELETE, RESUME, SUSPEND

STUBBORN = Backoff(tries=30, first=timedelta(seconds=1), longest=timedelta(minutes=10))
LOOK_AGAIN = timedelta(seconds=2)
# A card may wait for its tenant's time; the job looks this often at least.
LONGEST_LOOK = timedelta(hours=12)

NOT_EXPORTABLE = Phrase(
    "This tenant has no database to export.", "Questo tenant non ha un database da esportare."
)


@dataclass(frozen=True, slots=True)
class LifecyclePorts:
    """What the verbs reach: providers by their names, a query, and who is told."""

    database: Database
    providers: Mapping[str, TenantDatabases]
    smoke: SmokeQuery
    announce: Announce


class Lifecycle:
    """The steps of three kinds. Each looks first at what is wanted now: the newest wish wins."""

    def __init__(self, outside: LifecyclePorts, clock: Clock) -> None:
        self._outside = outside
        self._database = outside.database
        self._clock = clock

    def kinds(self) -> tuple[Kind, ...]:
        """Their steps in order; the names are kept in the database."""
        return (
            Kind(
                SUSPEND,
                (StepPlan("close", patiently(self.close), STUBBORN),),
                cancellable=False,
                about="tenant",
            ),
            Kind(
                RESUME,
                (
                    StepPlan("open", patiently(self.open), STUBBORN),
                    StepPlan("smoke", patiently(self.smoke), STUBBORN),
                ),
                cancellable=False,
                about="tenant",
            ),
            Kind(
                DELETE,
                (
                    StepPlan("close", patiently(self.close_first), STUBBORN),
                    StepPlan("wait", self.wait),
                    StepPlan("drop", patiently(self.drop), STUBBORN),
                    StepPlan("forget", self.forget),
                ),
                cancellable=False,
                about="tenant",
            ),
        )

    async def close(self, work: Work) -> Outcome:
        """The database refuses new connections, and the open ones have ended."""
        return await self._close(work, SUSPENDED)

    async def close_first(self, work: Work) -> Outcome:
        """The same, for a tenant that is to be deleted."""
        return await self._close(work, DELETING)

    async def open(self, work: Work) -> Outcome:
        """The database accepts connections again."""
        row = await self._row(work.subject_id)
        if row.state != RESUMING:
            return Skipped(say.OVERTAKEN(work.language))
        if await self._others_run(work):
            return Retry(say.WAITS(work.language), LOOK_AGAIN)
        with asking(vendor_of(row)):
            state = await self._provider(row).resume(await self._handle(row.id))
        if state is not DatabaseState.READY:
            return Retry(say.COMING_UP(work.language, detail=state.value), LOOK_AGAIN)
        return Done(say.OPEN(work.language))

    async def smoke(self, work: Work) -> Outcome:
        """It answers; from now on the tenant is ready."""
        row = await self._row(work.subject_id)
        if row.state != RESUMING:
            return Skipped(say.OVERTAKEN(work.language))
        async with self._database.transaction() as session:
            parts = parts_of(session, row)
        with asking(vendor_of(row)):
            version = await self._outside.smoke.ask(parts)
        async with self._database.transaction() as session:
            row = await known(session, row.id, lock=True)
            if row.state == RESUMING:
                row.state, row.updated_at = READY, self._clock()
                facts = {"id": row.id, "slug": row.slug, "state": READY, "plan": row.plan}
                await self._outside.announce(session, "tenant.resumed", facts)
        return Done(say.SMOKE(work.language, version=version))

    async def wait(self, work: Work) -> Outcome:
        """The cool-off, in which the deletion can be taken back."""
        row = await self._row(work.subject_id)
        if row.state != DELETING:
            return Skipped(say.OVERTAKEN(work.language))
        if (
            row.delete_after is not None
            and (left := row.delete_after - self._clock()) > timedelta()
        ):
            return Retry(say.COOLING(work.language), min(left, LONGEST_LOOK))
        return Done(say.COOLED(work.language))

    async def drop(self, work: Work) -> Outcome:
        """End its sessions and drop it; what was asked for and never heard of is looked for."""
        async with self._database.transaction() as session:
            row = await known(session, work.subject_id, lock=True)
            if row.state != DELETING:
                return Skipped(say.OVERTAKEN(work.language))
            if row.delete_after is not None and row.delete_after > self._clock():
                return Retry(say.COOLING(work.language), row.delete_after - self._clock())
            # From here on it cannot be taken back.
            row.delete_after = None
        if row.provider not in self._outside.providers:
            raise DomainError(say.NO_PROVIDER)
        if not row.ref and not await self._found(row):
            return Skipped(say.NONE_THERE(work.language))
        with asking(vendor_of(row)):
            state = await self._provider(row).delete(await self._handle(row.id))
        if state is DatabaseState.READY:
            return Done(say.KEPT_BY_OWNER(work.language))
        if state is not DatabaseState.GONE:
            return Retry(say.CLOSING(work.language, detail=state.value), LOOK_AGAIN)
        return Done(say.DROPPED(work.language))

    async def forget(self, work: Work) -> Outcome:
        """Password, parts and invitations go; who it was stays for the audit log."""
        async with self._database.transaction() as session:
            row = await known(session, work.subject_id, lock=True)
            if row.state != DELETING:
                return Skipped(say.OVERTAKEN(work.language))
            forget_parts(row)
            row.state, row.signup_key, row.updated_at = DELETED, None, self._clock()
            row.email = ""
            await invitations.forget(session, row.id)
            note(session, TIMER, "tenants.deleted", Subject("tenant", row.id))
            facts = {"id": row.id, "slug": row.slug, "state": DELETED, "plan": row.plan}
            await self._outside.announce(session, "tenant.deleted", facts)
        return Done(say.FORGOTTEN(work.language))

    async def export(self, operator: Operator, tenant_id: str) -> AsyncIterator[bytes]:
        """The database in pg_dump's custom format, also of a suspended tenant.

        Raises NotFound, Conflict, Temporary or DomainError before the first piece; a failure after
        it breaks off the iteration, and is in the audit log.
        """
        async with self._database.transaction() as session:
            row = await table.find(session, tenant_id)
            if row is None:
                raise NotFound(NO_TENANT)
            if not row.host or row.provider not in self._outside.providers:
                raise Conflict(NOT_EXPORTABLE)
            handle = known_database(session, row)
            note(session, operator, "tenants.export", Subject("tenant", tenant_id))
        pieces = self._exported(operator, row, handle)
        first = await anext(pieces, b"")
        return _after(first, pieces)

    async def _exported(
        self, operator: Operator, row: table.TenantRow, handle: DatabaseHandle
    ) -> AsyncGenerator[bytes]:
        try:
            with translate_vendor_errors(vendor_of(row)):
                async for piece in self._provider(row).export(handle):
                    yield piece
        except DomainError:
            async with self._database.transaction() as session:
                change = Change(outcome="failed")
                note(session, operator, "tenants.export", Subject("tenant", row.id), change)
            raise

    async def _close(self, work: Work, wanted: str) -> Outcome:
        row = await self._row(work.subject_id)
        if row.state != wanted:
            return Skipped(say.OVERTAKEN(work.language))
        if not row.ref and not row.host:
            return Skipped(say.NONE_THERE(work.language))
        if await self._others_run(work):
            return Retry(say.WAITS(work.language), LOOK_AGAIN)
        with asking(vendor_of(row)):
            state = await self._provider(row).suspend(await self._handle(row.id))
        if state is DatabaseState.PAUSED:
            return Done(say.CLOSED(work.language))
        if state is DatabaseState.READY:
            return Done(say.CLOSED_BY_US(work.language))
        if state is DatabaseState.GONE:
            return Skipped(say.NONE_THERE(work.language))
        return Retry(say.CLOSING(work.language, detail=state.value), LOOK_AGAIN)

    async def _others_run(self, work: Work) -> bool:
        """Whether an older change of this tenant is still at it; it sees that it is overtaken."""
        async with self._database.transaction() as session:
            mine = await operation_table.find(session, work.operation_id)
            for kind in (SUSPEND, RESUME, DELETE):
                other = await operation_table.of_subject(session, kind, work.subject_id)
                if other is None or mine is None or other.id == mine.id:
                    continue
                if other.state == RUNNING and other.created_at < mine.created_at:
                    return True
        return False

    async def _found(self, row: table.TenantRow) -> bool:
        if row.asked_at is None:
            return False
        with asking(vendor_of(row)):
            found = await self._provider(row).find(row.project_name or "")
        if found is None:
            return False
        async with self._database.transaction() as session:
            (await known(session, row.id, lock=True)).ref = found.ref
        return True

    def _provider(self, row: table.TenantRow) -> TenantDatabases:
        provider = self._outside.providers.get(row.provider)
        if provider is None:
            raise DomainError(say.NO_PROVIDER)
        return provider

    async def _row(self, tenant_id: str) -> table.TenantRow:
        async with self._database.transaction() as session:
            return await known(session, tenant_id)

    async def _handle(self, tenant_id: str) -> DatabaseHandle:
        async with self._database.transaction() as session:
            return known_database(session, await known(session, tenant_id))


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
