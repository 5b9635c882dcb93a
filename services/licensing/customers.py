"""Customers: found, kept and deleted with everything they own."""

import re
from dataclasses import dataclass
from datetime import datetime

from db import erasure
from db.licensing import customers as table
from db.licensing import licenses
from db.store.session import Database, Session
from services.actors import Operator
from services.audit import Change, Facts, Subject, note
from services.email_address import MAX_EMAIL, wire_address
from services.errors import Conflict, Invalid, NotFound
from services.licensing.domains import PASTED
from services.pages import NO_PLACE, bounded
from services.phrases import Phrase
from services.ports import Clock

ACTIVE = table.ACTIVE
BLOCKED = table.BLOCKED
STATUSES = (ACTIVE, BLOCKED)
MAX_NAME = 200
MAX_NOTES = 5_000
MAX_WORDS = 5
BETWEEN = re.compile(r"[._-]+")

NO_CUSTOMER = Phrase(
    "There is no such customer. It may have been deleted.",
    "Questo cliente non esiste. Forse è stato eliminato.",
)
TAKEN = Phrase(
    "There is a customer with this e-mail address already.",
    "C’è già un cliente con questo indirizzo e-mail.",
)
NO_STATUS = Phrase(
    "A customer’s status is active or blocked.", "Lo stato di un cliente è active o blocked."
)


@dataclass(frozen=True, slots=True)
class Customer:
    """Who holds licenses; `status` is active or blocked, which suspends all of them."""

    id: str
    email: str
    name: str
    status: str
    notes: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer as typed; without a name it is the address's local part."""

    email: str
    name: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class CustomerChanges:
    """What should be different; None leaves a thing as it is."""

    email: str | None = None
    name: str | None = None
    notes: str | None = None
    status: str | None = None


class Customers:
    """What operators do with customers; every change is in the audit log, without the address."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, customer_id: str) -> Customer:
        """One customer; raises NotFound."""
        async with self._database.transaction() as session:
            return _customer(await _row(session, customer_id))

    async def of_email(self, email: str) -> Customer | None:
        """The customer with this address, however it is written; raises Invalid."""
        address = email_of(email)
        async with self._database.transaction() as session:
            row = await table.of_email(session, address)
        return _customer(row) if row else None

    async def search(
        self, words: str = "", *, limit: int = 50, after: str = ""
    ) -> tuple[Customer, ...]:
        """The newest first, with every word in e-mail, name, notes or id.

        `after` is the last one's id of the page before; raises Invalid when that is gone.
        """
        async with self._database.transaction() as session:
            last = await table.find(session, after) if after else None
            if after and last is None:
                raise Invalid(NO_PLACE, field="cursor")
            wanted = words_of(words)
            rows = await table.page(session, words=wanted, after=last, limit=bounded(limit))
        return tuple(map(_customer, rows))

    async def create(self, operator: Operator, new: NewCustomer) -> Customer:
        """Keep a new customer; raises Invalid, or Conflict when the address is taken."""
        row = new_row(new, self._clock())
        async with self._database.transaction() as session:
            if not await table.add(session, row):
                raise Conflict(TAKEN)
            note_new(session, operator, row)
        return _customer(row)

    async def update(
        self, operator: Operator, customer_id: str, changes: CustomerChanges
    ) -> Customer:
        """Change a customer; blocking suspends every license at once. Raises Invalid, Conflict."""
        async with self._database.transaction() as session:
            row = await _row(session, customer_id, lock=True)
            before, values = _facts(row), row.model_dump()
            await self._write(session, row, changes)
            after = row.model_dump()
            changed = sorted(name for name in values if after[name] != values[name])
            if changed:
                row.updated_at = self._clock()
                change = Change(before, {**_facts(row), "changed": changed})
                note(session, operator, "customers.update", Subject("customer", row.id), change)
                await _tell(session, row.id)
        return _customer(row)

    async def delete(self, operator: Operator, customer_id: str) -> None:
        """Delete a customer with licenses, sites, usage and e-mails; raises NotFound."""
        async with self._database.transaction() as session:
            row = await _row(session, customer_id, lock=True)
            held = await licenses.of_customer(session, customer_id)
            await _tell(session, customer_id)
            before = {**_facts(row), "licenses": [one.id for one in held]}
            await erasure.erase(session, customer_id)
            subject = Subject("customer", customer_id)
            note(session, operator, "customers.delete", subject, Change(before))

    async def _write(
        self, session: Session, row: table.CustomerRow, changes: CustomerChanges
    ) -> None:
        if changes.email is not None:
            email = email_of(changes.email)
            if not await table.readdress(session, row, email):
                raise Conflict(TAKEN)
        if changes.name is not None:
            row.name = name_of(changes.name, row.email)
        if changes.notes is not None:
            row.notes = changes.notes.strip()[:MAX_NOTES]
        if changes.status is not None:
            if changes.status not in STATUSES:
                raise Invalid(NO_STATUS, field="status")
            row.status = changes.status


def email_of(text: str) -> str:
    """The address in lower case, its domain in ASCII; raises Invalid (field `email`)."""
    return wire_address(text.strip(PASTED).lower(), field="email")


def name_of(text: str, email: str) -> str:
    """A name on one line; the address's local part when there is none."""
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_NAME]
    return name or email.partition("@")[0]


def called(name: str, email: str) -> str:
    """What to call a customer; a name that is only the address's local part, as names are written.

    `marta.rossi` becomes Marta Rossi.
    """
    local = email.partition("@")[0]
    if name != local:
        return name
    words = BETWEEN.split(local.partition("+")[0])
    return " ".join(word[:1].upper() + word[1:] for word in words if word) or name


def new_row(new: NewCustomer, now: datetime) -> table.CustomerRow:
    """The row of a new, active customer; raises Invalid (field `email`)."""
    email = email_of(new.email)
    return table.CustomerRow(
        email=email,
        name=name_of(new.name, email),
        notes=new.notes.strip()[:MAX_NOTES],
        created_at=now,
        updated_at=now,
    )


def note_new(session: Session, operator: Operator, row: table.CustomerRow) -> None:
    """Write into the audit log that this customer is new."""
    subject = Subject("customer", row.id)
    note(session, operator, "customers.create", subject, Change(after=_facts(row)))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search; a few are enough, and none is longer than an address."""
    return tuple(word[:MAX_EMAIL] for word in text.replace("\0", " ").split()[:MAX_WORDS])


async def _row(session: Session, customer_id: str, *, lock: bool = False) -> table.CustomerRow:
    row = await table.find(session, customer_id, lock=lock)
    if row is None:
        raise NotFound(NO_CUSTOMER)
    return row


async def _tell(session: Session, customer_id: str) -> None:
    for row in await licenses.of_customer(session, customer_id):
        await licenses.changed(session, row.key_digest, row.previous_digest)


def _customer(row: table.CustomerRow) -> Customer:
    return Customer(
        id=row.id,
        email=row.email,
        name=row.name,
        status=row.status,
        notes=row.notes,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _facts(row: table.CustomerRow) -> Facts:
    # The log is never changed, and people may ask to be forgotten: no names, no whole addresses.
    masked = f"{row.email[:1]}…@{row.email.partition('@')[2]}"
    return {"email": masked, "status": row.status}
