"""Lost e-mails are told to those who run the business: together, once, and not forgotten."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from db.store.session import Database
from integrations.errors import RefusedByVendor
from integrations.smtp.errors import Unconfirmed
from services.actors import Operator
from services.errors import AWAY, Temporary
from services.mail.emails_lost import LostEmails
from tests.kit.email_desk import Outbox

OPS = Operator("slack", "U1", "Ada")


class Room:
    """Hears how many there were; away as often as it is told to be."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []
        self.away = 0

    async def emails_lost(self, failed: int, uncertain: int) -> None:
        if self.away:
            self.away -= 1
            raise Temporary(AWAY, vendor="Slack")
        self.heard.append((failed, uncertain))


@pytest_asyncio.fixture
async def outbox(jobs_database: Database) -> AsyncIterator[Outbox]:
    outbox = Outbox(jobs_database)
    await LostEmails(jobs_database, Room()).tell()
    yield outbox


async def test_what_was_lost_is_told_together_and_once(outbox: Outbox) -> None:
    room = Room()
    lost = LostEmails(outbox.database, room)
    for error in (
        RefusedByVendor("smtp", "550"),
        RefusedByVendor("smtp", "550"),
        Unconfirmed("smtp", "cut"),
    ):
        outbox.postman.breaks = [error]
        await outbox.run(await outbox.queue())
    await outbox.run(await outbox.queue())
    await lost.tell()
    await lost.tell()
    assert room.heard == [(2, 1)]


async def test_one_lost_again_is_told_again(outbox: Outbox) -> None:
    room = Room()
    lost = LostEmails(outbox.database, room)
    for _ in range(2):
        outbox.postman.breaks = [RefusedByVendor("smtp", "550")]
        email = await outbox.run(await outbox.queue(dedupe="the same"))
        assert email.state == "failed"
        await lost.tell()
        await outbox.emails.resend(OPS, email.id)
    assert room.heard == [(1, 0), (1, 0)]


async def test_while_slack_is_away_nothing_is_forgotten(outbox: Outbox) -> None:
    room = Room()
    room.away = 1
    lost = LostEmails(outbox.database, room)
    outbox.postman.breaks = [RefusedByVendor("smtp", "550")]
    await outbox.run(await outbox.queue())
    with pytest.raises(Temporary):
        await lost.tell()
    await lost.tell()
    assert room.heard == [(1, 0)]
