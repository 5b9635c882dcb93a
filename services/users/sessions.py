"""Who is signed in: a user of a client app, by the access token that Supabase Auth gave them."""

from dataclasses import dataclass
from typing import Protocol

from integrations.jwks.types import TokenRefused
from services.errors import NotAllowed, translate_vendor_errors
from services.phrases import Phrase

VENDOR = "Supabase"
# Not an anonymous key, not the project's own.
ROLE = "authenticated"
EXPIRED = "expired"

NOT_SET_UP = Phrase(
    "Nobody can sign in here yet: SUPABASE_URL is not set.",
    "Qui non si può ancora accedere: SUPABASE_URL non è impostato.",
)
REFUSED = Phrase(
    "This access token is not valid. Sign in again.",
    "Questo token di accesso non è valido. Accedi di nuovo.",
)
OVER = Phrase(
    "This session is over. Refresh it, or sign in again.",
    "Questa sessione è scaduta. Rinnovala, o accedi di nuovo.",
)


class SessionRefused(NotAllowed):
    """The token is none of our users'."""


class SessionExpired(SessionRefused):
    """The token was good once; a refresh gives a new one."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user whose token was verified; the address is the one in the token."""

    user_id: str
    email: str


class Claims(Protocol):
    """What a verified token says."""

    @property
    def subject(self) -> str:
        """The user's id."""

    @property
    def email(self) -> str:
        """The user's address, lower case."""

    @property
    def role(self) -> str:
        """PostgreSQL's role that the token stands for."""


class AccessTokens(Protocol):
    """Verifies tokens; `services.users` never decodes one by itself."""

    async def verify(self, token: str) -> Claims:
        """What the token says; raises TokenRefused and other IntegrationErrors."""


class Sessions:
    """Believes what Supabase signed, and nothing else."""

    def __init__(self, tokens: AccessTokens, *, ready: bool) -> None:
        """`ready`: there is a project whose tokens could come."""
        self._tokens = tokens
        self._ready = ready

    async def who(self, token: str) -> SignedIn:
        """Whose token this is.

        Raises SessionExpired, SessionRefused, or Temporary while nothing can be verified. Asks
        Supabase for its keys once in ten minutes.
        """
        if not self._ready:
            raise SessionRefused(NOT_SET_UP)
        try:
            with translate_vendor_errors(VENDOR, let_through=(TokenRefused,)):
                claims = await self._tokens.verify(token)
        except TokenRefused as error:
            if error.code == EXPIRED:
                raise SessionExpired(OVER) from error
            raise SessionRefused(REFUSED) from error
        if claims.role != ROLE or not claims.subject:
            raise SessionRefused(REFUSED)
        return SignedIn(claims.subject, claims.email)
