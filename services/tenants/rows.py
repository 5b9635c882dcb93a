"""A tenant's row as its verbs use it: locked, its secret opened, its parts kept and given."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import SystemRandom

from pydantic import SecretStr

from db.store.session import Session, seal, unseal
from db.tenants import tenants as table
from integrations.databases import ConnectionMode, ConnectionParts, NeedsPerson
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from services.errors import AWAY, DomainError, Temporary
from services.operations import Outcome, Retry, Work
from services.phrases import Phrase
from services.tenants import notes as say
from services.tenants.ports import DatabaseHandle

Verb = Callable[[Work], Awaitable[Outcome]]
ForPerson = Callable[[str, str], Awaitable[None]]
VENDORS = {"supabase": "Supabase", "postgres": "PostgreSQL", "own": "The database"}


class NeedsAPerson(DomainError):
    """Only a person can mend it; slug, password and intent are kept for the retry."""


class AskedToWait(Exception):
    """The provider wants to be asked later; it is no failure and uses up no try."""

    def __init__(self, note: Phrase, vendor: str, after: timedelta) -> None:
        super().__init__(vendor)
        self.note, self.vendor, self.after = note, vendor, after


async def known(session: Session, tenant_id: str, *, lock: bool = False) -> table.TenantRow:
    """The tenant; raises DomainError when it is gone."""
    row = await table.find(session, tenant_id, lock=lock)
    if row is None:
        raise DomainError(say.NOBODY)
    return row


def vendor_of(row: table.TenantRow) -> str:
    """The provider as people call it."""
    return VENDORS.get(row.provider, row.provider)


def password_of(session: Session, row: table.TenantRow) -> SecretStr:
    """The password of the database's owner, opened."""
    return SecretStr(unseal(session, row, "password"))


def parts_of(session: Session, row: table.TenantRow) -> ConnectionParts:
    """How to reach the tenant's database; the row has its parts."""
    return ConnectionParts(
        host=row.host,
        port=row.port,
        database=row.database_name,
        user=row.database_user,
        password=password_of(session, row),
        sslmode=row.sslmode,
        mode=ConnectionMode(row.mode or ConnectionMode.DIRECT),
        address=row.address,
    )


def known_database(session: Session, row: table.TenantRow) -> DatabaseHandle:
    """The tenant's database at its provider."""
    return DatabaseHandle(row.ref, row.project_name or "", parts_of(session, row))


def keep_parts(session: Session, row: table.TenantRow, parts: ConnectionParts) -> None:
    """Store how the database is reached, its password sealed."""
    row.host, row.port = parts.host, parts.port
    row.database_name, row.database_user = parts.database, parts.user
    row.sslmode, row.mode, row.address = parts.sslmode, parts.mode.value, parts.address
    seal(session, row, "password", parts.password.get_secret_value())


def forget_parts(row: table.TenantRow) -> None:
    """Nothing that would lead to the database any more."""
    row.host = row.database_name = row.database_user = row.sslmode = row.mode = row.address = ""
    row.port, row.password, row.ref = 0, None, ""


def patiently(verb: Verb, for_person: ForPerson | None = None) -> Verb:
    """A provider that asks for time gets it, a little spread, and the step loses no try by it.

    `for_person` hears, by the tenant's id, the sentence that only a person can do something about.
    """

    async def taken(work: Work) -> Outcome:
        try:
            return await verb(work)
        except AskedToWait as wait:
            spread = SystemRandom().uniform(1, 1.5)
            return Retry(wait.note(work.language, vendor=wait.vendor), wait.after * spread)
        except NeedsAPerson as error:
            if for_person is not None:
                await for_person(work.subject_id, error.sentence(work.language))
            raise

    return taken


@contextmanager
def asking(vendor: str) -> Iterator[None]:
    """Turn a provider's failure inside the block into what an operation's step may raise.

    Temporary for what may pass, AskedToWait, NeedsAPerson with the vendor's sentence.
    """
    try:
        yield
    except NeedsPerson as error:
        raise NeedsAPerson(say.VENDOR_SAYS, vendor=vendor, sentence=error.sentence) from error
    except RateLimited as error:
        raise AskedToWait(say.ASKED_TO_WAIT, vendor, error.retry_after) from error
    except AuthExpired as error:
        raise NeedsAPerson(say.KEY_REFUSED, vendor=vendor) from error
    except RefusedByVendor as error:
        raise NeedsAPerson(say.REFUSED, vendor=vendor, code=error.code) from error
    except Unreachable as error:
        raise Temporary(AWAY, vendor=vendor) from error
