"""Licenses in bulk: a file is read and judged line by line, kept, and followed to its end."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from db import issuing as table
from db.licensing import licenses
from db.store.session import Database, Session, unseal
from services.actors import Operator
from services.audit import Change, Subject, note
from services.errors import NotFound
from services.issuing.bulk_csv import read_csv
from services.issuing.bulk_lines import BulkLine, BulkPreview, Judge, line_of, row_of, unless_known
from services.licensing import Licenses
from services.operations import Operation, Operations, Place, Start
from services.phrases import Phrase, Plural
from services.ports import Clock

BULK_ISSUE = "issuing.bulk"
PROPOSED, DONE, FAILED, CANCELLED = "proposed", "done", "failed", "cancelled"
# After so many lines others in the same loop get their turn.
TURN = 100
CHUNK = 1_000
# Keys that are shown at once.
KEYS = 300
UNCONFIRMED = timedelta(days=1)
NOWHERE = Place("", "")

NO_BULK = Phrase(
    "There is no such bulk issue. Upload the file again: nothing is issued twice.",
    "Non esiste questa emissione in blocco. Carica di nuovo il file: nulla viene emesso due volte.",
)
WAS_CANCELLED = Phrase(
    "It was cancelled. Upload the same file again for the rest: nothing is issued twice.",
    "È stata annullata. Carica di nuovo lo stesso file per il resto: nulla viene emesso due volte.",
)
LINES = Plural(
    Phrase("a file of one line", "un file di una riga"),
    Phrase("a file of {n} lines", "un file di {n} righe"),
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is to be done: e-mail every customer their key, say reasons in this language, show
    the progress in that channel."""

    send_email: bool = False
    language: str = "en"
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """How far a bulk issue is; `waiting` lines are still to be issued.

    `state` is proposed, running, done or failed (then `problem` and `reference` say why); one
    that was cancelled failed for that reason.
    """

    id: str
    state: str
    operator_name: str
    total: int
    waiting: int
    issued: int
    known: int
    bad: int
    problem: str
    reference: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A line of the file, whose license it became, and that license's key as it is now."""

    number: int
    email: str
    key: str


@dataclass(frozen=True, slots=True)
class KeyPage:
    """Some keys in the file's order; `after` is the line behind which there are more, or None."""

    bulk_id: str
    keys: tuple[IssuedKey, ...]
    after: int | None


PLAIN = Manner()


