"""Tenants: found, listed, given a plan and modules, suspended, resumed, deleted and kept."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta

import orjson

from db import operations as operation_table
from db.store.session import Database, Session
from db.tenants import tenants as table
from integrations.databases import ConnectionParts
from services.actors import Operator
from services.audit import Change, Subject, note
from services.errors import Conflict, Invalid, NotFound
from services.idempotency import idempotent
from services.operations import Operations, Start
from services.ports import Announce, Clock
from services.tenants.listing import every_tenant, page_of_tenants
from services.tenants.modules import MODULES, PLANS
from services.tenants.onboarding import ONBOARD
from services.tenants.refusals import (
    IS_DELETED,
    NO_DAYS,
    NO_MODULE,
    NO_PLAN,
    NO_REASON,
    NO_TENANT,
    NOT_DELETING,
    NOT_READY,
    NOT_TYPED,
    NOT_USABLE,
    TOO_LATE,
)
from services.tenants.rows import parts_of
from services.tenants.state import (
    BILLING,
    DELETED,
    DELETING,
    FAILED,
    NO_CARD,
    OPERATOR,
    PAUSED,
    READY,
    RESUMING,
    SUSPENDED,
    CardPlace,
    Tenant,
    TenantTerms,
    read,
)

SUSPEND, RESUME, DELETE = "tenants.suspend", "tenants.resume", "tenants.delete"
KINDS = (ONBOARD, SUSPEND, RESUME, DELETE)
# What other systems are told of a change into a state.
EVENTS = {SUSPENDED: "tenant.suspended", DELETING: "tenant.deleting"}
# What can be closed: its database answers, or will soon.
OPEN = (READY, PAUSED, RESUMING)
BY_BILLING = Operator("timer", "billing")
LONGEST_REASON = 300
MOST_DAYS = 90


class Tenants:
    """What operators and other domains do with tenants; every change is in the audit log."""

    def __init__(
        self,
        database: Database,
        operations: Operations,
        announce: Announce,
        terms: TenantTerms,
        clock: Clock,
    ) -> None:
        self.database = database
        self._operations = operations
        self._announce = announce
        self._terms = terms
        self.clock = clock

    async def get(self, tenant_id: str) -> Tenant:
        """One tenant, with its newest operation; raises NotFound."""
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id)
            return read(row, await _newest_operation(session, tenant_id))

    async def of_slug(self, slug: str) -> Tenant:
        """One tenant by its short name; raises NotFound."""
        async with self.database.transaction() as session:
            row = await table.of_slug(session, slug.strip().lower())
            if row is None:
                raise NotFound(NO_TENANT)
            return read(row, await _newest_operation(session, row.id))

    async def list(
        self, *, state: str = "", words: str = "", limit: int = 50, after: str = ""
    ) -> tuple[Tenant, ...]:
        """The newest first, with every word in company, address or short name.

        `after` is the last one's id of the page before. Raises Invalid (`state`, `cursor`).
        """
        return await page_of_tenants(
            self.database, state=state, words=words, limit=limit, after=after
        )

    async def every(self) -> AsyncIterator[Tenant]:
        """All that are not deleted, the newest first; a page at a time is read."""
        async for tenant in every_tenant(self.database):
            yield tenant

    async def parts(self, tenant_id: str) -> ConnectionParts:
        """How to reach a tenant's database now; raises NotFound, Conflict while it is not usable.

        There is no other database than this one.
        """
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id)
            if row.state != READY:
                raise Conflict(NOT_USABLE, company=row.company, state=row.state)
            return parts_of(session, row)

    async def set_plan(self, operator: Operator, tenant_id: str, plan: str) -> Tenant:
        """Give it a plan; again changes nothing. Raises NotFound, Invalid (`plan`)."""
        if plan not in PLANS:
            raise Invalid(NO_PLAN, field="plan", plan=plan, plans=", ".join(PLANS))
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id, lock=True)
            await self._set_plan(session, row, operator, plan)
        return await self.get(tenant_id)

    async def override_modules(
        self, operator: Operator, tenant_id: str, overrides: Mapping[str, bool]
    ) -> Tenant:
        """Switch modules on or off whatever the plan says; those left out follow the plan again.

        Raises NotFound, Invalid (`modules`).
        """
        for name in overrides:
            if name not in MODULES:
                raise Invalid(NO_MODULE, field="modules", module=name, modules=", ".join(MODULES))
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id, lock=True)
            before, after = orjson.loads(row.modules), dict(overrides)
            if before != after:
                row.modules, row.updated_at = orjson.dumps(after).decode(), self.clock()
                change = Change(before, after)
                note(session, operator, "tenants.modules", _subject(tenant_id), change)
                await self._tell(session, row, "tenant.changed")
        return await self.get(tenant_id)

    @idempotent("tenants.extend_trial", Tenant, lambda tenant: tenant.id, of="tenant_id")
    async def extend_trial(self, operator: Operator, tenant_id: str, days: int) -> Tenant:
        """So many days more, from today when it is over; once per operator's request.

        Raises NotFound, Invalid (`days`).
        """
        if not 0 < days <= MOST_DAYS:
            raise Invalid(NO_DAYS, field="days")
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id, lock=True)
            _refuse_deleted(row)
            before = row.trial_ends_at
            start = max(self.clock(), before) if before else self.clock()
            row.trial_ends_at, row.updated_at = start + timedelta(days=days), self.clock()
            change = Change({"trial_ends_at": _text(before)}, {"days": days})
            note(session, operator, "tenants.extend_trial", _subject(tenant_id), change)
        return await self.get(tenant_id)

    async def suspend(
        self, operator: Operator, tenant_id: str, reason: str, shown: CardPlace = NO_CARD
    ) -> Tenant:
        """Refuse connections and end the open ones; again changes nothing.

        From now on `parts` refuses; the database itself follows within seconds. Raises NotFound,
        Invalid (`reason`), Conflict before it is ready and during a deletion.
        """
        why = " ".join(reason.split())
        if not 0 < len(why) <= LONGEST_REASON:
            raise Invalid(NO_REASON, field="reason")
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id, lock=True)
            _refuse_deleted(row)
            if row.state not in (SUSPENDED, *OPEN):
                raise Conflict(NOT_READY)
            await self._suspend(session, row, operator, why, shown)
            # Also what billing had closed: from now on only an operator opens it.
            row.suspended_by = OPERATOR
        return await self.get(tenant_id)

    async def resume(
        self, operator: Operator, tenant_id: str, shown: CardPlace = NO_CARD
    ) -> Tenant:
        """Accept connections again; again changes nothing. Raises NotFound, Conflict.

        Of a database that its vendor paused it asks for its return.
        """
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id, lock=True)
            _refuse_deleted(row)
            if row.state not in (READY, RESUMING, SUSPENDED, PAUSED):
                raise Conflict(NOT_READY)
            await self._resume(session, row, operator, shown)
        return await self.get(tenant_id)

    async def follow(
        self, session: Session, customer_id: str, *, allowed: bool, plan: str, reason: str
    ) -> None:
        """In the session's transaction: what billing says of a customer, at all their tenants.

        One that an operator suspended stays so, one that is not ready or is being deleted is left
        alone, an unknown plan changes none. Again changes nothing.
        """
        for row in await table.of_customer(session, customer_id) if customer_id else ():
            if plan in PLANS:
                await self._set_plan(session, row, BY_BILLING, plan)
            if not allowed and row.state in OPEN:
                await self._suspend(session, row, BY_BILLING, reason, NO_CARD)
                row.suspended_by = BILLING
            elif allowed and row.state == SUSPENDED and row.suspended_by == BILLING:
                await self._resume(session, row, BY_BILLING, NO_CARD)

    async def set_customer(self, operator: Operator, tenant_id: str, customer_id: str) -> Tenant:
        """Who pays for it, by our id of the customer; "" for nobody. Raises NotFound."""
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id, lock=True)
            if row.customer_id != customer_id:
                change = Change({"customer_id": row.customer_id}, {"customer_id": customer_id})
                row.customer_id, row.updated_at = customer_id, self.clock()
                note(session, operator, "tenants.set_customer", _subject(tenant_id), change)
        return await self.get(tenant_id)

    async def delete(
        self, operator: Operator, tenant_id: str, typed: str, shown: CardPlace = NO_CARD
    ) -> Tenant:
        """Suspend it at once, and delete everything of it once the cool-off is over.

        `typed` is its short name, typed by a person. Raises NotFound, Invalid (`confirm`).
        """
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id, lock=True)
            name = row.slug or row.id
            if typed.strip() != name:
                raise Invalid(NOT_TYPED, field="confirm", slug=name)
            if row.state not in (DELETING, DELETED):
                onboarding = await operation_table.of_subject(session, ONBOARD, tenant_id)
                if onboarding is not None:
                    await self._operations.stop(session, onboarding.id)
                row.delete_after = self.clock() + self._terms.cool_off
                await self._become(session, row, DELETING, operator, "delete")
                await self._start(session, row, DELETE, operator, shown)
        return await self.get(tenant_id)

    async def keep(self, operator: Operator, tenant_id: str, shown: CardPlace = NO_CARD) -> Tenant:
        """Take a deletion back while its time is not over. Raises NotFound, Conflict.

        A tenant that was ready is resumed; one that was suspended, or never ready, is so again.
        """
        async with self.database.transaction() as session:
            row = await _row(session, tenant_id, lock=True)
            if row.state != DELETING:
                raise Conflict(TOO_LATE if row.state == DELETED else NOT_DELETING)
            if row.delete_after is None:
                raise Conflict(TOO_LATE)
            deletion = await operation_table.of_subject(session, DELETE, tenant_id)
            if deletion is not None:
                await self._operations.stop(session, deletion.id)
            row.delete_after = None
            if row.ready_at is None:
                await self._become(session, row, FAILED, operator, "keep")
            elif row.suspended_by:
                await self._become(session, row, SUSPENDED, operator, "keep")
            else:
                row.reason = ""
                await self._become(session, row, RESUMING, operator, "keep")
                await self._start(session, row, RESUME, operator, shown)
        return await self.get(tenant_id)

    async def retry(self, operator: Operator, tenant_id: str) -> Tenant:
        """Go on with what failed, with the same intent. Raises NotFound, Conflict."""
        tenant = await self.get(tenant_id)
        await self._operations.retry(operator, tenant.operation_id)
        return await self.get(tenant_id)

    async def _set_plan(
        self, session: Session, row: table.TenantRow, operator: Operator, plan: str
    ) -> None:
        if row.plan != plan:
            change = Change({"plan": row.plan}, {"plan": plan})
            row.plan, row.updated_at = plan, self.clock()
            note(session, operator, "tenants.set_plan", _subject(row.id), change)
            await self._tell(session, row, "tenant.changed")

    async def _suspend(
        self, session: Session, row: table.TenantRow, operator: Operator, why: str, shown: CardPlace
    ) -> None:
        if row.state != SUSPENDED:
            row.reason = why
            await self._become(session, row, SUSPENDED, operator, "suspend")
            await self._start(session, row, SUSPEND, operator, shown)

    async def _resume(
        self, session: Session, row: table.TenantRow, operator: Operator, shown: CardPlace
    ) -> None:
        if row.state in (SUSPENDED, PAUSED):
            row.reason = row.problem = row.suspended_by = ""
            await self._become(session, row, RESUMING, operator, "resume")
            await self._start(session, row, RESUME, operator, shown)

    async def _become(
        self, session: Session, row: table.TenantRow, state: str, operator: Operator, verb: str
    ) -> None:
        change = Change({"state": row.state}, {"state": state, "reason": row.reason})
        row.state, row.updated_at = state, self.clock()
        note(session, operator, f"tenants.{verb}", _subject(row.id), change)
        if state in EVENTS:
            await self._tell(session, row, EVENTS[state])

    async def _start(
        self,
        session: Session,
        row: table.TenantRow,
        kind: str,
        operator: Operator,
        shown: CardPlace,
    ) -> None:
        for older in (SUSPEND, RESUME):
            found = await operation_table.of_subject(session, older, row.id)
            if found is not None:
                # One that waits for its next try learns at once that it is overtaken.
                await self._operations.wake(session, found.id)
        row.changes += 1
        start = Start(
            kind=kind,
            subject_id=row.id,
            title=row.company,
            operator=operator,
            dedupe=f"{kind}:{row.id}:{row.changes}",
            language=shown.language,
            place=shown.place,
        )
        await self._operations.start(session, start)

    async def _tell(self, session: Session, row: table.TenantRow, event: str) -> None:
        facts = {"id": row.id, "slug": row.slug, "state": row.state, "plan": row.plan}
        await self._announce(session, event, facts)


async def _row(session: Session, tenant_id: str, *, lock: bool = False) -> table.TenantRow:
    row = await table.find(session, tenant_id, lock=lock)
    if row is None:
        raise NotFound(NO_TENANT)
    return row


async def _newest_operation(session: Session, tenant_id: str) -> str:
    found = [await operation_table.of_subject(session, kind, tenant_id) for kind in KINDS]
    newest = max(filter(None, found), key=lambda one: one.created_at, default=None)
    return newest.id if newest else ""


def _refuse_deleted(row: table.TenantRow) -> None:
    if row.state in (DELETING, DELETED):
        raise Conflict(IS_DELETED)


def _subject(tenant_id: str) -> Subject:
    return Subject("tenant", tenant_id)


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
