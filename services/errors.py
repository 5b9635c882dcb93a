"""Failures of the product's own rules, each written as a sentence for the person who reads it.

DomainError
├── NotFound        there is no such thing, or it is not yours to see
├── NotAllowed      you may not do this
├── Invalid         what was typed cannot be used; names the field
├── Conflict        it changed meanwhile
├── Disconnected    a connection (Gmail, Fathom, Crono) must be made or renewed first
└── Temporary       a vendor is slow, full or away; trying again later may help
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)
from services.phrases import Phrase


class DomainError(Exception):
    """A sentence in both languages that says what is wrong and what to do."""

    def __init__(self, phrase: Phrase, **values: object) -> None:
        super().__init__(phrase.en.format_map(values) if values else phrase.en)
        self.phrase = phrase
        self.values = values

    def sentence(self, language: str) -> str:
        """The sentence in the reader's language ("en" or "it")."""
        return self.phrase(language, **self.values)


class NotFound(DomainError):
    """There is no such thing, or it is not yours to see."""


class NotAllowed(DomainError):
    """The person may not do this."""


class Invalid(DomainError):
    """What was typed cannot be used; `field` is the field's name in the service's words."""

    def __init__(self, phrase: Phrase, *, field: str = "", **values: object) -> None:
        super().__init__(phrase, **values)
        self.field = field


class Conflict(DomainError):
    """It changed meanwhile; look again."""


class Disconnected(DomainError):
    """A connection must be made or renewed first; `vendor` says which."""

    def __init__(self, phrase: Phrase, *, vendor: str, **values: object) -> None:
        super().__init__(phrase, **values)
        self.vendor = vendor


class Temporary(DomainError):
    """Trying again later may help; `retry_after` is the vendor's own wish, if it gave one."""

    def __init__(
        self, phrase: Phrase, *, retry_after: timedelta | None = None, **values: object
    ) -> None:
        super().__init__(phrase, **values)
        self.retry_after = retry_after


AWAY = Phrase(
    "{vendor} does not answer right now. Please try again in a minute.",
    "{vendor} non risponde in questo momento. Riprova tra un minuto.",
)
BUSY = Phrase(
    "{vendor} asks us to slow down. Please try again in {seconds} seconds.",
    "{vendor} ci chiede di rallentare. Riprova tra {seconds} secondi.",
)
EXPIRED = Phrase(
    "{name} does not accept your connection. Try again; if that stays so, connect it again.",
    "{name} non accetta il tuo collegamento. Riprova; se continua, ricollegalo.",
)
REFUSED = Phrase(
    "{vendor} refused the request ({code}). Try again; if it stays so, give your admin the "
    "reference.",
    "{vendor} ha rifiutato la richiesta ({code}). Riprova; se continua, comunica al tuo admin il "
    "riferimento.",
)


@contextmanager
def translate_vendor_errors(
    vendor: str, *, let_through: tuple[type[IntegrationError], ...] = ()
) -> Iterator[None]:
    """Turn a vendor's failure inside the block into one of ours, with the vendor named.

    Failures of the kinds `let_through` pass as they are, for a caller that can deal with them.
    """
    try:
        yield
    except let_through:
        raise
    except Unreachable as error:
        raise Temporary(AWAY, vendor=vendor) from error
    except RateLimited as error:
        wait = error.retry_after
        seconds = max(1, round(wait.total_seconds()))
        raise Temporary(BUSY, retry_after=wait, vendor=vendor, seconds=seconds) from error
    except AuthExpired as error:
        raise Disconnected(EXPIRED, vendor=vendor.lower(), name=vendor) from error
    except RefusedByVendor as error:
        raise DomainError(REFUSED, vendor=vendor, code=error.code) from error
    except IntegrationError as error:
        raise Temporary(AWAY, vendor=vendor) from error


def missing_connection(error: Exception) -> str:
    """The vendor whose connection must be made or renewed, "" when that is not the trouble."""
    return error.vendor if isinstance(error, Disconnected) else ""


def vendors_words(error: BaseException | None) -> str:
    """For the log: what the vendor's failure behind an error said, "" when there is none.

    Only that: the texts of other exceptions may hold what people said or typed.
    """
    while error is not None and not isinstance(error, IntegrationError):
        error = error.__cause__
    return str(error or "")
