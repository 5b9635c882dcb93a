"""Sign in with Slack: begun in one browser, finished once in the same one, by ops admins only."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from db import admins as table
from db.auth import AuthWindow, AuthWindows
from db.store.session import Database
from integrations.errors import RefusedByVendor
from services.actors import Actor
from services.admins.sessions import AdminSessions, Device, SignedInAdmin
from services.audit import Audit, Subject
from services.client_network import network_of
from services.errors import NotAllowed, translate_vendor_errors
from services.ops import Ops, operator_of
from services.phrases import Phrase
from services.ports import Clock

LIFE = timedelta(minutes=10)
SECRET_BYTES = 32
BY_NETWORK, WITHIN = 60, timedelta(minutes=10)
MOST_CODE = 1_000

START_AGAIN = Phrase(
    "This sign-in was not finished in time or in this browser. Start again.",
    "Questo accesso non è stato completato in tempo o in questo browser. Ricomincia.",
)
NOT_FOR_YOU = Phrase(
    "You could not be signed in. Ask an ops admin whether you may open the dashboard.",
    "Non è stato possibile farti accedere. Chiedi a un admin ops se puoi aprire la dashboard.",
)
TOO_OFTEN = Phrase(
    "Too many sign-ins were begun from your network. Wait a few minutes.",
    "Dalla tua rete sono partiti troppi accessi. Aspetta qualche minuto.",
)


class SlackIdentified(Protocol):
    """Who Slack says has signed in."""

    @property
    def team_id(self) -> str:
        """The workspace."""

    @property
    def user_id(self) -> str:
        """The member."""

    @property
    def name(self) -> str:
        """For people to read."""


class SlackIdentities(Protocol):
    """Slack's OpenID Connect."""

    def consent_url(self, state: str, nonce: str, redirect_uri: str, team_id: str) -> str:
        """Where the browser goes."""

    async def identify(self, code: str, redirect_uri: str, nonce: str) -> SlackIdentified:
        """Who came back with this code; raises an IntegrationError, also for another nonce."""


@dataclass(frozen=True, slots=True)
class SlackAttempt:
    """A sign-in that was begun: where the browser goes, and the secret for its cookie."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class SlackHome:
    """The workspace whose admins may come in, "" for none, and where Slack sends them back to."""

    team_id: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class SlackSignInDeps:
    """What it works with."""

    sessions: AdminSessions
    ops: Ops
    audit: Audit
    windows: AuthWindows


class SlackSignIn:
    """Begins and finishes it; `ready` says whether there is an app to do it with."""

    def __init__(
        self,
        database: Database,
        slack: SlackIdentities | None,
        home: SlackHome,
        deps: SlackSignInDeps,
        clock: Clock,
    ) -> None:
        self._database = database
        self._slack = slack
        self._home_team = home.team_id
        self._redirect_uri = home.redirect_uri
        self._sessions = deps.sessions
        self._ops = deps.ops
        self._audit = deps.audit
        self._windows = deps.windows
        self._clock = clock

    @property
    def ready(self) -> bool:
        """Whether anybody can sign in this way."""
        return self._slack is not None and bool(self._home_team)

    async def begin(self, next_path: str, device: Device) -> SlackAttempt:
        """A sign-in for ten minutes; raises NotAllowed without an app, or for too many."""
        slack = self._vendor()
        key = hashlib.sha256(f"admin slack from {network_of(device.address)}".encode()).digest()
        window = AuthWindow(key, BY_NETWORK, WITHIN)
        if await self._windows.take([window], at=self._clock()) > timedelta(0):
            raise NotAllowed(TOO_OFTEN)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        row = table.AdminSignInRow(
            digest=_digest(secret), next_path=next_path, expires_at=self._clock() + LIFE
        )
        async with self._database.transaction() as session:
            session.add(row)
        state, nonce = _derived("state", secret), _derived("nonce", secret)
        url = slack.consent_url(state, nonce, self._redirect_uri, self._home_team)
        return SlackAttempt(url, secret)

    async def finish(self, secret: str, state: str, code: str, device: Device) -> SignedInAdmin:
        """A new session; raises NotAllowed, and Temporary while Slack does not answer."""
        slack, known = self._vendor(), _derived("state", secret)
        given = state.encode(errors="surrogatepass")
        if not secret or not hmac.compare_digest(given, known.encode()):
            raise NotAllowed(START_AGAIN)
        async with self._database.transaction() as session:
            row = await table.use_sign_in(session, _digest(secret))
        if row is None or self._clock() >= row.expires_at or not 0 < len(code) <= MOST_CODE:
            raise NotAllowed(START_AGAIN)
        found = await self._identify(slack, code, _derived("nonce", secret))
        actor = Actor(found.team_id, found.user_id)
        operator = operator_of(actor, found.name)
        if not self._ops.is_admin(actor):
            await self._audit.refused(operator, "admins.sign_in", Subject("admin", operator.id))
            raise NotAllowed(NOT_FOR_YOU)
        signed = await self._sessions.begin(operator, device)
        return SignedInAdmin(signed.session, signed.token, row.next_path)

    async def _identify(self, slack: SlackIdentities, code: str, nonce: str) -> SlackIdentified:
        try:
            with translate_vendor_errors("Slack", let_through=(RefusedByVendor,)):
                return await slack.identify(code, self._redirect_uri, nonce)
        except RefusedByVendor as error:
            raise NotAllowed(START_AGAIN) from error

    def _vendor(self) -> SlackIdentities:
        if self._slack is None or not self._home_team:
            raise NotAllowed(NOT_FOR_YOU)
        return self._slack


def _derived(what: str, secret: str) -> str:
    return hashlib.sha256(f"{what}:{secret}".encode(errors="surrogatepass")).hexdigest()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
