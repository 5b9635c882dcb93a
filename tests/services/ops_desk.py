"""The ops desk: licenses, proposals and bulk on one database; Slack is lists."""

from dataclasses import replace
from uuid import uuid4

from db.session import Database
from services.actors import Actor
from services.audit import Audit, Line
from services.bulk import Bulk, Place, Progress
from services.bulk_lines import Line as BulkLine
from services.bulk_run import BulkRun
from services.bulk_uploads import BulkUploads
from services.errors import AWAY, DomainError, Temporary
from services.issuing import Issuing, Receipt, Shelf
from services.members import Members
from services.ops import Ops, operator_of
from services.proposals import Proposals
from tests.services.desk import Quiet
from tests.services.license_desk import LicenseStage

HOME, CHANNEL = "T0HOME", "C0OPS"


class OpsStage:
    """One admin with everything; `away` makes Slack unreachable."""

    def __init__(self, database: Database) -> None:
        self.stage = LicenseStage(database)
        self.database = database
        self.admin = Actor(HOME, f"U{uuid4().hex}")
        self.operator = operator_of(self.admin, "Ada")
        self.away = False
        self.receipts: list[Receipt] = []
        self.problems: list[str] = []
        self.drawn: list[tuple[Progress, tuple[BulkLine, ...]]] = []
        self.files: dict[str, bytes] = {}
        licenses, clock = self.stage.licenses, self.stage.clock
        members = Members(database, Quiet(), clock)
        self.proposals = Proposals(database, clock)
        admins = {self.admin.member_id}
        self.ops = Ops(Audit(database), members, HOME, CHANNEL, admins)
        shelf = Shelf(licenses, self.stage.plans, members, self.proposals, self.ops)
        self.issuing = Issuing(database, shelf, self, clock)
        self.bulk = Bulk(database, licenses, clock)
        self.uploads = BulkUploads(self.bulk, self.proposals, members, self.ops, self)
        self.bulk_run = BulkRun(database, self.bulk, licenses, self, clock)

    async def issued(self, actor: Actor, channel_id: str, receipt: Receipt) -> None:
        """Keep the receipt."""
        self._reach()
        self.receipts.append(receipt)

    async def not_issued(
        self, actor: Actor, channel_id: str, error: DomainError, reference: str
    ) -> None:
        """Keep what was said instead."""
        self._reach()
        self.problems.append(error.sentence("en"))

    async def show(self, progress: Progress, bad: tuple[BulkLine, ...]) -> Place:
        """Keep what was drawn; the message has a ts from then on."""
        self._reach()
        self.drawn.append((progress, bad))
        return replace(progress.manner.place, message_ts="1.1")

    async def fetch(self, actor: Actor, file_id: str) -> bytes:
        """A file that was put here."""
        self._reach()
        return self.files[file_id]

    async def lines(self, subject_id: str) -> list[Line]:
        """The audit log about this thing, the oldest first."""
        return await self.stage.lines(subject_id)

    def _reach(self) -> None:
        if self.away:
            raise Temporary(AWAY, vendor="Slack")
