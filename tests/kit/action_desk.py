"""A written follow-up and its actions, taken by hand; Gmail is a mailbox of a few lines."""

from collections.abc import Iterable
from contextlib import suppress
from copy import deepcopy
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import cast
from uuid import uuid4

from db.followups import followups as table
from db.store.session import Database
from integrations.errors import RefusedByVendor, Unreachable
from integrations.google.client import Google
from integrations.google.types import MARKER_HEADER, DraftReceipt
from services.actors import Actor
from services.connections.gmail import Access, Gmail
from services.errors import DomainError
from services.followups.acting import Actions
from services.followups.action_run import ACT, UNDO, ActionRun
from services.followups.actions import ActionSet, FollowUpAction, Guard
from services.followups.drafts import DRAFT, Draft, Edits, Options
from services.followups.followups import NewFollowUp
from services.followups.gmail_draft import GmailDraft, Mailbox
from services.followups.progress import READY, FollowUp, Receipt
from services.operations import GO_ON, OVER, Operation, Operations, Place
from tests.kit.desk import NOW, Desk

FIRST = Draft("Recap", "First words.")


class Inbox:
    """A mailbox whose server may forget to answer, and whose owner works in it."""

    def __init__(self) -> None:
        self.drafts: dict[str, EmailMessage] = {}
        # Of those that were sent, and those that were discarded afterwards.
        self.threads: set[str] = set()
        self.loses_reply = False
        self._made = 0

    async def find_draft(self, token: str, marker: str) -> DraftReceipt | None:
        """By our header."""
        found = (i for i, mail in self.drafts.items() if mail[MARKER_HEADER] == marker)
        return next((_receipt(draft_id) for draft_id in found), None)

    async def read_draft(self, token: str, draft_id: str) -> EmailMessage | None:
        """What it holds."""
        return deepcopy(self.drafts.get(draft_id))

    def send(self, draft_id: str) -> None:
        """Its owner sends it."""
        del self.drafts[draft_id]
        self.threads.add(f"t-{draft_id}")

    async def create_draft(
        self, token: str, message: EmailMessage, thread: str | None = None
    ) -> DraftReceipt:
        """It is there, whether one hears of it or not."""
        if thread is not None and thread not in self.threads:
            raise RefusedByVendor("google", "notFound")
        self._made += 1
        draft_id = f"r{self._made}"
        return self._put(draft_id, message)

    async def update_draft(
        self, token: str, draft_id: str, message: EmailMessage, thread: object = None
    ) -> DraftReceipt:
        """Another message in its place."""
        return self._put(draft_id, message)

    async def delete_draft(self, token: str, draft_id: str) -> None:
        """Gone, also when it was gone."""
        self.drafts.pop(draft_id, None)

    def plain(self) -> list[str]:
        """The texts of all drafts."""
        bodies = [mail.get_body(("plain",)) for mail in self.drafts.values()]
        return [body.get_content().strip() for body in bodies if body is not None]

    def _put(self, draft_id: str, message: EmailMessage) -> DraftReceipt:
        self.drafts[draft_id] = message
        if self.loses_reply:
            self.loses_reply = False
            raise Unreachable("google", "reply lost")
        return _receipt(draft_id)


class Grants:
    """Everybody's Gmail is connected."""

    async def connected(self, actor: Actor) -> str:
        """The address."""
        return "me@home.example"

    async def access(self, actor: Actor) -> Access:
        """A token that works."""
        return Access("token", "me@home.example")


class NoCard:
    """Operations of follow-ups draw no card."""

    async def draw(self, operation: Operation) -> Place | None:
        """Nothing."""
        return None


class ActionDesk:
    """One member's written follow-up; `actions` instead of the Gmail draft."""

    def __init__(
        self,
        database: Database,
        actions: Iterable[FollowUpAction] = (),
        guards: Iterable[Guard] = (),
    ) -> None:
        self.desk = Desk(database)
        self.actor = self.desk.actor
        self.box = Inbox()
        mailbox = Mailbox(cast(Gmail, Grants()), cast(Google, self.box))
        wired = ActionSet(tuple(actions) or (GmailDraft(database, mailbox),), guards)
        self.now, self.met = NOW, 0
        self.operations = Operations(database, NoCard(), self.tick)
        members = self.desk.members
        self.actions = Actions(database, wired, self.operations, members, self.tick)
        self.run = ActionRun(database, wired, self.operations, members, self.tick)
        for kind in self.run.kinds:
            self.operations.register(kind)

    def tick(self) -> datetime:
        """A clock that goes on a little each time it is looked at."""
        self.now += timedelta(milliseconds=1)
        return self.now

    async def written(self, draft: Draft = FIRST, *, options: Options | None = None) -> str:
        """The first version of a follow-up of the one meeting is there."""
        self.met = self.met or await self.desk.met()
        asked = NewFollowUp(uuid4().hex, self.met, options or Options())
        followup = await self.desk.followups.start(self.actor, asked)
        version = table.Version(
            followup_id=followup.id,
            number=1,
            run=1,
            origin="written",
            content=DRAFT.dump_json(draft).decode(),
            created_at=NOW,
        )
        async with self.desk.database.transaction() as session:
            row = await table.find_job(session, followup.id, lock=True)
            assert row is not None
            row.status, row.version = READY, 1
            session.add_all((row, version))
        return followup.id

    async def edit(self, followup_id: str, edits: Edits) -> FollowUp:
        """The owner edits."""
        return await self.desk.followups.edit(self.actor, followup_id, edits)

    async def receipt(self, followup_id: str, action: str = "gmail") -> Receipt:
        """What came of it."""
        followup = await self.desk.followups.see(self.actor, followup_id)
        receipt = followup.receipt(action)
        assert receipt is not None
        return receipt

    async def operation(self, followup_id: str, kind: str = ACT) -> Operation:
        """The newest operation of this kind."""
        operation = await self.operations.of_subject(kind, followup_id)
        assert operation is not None
        return operation

    async def take(self, followup_id: str, kind: str = ACT, *, times: int = 1) -> Operation:
        """What the job does: every step that is not over, so often; then the end, if it is one."""
        operation = await self.operation(followup_id, kind)
        for _ in range(times):
            self.now += timedelta(minutes=1)
            for step in operation.steps:
                with suppress(DomainError):
                    answer = await self.operations.advance(operation.id, "1", step.name)
                    assert answer in (GO_ON, OVER) or answer > 0
        operation = await self.operation(followup_id, kind)
        if operation.is_over:
            await self.operations.finish(operation.id, "1")
        return operation

    async def undo(self, followup_id: str, *names: str) -> Operation:
        """Take these back."""
        await self.actions.undo(self.actor, followup_id, names)
        return await self.take(followup_id, UNDO)


def _receipt(draft_id: str) -> DraftReceipt:
    return DraftReceipt(draft_id, f"m-{draft_id}", f"t-{draft_id}")
