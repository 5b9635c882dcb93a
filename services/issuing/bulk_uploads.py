"""Licenses in bulk from Slack: the file somebody attached, its preview, bad lines, keys."""

from dataclasses import dataclass
from typing import Protocol

from services.actors import Actor
from services.errors import Invalid
from services.issuing.bulk import BULK_ISSUE, Bulk, KeyPage, Manner, new_id
from services.issuing.bulk_lines import BulkLine, BulkPreview
from services.issuing.issuing import LICENSE_ISSUE
from services.operations import Place
from services.ops import Confirmations, Ops, PendingCommand, Proposal, operator_of
from services.people import Members
from services.phrases import Phrase

NOTHING = Phrase("Attach a file or paste its lines.", "Allega un file o incolla le righe.")
BOTH = Phrase(
    "Attach a file or paste its lines, not both.",
    "Allega un file o incolla le righe, non entrambi.",
)


class Files(Protocol):
    """Where attached files are fetched from."""

    async def fetch(self, actor: Actor, file_id: str) -> bytes:
        """The file's bytes, 10 MB at most; raises Invalid (field `csv`) or Temporary."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What the form held: a file's id or pasted lines, and whether customers get an e-mail."""

    file_id: str = ""
    pasted: str = ""
    send_email: bool = False


class BulkUploads:
    """Turns what was uploaded into a proposal."""

    def __init__(
        self, bulk: Bulk, proposals: Confirmations, members: Members, ops: Ops, files: Files
    ) -> None:
        self._bulk = bulk
        self._proposals = proposals
        self._members = members
        self._ops = ops
        self._files = files

    def check(self, upload: Upload) -> None:
        """Raises Invalid (field `csv`) unless there is exactly one of file and pasted lines."""
        if not (upload.file_id or upload.pasted):
            raise Invalid(NOTHING, field="csv")
        if upload.file_id and upload.pasted:
            raise Invalid(BOTH, field="csv")

    async def propose(
        self, actor: Actor, channel_id: str, upload: Upload
    ) -> tuple[BulkPreview, Proposal]:
        """Fetch, judge and keep it until it is confirmed; nothing is issued yet.

        Raises Invalid (field `csv`) for a file that cannot be used at all, and Temporary.
        """
        self.check(upload)
        data = upload.pasted.encode()
        if upload.file_id:
            data = await self._files.fetch(actor, upload.file_id)
        member = await self._members.who(actor)
        preview = await self._bulk.read(data, member.language)
        place = Place(actor.workspace_id, channel_id)
        manner = Manner(upload.send_email, member.language, place)
        bulk_id = new_id()
        await self._bulk.keep(operator_of(actor, member.name), bulk_id, preview, manner)
        command = PendingCommand(BULK_ISSUE, channel_id, "{}", subject_id=bulk_id)
        return preview, await self._proposals.keep(actor, member.name, command)

    async def bad(self, actor: Actor, bulk_id: str) -> tuple[BulkLine, ...]:
        """Every line that could not be issued; for ops admins. Raises NotAllowed, NotFound."""
        await self._ops.allow_again(actor, LICENSE_ISSUE)
        return await self._bulk.results(bulk_id, "bad")

    async def keys(self, actor: Actor, bulk_id: str, after: int) -> KeyPage:
        """The next keys behind that line; for ops admins. Raises NotAllowed, NotFound."""
        operator = await self._ops.allow_again(actor, LICENSE_ISSUE)
        return await self._bulk.keys(operator, bulk_id, after=after)
