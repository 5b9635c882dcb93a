"""The ops desk: licenses, proposals and bulk on one database; Slack is lists."""

from uuid import uuid4

from db.store.session import Database
from services.actors import Actor
from services.audit.audit import Audit, AuditRecord
from services.errors import AWAY, DomainError, Temporary
from services.issuing.bulk import BULK_ISSUE, Bulk, BulkProgress
from services.issuing.bulk_lines import BulkLine as BulkLine
from services.issuing.bulk_run import BulkRun
from services.issuing.bulk_uploads import BulkUploads
from services.issuing.issuing import IssueReceipt, Issuing, LicensingDeps
from services.operations import GO_ON, OVER, Operation, Operations, Place
from services.ops.confirmations import Confirmations
from services.ops.ops import Ops, operator_of
from services.people.members import Members
from tests.kit.desk import Quiet
from tests.kit.license_desk import LicenseStage

HOME, CHANNEL = "T0HOME", "C0OPS"


class OpsStage:
    """One admin with everything; `away` makes Slack unreachable."""

    def __init__(self, database: Database) -> None:
        self.stage = LicenseStage(database)
        self.database = database
        self.admin = Actor(HOME, f"U{uuid4().hex}")
        self.operator = operator_of(self.admin, "Ada")
        self.away = False
        self.receipts: list[IssueReceipt] = []
        self.problems: list[str] = []
        self.drawn: list[tuple[BulkProgress, tuple[BulkLine, ...]]] = []
        self.cards: list[Operation] = []
        self.files: dict[str, bytes] = {}
        licenses, clock = self.stage.licenses, self.stage.clock
        members = Members(database, Quiet(), clock)
        self.operations = Operations(database, self, clock)
        self.bulk = Bulk(database, licenses, self.operations, clock)
        self.bulk_run = BulkRun(database, licenses, self.operations)
        self.operations.register(self.bulk_run.kind)
        self.proposals = Confirmations(database, clock, {BULK_ISSUE: self.bulk.begin})
        admins = {self.admin.member_id}
        self.ops = Ops(Audit(database), members, HOME, CHANNEL, admins)
        shelf = LicensingDeps(licenses, self.stage.plans, members, self.proposals, self.ops)
        self.issuing = Issuing(database, shelf, self, clock)
        self.uploads = BulkUploads(self.bulk, self.proposals, members, self.ops, self)

    async def issued(self, actor: Actor, channel_id: str, receipt: IssueReceipt) -> None:
        """Keep the receipt."""
        self._reach()
        self.receipts.append(receipt)

    async def not_issued(
        self, actor: Actor, channel_id: str, error: DomainError, reference: str
    ) -> None:
        """Keep what was said instead."""
        self._reach()
        self.problems.append(error.sentence("en"))

    async def draw(self, operation: Operation) -> Place | None:
        """Keep what was drawn; the message has a ts from then on."""
        if not operation.channel_id:
            return None
        self._reach()
        progress = await self.bulk.progress(operation.subject_id)
        self.drawn.append((progress, await self.bulk.results(operation.subject_id, "bad")))
        self.cards.append(operation)
        return Place(operation.workspace_id, operation.channel_id, "1.1")

    async def operation(self, bulk_id: str) -> Operation:
        """The operation behind a bulk issue."""
        operation = await self.operations.of_subject(BULK_ISSUE, bulk_id)
        assert operation is not None
        return operation

    async def take(self, bulk_id: str) -> float:
        """Some of its lines, as the job would."""
        operation = await self.operation(bulk_id)
        return await self.operations.advance(operation.id, str(operation.run), "issue")

    async def run(self, bulk_id: str) -> None:
        """The job from here to its end."""
        while await self.take(bulk_id) not in (GO_ON, OVER):
            pass
        operation = await self.operation(bulk_id)
        await self.operations.finish(operation.id, str(operation.run))

    async def fetch(self, actor: Actor, file_id: str) -> bytes:
        """A file that was put here."""
        self._reach()
        return self.files[file_id]

    async def lines(self, subject_id: str) -> list[AuditRecord]:
        """The audit log about this thing, the oldest first."""
        return await self.stage.lines(subject_id)

    def _reach(self) -> None:
        if self.away:
            raise Temporary(AWAY, vendor="Slack")
