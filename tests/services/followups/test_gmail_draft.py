"""The Gmail draft over several attempts: one draft, with the words of the last one asked for."""

from email.message import EmailMessage
from typing import cast
from uuid import uuid4

import pytest

from db.followups import followups as table
from db.store.session import Database
from integrations.errors import Unreachable
from integrations.google.client import Google
from integrations.google.types import MARKER_HEADER, DraftReceipt
from services.actors import Actor
from services.connections.gmail import Access, Gmail
from services.errors import Temporary
from services.followups.drafts import DRAFT, Draft, Edits, Options
from services.followups.followups import NewFollowUp
from services.followups.gmail_draft import Mailbox, Mails
from services.followups.progress import READY
from services.phrases import Phrase
from tests.kit.desk import NOW, Desk

AWAY = Temporary(Phrase("Away.", "Via."))


class Inbox:
    """A mailbox whose server may forget to answer."""

    def __init__(self) -> None:
        self.drafts: dict[str, EmailMessage] = {}
        self.loses_reply = False

    async def find_draft(self, token: str, marker: str) -> DraftReceipt | None:
        """By our header."""
        found = (i for i, mail in self.drafts.items() if mail[MARKER_HEADER] == marker)
        return next((_receipt(draft_id) for draft_id in found), None)

    async def create_draft(
        self, token: str, message: EmailMessage, thread_id: str | None
    ) -> DraftReceipt:
        """It is there, whether one hears of it or not."""
        draft_id = f"r{len(self.drafts) + 1}"
        self.drafts[draft_id] = message
        if self.loses_reply:
            raise Unreachable("google", "reply lost")
        return _receipt(draft_id)

    async def update_draft(self, token: str, draft_id: str, message: EmailMessage) -> DraftReceipt:
        """Another message in its place."""
        self.drafts[draft_id] = message
        return _receipt(draft_id)


class Grants:
    """Everybody's Gmail is connected."""

    async def connected(self, actor: Actor) -> str:
        """The address."""
        return "me@home.example"

    async def access(self, actor: Actor) -> Access:
        """A token that works."""
        return Access("token", "me@home.example")


class Post:
    """A follow-up that is written, and the way into Gmail."""

    def __init__(self, database: Database) -> None:
        self.desk = Desk(database)
        self.box = Inbox()
        mailbox = Mailbox(cast(Gmail, Grants()), cast(Google, self.box))
        self.mails = Mails(database, mailbox, self.desk.members, self.desk.stage, lambda: NOW)

    async def written(self) -> str:
        """The first version is there."""
        asked = NewFollowUp(uuid4().hex, await self.desk.met(), Options())
        followup = await self.desk.followups.start(self.desk.actor, asked)
        version = table.Version(
            followup_id=followup.id,
            number=1,
            run=1,
            origin="written",
            content=DRAFT.dump_json(Draft("Recap", "First words.")).decode(),
            created_at=NOW,
        )
        async with self.desk.database.transaction() as session:
            row = await table.find_job(session, followup.id, lock=True)
            assert row is not None
            row.status, row.version = READY, 1
            session.add_all((row, version))
        return followup.id

    async def status(self, followup_id: str) -> str:
        """Of the receipt."""
        followup = await self.desk.followups.see(self.desk.actor, followup_id)
        assert followup.gmail is not None
        return followup.gmail.status


@pytest.fixture
def post(database: Database) -> Post:
    """A post office for one."""
    return Post(database)


def _receipt(draft_id: str) -> DraftReceipt:
    return DraftReceipt(draft_id, f"m-{draft_id}", "")


async def test_a_draft_made_by_a_lost_attempt_gets_the_words_of_the_next(post: Post) -> None:
    followup_id = await post.written()
    await post.mails.request(post.desk.actor, followup_id)
    post.box.loses_reply = True
    with pytest.raises(Temporary):
        await post.mails.deliver(followup_id, "1")
    await post.mails.failed(followup_id, "1", "abc", AWAY)
    edits = Edits(subject="Recap", body="Better words.", summary="", note="")
    await post.desk.followups.edit(post.desk.actor, followup_id, edits)
    await post.mails.request(post.desk.actor, followup_id)
    await post.mails.deliver(followup_id, "2")
    [mail] = post.box.drafts.values()
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == "Better words.\n\nAda"
    assert await post.status(followup_id) == "done"


async def test_a_failure_told_late_leaves_the_next_attempt_alone(post: Post) -> None:
    followup_id = await post.written()
    await post.mails.request(post.desk.actor, followup_id)
    await post.mails.failed(followup_id, "1", "abc", AWAY)
    await post.mails.request(post.desk.actor, followup_id)
    await post.mails.failed(followup_id, "1", "abc", AWAY)
    assert await post.status(followup_id) == "pending"
    await post.mails.deliver(followup_id, "2")
    assert await post.status(followup_id) == "done"


async def test_a_retried_step_finds_the_draft_whose_reply_was_lost(post: Post) -> None:
    followup_id = await post.written()
    await post.mails.request(post.desk.actor, followup_id)
    post.box.loses_reply = True
    with pytest.raises(Temporary):
        await post.mails.deliver(followup_id, "1")
    await post.mails.deliver(followup_id, "1")
    assert len(post.box.drafts) == 1
    assert await post.status(followup_id) == "done"
