"""What a page shows: parts that are read by themselves, each with its source, or why it is not."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog

from db.reports.reading import ReadFailed, reading
from db.store.reach import DatabaseUnavailable
from db.store.session import Database, Session
from services.errors import DomainError
from services.phrases import Phrase
from services.ports import Clock

T = TypeVar("T")

DEADLINE = timedelta(seconds=2)
# Of the process's connections; the others are for those who do not only look.
AT_ONCE = 3
CANCELED = "57014"

SLOW = Phrase(
    "This took too long to read. The rest of the page is right; reload to try again.",
    "La lettura ha richiesto troppo tempo. Il resto della pagina è corretto; ricarica per "
    "riprovare.",
)
UNREADABLE = Phrase(
    "This could not be read. The rest of the page is right; reload to try again, and give your "
    "developer the reference {reference} if it stays so.",
    "Non è stato possibile leggere questi dati. Il resto della pagina è corretto; ricarica per "
    "riprovare e, se continua, comunica allo sviluppatore il riferimento {reference}.",
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from: what was counted, in words, from which tables, and when."""

    words: Phrase
    tables: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Panel(Generic[T]):
    """One part of a page: its figures and their source; or None, and `problem` says why."""

    value: T | None
    source: Source
    problem: Phrase | None = None
    reference: str = ""


class Panels:
    """Reads parts of pages, each within `DEADLINE`; one that fails takes no other with it."""

    def __init__(self, database: Database, clock: Clock, deadline: timedelta = DEADLINE) -> None:
        self._database = database
        self._clock = clock
        self._deadline = deadline
        self._room = asyncio.Semaphore(AT_ONCE)

    async def read(
        self,
        words: Phrase,
        tables: tuple[str, ...],
        query: Callable[[Session], Awaitable[T]],
    ) -> Panel[T]:
        """What `query` reads, in one snapshot of the database."""
        source = Source(words, tables, self._clock())
        try:
            async with (
                asyncio.timeout(self._deadline.total_seconds()),
                self._room,
                reading(self._database, self._deadline) as session,
            ):
                return Panel(await query(session), source)
        except TimeoutError:
            log.warning("reports.slow", detail=tables[0])
            return Panel(None, source, SLOW)
        except (ReadFailed, DatabaseUnavailable, DomainError) as error:
            if isinstance(error, ReadFailed) and error.code == CANCELED:
                log.warning("reports.slow", detail=tables[0])
                return Panel(None, source, SLOW)
            reference = secrets.token_hex(3)
            log.warning("reports.unread", detail=tables[0], reference=reference, exc_info=error)
            return Panel(None, source, UNREADABLE, reference)
