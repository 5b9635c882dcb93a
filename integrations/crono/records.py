"""Crono's JSON objects as our types; both generations of its API are read."""

from decimal import Decimal

from integrations.crono.types import (
    CronoAccount,
    CronoNote,
    CronoPipeline,
    CronoStage,
    CronoTask,
    CronoUser,
    Opportunity,
    Prospect,
)
from integrations.json_fields import Record, flag, moment, records, text, whole


def account(row: Record) -> CronoAccount:
    """A company."""
    return CronoAccount(
        id=text(row, "objectId"),
        name=text(row, "name"),
        email_domain=text(row, "emailDomain"),
        website=text(row, "website"),
        industry=text(row, "industry"),
        status=text(row, "cronoStatus"),
        country=text(row, "country"),
        user_id=text(row, "userId"),
        modified_at=moment(row, "lastModifiedDate"),
    )


def prospect(row: Record) -> Prospect:
    """A contact."""
    full = f"{text(row, 'firstName')} {text(row, 'lastName')}".strip()
    return Prospect(
        id=text(row, "objectId"),
        name=text(row, "name") or full,
        email=text(row, "email").lower(),
        title=text(row, "title"),
        account_id=text(row, "accountId"),
        user_id=text(row, "userId"),
        active=row.get("active") is not False,
        modified_at=moment(row, "lastModifiedDate"),
    )


def deal(row: Record) -> Opportunity:
    """An opportunity."""
    return Opportunity(
        id=text(row, "objectId"),
        name=text(row, "name"),
        stage=text(row, "stage"),
        pipeline=text(row, "pipeline"),
        amount_cents=_cents(row.get("amount")),
        closes_at=moment(row, "closeDate"),
        description=text(row, "description"),
        account_id=text(row, "accountId"),
        closed=flag(row, "isClosed") or flag(row, "isWon"),
        won=flag(row, "isWon"),
        user_id=text(row, "userId"),
        active=row.get("active") is not False,
        modified_at=moment(row, "lastModifiedDate"),
    )


def note(row: Record) -> CronoNote:
    """A note."""
    return CronoNote(text(row, "objectId"), text(row, "description"), moment(row, "createdDate"))


def task(row: Record) -> CronoTask:
    """A task; its id is a number."""
    return CronoTask(
        id=text(row, "id"),
        type=text(row, "type"),
        subject=text(row, "subject"),
        due_at=moment(row, "activityDate"),
        created_at=moment(row, "createdDate"),
        prospect_id=text(row, "prospectId"),
    )


def user(row: Record) -> CronoUser:
    """A colleague."""
    return CronoUser(
        id=text(row, "id"),
        name=f"{text(row, 'firstName')} {text(row, 'lastName')}".strip(),
        email=text(row, "email").lower(),
        active=row.get("active") is not False,
    )


def pipeline(row: Record) -> CronoPipeline:
    """A pipeline; stages by `displayOrder`."""
    rows = sorted(records(row.get("stages")), key=lambda one: whole(one, "displayOrder") or 0)
    name = text(row, "externalName")
    return CronoPipeline(name, text(row, "publicName") or name, tuple(_stage(one) for one in rows))


def _stage(row: Record) -> CronoStage:
    name = text(row, "externalName")
    won = flag(row, "isWon")
    return CronoStage(name, text(row, "publicName") or name, won or flag(row, "isClosed"), won)


def _cents(amount: object) -> int | None:
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    return int((Decimal(str(amount)) * 100).to_integral_value())
