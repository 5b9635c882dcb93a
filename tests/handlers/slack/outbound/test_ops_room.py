"""The ops room: what those who run the business must know, said in their channel or as an alert."""

from datetime import UTC, datetime

import pytest

from db.store.session import Database
from handlers.slack.outbound.ops_room import SlackOpsRoom
from services.actors import Actor
from services.alerts import Alerts, Cause
from services.errors import Temporary
from services.webhooks.letters_webhooks import GONE
from tests.kit.alert_stage import AlertStage
from tests.kit.door_stage import HOME, Stage, stage
from views.kit import blocks as kit

URL = "https://shop.example/hooks"
HELLO = kit.message("Hello", kit.section("Hello"))


def room(s: Stage, database: Database, *, team: str = HOME, channel: str = "C0OPS") -> SlackOpsRoom:
    """In the stage's Slack."""
    alerts = Alerts(database, lambda: datetime.now(UTC))
    return SlackOpsRoom(s.slack.client, team, channel, alerts)


async def test_what_is_said_is_posted_in_the_ops_channel(database: Database) -> None:
    async with stage(database) as s:
        await room(s, database).say(HELLO)
        (said,) = s.fake.named("chat.postMessage")
        assert said["channel"] == "C0OPS"


async def test_slack_being_away_is_worth_another_try(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postMessage"] = "internal_error"
        with pytest.raises(Temporary):
            await room(s, database).say(HELLO)


async def test_a_channel_that_is_not_there_is_not_tried_for_ever(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postMessage"] = "channel_not_found"
        await room(s, database).say(HELLO)


async def test_a_workspace_that_does_not_know_us_is_not_tried_for_ever(database: Database) -> None:
    async with stage(database) as s:
        await room(s, database, team="T0GONE").say(HELLO)
        assert s.fake.named("chat.postMessage") == []


async def test_without_an_ops_channel_nothing_is_said(database: Database) -> None:
    async def nobody(actor: Actor) -> object:
        raise AssertionError("somebody was spoken to")

    alerts = Alerts(database, lambda: datetime.now(UTC))
    await SlackOpsRoom(nobody, HOME, "", alerts).say(HELLO)  # type: ignore[arg-type] # none


async def test_a_dead_endpoint_and_lost_emails_are_alerts_with_all_that_is_known(
    alert_stage: AlertStage,
) -> None:
    async with stage(alert_stage.database) as s:
        told = SlackOpsRoom(s.slack.client, HOME, "C0OPS", alert_stage.alerts)
        await told.endpoint_off(URL, GONE)
        await told.emails_lost(2, 1)
        assert s.fake.named("chat.postMessage") == []
    await alert_stage.telling.turn()
    detail = {one.cause: one.detail for one in alert_stage.channel.posted}
    assert URL in detail[Cause.WEBHOOK_OFF]
    assert "enable it in the API" in detail[Cause.WEBHOOK_OFF]
    assert "2 e-mails to customers were given up" in detail[Cause.EMAILS_LOST]
    assert "GET /api/emails with state=uncertain" in detail[Cause.EMAILS_LOST]
