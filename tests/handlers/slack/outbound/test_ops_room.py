"""The ops room: what those who run the business must know, said in their channel."""

import pytest

from db.store.session import Database
from handlers.slack.outbound.ops_room import SlackOpsRoom
from services.actors import Actor
from services.errors import Temporary
from services.webhooks.letters_webhooks import GONE
from tests.kit.door_stage import HOME, stage

URL = "https://shop.example/hooks"


async def test_a_dead_endpoint_is_told_in_the_ops_channel(database: Database) -> None:
    async with stage(database) as s:
        await SlackOpsRoom(s.slack.client, HOME, "C0OPS").endpoint_off(URL, GONE)
        said = [call for call in s.fake.calls if "chat.postMessage" in repr(call)]
        assert len(said) == 1
        assert "C0OPS" in repr(said)
        assert URL in repr(said)


async def test_slack_being_away_is_worth_another_try(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postMessage"] = "internal_error"
        with pytest.raises(Temporary):
            await SlackOpsRoom(s.slack.client, HOME, "C0OPS").endpoint_off(URL, GONE)


async def test_a_channel_that_is_not_there_is_not_tried_for_ever(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postMessage"] = "channel_not_found"
        await SlackOpsRoom(s.slack.client, HOME, "C0OPS").endpoint_off(URL, GONE)


async def test_a_workspace_that_does_not_know_us_is_not_tried_for_ever(database: Database) -> None:
    async with stage(database) as s:
        await SlackOpsRoom(s.slack.client, "T0GONE", "C0OPS").endpoint_off(URL, GONE)
        assert s.fake.named("chat.postMessage") == []


async def test_without_an_ops_channel_nothing_is_said() -> None:
    async def nobody(actor: Actor) -> object:
        raise AssertionError("somebody was spoken to")

    await SlackOpsRoom(nobody, HOME, "").endpoint_off(URL, GONE)  # type: ignore[arg-type] # none


async def test_lost_emails_are_told_together(database: Database) -> None:
    async with stage(database) as s:
        await SlackOpsRoom(s.slack.client, HOME, "C0OPS").emails_lost(2, 1)
        (said,) = [repr(call) for call in s.fake.calls if "chat.postMessage" in repr(call)]
        assert "2 e-mails to customers were given up" in said
        assert "Of one e-mail nobody knows" in said
        assert "GET /api/emails with state=uncertain" in said