class Bulk:
    """Reads files, keeps what they ask for, and tells how far it is."""

    def __init__(
        self, database: Database, licenses: Licenses, operations: Operations, clock: Clock
    ) -> None:
        self._database = database
        self._licenses = licenses
        self._operations = operations
        self._clock = clock

    async def read(self, csv: bytes, language: str = "en") -> BulkPreview:
        """Judge a file without writing anything; raises Invalid (field `csv`) for the whole."""
        rows, judge = read_csv(csv), Judge(self._licenses, language)
        lines: list[BulkLine] = []
        for number, row in enumerate(rows):
            if number % TURN == 0:
                await asyncio.sleep(0)
            lines.append(await judge.judge(row))
        known = await self._known([line.fingerprint for line in lines if line.fingerprint])
        told = tuple(unless_known(line, known) for line in lines)
        return BulkPreview(told, hashlib.sha256(csv).digest())

    async def keep(
        self, operator: Operator, bulk_id: str, preview: BulkPreview, manner: Manner
    ) -> None:
        """Write down what was previewed, until it is confirmed (by `services.proposals`)."""
        async with self._database.transaction() as session:
            await self._write(session, operator, bulk_id, preview, manner)

    async def start(self, operator: Operator, csv: bytes, *, manner: Manner = PLAIN) -> str:
        """Read a file and begin to issue its good lines at once; the bulk issue's id.

        Raises Invalid.
        """
        preview = await self.read(csv, manner.language)
        bulk_id = new_id()
        async with self._database.transaction() as session:
            await self._write(session, operator, bulk_id, preview, manner)
            await self.begin(session, bulk_id)
        return bulk_id

    async def begin(self, session: Session, bulk_id: str) -> None:
        """It was confirmed: once the transaction commits its lines are issued; raises NotFound."""
        row = await table.find(session, bulk_id)
        if row is None:
            raise NotFound(NO_BULK)
        start = Start(
            BULK_ISSUE,
            bulk_id,
            LINES(row.language, row.total),
            operator_of(row),
            dedupe=bulk_id,
            language=row.language,
            place=Place(row.workspace_id, row.channel_id),
            total=row.total,
        )
        await self._operations.start(session, start)

    async def progress(self, bulk_id: str) -> BulkProgress:
        """How far it is; raises NotFound."""
        async with self._database.transaction() as session:
            row = await table.find(session, bulk_id)
            if row is None:
                raise NotFound(NO_BULK)
            counts = await table.counts(session, bulk_id)
        operation = await self._operations.of_subject(BULK_ISSUE, bulk_id)
        return _progress(row, counts, operation)

    async def results(self, bulk_id: str, state: str = "") -> tuple[BulkLine, ...]:
        """Every line and what became of it, in the file's order; of one state if named.

        Raises NotFound.
        """
        async with self._database.transaction() as session:
            if await table.find(session, bulk_id) is None:
                raise NotFound(NO_BULK)
            rows = await table.lines(session, bulk_id, state=state)
        return tuple(line_of(row) for row in rows)

    async def keys(self, operator: Operator, bulk_id: str, *, after: int = 0) -> KeyPage:
        """The next keys behind line `after`, for the operator's eyes; the audit log tells of it.

        Raises NotFound.
        """
        async with self._database.transaction() as session:
            if await table.find(session, bulk_id) is None:
                raise NotFound(NO_BULK)
            rows = await table.with_license(session, bulk_id, after=after, limit=KEYS + 1)
            shown = rows[:KEYS]
            held = await licenses.of_ids(session, [row.license_id for row in shown])
            keys = tuple(
                IssuedKey(row.line, row.email, unseal(session, held[row.license_id], "key"))
                for row in shown
                if row.license_id in held
            )
            change = Change(after={"after_line": after, "keys": len(keys)})
            note(session, operator, "bulk.reveal", Subject("bulk", bulk_id), change)
        return KeyPage(bulk_id, keys, shown[-1].line if len(rows) > KEYS else None)

    async def forget(self) -> None:
        """Drop what was previewed and never confirmed."""
        async with self._database.transaction() as session:
            await table.purge(session, BULK_ISSUE, self._clock() - UNCONFIRMED)

    async def _known(self, fingerprints: Sequence[str]) -> dict[str, str]:
        known: dict[str, str] = {}
        async with self._database.transaction() as session:
            for at in range(0, len(fingerprints), CHUNK):
                known.update(await table.issued(session, fingerprints[at : at + CHUNK]))
        return known

    async def _write(
        self,
        session: Session,
        operator: Operator,
        bulk_id: str,
        preview: BulkPreview,
        manner: Manner,
    ) -> None:
        place = manner.place
        session.add(
            table.BulkIssue(
                id=bulk_id,
                operator_kind=operator.kind,
                operator_id=operator.id,
                operator_name=operator.name,
                workspace_id=place.workspace_id,
                channel_id=place.channel_id,
                language=manner.language,
                send_email=manner.send_email,
                digest=preview.digest,
                total=len(preview.lines),
                created_at=self._clock(),
            )
        )
        await session.flush()
        for at in range(0, len(preview.lines), CHUNK):
            rows = [row_of(bulk_id, line) for line in preview.lines[at : at + CHUNK]]
            await table.add_lines(session, rows)
        facts = {state: preview.count(state) for state in (table.OK, table.KNOWN, table.BAD)}
        change = Change(after={**facts, "file": preview.digest.hex()})
        note(session, operator, "bulk.upload", Subject("bulk", bulk_id), change)


def new_id() -> str:
    """An id for a bulk issue; if it is a proposal first, for that too."""
    return f"bulk_{uuid4().hex}"


def operator_of(row: table.BulkIssue) -> Operator:
    """Who uploaded it."""
    return Operator(row.operator_kind, row.operator_id, row.operator_name)


def _progress(
    row: table.BulkIssue, counts: Mapping[str, int], operation: Operation | None
) -> BulkProgress:
    state = operation.state if operation else PROPOSED
    problem = operation.problem if operation else ""
    if state == CANCELLED:
        state, problem = FAILED, WAS_CANCELLED(row.language)
    return BulkProgress(
        id=row.id,
        state=state,
        operator_name=row.operator_name,
        total=row.total,
        waiting=counts.get(table.OK, 0),
        issued=counts.get(table.ISSUED, 0),
        known=counts.get(table.KNOWN, 0),
        bad=counts.get(table.BAD, 0),
        problem=problem,
        reference=operation.reference if operation else "",
        created_at=row.created_at,
        ended_at=operation.ended_at if operation else None,
    )
