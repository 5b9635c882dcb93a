"""Sign-ups of companies: at the public door with limits, and by operators; each is one tenant."""

import re
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Self

from pydantic import SecretStr

from db.auth import AuthWindow, AuthWindows
from db.store.reach import DatabaseUnavailable
from db.store.session import Database, Session
from db.tenants import tenants as table
from integrations.databases import ConnectionParts
from integrations.errors import IntegrationError, RefusedByVendor
from services.actors import Operator
from services.audit import Change, Subject, note
from services.email_address import mailbox_identity, wire_address
from services.errors import Conflict, Invalid, NotFound, Temporary
from services.idempotency import idempotent
from services.operations import NOWHERE, Operation, Operations, Place
from services.phrases import Phrase
from services.ports import Clock
from services.tenants.modules import PLANS
from services.tenants.onboarding import ONBOARD, start_of
from services.tenants.ports import OwnDatabases
from services.tenants.refusals import NO_PLAN
from services.tenants.rows import keep_parts
from services.tenants.state import (
    BY_OPERATOR,
    NO_CARD,
    OWN,
    SIGN_UP,
    CardPlace,
    Tenant,
    TenantTerms,
    read,
)

NO_DATABASE = SecretStr("")
BY_SIGN_UP = Operator("signup", "onboarding")
LONGEST_COMPANY = 100
HOUR = timedelta(hours=1)
SOON = timedelta(seconds=5)
# Of one network, of one mailbox, and of everybody: each sign-up may cost a whole database.
BY_NETWORK, BY_MAILBOX, BY_ALL = 10, 5, 200

NOT_SET_UP = Phrase(
    "Companies cannot sign up here: its operator has to set TENANT_DATABASES.",
    "Qui le aziende non possono iscriversi: chi gestisce il server deve impostare "
    "TENANT_DATABASES.",
)
NO_COMPANY = Phrase(
    "Write the company’s name, 1 to 100 characters with a letter or digit.",
    "Scrivi il nome dell’azienda, da 1 a 100 caratteri con una lettera o una cifra.",
)
TOO_MANY = Phrase(
    "Too many sign-ups. Please try again in {minutes} minutes.",
    "Troppe iscrizioni. Riprova tra {minutes} minuti.",
)
UNCOUNTED = Phrase(
    "Sign-ups cannot be taken right now. Please try again in a few seconds.",
    "In questo momento le registrazioni sono sospese. Riprova tra qualche secondo.",
)
NO_ONBOARDING = Phrase(
    "There is no such onboarding. Sign up again with the same company and e-mail.",
    "Questa iscrizione non esiste. Iscriviti di nuovo con la stessa azienda ed e-mail.",
)
KNOWN = Phrase(
    "“{company}” signed up with this address already: it is the tenant {slug}.",
    "“{company}” si è già iscritta con questo indirizzo: è il tenant {slug}.",
)
BAD_DATABASE = Phrase(
    "That database address cannot be used ({code}). Write it as "
    "postgresql://user:password@db.example.com:5432/name, with one public host.",
    "Questo indirizzo di database non è utilizzabile ({code}). Scrivilo come "
    "postgresql://utente:password@db.example.com:5432/nome, con un solo host pubblico.",
)


class TooManySignUps(Temporary):
    """Too many at once; `retry_after` says when there is room again."""


@dataclass(frozen=True, slots=True)
class NewTenant:
    """A company to be onboarded; `database_url` "" for a database of ours."""

    email: str
    company: str
    plan: str = ""
    database_url: SecretStr = NO_DATABASE
    language: str = "en"

    @classmethod
    def typed(cls, email: str, company: str, plan: str, database_url: str, language: str) -> Self:
        """From the fields of a form."""
        return cls(email, company, plan, SecretStr(database_url.strip()), language)


class SignUpLimits:
    """Counts in PostgreSQL, exactly over all processes."""

    def __init__(self, windows: AuthWindows, most: int = BY_ALL) -> None:
        """`most` an hour, of everybody together."""
        self._windows = windows
        self._most = most

    async def take(self, network: str, mailbox: str) -> None:
        """Count one sign-up, or none; raises TooManySignUps."""
        asked = [
            _window("network", network, BY_NETWORK),
            _window("mailbox", mailbox, BY_MAILBOX),
            _window("all", "", self._most),
        ]
        try:
            wait = await self._windows.take(asked)
        except DatabaseUnavailable as error:
            raise TooManySignUps(UNCOUNTED, retry_after=SOON) from error
        if wait > timedelta(0):
            minutes = max(1, round(wait.total_seconds() / 60))
            raise TooManySignUps(TOO_MANY, retry_after=wait, minutes=minutes)


@dataclass(frozen=True, slots=True)
class SignUpDoor:
    """What stands at the doors: who reads brought addresses, limits, and where public cards go."""

    own: OwnDatabases | None
    limits: SignUpLimits
    place: Place = NOWHERE


