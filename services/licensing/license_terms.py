"""Licenses as they are ordered and seen, the months they run, and the sentences about them."""

import calendar
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from pydantic import JsonValue

from db.licensing import licenses as table
from db.store.session import Session
from services.actors import Operator
from services.audit import Change, Facts, Subject, note
from services.errors import Invalid, NotFound
from services.licensing.domains import Domain
from services.licensing.eligibility import status_at
from services.phrases import Phrase
from services.ports import Announce

MIN_MONTHS = 1
MAX_MONTHS = 120

NO_LICENSE = Phrase(
    "There is no such license. It may have been deleted.",
    "Questa licenza non esiste. Forse è stata eliminata.",
)
NO_MONTHS = Phrase(
    "Say for how many months: a whole number from {least} to {most}.",
    "Scrivi per quanti mesi: un numero intero da {least} a {most}.",
)
FOR_LIFE = Phrase(
    "“{plan}” is for life: leave the months out.", "“{plan}” è a vita: non indicare i mesi."
)

NO_PLACE_NEEDED = Phrase(
    "“{host}” is a local or staging host, which needs no place. Leave the domain out.",
    "“{host}” è un host locale o di staging, che non occupa posti. Non indicare il dominio.",
)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants: `months` None is for life, which only lifetime plans are.

    `domain` keeps a place for a site from the start; `name` is for a new customer. `key` is an
    older key to take over, "" for a new one. `send_email`: the customer is sent the key.
    """

    email: str
    plan: str
    months: int | None
    domain: str = ""
    name: str = ""
    key: str = ""
    send_email: bool = False


@dataclass(frozen=True, slots=True)
class License:
    """A license as it stands now; `expires_at` None is for life.

    `status` is active, suspended, expired or cancelled, `reason` why it was suspended or
    cancelled. `key_hint` is the key's last four characters; until `old_key_until` the key before
    it works too. `budget_micro` limits the gateway's cost a month, in millionths of a dollar.
    """

    id: str
    customer_id: str
    email: str
    plan: str
    plan_version: int
    status: str
    reason: str
    issued_at: datetime
    expires_at: datetime | None
    activated_at: datetime | None
    domain: str
    key_hint: str
    old_key_until: datetime | None
    budget_micro: int | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A license together with its key, which is shown to its issuer only; `key` is never logged."""

    license: License
    key: str


@dataclass(frozen=True, slots=True)
class LicenseSearch:
    """Which licenses a list shows; "" means any, `after` is the last id of the page before."""

    words: str = ""
    customer_id: str = ""
    plan: str = ""
    status: str = ""
    limit: int = 50
    after: str = ""


def months_after(start: datetime, months: int) -> datetime:
    """So many calendar months later in UTC, at the same time of day.

    A day that the month does not have becomes its last one: 31 January + 1 is 28 or 29 February.
    """
    start = start.astimezone(UTC)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return start.replace(
        year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1])
    )


def checked_months(months: int | None) -> int:
    """The months, when they can be sold; raises Invalid (field `months`)."""
    if months is None or not MIN_MONTHS <= months <= MAX_MONTHS:
        raise Invalid(NO_MONTHS, field="months", least=MIN_MONTHS, most=MAX_MONTHS)
    return months


def bound_site(text: str) -> str:
    """The site that an order names, "" for none; raises Invalid (field `domain`).

    A free host is refused: it would keep the place from the site that needs one.
    """
    if not text.strip():
        return ""
    domain = Domain.read(text)
    if domain.free:
        raise Invalid(NO_PLACE_NEEDED, field="domain", host=domain.host)
    return domain.site


def digest_of(order: Order) -> str:
    """What tells this order from every other one, without saying what it is."""
    told = [order.email, order.plan, order.months, order.domain, order.key]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()


def seen(row: table.LicenseRow, email: str, now: datetime) -> License:
    """The row as people see it at the time `now`."""
    until = row.previous_until
    return License(
        id=row.id,
        customer_id=row.customer_id,
        email=email,
        plan=row.plan,
        plan_version=row.plan_version,
        status=status_at(row.status, row.expires_at, now),
        reason=row.reason,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        activated_at=row.activated_at,
        domain=row.domain,
        key_hint=row.key_hint,
        old_key_until=until if until is not None and until > now else None,
        budget_micro=row.budget_micro,
    )


async def one(session: Session, license_id: str, *, lock: bool = False) -> table.LicenseRow:
    """The license's row; raises NotFound."""
    row = await table.find(session, license_id, lock=lock)
    if row is None:
        raise NotFound(NO_LICENSE)
    return row


def facts_of(row: table.LicenseRow) -> Facts:
    """What the audit log says of a license."""
    return {
        "customer_id": row.customer_id,
        "plan": f"{row.plan} v{row.plan_version}",
        "status": row.status,
        "reason": row.reason,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "domain": row.domain,
        "key_hint": row.key_hint,
        "budget_micro": row.budget_micro,
    }


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """A change to be told: `verb` as in `renew`, `happened` as other systems hear it, or ""."""

    operator: Operator
    verb: str
    happened: str = ""
    before: Facts | None = None


def action_of(told: ChangeRecord) -> str:
    """What the audit log calls it."""
    return f"licenses.{told.verb}"


async def tell(
    session: Session, announce: Announce, row: table.LicenseRow, told: ChangeRecord
) -> None:
    """Audit log, other people's systems, and our processes' memories, in one transaction."""
    change = Change(told.before, facts_of(row))
    note(session, told.operator, action_of(told), Subject("license", row.id), change)
    await table.changed(session, row.key_digest, row.previous_digest)
    if told.happened:
        await announce(session, told.happened, announced(row))


def announced(row: table.LicenseRow) -> Mapping[str, JsonValue]:
    """What other people's systems are told of a license; never its key or an address."""
    return {
        "license_id": row.id,
        "customer_id": row.customer_id,
        "plan": row.plan,
        "status": row.status,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "domain": row.domain,
        "key_hint": row.key_hint,
    }
