"""What broke in a job, in a form that survives a restart: a reference and a sentence."""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

import structlog
from dbos import PortableWorkflowError
from pydantic import TypeAdapter

from services.errors import (
    Disconnected,
    DomainError,
    Temporary,
    missing_connection,
    vendors_words,
)
from services.phrases import LANGUAGES, Phrase

OURS = Phrase(
    "Something went wrong on our side. Please try again; if it stays, tell us the reference.",
    "Qualcosa è andato storto da noi. Riprova; se continua, comunicaci il riferimento.",
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed step: `kind` is the error's class name, `retry_after` seconds (0: unknown).

    `missing` is the vendor whose connection must be made or renewed first, or "".
    """

    kind: str
    reference: str
    en: str
    it: str
    temporary: bool
    retry_after: float
    missing: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it is a fault of the program, which nobody foresaw."""
        return self.en == OURS.en

    @property
    def error(self) -> DomainError:
        """The failure as a sentence for the person, whatever it was inside."""
        phrase = Phrase(self.en, self.it)
        if self.missing:
            return Disconnected(phrase, vendor=self.missing)
        return Temporary(phrase) if self.temporary else DomainError(phrase)


class StepFailed(Exception):
    """A step gave up; a workflow may catch it to go another way."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.en} ({failure.reference})")
        self.failure = failure
        # The engine keeps an attribute of this name next to an error's class and message.
        self.data = asdict(failure)


def described(error: Exception) -> Failure:
    """Give `error` a reference and log it: with a traceback if it is nobody's known sentence."""
    known = isinstance(error, DomainError)
    sentence = error.sentence if isinstance(error, DomainError) else OURS
    wait: timedelta | None = getattr(error, "retry_after", None)
    failure = Failure(
        kind=type(error).__name__,
        reference=secrets.token_hex(3),
        temporary=isinstance(error, Temporary) or getattr(error, "temporary", False) is True,
        retry_after=wait.total_seconds() if wait is not None else 0.0,
        missing=missing_connection(error),
        **{language: sentence(language) for language in LANGUAGES},
    )
    level = "info" if known or failure.temporary else "error"
    log = structlog.get_logger(__name__)
    getattr(log, level)(
        "job.step_failed",
        reference=failure.reference,
        kind=failure.kind,
        detail=vendors_words(error),
        exc_info=error if level == "error" else None,
    )
    return failure


def replayed(error: PortableWorkflowError) -> Failure:
    """The failure again, from what the engine kept of it before a restart."""
    if error.name != StepFailed.__name__:
        return described(error)
    return TypeAdapter(Failure).validate_python(error.data)
