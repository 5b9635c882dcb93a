"""A member's Gmail: the personal link, the way through Google's consent, and living tokens."""

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pydantic import TypeAdapter

from db import connections as table
from db import signins
from db.session import Database, Session, seal, unseal
from integrations.google.oauth import GoogleSignIn
from integrations.google.types import SCOPES, Grant
from services.actors import Actor
from services.connections import GOOGLE, NO_GMAIL, RENEWING, Connections
from services.errors import Disconnected, DomainError, NotAllowed, Temporary, in_our_words
from services.phrases import Phrase
from services.ports import Clock

LINK_LIFE = timedelta(minutes=10)
# A token is renewed a little early, so that none dies between our check and Google's.
EARLY = timedelta(minutes=5)
# Longer than Google is given to answer: nobody else begins while one still waits.
LEASE = timedelta(seconds=30)
WAIT_SECONDS = 0.25

BAD_LINK = Phrase(
    "This link has expired or was used already. Type /gmail-connect in Slack for a new one.",
    "Questo link è scaduto o già usato. Scrivi /gmail-connect in Slack per averne uno nuovo.",
)
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


class Announcer(Protocol):
    """Tells a member privately how a connection fares."""

    async def connected(self, actor: Actor, account: str) -> None:
        """Gmail is connected as `account`."""

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
    """Google's sign-in, and where this product is reached."""

    google: GoogleSignIn
    public_url: str
    signing_key: bytes

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
        outside: Outside,
        announcer: Announcer,
        clock: Clock,
    ) -> None:
        self._database = database
        self._connections = connections
        self._outside = outside
        self._announcer = announcer
        self._clock = clock

    async def link(self, actor: Actor) -> str:
        """A personal link to connect Gmail: signed, good once, for ten minutes."""
        nonce = secrets.token_urlsafe(24)
        state = f"{nonce}.{self._signature(nonce)}"
        async with self._database.transaction() as session:
            await signins.forget(session, actor.workspace_id, actor.member_id)
            session.add(
                signins.SignIn(
                    id=_digest(state),
                    workspace_id=actor.workspace_id,
                    member_id=actor.member_id,
                    expires_at=self._clock() + LINK_LIFE,
                )
            )
        return f"{self._outside.public_url}/oauth/gmail/start?state={state}"

    async def owner(self, state: str) -> Actor:
        """Whose link this is; raises NotAllowed when it is no good."""
        self._genuine(state)
        async with self._database.transaction() as session:
            row = await self._open(session, state)
            return Actor(row.workspace_id, row.member_id)

    async def begin(self, state: str) -> str:
        """Google's consent page for this link; raises NotAllowed when the link is no good."""
        self._genuine(state)
        begun = self._outside.google.begin(
            state=state, redirect_uri=self._outside.callback, login_hint=""
        )
        async with self._database.transaction() as session:
            row = await self._open(session, state)
            seal(session, row, "verifier", begun.verifier)
            session.add(row)
        return begun.url

    async def finish(self, state: str, code: str) -> str:
        """Exchange Google's code once and keep the grant; the connected address.

        `code` is "" when the person denied. Raises NotAllowed, DomainError or Temporary.
        """
        async with self._database.transaction() as session:
            row = await self._open(session, state)
            if row.verifier is None:
                raise NotAllowed(BAD_LINK)
            verifier = unseal(session, row, "verifier")
            row.used_at = self._clock()
            session.add(row)
        if not code:
            raise DomainError(DENIED)
        actor = Actor(row.workspace_id, row.member_id)
        with in_our_words("Google"):
            grant = await self._outside.google.finish(
                code=code, verifier=verifier, redirect_uri=self._outside.callback
            )
        if not grant.scopes >= frozenset(SCOPES):
            await self._revoke(grant.refresh_token or grant.access_token)
            raise DomainError(PARTIAL)
        async with self._database.transaction() as session:
            await self._keep(session, actor, grant)
        await self._announcer.connected(actor, grant.email)
        return grant.email

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
        """Have the access renewed now, which only a living grant can; the connected address.

        Raises Disconnected or Temporary.
        """
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

    async def forget_links(self) -> None:
        """Drop every link that has expired."""
        async with self._database.transaction() as session:
            await signins.purge(session, self._clock())

    async def _renewed(self, actor: Actor, secret: str) -> Access | None:
        """A new token from Google; None when the person connected anew meanwhile."""
        tokens = TOKENS.validate_json(secret)
        try:
            with in_our_words("Google"):
                grant = await self._outside.google.refresh(tokens.refresh)
        except Disconnected as error:
            if not await self._lost(actor, secret):
                return None
            raise Disconnected(NO_GMAIL, vendor=GOOGLE) from error
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

    async def _keep(self, session: Session, actor: Actor, grant: Grant) -> None:
        tokens = Tokens(grant.access_token, grant.refresh_token)
        secret = TOKENS.dump_json(tokens).decode()
        row = await self._connections.keep(
            session, actor, GOOGLE, secret=secret, account=grant.email
        )
        row.expires_at, row.renewing_until = grant.expires_at, None

    async def _row(self, session: Session, actor: Actor, *, lock: bool) -> table.Connection:
        row = await table.find(session, actor.workspace_id, actor.member_id, GOOGLE, lock=lock)
        if row is None or row.status != table.CONNECTED:
            raise Disconnected(NO_GMAIL, vendor=GOOGLE)
        return row

    async def _open(self, session: Session, state: str) -> signins.SignIn:
        self._genuine(state)
        row = await signins.find(session, _digest(state), lock=True)
        if row is None or row.used_at is not None or row.expires_at < self._clock():
            raise NotAllowed(BAD_LINK)
        return row

    async def _revoke(self, token: str) -> None:
        try:
            with in_our_words("Google"):
                await self._outside.google.revoke(token)
        except DomainError:
            return  # gone at Google already, or it will lapse unused: nothing of ours holds it

    def _genuine(self, state: str) -> None:
        nonce, _, signature = state.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(nonce).encode()):
            raise NotAllowed(BAD_LINK)

    def _signature(self, nonce: str) -> str:
        return hmac.new(self._outside.signing_key, nonce.encode(), hashlib.sha256).hexdigest()


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
