"""Crono's rows in neutral words, and neutral values as Crono's fields."""

from datetime import UTC, date, datetime, timedelta

from integrations.crono import records
from integrations.crono.client import website_host
from integrations.crono.types import CronoAccount, CronoNote, Opportunity, Prospect
from integrations.json_fields import Record
from services.crm.port import (
    Account,
    Amount,
    Contact,
    Deal,
    DealChange,
    NewNote,
    Note,
    RecordKind,
)

# Crono's notes are plain text of undocumented length; this much was written by others.
NOTE_LIMIT = 30_000
NOON = timedelta(hours=12)


def record(kind: RecordKind, row: Record) -> tuple[Account | Contact | Deal, bool]:
    """The row in neutral words, and whether it is still there."""
    if kind == "account":
        return account(records.account(row)), row.get("active") is not False
    if kind == "contact":
        person = records.prospect(row)
        return contact(person), person.active
    opportunity = records.deal(row)
    return deal(opportunity), opportunity.active


def account(row: CronoAccount) -> Account:
    """A company."""
    site = website_host(row.website)
    hosts = (row.email_domain.lower().removeprefix("www."), site)
    return Account(
        id=row.id,
        name=row.name,
        domains=tuple(dict.fromkeys(host for host in hosts if host)),
        site=site,
        industry=row.industry,
        country=row.country,
        owner_id=row.user_id,
        changed_at=row.modified_at,
    )


def contact(row: Prospect) -> Contact:
    """A prospect."""
    return Contact(
        id=row.id,
        name=row.name,
        emails=(row.email,) if row.email else (),
        title=row.title,
        account_id=row.account_id,
        owner_id=row.user_id,
        changed_at=row.modified_at,
    )


def deal(row: Opportunity) -> Deal:
    """An opportunity; a close date is the day it has in UTC."""
    return Deal(
        id=row.id,
        name=row.name,
        account_id=row.account_id,
        stage=row.stage,
        pipeline=row.pipeline,
        amount=None if row.amount_cents is None else Amount(row.amount_cents),
        closes_on=row.closes_at.date() if row.closes_at else None,
        description=row.description,
        closed=row.closed,
        won=row.won,
        owner_id=row.user_id,
        changed_at=row.modified_at,
    )


def note(row: CronoNote) -> Note:
    """A note; Crono documents no address of it."""
    return Note(row.id, row.text, row.created_at)


def note_text(note: NewNote) -> str:
    """The text as Crono keeps it, the marker as its last line."""
    room = NOTE_LIMIT - len(note.marker) - 2
    return f"{note.text.strip()[:room]}\n\n{note.marker}".strip()


def changed_fields(change: DealChange) -> Record:
    """Only what the change names, as Crono calls it."""
    given: dict[str, object | None] = {
        "name": change.name,
        "stage": change.stage,
        "pipeline": change.pipeline,
        "amount": None if change.amount is None else change.amount.minor / 100,
        "closeDate": None if change.closes_on is None else _noon(change.closes_on),
        "description": change.description,
    }
    fields = {name: value for name, value in given.items() if value is not None}
    cleared = {"amount": "amount", "closes_on": "closeDate", "description": "description"}
    return fields | {cleared[name]: None for name in change.cleared}


def _noon(day: date) -> str:
    """Noon in UTC: the same day in every zone but the outermost."""
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) + NOON).isoformat()
