"""A member's Gmail: the way through Google's consent, the mailbox, and living tokens."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pydantic import TypeAdapter

from db.connections import connections as table
from db.store import jobs
from db.store.session import Database, Session, seal, unseal
from integrations.google.oauth import GoogleSignIn
from integrations.google.types import SCOPES, Grant
from services.actors import Actor
from services.connections.connections import (
    GOOGLE,
    NO_GMAIL,
    RENEWING,
    ConnectionHealth,
    Connections,
)
from services.connections.mailboxes import ConnectedMailbox
from services.connections.signins import LinkOrigin, SignIns, SpentLink
from services.errors import Disconnected, DomainError, Temporary, translate_vendor_errors
from services.people import Member, Members
from services.phrases import Phrase
from services.ports import Clock

# The job that goes on with what waited for Gmail.
RESUME = "followups.resume"
# A token is renewed a little early, so that none dies between our check and Google's.
EARLY = timedelta(minutes=5)
# Longer than Google is given to answer: nobody else begins while one still waits.
LEASE = timedelta(seconds=30)
WAIT_SECONDS = 0.25

DENIED = Phrase(
    "Google was not given permission, so nothing was connected. Type /gmail-connect to try again.",
    "Non hai dato il permesso a Google: niente è stato collegato. Scrivi /gmail-connect per "
    "riprovare.",
)
PARTIAL = Phrase(
    "Some permissions were unticked, so drafts would fail. Type /gmail-connect and leave all "
    "ticked.",
    "Mancano alcuni permessi e le bozze fallirebbero. Scrivi /gmail-connect e lasciali tutti "
    "attivi.",
)
LOST = Phrase(
    "Gmail no longer accepts my access. Connect it again, and the draft is created.",
    "Gmail non accetta più il mio accesso. Ricollegalo e la bozza viene creata.",
)


@dataclass(frozen=True, slots=True)
class News:
    """What a member is told once Gmail is connected, and where they followed the link."""

    account: ConnectedMailbox
    health: tuple[ConnectionHealth, ...]
    place: LinkOrigin | None


class Announcer(Protocol):
    """Tells a member privately how a connection fares."""

    async def connected(self, member: Member, news: News) -> None:
        """Tell the member that Gmail is connected, where they followed the link."""

    async def expired(self, actor: Actor, vendor: str) -> None:
        """The vendor no longer accepts the connection; offers to connect again."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What is kept of a grant, sealed."""

    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class Access:
    """A token that works now, and whose mailbox it opens."""

    token: str
    account: str


TOKENS: TypeAdapter[Tokens] = TypeAdapter(Tokens)


@dataclass(frozen=True, slots=True)
class Outside:
    """Google's sign-in, our links to it, and where this product is reached."""

    google: GoogleSignIn
    signins: SignIns
    public_url: str

    @property
    def callback(self) -> str:
        """The redirect URI, as registered with Google."""
        return f"{self.public_url}/oauth/gmail/callback"


