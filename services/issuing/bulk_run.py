"""The job behind a bulk issue: line after line, each in a transaction of its own, to the end."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from db import issuing as table
from db.store.session import Database
from services.actors import Operator
from services.audit import Change, Subject, note
from services.errors import DomainError, Temporary
from services.issuing.bulk import Bulk, BulkProgress, ProgressLocation
from services.issuing.bulk_lines import BulkLine
from services.licensing import Licenses, Order
from services.ports import Clock

# One step of the job: short enough that a kill repeats little, and that progress is seen.
LINES_AT_ONCE = 50
SHOWN_EVERY = timedelta(seconds=1)
REQUEST = "bulk:"


class Board(Protocol):
    """Where everybody in the ops channel sees how far a bulk issue is."""

    async def show(self, progress: BulkProgress, bad: tuple[BulkLine, ...]) -> ProgressLocation:
        """Draw it where it was drawn before; where it is now. Raises Temporary."""


class BulkRun:
    """The steps of one bulk issue; each may be repeated, and begins where the last one ended."""

    def __init__(
        self, database: Database, bulk: Bulk, licenses: Licenses, board: Board, clock: Clock
    ) -> None:
        self._database = database
        self._bulk = bulk
        self._licenses = licenses
        self._board = board
        self._clock = clock
        self._shown: dict[str, datetime] = {}

    async def begin(self, bulk_id: str) -> None:
        """It was confirmed: from now on it is running."""
        async with self._database.transaction() as session:
            row = await table.find(session, bulk_id, lock=True)
            if row is not None and row.state == table.PROPOSED:
                row.state = table.RUNNING
        await self._show_sometimes(bulk_id)

    async def issue_some(self, bulk_id: str) -> int:
        """Issue the next lines; how many are left."""
        async with self._database.transaction() as session:
            row = await table.find(session, bulk_id)
            waiting = await table.next_lines(session, bulk_id, LINES_AT_ONCE)
        if row is None or row.state != table.RUNNING:
            return 0
        for line in waiting:
            await self._issue(row, line.line)
        await self._show_sometimes(bulk_id)
        return (await self._bulk.progress(bulk_id)).waiting

    async def finish(self, bulk_id: str) -> None:
        """Every line is issued, known or bad."""
        await self._end(bulk_id, table.DONE, "", None)

    async def show_end(self, bulk_id: str) -> None:
        """Tell how it ended; raises Temporary while Slack is away."""
        self._shown.pop(bulk_id, None)
        await self._draw(bulk_id)

    async def failed(self, bulk_id: str, reference: str, error: DomainError) -> None:
        """The job gave up; what was issued stays, and the same file again issues the rest."""
        await self._end(bulk_id, table.FAILED, reference, error)
        await self.show_end(bulk_id)

    async def _issue(self, bulk: table.BulkIssue, number: int) -> None:
        try:
            async with self._database.transaction() as session:
                line = await table.lock_line(session, bulk.id, number)
                if line is None or line.state != table.OK:
                    return
                known = (await table.issued(session, [line.fingerprint])).get(line.fingerprint)
                if known is not None:
                    line.state, line.license_id = table.KNOWN, known
                    return
                with self._database.joined(session):
                    line.license_id = await self._issued(bulk, line)
                line.state = table.ISSUED
        except Temporary:
            raise
        except DomainError as error:
            async with self._database.transaction() as session:
                line = await table.lock_line(session, bulk.id, number)
                if line is not None and line.state == table.OK:
                    line.state, line.reason = table.BAD, error.sentence(bulk.language)

    async def _issued(self, bulk: table.BulkIssue, line: table.BulkLineRow) -> str:
        """The license's id; whichever upload asks, the same line is the same request."""
        operator, request_id = _operator(bulk), REQUEST + line.fingerprint
        order = Order(
            *(line.email, line.plan, line.months, line.domain, line.name),
            send_email=bulk.send_email,
        )
        return (await self._licenses.issue(operator, order, request_id)).license.id

    async def _end(
        self, bulk_id: str, state: str, reference: str, error: DomainError | None
    ) -> None:
        async with self._database.transaction() as session:
            row = await table.find(session, bulk_id, lock=True)
            if row is None or row.state != table.RUNNING:
                return
            row.state, row.ended_at, row.reference = state, self._clock(), reference
            row.problem = error.sentence(row.language) if error else ""
            after = dict(await table.counts(session, bulk_id))
            change = Change(after=after, outcome="failed" if error else "done")
            note(session, _operator(row), "bulk.issue", Subject("bulk", bulk_id), change)

    async def _show_sometimes(self, bulk_id: str) -> None:
        """Progress is a courtesy: at most every second, and a Slack that is away is no matter."""
        last = self._shown.get(bulk_id)
        if last is not None and self._clock() - last < SHOWN_EVERY:
            return
        self._shown[bulk_id] = self._clock()
        with suppress(Temporary):
            await self._draw(bulk_id)

    async def _draw(self, bulk_id: str) -> None:
        progress = await self._bulk.progress(bulk_id)
        place = progress.manner.place
        if not (place.workspace_id and place.channel_id):
            return
        ended = progress.state in (table.DONE, table.FAILED)
        bad = await self._bulk.results(bulk_id, table.BAD) if ended else ()
        shown = await self._board.show(progress, bad)
        if shown != place:
            async with self._database.transaction() as session:
                row = await table.find(session, bulk_id, lock=True)
                if row is not None:
                    row.channel_id, row.message_ts = shown.channel_id, shown.message_ts


def _operator(bulk: table.BulkIssue) -> Operator:
    return Operator(bulk.operator_kind, bulk.operator_id, bulk.operator_name)
