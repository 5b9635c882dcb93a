"""What is asked of the gateway, what it answers, and every sentence with which it declines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol

from integrations.errors import AuthExpired, IntegrationError, RateLimited, RefusedByVendor
from integrations.providers.errors import TimedOut
from integrations.providers.types import Ask as Ask
from integrations.providers.types import Usage
from services.errors import DomainError
from services.gateway import limits
from services.gateway.limits import Limits
from services.gateway.prices import tokens_of
from services.licensing import DETAILS, Code
from services.phrases import Phrase

NO_KEY = DETAILS[Code.NOT_FOUND]
NO_CHAT = Phrase(
    "The plan “{plan}” does not include AI requests. Get a plan that does.",
    "Il piano “{plan}” non comprende le richieste AI. Scegli un piano che le comprenda.",
)
NO_MODEL = Phrase(
    "There is no model “{model}”. The plan has: {models}.",
    "Non c’è un modello “{model}”. Il piano ha: {models}.",
)
NOT_IN_PLAN = Phrase(
    "The plan “{plan}” does not include “{asked}”. It has: {models}.",
    "Il piano “{plan}” non comprende “{asked}”. Comprende: {models}.",
)
NOT_ITS_MODEL = Phrase(
    "The model “{model}” is not one of {provider}’s. Leave the provider out, or ask another model.",
    "Il modello “{model}” non è di {provider}. Togli il fornitore, o scegli un altro modello.",
)
NO_PROVIDER_KEY = Phrase(
    "Save your own key of a provider first: PUT /api/provider-keys/{provider}.",
    "Prima salva la tua chiave di un fornitore: PUT /api/provider-keys/{provider}.",
)
NOT_CONFIGURED = Phrase(
    "No provider of models is set up here. Please contact support.",
    "Qui non è configurato nessun fornitore di modelli. Contatta l’assistenza.",
)
UNABLE = Phrase(
    "{provider} does not serve “{field}”. Leave it out, or ask another model.",
    "{provider} non offre “{field}”. Toglilo, o scegli un altro modello.",
)
HOUR = Phrase(
    "The license’s {limit} requests an hour are used up. Try again in {seconds} seconds.",
    "Le {limit} richieste all’ora della licenza sono esaurite. Riprova tra {seconds} secondi.",
)
MONTH = Phrase(
    "The plan’s {limit} requests a month are used up until {until}.",
    "Le {limit} richieste al mese del piano sono esaurite fino al {until}.",
)
BUDGET = Phrase(
    "The license’s budget for this month is used up. Ask for a higher one, or wait for the next "
    "month.",
    "Il budget della licenza per questo mese è esaurito. Chiedine uno più alto, o attendi il mese "
    "prossimo.",
)
BUSY = Phrase(
    "{provider} has too many requests right now. Try again in {seconds} seconds.",
    "{provider} ha troppe richieste in questo momento. Riprova tra {seconds} secondi.",
)
KEY_REFUSED = Phrase(
    "{provider} refused our key. We have to look at that; try another model meanwhile.",
    "{provider} ha rifiutato la nostra chiave. Ce ne occupiamo; intanto prova un altro modello.",
)
OWN_KEY_REFUSED = Phrase(
    "{provider} refused your key. Save a current one: PUT /api/provider-keys/{provider}.",
    "{provider} ha rifiutato la tua chiave. Salvane una valida: PUT /api/provider-keys/{provider}.",
)
WRONG_REQUEST = Phrase("{provider}: {sentence}", "{provider}: {sentence}")
TOO_SLOW = Phrase(
    "{provider} did not answer in time. Try again, or ask another model.",
    "{provider} non ha risposto in tempo. Riprova, o scegli un altro modello.",
)
FAILED = Phrase(
    "{provider} could not answer. Please try again.",
    "{provider} non ha potuto rispondere. Riprova.",
)
BROKE_OFF = Phrase(
    "The answer broke off: {provider} did not finish it.",
    "La risposta si è interrotta: {provider} non l’ha completata.",
)
STOPPING = Phrase(
    "The gateway is being restarted. Try again in a few seconds.",
    "Il gateway si sta riavviando. Riprova tra qualche secondo.",
)
RESTART = timedelta(seconds=5)
NOTHING: Mapping[str, str] = {}
# By code: the status, and the sentence about a license that does not stand.
STANDING_CODES = {Code.NOT_FOUND: 401}
HOLD_CODES = {"RATE_LIMITED": (429, HOUR), "QUOTA_EXCEEDED": (429, MONTH)}


class ChatRefused(DomainError):
    """No answer: an HTTP `status`, a `code` for programs, headers that say when to come back."""

    def __init__(
        self,
        status: int,
        code: str,
        phrase: Phrase,
        *,
        headers: Mapping[str, str] = NOTHING,
        **values: object,
    ) -> None:
        super().__init__(phrase, **values)
        self.status = status
        self.code = code
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Question:
    """A conversation, and what of model and provider the client named ("" for nothing)."""

    ask: Ask
    model: str = ""
    provider: str = ""


class Counted(NamedTuple):
    """Tokens of an answer as they are metered; `estimated` when the provider did not say."""

    usage: Usage
    estimated: bool


class ChatResult(NamedTuple):
    """A whole answer: `raw` is the provider's JSON, `completion` the same in OpenAI's form."""

    content: str
    model: str
    provider: str
    counted: Counted
    raw: bytes
    completion: bytes
    limits: Limits


class Listener(Protocol):
    """The client of a stream; every verb raises ConnectionError once it has gone."""

    async def begin(self, limits: Limits) -> None:
        """The answer begins: status 200 and the headers."""

    async def write(self, events: bytes) -> None:
        """Whole events in OpenAI's form."""

    async def fail(self, error: ChatRefused) -> None:
        """The answer broke off in the middle: say so, and end."""

    def hang_up(self) -> None:
        """It has not read for too long: end the connection, and with it every verb that waits."""


