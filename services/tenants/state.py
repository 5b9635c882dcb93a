"""A tenant as people and programs see one, and what every new one gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from db.tenants import tenants as table
from services.operations import NOWHERE, Place
from services.tenants.modules import STARTER, modules_of

ONBOARDING, NEEDS_PERSON, FAILED = table.ONBOARDING, table.NEEDS_PERSON, table.FAILED
READY, PAUSED, SUSPENDED = table.READY, table.PAUSED, table.SUSPENDED
RESUMING, DELETING, DELETED = table.RESUMING, table.DELETING, table.DELETED
STATES = (
    *(ONBOARDING, NEEDS_PERSON, FAILED, READY, PAUSED),
    *(SUSPENDED, RESUMING, DELETING, DELETED),
)
# Those whose database is not, or not yet, there to be used.
UNFINISHED = (ONBOARDING, NEEDS_PERSON, FAILED)
OWN = "own"
# Who suspended a tenant; what an operator closed, no payment opens.
OPERATOR, BILLING = "operator", "billing"
SIGN_UP, BY_OPERATOR = "signup", "operator"


@dataclass(frozen=True, slots=True)
class TenantTerms:
    """What every new tenant gets, and how long things may take.

    `name_prefix` begins the names of this installation's databases; no other may use it. `provider`
    is the word of the one that new databases come from, "" for none.
    """

    provider: str
    name_prefix: str
    plan: str = STARTER
    trial: timedelta = timedelta(days=14)
    patience: timedelta = timedelta(minutes=30)
    cool_off: timedelta = timedelta(days=7)
    invitation: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where an operation's card is, and in which language."""

    place: Place = NOWHERE
    language: str = "en"


NO_CARD = CardPlace()


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant; `problem` says why it is not ready, `reason` why it was suspended.

    `slug` is "" until one is chosen. `delete_after` is when a deletion begins.
    """

    id: str
    onboarding_id: str
    company: str
    email: str
    language: str
    source: str
    slug: str
    provider: str
    plan: str
    overrides: Mapping[str, bool]
    state: str
    problem: str
    reason: str
    suspended_by: str
    customer_id: str
    database: str
    server_version: str
    ready_at: datetime | None
    trial_ends_at: datetime | None
    delete_after: datetime | None
    created_at: datetime
    operation_id: str = ""

    @property
    def modules(self) -> tuple[str, ...]:
        """What it may use."""
        return modules_of(self.plan, self.overrides)

    @property
    def is_usable(self) -> bool:
        """Whether its database answers to us now."""
        return self.state == READY


def read(row: table.TenantRow, operation_id: str = "") -> Tenant:
    """The read model of a row."""
    return Tenant(
        id=row.id,
        onboarding_id=row.onboarding_id,
        company=row.company,
        email=row.email,
        language=row.language,
        source=row.source,
        slug=row.slug or "",
        provider=row.provider,
        plan=row.plan,
        overrides=orjson.loads(row.modules),
        state=row.state,
        problem=row.problem,
        reason=row.reason,
        suspended_by=row.suspended_by,
        customer_id=row.customer_id,
        database=row.project_name or "",
        server_version=row.server_version,
        ready_at=row.ready_at,
        trial_ends_at=row.trial_ends_at,
        delete_after=row.delete_after,
        created_at=row.created_at,
        operation_id=operation_id,
    )
