"""Exports that take long: made by a job, kept for a day, fetched by a link."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from db.reports import files as table
from db.store.session import Database
from services.actors import Operator
from services.audit import Change, Subject, note
from services.errors import NotFound
from services.operations import Done, Kind, Operations, Outcome, Start, StepPlan, Work
from services.phrases import Phrase
from services.ports import Clock
from services.reports.export_kinds import ExportOrder, find_kind
from services.reports.exports import Exports

EXPORT = "reports.export"
KEPT = timedelta(days=1)
PIECE = 1024 * 1024

GONE = Phrase(
    "This file is gone: files are kept for a day. Make it again from its page.",
    "Questo file non c’è più: i file restano un giorno. Crealo di nuovo dalla sua pagina.",
)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that was asked for; `rows` and `size` (bytes) are None until it is whole.

    `state` is running, done, failed or cancelled; `problem` says why it failed.
    """

    id: str
    name: str
    rows: int | None
    size: int | None
    created_at: datetime
    state: str
    problem: str


class ExportFiles:
    """Starts the job, is its one step, and gives the file out."""

    def __init__(
        self, database: Database, exports: Exports, operations: Operations, clock: Clock
    ) -> None:
        self._database = database
        self._exports = exports
        self._operations = operations
        self._clock = clock
        self.kind = Kind(EXPORT, (StepPlan("write", self.write),), about="export")

    async def start(self, operator: Operator, order: ExportOrder, language: str) -> str:
        """Its id; the same for a form that is sent twice. Raises Invalid; audited."""
        known = find_kind(order.name)
        filters = {name: order.text(name) for name in known.filters if order.text(name)}
        row = table.ReportFileRow(
            name=order.name,
            wanted=orjson.dumps(filters).decode(),
            operator_kind=operator.kind,
            operator_id=operator.id,
            operator_name=operator.name,
            language=language,
            created_at=self._clock(),
        )
        start = Start(
            kind=EXPORT,
            subject_id=row.id,
            dedupe=f"{EXPORT}:{operator.request or row.id}",
            title=order.name,
            operator=operator,
            language=language,
        )
        async with self._database.transaction() as session:
            session.add(row)
            operation_id = await self._operations.start(session, start)
            change = Change(after={"filters": [f"{k}={v}" for k, v in filters.items()]})
            note(session, operator, "exports.start", Subject("export", order.name), change)
        # The first one's, when this was a repeat.
        return (await self._operations.see(operation_id)).subject_id

    async def write(self, work: Work) -> Outcome:
        """A step: write the file and keep it in pieces; again from its beginning after a crash."""
        async with self._database.transaction() as session:
            row = await table.find(session, work.subject_id)
        if row is None:
            raise NotFound(GONE)
        order = ExportOrder(row.name, orjson.loads(row.wanted))
        with tempfile.TemporaryDirectory(prefix="seguito-export-") as folder:
            path = Path(folder) / "export.xlsx"
            rows = await self._exports.write(path, order, row.language)
            await self._keep(row.id, path, rows)
        return Done(str(rows))

    async def find(self, file_id: str) -> ExportFile:
        """How far it is; raises NotFound."""
        operation = await self._operations.of_subject(EXPORT, file_id)
        async with self._database.transaction() as session:
            row = await table.find(session, file_id)
        if row is None or operation is None:
            raise NotFound(GONE)
        return ExportFile(
            row.id,
            row.name,
            row.rows,
            row.size,
            row.created_at,
            operation.state,
            operation.problem,
        )

    async def pieces(self, operator: Operator, file_id: str) -> AsyncGenerator[bytes, None]:
        """The whole file; audited. Raises NotFound while it is not whole."""
        found = await self.find(file_id)
        if found.size is None:
            raise NotFound(GONE)
        async with self._database.transaction() as session:
            after = Change(after={"rows": found.rows, "file": file_id})
            note(session, operator, "exports.download", Subject("export", found.name), after)
        place = 0
        while (content := await self._piece(file_id, place)) is not None:
            yield content
            place += 1

    async def forget(self) -> None:
        """A step: drop files that are older than a day."""
        async with self._database.transaction() as session:
            await table.forget_before(session, self._clock() - KEPT)

    async def _piece(self, file_id: str, place: int) -> bytes | None:
        async with self._database.transaction() as session:
            return await table.piece(session, file_id, place)

    async def _keep(self, file_id: str, path: Path, rows: int) -> None:
        async with self._database.transaction() as session:
            row = await table.find(session, file_id, lock=True)
            if row is None:
                raise NotFound(GONE)
            await table.empty(session, file_id)
            place = size = 0
            while content := await asyncio.to_thread(_read, path, place):
                piece = table.ReportPieceRow(file_id=file_id, place=place, content=content)
                await table.keep(session, piece)
                place, size = place + 1, size + len(content)
            row.rows, row.size = rows, size


def _read(path: Path, place: int) -> bytes:
    """The piece of the file at this place; nothing behind its end."""
    with path.open("rb") as file:
        file.seek(place * PIECE)
        return file.read(PIECE)
