"""Licenses: ordered, issued once per request, found, shown and delivered."""

from datetime import timedelta

from db.licensing import licenses as table
from db.licensing import plans as plan_table
from db.store.session import Database, Session, seal, unseal
from services.actors import Operator
from services.audit import Subject, note
from services.errors import Conflict, Invalid
from services.idempotency import forget, idempotent
from services.licensing.customers import NewCustomer, email_of, new_row, words_of
from services.licensing.letters_licenses import DELIVERY
from services.licensing.license_changes import LicenseChanges, LicenseDesk, holder_of, repeatable
from services.licensing.license_keys import canonical, digest, hint, new_key
from services.licensing.license_terms import (
    FOR_LIFE,
    ChangeRecord,
    Issued,
    License,
    LicenseSearch,
    Order,
    bound_site,
    checked_months,
    digest_of,
    months_after,
    one,
    seen,
    tell,
)
from services.licensing.license_times import LicenseTimes
from services.licensing.plan_terms import Plan
from services.licensing.plans import Plans
from services.pages import NO_PLACE, bounded
from services.phrases import Phrase
from services.ports import Announce, Clock, Letter, Outbox

# A second click within this time is not a second wish.
DELIVERY_PAUSE = timedelta(minutes=1)
MAX_REQUEST = 200

OTHER_ORDER = Phrase(
    "This request id was used for another order. Use a new one.",
    "Questo id di richiesta è già stato usato per un altro ordine. Usane uno nuovo.",
)
SOLD_OUT = Phrase("“{plan}” is sold out.", "“{plan}” è esaurito.")
NO_KEY = Phrase(
    "That is not a license key. Copy it whole, beginning with CHA-.",
    "Questa non è una chiave di licenza. Copiala intera, a partire da CHA-.",
)
KEY_TAKEN = Phrase(
    "There is a license with this key already. Search for the key’s last four characters.",
    "C’è già una licenza con questa chiave. Cercala con gli ultimi quattro caratteri.",
)
NO_REQUEST = Phrase(
    "A request id has 1 to {most} characters.", "Un id di richiesta ha da 1 a {most} caratteri."
)


