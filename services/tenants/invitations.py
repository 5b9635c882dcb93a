"""Invitations to administer a tenant: made, mailed, accepted once, sent again, revoked."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from db.store.session import Database, Session, seal
from db.tenants import invitations as table
from db.tenants import tenants as tenant_table
from services.actors import Operator
from services.audit import Subject, note
from services.errors import Conflict, DomainError, Invalid, NotFound
from services.phrases import Phrase
from services.ports import Clock, Letter, Outbox
from services.tenants.refusals import NO_TENANT
from services.tenants.state import DELETED, DELETING, TenantTerms

INVITATION = "tenant.invitation"
TOKEN_BYTES = 32
LONGEST_NAME = 100

UNKNOWN = Phrase(
    "This invitation is not valid. Open the whole link from the newest e-mail.",
    "Questo invito non è valido. Apri il link intero dall’e-mail più recente.",
)
USED = Phrase(
    "This invitation was accepted already, and works once. There is nothing left to do.",
    "Questo invito è già stato accettato e vale una volta sola. Non c’è altro da fare.",
)
REPLACED = Phrase(
    "A newer invitation took the place of this one. Open the link in the newest e-mail.",
    "Un invito più recente ha sostituito questo. Apri il link dell’e-mail più recente.",
)
REVOKED = Phrase(
    "This invitation was withdrawn. Ask whoever invited you for a new one.",
    "Questo invito è stato ritirato. Chiedine uno nuovo a chi ti ha invitato.",
)
EXPIRED = Phrase(
    "This invitation is too old: it was good for {days} days. Ask for a new one here; it comes by "
    "e-mail.",
    "Questo invito è scaduto: valeva {days} giorni. Chiedine uno nuovo qui; arriva per e-mail.",
)
NO_NAME = Phrase(
    "Write your name, 1 to 100 characters.", "Scrivi il tuo nome, da 1 a 100 caratteri."
)
NO_INVITATION = Phrase(
    "This tenant has no open invitation to withdraw.",
    "Questo tenant non ha inviti aperti da ritirare.",
)
HAS_ADMIN = Phrase(
    "This tenant has its administrator already; nobody needs an invitation.",
    "Questo tenant ha già il suo amministratore; nessuno ha bisogno di un invito.",
)


class InvitationExpired(DomainError):
    """It was genuine but is too old; its holder may ask for another."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can be accepted: to administer what, for whom, until when."""

    company: str
    email: str
    expires_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class TenantAdmin:
    """Who administers a tenant."""

    company: str
    email: str
    name: str


