"""Alerts in Slack: posted once, drawn anew where they are, and what stands against it."""

from datetime import UTC, datetime

import pytest

from db.store.session import Database
from handlers.slack.outbound.alerts import SlackAlertRoom
from services.alerts import Alert, Cause, NoRoom
from services.errors import Temporary
from services.operations import Place
from tests.kit.door_stage import HOME, Stage, stage

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ALERT = Alert(Cause.VENDOR_DOWN, "Fathom", "", "firing", 1, 1, NOW, NOW, None)


def room(s: Stage, place: Place | None = Place(HOME, "C0OPS")) -> SlackAlertRoom:  # noqa: B008 - frozen
    """In the stage's Slack."""
    return SlackAlertRoom(s.slack.client, place, lambda cause: f"https://x.example/{cause}")


async def test_it_is_posted_with_its_runbook_drawn_anew_and_said_to_be_over(
    database: Database,
) -> None:
    async with stage(database) as s:
        place = await room(s).post(ALERT)
        await room(s).draw(place, ALERT)
        await room(s).recovered(ALERT)
        posted, over = s.fake.named("chat.postMessage")
        (drawn,) = s.fake.named("chat.update")
        assert "https://x.example/vendor_down" in str(posted["blocks"])
        assert (drawn["ts"], drawn["channel"]) == (place.message_ts, place.channel_id)
        assert "Fathom does not answer" in str(over["text"])


async def test_a_message_that_somebody_deleted_stays_deleted(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.update"] = "message_not_found"
        await room(s).draw(Place(HOME, "C0OPS", "1.1"), ALERT)
        assert s.fake.named("chat.postMessage") == []


@pytest.mark.parametrize("place", [None, Place("T0GONE", "C0OPS")])
async def test_without_a_channel_of_ours_there_is_no_room(
    database: Database, place: Place | None
) -> None:
    async with stage(database) as s:
        with pytest.raises(NoRoom):
            await room(s, place).post(ALERT)


async def test_a_channel_without_us_is_no_room_and_slack_away_is_temporary(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postMessage"] = "not_in_channel"
        with pytest.raises(NoRoom):
            await room(s).post(ALERT)
        s.fake.faults["chat.postMessage"] = "internal_error"
        with pytest.raises(Temporary):
            await room(s).post(ALERT)
