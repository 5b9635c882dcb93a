"""What may be done to a license that was issued; impossible steps are refused with a sentence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from db.licensing import customers
from db.licensing import licenses as table
from db.store.session import Database, Session, seal
from services.actors import Operator
from services.audit import Facts
from services.errors import Conflict, Invalid
from services.idempotency import idempotent
from services.licensing.customers import BLOCKED, NewCustomer, new_row, note_new
from services.licensing.eligibility import status_at
from services.licensing.license_keys import digest, hint, new_key
from services.licensing.license_terms import (
    ChangeRecord,
    Issued,
    License,
    checked_months,
    facts_of,
    months_after,
    one,
    seen,
    tell,
)
from services.licensing.plans import Plans
from services.phrases import Phrase
from services.ports import Announce, Clock, Outbox

MAX_REASON = 500
MAX_OVERLAP = timedelta(days=30)
MAX_BUDGET = 10**12

repeatable = partial(idempotent, answer=License, about=lambda license: license.id, of="license_id")

NEVER_ENDS = Phrase(
    "This license is for life: there is nothing to renew.",
    "Questa licenza è a vita: non c’è nulla da rinnovare.",
)
IS_CANCELLED = Phrase(
    "This license is cancelled for good. Issue a new one.",
    "Questa licenza è annullata definitivamente. Emettine una nuova.",
)
IS_SUSPENDED = Phrase(
    "This license is suspended. Reinstate it first.",
    "Questa licenza è sospesa. Prima riattivala.",
)
IS_UNPAID = Phrase(
    "The subscription behind this license is not paid. It works again once that is paid.",
    "L’abbonamento di questa licenza non è pagato. Tornerà a funzionare con il pagamento.",
)
ALREADY_SUSPENDED = Phrase("This license is suspended already.", "Questa licenza è già sospesa.")
NOT_SUSPENDED = Phrase("This license is not suspended.", "Questa licenza non è sospesa.")
SAME_HOLDER = Phrase(
    "The license belongs to this customer already.", "La licenza appartiene già a questo cliente."
)
HOLDER_BLOCKED = Phrase(
    "This customer is blocked. Unblock them first.", "Questo cliente è bloccato. Prima sbloccalo."
)
TOO_LONG = Phrase(
    "The old key may go on for {days} days at most.",
    "La vecchia chiave può valere al massimo altri {days} giorni.",
)
NO_BUDGET = Phrase(
    "A budget is a whole number of millionths of a dollar, or nothing.",
    "Un budget è un numero intero di milionesimi di dollaro, o niente.",
)


@dataclass(frozen=True, slots=True)
class LicenseDesk:
    """What verbs about licenses work with; `pepper` makes digests of keys."""

    database: Database
    pepper: bytes
    plans: Plans
    announce: Announce
    emails: Outbox
    clock: Clock


class LicenseChanges:
    """The verbs; every one is audited, announced and seen by all processes at its commit.

    An operator's request changes a license once: the same again gets the first answer.
    """

    def __init__(self, desk: LicenseDesk) -> None:
        self._desk = desk

    @property
    def database(self) -> Database:
        """Where licenses are kept."""
        return self._desk.database

    @property
    def clock(self) -> Clock:
        """The time by which licenses begin and end."""
        return self._desk.clock

    @repeatable("licenses.renew")
    async def renew(self, operator: Operator, license_id: str, months: int) -> License:
        """Add months to the end, or to now when it is over; today's version of the plan counts.

        Raises Invalid (field `months`), and Conflict for a license that is for life, suspended
        or cancelled.
        """
        checked_months(months)
        told = ChangeRecord(operator, "renew", "license.renewed")
        async with self._changing(license_id, told) as (session, row):
            _refuse(row, table.CANCELLED, IS_CANCELLED)
            _refuse(row, table.SUSPENDED, IS_SUSPENDED)
            _refuse(row, table.UNPAID, IS_UNPAID)
            if row.expires_at is None:
                raise Conflict(NEVER_ENDS)
            with self.database.joined(session):
                plan = await self._desk.plans.find(row.plan)
            row.expires_at = months_after(max(row.expires_at, self.clock()), months)
            row.plan_version, row.status, row.noticed_days = plan.version, table.ACTIVE, None
        return await self._seen(row)

    @repeatable("licenses.suspend")
    async def suspend(self, operator: Operator, license_id: str, reason: str) -> License:
        """Stop it until it is reinstated; its months go on. Raises Conflict."""
        told = ChangeRecord(operator, "suspend", "license.suspended")
        async with self._changing(license_id, told) as (_, row):
            _refuse(row, table.CANCELLED, IS_CANCELLED)
            _refuse(row, table.SUSPENDED, ALREADY_SUSPENDED)
            row.status, row.reason = table.SUSPENDED, _line(reason)
        return await self._seen(row)

    @repeatable("licenses.reinstate")
    async def reinstate(self, operator: Operator, license_id: str) -> License:
        """End a suspension; the license is as its calendar says. Raises Conflict."""
        told = ChangeRecord(operator, "reinstate", "license.reinstated")
        async with self._changing(license_id, told) as (_, row):
            _refuse(row, table.CANCELLED, IS_CANCELLED)
            if row.status != table.SUSPENDED:
                raise Conflict(NOT_SUSPENDED)
            row.status = status_at(table.ACTIVE, row.expires_at, self.clock())
            row.reason = ""
        return await self._seen(row)

    @repeatable("licenses.cancel")
    async def cancel(self, operator: Operator, license_id: str, reason: str = "") -> License:
        """End it for good; raises Conflict when that was done before."""
        told = ChangeRecord(operator, "cancel", "license.cancelled")
        async with self._changing(license_id, told) as (_, row):
            _refuse(row, table.CANCELLED, IS_CANCELLED)
            row.status, row.reason = table.CANCELLED, _line(reason)
        return await self._seen(row)

    @idempotent("licenses.rotate", Issued, lambda answer: answer.license.id, of="license_id")
    async def rotate(
        self, operator: Operator, license_id: str, overlap: timedelta = timedelta()
    ) -> Issued:
        """Make a new key; the old one works for `overlap` longer, one before it no more.

        Raises Invalid (field `overlap`) above 30 days, and Conflict when cancelled.
        """
        if not timedelta() <= overlap <= MAX_OVERLAP:
            raise Invalid(TOO_LONG, field="overlap", days=MAX_OVERLAP.days)
        key = new_key()
        told = ChangeRecord(operator, "rotate", "license.rotated")
        async with self._changing(license_id, told) as (session, row):
            _refuse(row, table.CANCELLED, IS_CANCELLED)
            await table.changed(session, row.previous_digest)
            until = self.clock() + overlap
            row.previous_digest, row.previous_until = row.key_digest, until
            row.key_digest, row.key_hint = digest(self._desk.pepper, key), hint(key)
            seal(session, row, "key", key)
        return Issued(await self._seen(row), key)

    @repeatable("licenses.transfer")
    async def transfer(self, operator: Operator, license_id: str, email: str) -> License:
        """Give it to another customer, made if need be; sites and key stay. Raises Conflict."""
        new = new_row(NewCustomer(email), self.clock())
        told = ChangeRecord(operator, "transfer", "license.transferred")
        async with self._changing(license_id, told) as (session, row):
            _refuse(row, table.CANCELLED, IS_CANCELLED)
            holder = await holder_of(session, operator, new)
            if holder.id == row.customer_id:
                raise Conflict(SAME_HOLDER)
            row.customer_id = holder.id
        return await self._seen(row)

    @repeatable("licenses.limit_budget")
    async def limit_budget(
        self, operator: Operator, license_id: str, budget_micro: int | None
    ) -> License:
        """Limit what its AI requests may cost a month, in millionths of a dollar, or not (None)."""
        if budget_micro is not None and not 0 <= budget_micro <= MAX_BUDGET:
            raise Invalid(NO_BUDGET, field="budget_micro")
        async with self._changing(license_id, ChangeRecord(operator, "limit_budget")) as (_, row):
            row.budget_micro = budget_micro
        return await self._seen(row)

    @asynccontextmanager
    async def _changing(
        self, license_id: str, told: ChangeRecord
    ) -> AsyncIterator[tuple[Session, table.LicenseRow]]:
        """The locked row to change; what the block did is told when it ends well."""
        async with self.database.transaction() as session:
            row = await one(session, license_id, lock=True)
            before: Facts = facts_of(row)
            yield session, row
            await session.flush()
            await tell(session, self._desk.announce, row, replace(told, before=before))

    async def _seen(self, row: table.LicenseRow, now: datetime | None = None) -> License:
        async with self.database.transaction() as session:
            emails = await table.emails(session, [row])
        return seen(row, emails[row.customer_id], now or self.clock())


async def holder_of(
    session: Session, operator: Operator, new: customers.CustomerRow
) -> customers.CustomerRow:
    """The customer with the new one's address, written now if there was none.

    Raises Conflict when that customer is blocked.
    """
    holder = await customers.found_or_added(session, new)
    if holder.id == new.id:
        note_new(session, operator, holder)
    if holder.status == BLOCKED:
        raise Conflict(HOLDER_BLOCKED)
    return holder


def _refuse(row: table.LicenseRow, status: str, phrase: Phrase) -> None:
    if row.status == status:
        raise Conflict(phrase)


def _line(text: str) -> str:
    return " ".join(text.split())[:MAX_REASON]