class Invitations:
    """One open invitation per tenant; a new one takes the place of the old."""

    def __init__(
        self, database: Database, outbox: Outbox, terms: TenantTerms, clock: Clock
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._terms = terms
        self._clock = clock

    async def ensure(self, session: Session, tenant: tenant_table.TenantRow) -> bool:
        """An open invitation of the tenant's address; False when it has an administrator."""
        if await table.admins(session, tenant.id):
            return False
        now = self._clock()
        if not any(one.expires_at > now for one in await table.open_ones(session, tenant.id)):
            await self._new(session, tenant)
        return True

    async def mail(self, session: Session, tenant: tenant_table.TenantRow) -> bool:
        """Queue the e-mail of the open invitation, once; False when there is none."""
        row = await table.newest(session, tenant.id)
        if row is None or row.accepted_at or row.revoked_at:
            return False
        letter = Letter(
            kind=INVITATION,
            to=row.email,
            subject_id=row.id,
            dedupe=f"{INVITATION}:{row.id}",
            language=tenant.language,
        )
        await self._outbox.queue(session, letter)
        return True

    async def see(self, token: str) -> Invitation:
        """What the link's holder is about to accept; nothing is changed by looking.

        Raises NotFound, Conflict (used, replaced, revoked), InvitationExpired.
        """
        async with self._database.transaction() as session:
            row, tenant = await self._usable(session, token)
        return Invitation(tenant.company, row.email, row.expires_at, tenant.language)

    async def accept(self, token: str, name: str) -> TenantAdmin:
        """Become the tenant's administrator; once. Raises as `see` does, and Invalid (`name`)."""
        called = " ".join(name.split())
        if not 0 < len(called) <= LONGEST_NAME or not called.isprintable():
            raise Invalid(NO_NAME, field="name")
        async with self._database.transaction() as session:
            row, tenant = await self._usable(session, token, lock=True)
            row.accepted_at, row.token = self._clock(), None
            admin = table.TenantAdminRow(
                tenant_id=tenant.id, email=row.email, name=called, created_at=self._clock()
            )
            await session.merge(admin)
            holder = Operator("invitation", row.id, called)
            note(session, holder, "tenants.accept", Subject("tenant", tenant.id))
        return TenantAdmin(tenant.company, row.email, called)

    async def renew(self, token: str) -> None:
        """The holder of one that is too old gets a new one, by e-mail to the same address.

        Raises as `see` does for any other.
        """
        async with self._database.transaction() as session:
            try:
                await self._usable(session, token, lock=True)
            except InvitationExpired:
                row = await self._row(session, token)
                tenant = await _tenant(session, row.tenant_id)
                await self._replace(session, tenant)

    async def send_again(self, operator: Operator, tenant_id: str) -> None:
        """A new invitation in place of the old. Raises NotFound, Conflict when none is needed."""
        async with self._database.transaction() as session:
            tenant = await _tenant(session, tenant_id)
            if await table.admins(session, tenant_id):
                raise Conflict(HAS_ADMIN)
            await self._replace(session, tenant)
            note(session, operator, "tenants.invite", Subject("tenant", tenant_id))

    async def revoke(self, operator: Operator, tenant_id: str) -> None:
        """Withdraw the open invitation. Raises NotFound, Conflict when there is none."""
        async with self._database.transaction() as session:
            await _tenant(session, tenant_id)
            if not await self._close(session, tenant_id, replaced=False):
                raise Conflict(NO_INVITATION)
            note(session, operator, "tenants.revoke_invitation", Subject("tenant", tenant_id))

    async def admin_of(self, tenant_id: str) -> TenantAdmin | None:
        """Who administers the tenant; None before the invitation was accepted."""
        async with self._database.transaction() as session:
            tenant = await _tenant(session, tenant_id, lock=False)
            found = await table.admins(session, tenant_id)
        return TenantAdmin(tenant.company, found[0].email, found[0].name) if found else None

    async def _replace(self, session: Session, tenant: tenant_table.TenantRow) -> None:
        await self._close(session, tenant.id, replaced=True)
        await self._new(session, tenant)
        await self.mail(session, tenant)

    async def _close(self, session: Session, tenant_id: str, *, replaced: bool) -> int:
        found = await table.open_ones(session, tenant_id)
        for row in found:
            row.revoked_at, row.token, row.replaced = self._clock(), None, replaced
        await session.flush()
        return len(found)

    async def _new(self, session: Session, tenant: tenant_table.TenantRow) -> None:
        await self._close(session, tenant.id, replaced=True)
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        row = table.InvitationRow(
            tenant_id=tenant.id,
            email=tenant.email,
            token_digest=digest_of(token),
            created_at=now,
            expires_at=now + self._terms.invitation,
        )
        seal(session, row, "token", token)
        session.add(row)
        await session.flush()

    async def _row(
        self, session: Session, token: str, *, lock: bool = False
    ) -> table.InvitationRow:
        digest = digest_of(token)
        row = await table.of_digest(session, digest, lock=lock)
        if row is None or not hmac.compare_digest(row.token_digest, digest):
            raise NotFound(UNKNOWN)
        return row

    async def _usable(
        self, session: Session, token: str, *, lock: bool = False
    ) -> tuple[table.InvitationRow, tenant_table.TenantRow]:
        row = await self._row(session, token, lock=lock)
        tenant = await _tenant(session, row.tenant_id, lock=False)
        if row.accepted_at is not None:
            raise Conflict(USED)
        if row.revoked_at is not None or tenant.state in (DELETING, DELETED):
            raise Conflict(REPLACED if row.replaced else REVOKED)
        if row.expires_at <= self._clock():
            raise InvitationExpired(EXPIRED, days=self._terms.invitation.days)
        return row, tenant


def digest_of(token: str) -> bytes:
    """What is kept of a token: it is long and random, so a plain SHA-256 tells nothing."""
    return sha256(token.encode(errors="surrogateescape")).digest()


async def _tenant(session: Session, tenant_id: str, *, lock: bool = True) -> tenant_table.TenantRow:
    row = await tenant_table.find(session, tenant_id, lock=lock)
    if row is None:
        raise NotFound(NO_TENANT)
    return row
