"""The ops desk: licenses, proposals and bulk on one database; Slack is lists."""

from dataclasses import replace
from uuid import uuid4

from db.store.session import Database
from services.actors import Actor
from services.audit.audit import Audit, AuditRecord
from services.errors import AWAY, DomainError, Temporary
from services.issuing.bulk import Bulk, BulkProgress, ProgressLocation
from services.issuing.bulk_lines import BulkLine as BulkLine
from services.issuing.bulk_run import BulkRun
from services.issuing.bulk_uploads import BulkUploads
from services.issuing.issuing import IssueReceipt, Issuing, LicensingDeps
from services.ops.ops import Ops, operator_of
from services.ops.proposals import Confirmations
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
        self.files: dict[str, bytes] = {}
        licenses, clock = self.stage.licenses, self.stage.clock
        members = Members(database, Quiet(), clock)
        self.proposals = Confirmations(database, clock)
        admins = {self.admin.member_id}
        self.ops = Ops(Audit(database), members, HOME, CHANNEL, admins)
        shelf = LicensingDeps(licenses, self.stage.plans, members, self.proposals, self.ops)
        self.issuing = Issuing(database, shelf, self, clock)
        self.bulk = Bulk(database, licenses, clock)
        self.uploads = BulkUploads(self.bulk, self.proposals, members, self.ops, self)
        self.bulk_run = BulkRun(database, self.bulk, licenses, self, clock)

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

    async def show(self, progress: BulkProgress, bad: tuple[BulkLine, ...]) -> ProgressLocation:
        """Keep what was drawn; the message has a ts from then on."""
        self._reach()
        self.drawn.append((progress, bad))
        return replace(progress.manner.place, message_ts="1.1")

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
