"""The operation behind a bulk issue: line after line, each in a transaction of its own."""

from db import issuing as table
from db.store.session import Database
from services.audit import Change, Subject, note
from services.errors import DomainError, NotFound, Temporary
from services.issuing.bulk import BULK_ISSUE, DONE, FAILED, NO_BULK, operator_of
from services.licensing import Licenses, Order
from services.operations import Done, Kind, More, Operations, Outcome, StepPlan, Work

# Taken at once: short enough that a process that must stop soon has done its part.
LINES_AT_ONCE = 50
ISSUE = "issue"
REQUEST = "bulk:"


class BulkRun:
    """Issues the lines of one upload; it may be repeated, and begins where the last one ended."""

    def __init__(self, database: Database, licenses: Licenses, operations: Operations) -> None:
        self._database = database
        self._licenses = licenses
        self._operations = operations
        self.kind = Kind(BULK_ISSUE, (StepPlan(ISSUE, self.issue),), ended=self.ended, about="bulk")

    async def issue(self, work: Work) -> Outcome:
        """Issue the next lines; a cancel is heard between any two. Raises NotFound, Temporary."""
        bulk_id = work.subject_id
        async with self._database.transaction() as session:
            row = await table.find(session, bulk_id)
            waiting = await table.next_lines(session, bulk_id, LINES_AT_ONCE)
            left = (await table.counts(session, bulk_id)).get(table.OK, 0)
        if row is None:
            raise NotFound(NO_BULK)
        for line in waiting:
            if not await work.report(row.total - left, row.total):
                return More()
            await self._issue(row, line.line)
            left -= 1
        await work.report(row.total - left, row.total)
        return More() if left else Done()

    async def ended(self, bulk_id: str, state: str) -> None:
        """Write down how it ended, once for each run; what was issued stays."""
        operation = await self._operations.of_subject(BULK_ISSUE, bulk_id)
        async with self._database.transaction() as session:
            row = await table.find(session, bulk_id, lock=True)
            if row is None or operation is None or row.noted_run >= operation.run:
                return
            row.noted_run = operation.run
            outcome = DONE if state == DONE else FAILED
            change = Change(after=dict(await table.counts(session, bulk_id)), outcome=outcome)
            note(session, operator_of(row), "bulk.issue", Subject("bulk", bulk_id), change)

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
        request_id = REQUEST + line.fingerprint
        order = Order(
            *(line.email, line.plan, line.months, line.domain, line.name),
            send_email=bulk.send_email,
        )
        return (await self._licenses.issue(operator_of(bulk), order, request_id)).license.id