class Gmail:
    """Connects, renews and disconnects; one renewal at a time over all processes."""

    def __init__(
        self,
        database: Database,
        connections: Connections,
        members: Members,
        outside: Outside,
        announcer: Announcer,
        clock: Clock,
    ) -> None:
        self._database = database
        self._connections = connections
        self._members = members
        self._outside = outside
        self._announcer = announcer
        self._clock = clock

    async def begin(self, state: str) -> str:
        """Google's consent page for this link; raises NotAllowed when the link is no good.

        The page proposes the mailbox of the member's address in Slack.
        """
        member = await self._members.who(await self._outside.signins.owner(state))
        begun = self._outside.google.begin(
            state=state, redirect_uri=self._outside.callback, login_hint=member.email
        )
        await self._outside.signins.begun(state, begun.verifier)
        return begun.url

    async def finish(self, state: str, code: str) -> ConnectedMailbox:
        """Exchange Google's code once and keep the grant; what waited for it goes on.

        `code` is "" when the person denied. Raises NotAllowed, DomainError or Temporary.
        """
        used = await self._outside.signins.use(state)
        try:
            grant = await self._granted(used, code)
        except DomainError:
            async with self._database.transaction() as session:
                await _go_on(session, used)
            raise
        async with self._database.transaction() as session:
            await self._keep(session, used, grant)
        account, health = await self.account(used.actor), await self._connections.health(used.actor)
        member = await self._members.who(used.actor)
        await self._announcer.connected(member, News(account, health, used.place))
        return account

    async def account(self, actor: Actor) -> ConnectedMailbox:
        """The connected mailbox, and whether it seems right; raises Disconnected without one."""
        member = await self._members.who(actor)
        async with self._database.transaction() as session:
            address = (await self._row(session, actor, lock=False)).account
            shared = await table.shared(
                session, actor.workspace_id, actor.member_id, GOOGLE, address
            )
        same = not member.email or member.email == address.lower()
        return ConnectedMailbox(address, "" if same else member.email, shared)

    async def connected(self, actor: Actor) -> str:
        """The connected address; raises Disconnected when there is none."""
        async with self._database.transaction() as session:
            return (await self._row(session, actor, lock=False)).account

    async def access(self, actor: Actor) -> Access:
        """A working access token, renewed if need be; raises Disconnected or Temporary."""
        for _ in range(int(LEASE.total_seconds() / WAIT_SECONDS)):
            async with self._database.transaction() as session:
                row = await self._row(session, actor, lock=True)
                secret = unseal(session, row, "secret")
                if row.expires_at and row.expires_at > self._clock() + EARLY:
                    return Access(TOKENS.validate_json(secret).access, row.account)
                mine = row.renewing_until is None or row.renewing_until < self._clock()
                if mine:
                    row.renewing_until = self._clock() + LEASE
                    session.add(row)
            if mine and (access := await self._renewed(actor, secret)) is not None:
                return access
            await asyncio.sleep(WAIT_SECONDS)
        raise Temporary(RENEWING)

    async def check(self, actor: Actor) -> str:
        """Renew now, which only a living grant can; the address. Disconnected or Temporary."""
        await self.refused(actor, await self.access(actor))
        return (await self.access(actor)).account

    async def refused(self, actor: Actor, access: Access) -> None:
        """Google refused a token before its time: the next use renews it first."""
        async with self._database.transaction() as session:
            row = await self._row(session, actor, lock=True)
            tokens = TOKENS.validate_json(unseal(session, row, "secret"))
            # Somebody else who was refused may have had it renewed already.
            if tokens.access == access.token:
                row.expires_at = None
                session.add(row)

    async def disconnect(self, actor: Actor) -> str:
        """Revoke at Google and forget; the address that was connected, or ""."""
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, GOOGLE, lock=True)
            if row is None:
                return ""
            tokens = TOKENS.validate_json(unseal(session, row, "secret"))
            account = row.account
            await session.delete(row)
        await self._revoke(tokens.refresh or tokens.access)
        return account

    async def _granted(self, used: SpentLink, code: str) -> Grant:
        if not code:
            raise DomainError(DENIED)
        with translate_vendor_errors("Google"):
            grant = await self._outside.google.finish(
                code=code, verifier=used.verifier, redirect_uri=self._outside.callback
            )
        if not grant.scopes >= frozenset(SCOPES):
            await self._revoke(grant.refresh_token or grant.access_token)
            raise DomainError(PARTIAL)
        return grant

    async def _renewed(self, actor: Actor, secret: str) -> Access | None:
        """A new token from Google; None when the person connected anew meanwhile."""
        tokens = TOKENS.validate_json(secret)
        try:
            with translate_vendor_errors("Google"):
                grant = await self._outside.google.refresh(tokens.refresh)
        except Disconnected as error:
            if not await self._lost(actor, secret):
                return None
            raise Disconnected(LOST, vendor=GOOGLE) from error
        except DomainError:
            async with self._database.transaction() as session:
                row = await self._row(session, actor, lock=True)
                row.renewing_until = None
                session.add(row)
            raise
        renewed = Tokens(grant.access_token, grant.refresh_token or tokens.refresh)
        async with self._database.transaction() as session:
            row = await self._row(session, actor, lock=True)
            if unseal(session, row, "secret") != secret:
                return None
            seal(session, row, "secret", TOKENS.dump_json(renewed).decode())
            row.expires_at, row.renewing_until = grant.expires_at, None
            session.add(row)
            return Access(grant.access_token, row.account)

    async def _lost(self, actor: Actor, secret: str) -> bool:
        """The grant is dead: mark it and tell its owner; False if another one took its place."""
        if await self._connections.expired(actor, GOOGLE, secret=secret):
            await self._announcer.expired(actor, GOOGLE)
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, GOOGLE)
            return row is None or row.status != table.CONNECTED

    async def _keep(self, session: Session, used: SpentLink, grant: Grant) -> None:
        actor = used.actor
        tokens = Tokens(grant.access_token, grant.refresh_token)
        secret = TOKENS.dump_json(tokens).decode()
        row = await self._connections.keep(
            session, actor, GOOGLE, secret=secret, account=grant.email
        )
        row.expires_at, row.renewing_until = grant.expires_at, None
        await _go_on(session, used)

    async def _row(self, session: Session, actor: Actor, *, lock: bool) -> table.Connection:
        row = await table.find(session, actor.workspace_id, actor.member_id, GOOGLE, lock=lock)
        if row is None or row.status != table.CONNECTED:
            raise Disconnected(NO_GMAIL if row is None else LOST, vendor=GOOGLE)
        return row

    async def _revoke(self, token: str) -> None:
        try:
            with translate_vendor_errors("Google"):
                await self._outside.google.revoke(token)
        except DomainError:
            return  # gone at Google already, or it will lapse unused: nothing of ours holds it


async def _go_on(session: Session, used: SpentLink) -> None:
    """What waited for the link goes on, or is shown without the link when nothing came of it."""
    if used.followup_id:
        ids = (used.actor.workspace_id, used.actor.member_id, used.followup_id)
        job_id = f"gmail-resume:{used.id}"
        await jobs.start(session, RESUME, job_id, *ids, partition=used.actor.workspace_id)