class Licenses(LicenseChanges, LicenseTimes):
    """Everything that is done with licenses."""

    def __init__(
        self,
        database: Database,
        pepper: bytes,
        plans: Plans,
        announce: Announce,
        emails: Outbox,
        clock: Clock,
    ) -> None:
        super().__init__(LicenseDesk(database, pepper, plans, announce, emails, clock))

    @property
    def desk(self) -> LicenseDesk:
        """What their verbs work with, for those who build on them."""
        return self._desk

    async def check(self, order: Order) -> Order:
        """The order as it would be carried out; writes nothing. Raises Invalid with its field."""
        return (await self._checked(order))[0]

    @idempotent("licenses.issue", Issued, lambda answer: answer.license.id)
    async def issue(self, operator: Operator, order: Order, request_id: str) -> Issued:
        """Issue one license, and e-mail its key if wished; the same request does it once.

        The same `request_id` gives the same license again with its present key, the operator's own
        request the first answer. The customer is found by e-mail or made. Raises Invalid; Conflict
        when the plan is sold out, the customer blocked, or the request id was another order's.
        """
        if not 0 < len(request_id) <= MAX_REQUEST:
            raise Invalid(NO_REQUEST, field="request_id", most=MAX_REQUEST)
        order, plan = await self._checked(order)
        async with self.database.transaction() as session:
            row = await table.claim(session, request_id)
            if row is None:
                row = await self._write(session, operator, order, plan, request_id)
            elif row.order_digest != digest_of(order):
                raise Conflict(OTHER_ORDER)
            key = unseal(session, row, "key")
        return Issued(await self._seen(row), key)

    async def find(self, license_id: str) -> License:
        """One license; raises NotFound."""
        async with self.database.transaction() as session:
            row = await one(session, license_id)
        return await self._seen(row)

    async def search(self, wanted: LicenseSearch) -> tuple[License, ...]:
        """The newest first, with every word in e-mail, name, id, domain or key hint."""
        now = self.clock()
        filters = table.Wanted(
            now, words_of(wanted.words), wanted.customer_id, wanted.plan, wanted.status
        )
        async with self.database.transaction() as session:
            last = await table.find(session, wanted.after) if wanted.after else None
            if wanted.after and last is None:
                raise Invalid(NO_PLACE, field="cursor")
            rows = await table.page(session, filters, after=last, limit=bounded(wanted.limit))
            emails = await table.emails(session, rows)
        return tuple(seen(row, emails[row.customer_id], now) for row in rows)

    async def of_key(self, key: str) -> License | None:
        """The license with this key, however it was typed; a rotated one until it ends."""
        key_digest = digest(self._desk.pepper, canonical(key))
        async with self.database.transaction() as session:
            row = await table.of_digest(session, key_digest, self.clock())
        return await self._seen(row) if row else None

    async def key(self, operator: Operator, license_id: str) -> str:
        """The key itself, for the operator's eyes; the audit log tells that it was shown."""
        async with self.database.transaction() as session:
            row = await one(session, license_id)
            note(session, operator, "licenses.reveal", Subject("license", license_id))
            return unseal(session, row, "key")

    @repeatable("licenses.deliver")
    async def deliver(
        self, operator: Operator, license_id: str, *, request_id: str = ""
    ) -> License:
        """E-mail the key to its holder; the same request, or one within a minute, sends nothing."""
        async with self.database.transaction() as session:
            row = await one(session, license_id)
            await self._deliver(session, operator, row, request_id)
        return await self._seen(row)

    async def forget_answers(self) -> None:
        """Drop answers to requests that nobody repeats any more."""
        await forget(self.database, self.clock())

    async def _checked(self, order: Order) -> tuple[Order, Plan]:
        email = email_of(order.email)
        plan = await self._desk.plans.find(order.plan)
        if plan.lifetime and order.months is not None:
            raise Invalid(FOR_LIFE, field="months", plan=plan.name)
        months = None if plan.lifetime else checked_months(order.months)
        domain = bound_site(order.domain)
        key = canonical(order.key)
        if order.key and not key:
            raise Invalid(NO_KEY, field="key")
        name = " ".join(order.name.split())
        return Order(email, plan.name, months, domain, name, key, order.send_email), plan

    async def _write(
        self, session: Session, operator: Operator, order: Order, plan: Plan, request_id: str
    ) -> table.LicenseRow:
        now, key = self.clock(), order.key or new_key()
        key_digest = digest(self._desk.pepper, key)
        if order.key and await table.is_known(session, key_digest):
            raise Conflict(KEY_TAKEN)
        holder = await holder_of(
            session, operator, new_row(NewCustomer(order.email, order.name), now)
        )
        if not await plan_table.sell(session, plan.name):
            raise Conflict(SOLD_OUT, plan=plan.display_name)
        row = table.LicenseRow(
            customer_id=holder.id,
            plan=plan.name,
            plan_version=plan.version,
            key_digest=key_digest,
            key=b"",
            key_hint=hint(key),
            expires_at=None if order.months is None else months_after(now, order.months),
            issued_at=now,
            request_id=request_id,
            order_digest=digest_of(order),
            domain=order.domain,
        )
        seal(session, row, "key", key)
        session.add(row)
        await session.flush()
        await tell(
            session, self._desk.announce, row, ChangeRecord(operator, "issue", "license.issued")
        )
        if order.send_email:
            await self._deliver(session, operator, row, request_id)
        return row

    async def _deliver(
        self, session: Session, operator: Operator, row: table.LicenseRow, request_id: str
    ) -> None:
        minute = int(self.clock().timestamp() // DELIVERY_PAUSE.total_seconds())
        dedupe = f"{DELIVERY}:{row.id}:{row.key_hint}:{request_id or minute}"
        email = (await table.emails(session, [row]))[row.customer_id]
        if await self._desk.emails.queue(session, Letter(DELIVERY, email, row.id, dedupe)):
            note(session, operator, "licenses.deliver", Subject("license", row.id))
