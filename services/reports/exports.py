"""Exports: rows as CSV while they are read, as XLSX once they are; each is in the audit log."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from db.reports import exports as table
from db.reports.reading import ReadFailed, reading
from db.store.session import Database
from services.actors import Operator
from services.audit import Change, Subject, note
from services.errors import Temporary
from services.phrases import Phrase
from services.ports import Clock
from services.reports.export_kinds import ExportKind, ExportMoment, ExportOrder, find_kind
from services.reports.sheets import ExcelFile, SheetStyle, csv_header, csv_lines

# Each holds a connection as long as whoever downloads it takes.
AT_ONCE = 2
# For each batch, not for the whole.
PATIENCE = timedelta(seconds=60)
# Above that an XLSX is made by a job.
MOST_AT_ONCE = 50_000
COUNTED = 10_000
CSV, XLSX = "csv", "xlsx"

FULL = Phrase(
    "Other exports are being made. Try again when they are done, in a minute or so.",
    "Sono in corso altre esportazioni. Riprova quando saranno finite, tra un minuto circa.",
)
BROKEN = Phrase(
    "The database stopped answering while the file was made. Try again.",
    "Il database ha smesso di rispondere durante l’esportazione. Riprova.",
)


@dataclass(frozen=True, slots=True)
class ExportSize:
    """How many rows there are; `many` when there are more than `rows`, which then is a limit."""

    rows: int
    many: bool


class ExportProgress:
    """How many rows are written so far."""

    rows = 0


class Exports:
    """Writes files of what the pages show, with the same filters."""

    def __init__(self, database: Database, zone: ZoneInfo, clock: Clock) -> None:
        self._database = database
        self._zone = zone
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)

    async def size(self, order: ExportOrder, most: int = COUNTED) -> ExportSize:
        """How many rows it would have, counted up to `most`; raises Invalid for bad filters."""
        kind = find_kind(order.name)
        async with reading(self._database, PATIENCE) as session:
            rows = await kind.rows(session, order, self._asked())
            found = await table.count(session, rows, most + 1)
        return ExportSize(min(found, most), found > most)

    async def csv(
        self, operator: Operator, order: ExportOrder, language: str
    ) -> AsyncGenerator[bytes, None]:
        """Pieces of the file as they are read. When it raises, what was sent is not whole.

        Raises Invalid before the first piece, Temporary also between them.
        """
        kind, style = find_kind(order.name), self._style(language)
        async with self._noted(operator, order, CSV) as progress:
            header = csv_header(kind.columns, style)
            async for batch in self._batches(kind, order):
                yield header + csv_lines(kind.columns, batch, style)
                header, progress.rows = b"", progress.rows + len(batch)
            if header:
                yield header

    @asynccontextmanager
    async def xlsx(
        self, operator: Operator, order: ExportOrder, language: str
    ) -> AsyncIterator[Path]:
        """The whole file, which is gone at the end of the block."""
        async with self._noted(operator, order, XLSX) as progress:
            with tempfile.TemporaryDirectory(prefix="seguito-export-") as folder:
                path = Path(folder) / "export.xlsx"
                progress.rows = await self.write(path, order, language)
                yield path

    async def write(self, path: Path, order: ExportOrder, language: str) -> int:
        """Write an XLSX there; its number of rows. Raises Invalid, Temporary."""
        kind, count = find_kind(order.name), 0
        book = await asyncio.to_thread(ExcelFile, path, kind.columns, self._style(language))
        async for batch in self._batches(kind, order):
            await asyncio.to_thread(book.write, batch)
            count += len(batch)
        await asyncio.to_thread(book.close)
        return count

    async def _batches(self, kind: ExportKind, order: ExportOrder) -> AsyncIterator[table.Batch]:
        try:
            async with reading(self._database, PATIENCE) as session:
                rows = await kind.rows(session, order, self._asked())
                async for batch in table.batches(session, rows):
                    yield batch
        except ReadFailed as error:
            raise Temporary(BROKEN) from error

    @asynccontextmanager
    async def _noted(
        self, operator: Operator, order: ExportOrder, form: str
    ) -> AsyncIterator[ExportProgress]:
        """Two lines in the audit log: that it begins, before a byte leaves; and how it ended."""
        if self._room.locked():
            raise Temporary(FULL)
        async with self._room:
            progress = ExportProgress()
            await self._note(operator, order, form, Change(outcome="begun"))
            outcome = "failed"
            try:
                yield progress
                outcome = "done"
            finally:
                change = Change(after={"rows": progress.rows}, outcome=outcome)
                # Whoever hung up must not keep the line from being written.
                await asyncio.shield(self._note(operator, order, form, change))

    async def _note(
        self, operator: Operator, order: ExportOrder, form: str, change: Change
    ) -> None:
        known = find_kind(order.name).filters
        filters = [f"{name}={order.text(name)}" for name in known if order.text(name)]
        after = {**(change.after or {}), "format": form, "filters": filters}
        subject = Subject("export", order.name)
        async with self._database.transaction() as session:
            note(session, operator, "exports.make", subject, Change(None, after, change.outcome))

    def _asked(self) -> ExportMoment:
        return ExportMoment(self._clock(), self._zone)

    def _style(self, language: str) -> SheetStyle:
        return SheetStyle(language, self._zone, self._zone.key)
