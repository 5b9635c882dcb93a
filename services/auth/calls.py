"""What clients may ask of Auth through us, and what we refuse by ourselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from services.errors import DomainError
from services.phrases import Phrase


class Action(Enum):
    """Auth's operations that pass, by their paths; the value is Auth's own."""

    SIGN_UP = "/signup"
    TOKEN = "/token"  # noqa: S105 — a path
    RECOVER = "/recover"
    RESEND = "/resend"
    VERIFY = "/verify"
    LOG_OUT = "/logout"
    USER = "/user"
    SETTINGS = "/settings"
    KEYS = "/.well-known/jwks.json"


@dataclass(frozen=True, slots=True)
class AuthCall:
    """One request of a client's.

    `query` and `headers` are what of the client's Auth may see; `network` is whose window it counts
    in, as an address or an IPv6 network.
    """

    action: Action
    method: str
    network: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class AuthRefused(DomainError):
    """Ended before Auth answered; `status` and `code` are those Auth would use."""

    def __init__(
        self,
        status: int,
        code: str,
        phrase: Phrase,
        *,
        retry_after: timedelta | None = None,
        **values: object,
    ) -> None:
        super().__init__(phrase, **values)
        self.status, self.code = status, code
        self.retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        """Retry-After in whole seconds, where waiting helps."""
        if self.retry_after is None:
            return {}
        return {"Retry-After": str(max(1, round(self.retry_after.total_seconds())))}


NOT_SET_UP = Phrase(
    "Sign-up is not set up here: its operator has to set SUPABASE_URL.",
    "Qui la registrazione non è configurata: chi la gestisce deve impostare SUPABASE_URL.",
)
NO_BEARER = Phrase(
    "This endpoint requires a valid Bearer token",
    "Questo indirizzo richiede un token Bearer valido",
)
TOO_MANY = Phrase(
    "Too many requests. Please try again in {seconds} seconds.",
    "Troppe richieste. Riprova tra {seconds} secondi.",
)
BAD_REDIRECT = Phrase(
    "redirect_to must be a whole address of your app, such as https://app.example.com/welcome.",
    "redirect_to deve essere un indirizzo completo della tua app, come https://app.example.com/ok.",
)
AWAY = Phrase(
    "The sign-in service does not answer. Please try again in a minute.",
    "Il servizio di accesso non risponde. Riprova tra un minuto.",
)
UNREADABLE = Phrase(
    "The sign-in service gave an answer that is too long. Please try again in a minute.",
    "Il servizio di accesso ha dato una risposta troppo lunga. Riprova tra un minuto.",
)
UNCOUNTED = Phrase(
    "Sign-ups cannot be taken right now. Please try again in a few seconds.",
    "In questo momento le registrazioni sono sospese. Riprova tra qualche secondo.",
)
