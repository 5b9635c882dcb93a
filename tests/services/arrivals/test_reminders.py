"""One reminder of a draft that nobody used, and no second one."""

from datetime import timedelta

import pytest

from db.followups import followups
from services.people import DRAFT, OFF
from tests.kit.arrivals_desk import ArrivalsDesk

DAY = timedelta(days=1, minutes=1)


async def told(desk: ArrivalsDesk, *, status: str = "ready") -> str:
    """A meeting's draft has been told of; the arrival's id."""
    await desk.connect()
    await desk.choose(DRAFT)
    meeting = desk.recording()
    await desk.arrives(meeting)
    await desk.begin(meeting)
    row = await desk.row(meeting)
    async with desk.database.transaction() as session:
        followup = await followups.find(session, *desk.owner, row.followup_id)
        assert followup is not None
        followup.status, followup.card_channel, followup.card_ts = status, "D1", "9.0"
    desk.slack.posts.clear()
    return row.id


async def test_a_draft_unused_for_a_day_is_mentioned_once_below_its_card(
    desk: ArrivalsDesk,
) -> None:
    arrival = await told(desk)
    reminders = desk.services.arrivals.reminders
    assert arrival not in await reminders.due()
    desk.now += DAY
    assert arrival in await reminders.due()
    assert await reminders.remind(arrival)
    assert not await reminders.remind(arrival)
    assert arrival not in await reminders.due()

    [post] = desk.slack.posts.values()
    assert (post["channel"], post["thread_ts"]) == ("D1", "9.0")
    assert "still unused" in post["text"]


async def test_in_quiet_hours_it_waits_for_the_morning(desk: ArrivalsDesk) -> None:
    arrival = await told(desk)
    await desk.choose(DRAFT, quiet=True)
    await desk.services.people.afresh(desk.actor)
    desk.now += DAY + timedelta(hours=10)
    reminders = desk.services.arrivals.reminders
    assert not await reminders.remind(arrival)
    assert arrival in await reminders.due()


@pytest.mark.parametrize("status", ["discarded", "failed", "writing"])
async def test_what_was_put_away_or_never_came_is_not_mentioned(
    desk: ArrivalsDesk, status: str
) -> None:
    arrival = await told(desk, status=status)
    desk.now += DAY
    assert not await desk.services.arrivals.reminders.remind(arrival)
    assert desk.slack.posts == {}


async def test_a_draft_that_was_used_is_not_mentioned(desk: ArrivalsDesk) -> None:
    arrival = await told(desk)
    meeting_row = desk.numbers[-1]
    async with desk.database.transaction() as session:
        followup = await followups.latest(session, *desk.owner, meeting_row)
        assert followup is not None
        receipt = followups.ReceiptRow(
            followup_id=followup.id, action="gmail", version=1, status="done", created_at=desk.now
        )
        session.add(receipt)
    desk.now += DAY
    assert not await desk.services.arrivals.reminders.remind(arrival)
    assert desk.slack.posts == {}


async def test_whoever_switched_it_off_is_not_reminded(desk: ArrivalsDesk) -> None:
    arrival = await told(desk)
    await desk.choose(OFF)
    desk.now += DAY
    assert not await desk.services.arrivals.reminders.remind(arrival)
    assert desk.slack.posts == {}