def counted(
    usage: Usage | None, ask: Ask, text_bytes: Callable[[], int], seen: Usage | None = None
) -> Counted:
    """What the provider counted, zero included; else four bytes of text are a token.

    `seen` is what it said of the input before the answer broke off.
    """
    if usage is not None:
        return Counted(usage, estimated=False)
    written = tokens_of(text_bytes())
    if seen is None:
        return Counted(Usage(tokens_of(ask.size), written), estimated=True)
    about = Usage(seen.input_tokens, written, seen.cached_tokens, seen.cache_write_tokens)
    return Counted(about, estimated=True)


def not_valid(code: Code) -> ChatRefused:
    """The license may not: 401 for a key nobody knows, else 403."""
    word = "license_key_unknown" if code is Code.NOT_FOUND else f"license_{code.value.lower()}"
    return ChatRefused(STANDING_CODES.get(code, 403), word, DETAILS[code])


def limited(code: str, now: Limits) -> ChatRefused:
    """The hold was refused: 429 for the hour and the month, 402 for the budget."""
    said = limits.headers(now, code)
    status, phrase = HOLD_CODES.get(code, (402, BUDGET))
    until = now.month_resets_at.strftime("%Y-%m-%d %H:%M UTC")
    limit = now.hour_limit if code == "RATE_LIMITED" else now.month_limit
    values = {"limit": limit, "seconds": max(1, now.hour_reset_s), "until": until}
    return ChatRefused(status, code.lower(), phrase, headers=said, **values)


def provider_failed(error: IntegrationError, now: Limits, *, own_key: bool) -> ChatRefused:
    """A provider's failure as the client may see it; its own words only about the request."""
    said, name = dict(limits.headers(now)), error.vendor
    if isinstance(error, RateLimited):
        seconds = max(1, round(error.retry_after.total_seconds()))
        said["Retry-After"] = str(seconds)
        values: dict[str, object] = {"provider": name, "seconds": seconds}
        return ChatRefused(429, "provider_rate_limited", BUSY, headers=said, **values)
    if isinstance(error, AuthExpired):
        phrase = OWN_KEY_REFUSED if own_key else KEY_REFUSED
        return ChatRefused(502, "provider_key_refused", phrase, headers=said, provider=name)
    if isinstance(error, RefusedByVendor):
        told = {"provider": name, "sentence": error.code}
        return ChatRefused(400, "provider_refused", WRONG_REQUEST, headers=said, **told)
    if isinstance(error, TimedOut):
        return ChatRefused(504, "provider_timeout", TOO_SLOW, headers=said, provider=name)
    return ChatRefused(502, "provider_failed", FAILED, headers=said, provider=name)


def stopping() -> ChatRefused:
    """The process ends; another one, or the next, will answer."""
    after = {"Retry-After": str(round(RESTART.total_seconds()))}
    return ChatRefused(503, "restarting", STOPPING, headers=after)