class TenantSignUps:
    """Begins onboardings; the same company with the same mailbox is one."""

    def __init__(
        self,
        database: Database,
        operations: Operations,
        door: SignUpDoor,
        terms: TenantTerms,
        clock: Clock,
    ) -> None:
        self.database = database
        self._operations = operations
        self._door = door
        self._terms = terms
        self.clock = clock

    async def sign_up(self, new: NewTenant, network: str) -> str:
        """At the public door: the onboarding's id, the first one's for a repeat.

        Raises Invalid (`email`, `company_name`), TooManySignUps, NotFound
        where nobody makes databases.
        """
        if not self._terms.provider:
            raise NotFound(NOT_SET_UP)
        checked = _checked(new)
        await self._door.limits.take(network, mailbox_identity(checked.email))
        row = self._row(checked, SIGN_UP)
        async with self.database.transaction() as session:
            if not await table.add(session, row):
                return (await table.of_signup(session, signup_key(checked))).onboarding_id
            await self._start(session, row, BY_SIGN_UP, CardPlace(self._door.place))
        return row.onboarding_id

    @idempotent("tenants.create", Tenant, lambda made: made.id)
    async def create(
        self, operator: Operator, new: NewTenant, shown: CardPlace = NO_CARD
    ) -> Tenant:
        """By an operator, also with a database of the customer's own.

        Raises Invalid (`email`, `company_name`, `plan`, `database_url`), Conflict when that company
        and address signed up before, NotFound where nobody makes databases.
        """
        if not self._terms.provider and not new.database_url.get_secret_value():
            raise NotFound(NOT_SET_UP)
        checked = _checked(new)
        parts = await self._brought(checked)
        row = self._row(checked, BY_OPERATOR)
        if parts is not None:
            row.provider = OWN
        async with self.database.transaction() as session:
            if not await table.add(session, row):
                known = await table.of_signup(session, signup_key(checked))
                raise Conflict(KNOWN, company=known.company, slug=known.slug or known.id)
            if parts is not None:
                made = await table.find(session, row.id)
                if made is not None:
                    keep_parts(session, made, parts)
            operation_id = await self._start(session, row, operator, shown)
        return read(row, operation_id)

    async def status(self, onboarding_id: str) -> tuple[Tenant, Operation]:
        """How an onboarding goes, for whoever has its id; raises NotFound."""
        async with self.database.transaction() as session:
            row = await table.of_onboarding(session, onboarding_id)
        operation = await self._operations.of_subject(ONBOARD, row.id) if row else None
        if row is None or operation is None:
            raise NotFound(NO_ONBOARDING)
        return read(row, operation.id), operation

    async def _brought(self, new: NewTenant) -> ConnectionParts | None:
        if not new.database_url.get_secret_value():
            return None
        if self._door.own is None:
            raise Invalid(BAD_DATABASE, field="database_url", code="not_set_up")
        try:
            return await self._door.own.read(new.database_url)
        except RefusedByVendor as error:
            raise Invalid(BAD_DATABASE, field="database_url", code=error.code) from error
        except IntegrationError as error:
            raise Invalid(BAD_DATABASE, field="database_url", code="unreachable") from error

    async def _start(
        self, session: Session, row: table.TenantRow, operator: Operator, shown: CardPlace
    ) -> str:
        facts = {"company": row.company, "plan": row.plan, "provider": row.provider}
        change = Change(after=facts)
        note(session, operator, "tenants.create", Subject("tenant", row.id), change)
        return await self._operations.start(session, start_of(row, operator, shown))

    def _row(self, new: NewTenant, source: str) -> table.TenantRow:
        now = self.clock()
        return table.TenantRow(
            signup_key=signup_key(new),
            company=new.company,
            email=new.email,
            language=new.language,
            source=source,
            provider=self._terms.provider,
            plan=new.plan or self._terms.plan,
            created_at=now,
            updated_at=now,
        )


def signup_key(new: NewTenant) -> bytes:
    """A digest of mailbox and company, whatever the spelling of case, spaces and signs."""
    company = re.sub(r"[\W_]+", " ", new.company.casefold()).strip()
    return sha256(f"{mailbox_identity(new.email)} {company}".encode()).digest()


def _checked(new: NewTenant) -> NewTenant:
    company = " ".join(new.company.split())
    fits = 0 < len(company) <= LONGEST_COMPANY and company.isprintable()
    if not fits or not any(one.isalnum() for one in company):
        raise Invalid(NO_COMPANY, field="company_name")
    if new.plan and new.plan not in PLANS:
        raise Invalid(NO_PLAN, field="plan", plan=new.plan, plans=", ".join(PLANS))
    email = wire_address(new.email.strip().lower(), field="email")
    return NewTenant(email, company, new.plan, new.database_url, new.language)


def _window(of: str, whose: str, most: int) -> AuthWindow:
    key = sha256(f"tenants {of} {whose}".encode()).digest()
    return AuthWindow(key, most, HOUR)
