"""What follows from an arrival: a draft, a question or nothing, told once and not at night."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.arrivals import arrivals
from db.followups import followups
from integrations.errors import RefusedByVendor
from integrations.fathom.types import Invitee
from services.actors import Actor
from services.arrivals import ArrivalPlace
from services.errors import NotFound
from services.followups import HELD, NewFollowUp, Options
from services.operations import GO_ON
from services.people import ASK, DRAFT, EXTERNAL, OFF
from tests.kit.arrivals_desk import SAID, ArrivalsDesk, said

NIGHT = timedelta(hours=10)
BOB = Invitee("Bob Mays", "bob@northwind.example", is_external=True)
ADA = Invitee("Ada Bell", "ada@northwind.example", is_external=False)


@pytest.mark.parametrize(
    ("choice", "invitees", "reason"),
    [
        (OFF, None, "off"),
        # Fathom says that Bob is from outside; his address knows better.
        (DRAFT, (ADA, BOB), "colleagues"),
        (EXTERNAL, (), "no_outsider"),
    ],
)
async def test_what_is_no_news_costs_nothing(
    desk: ArrivalsDesk, choice: str, invitees: tuple[Invitee, ...] | None, reason: str
) -> None:
    await desk.connect()
    await desk.choose(choice)
    meeting = desk.recording()
    if invitees is not None:
        meeting = replace(meeting, invitees=invitees)
    assert await desk.arrives(meeting)
    assert await desk.begin(meeting) == GO_ON

    row = await desk.row(meeting)
    assert (row.state, row.reason, row.followup_id) == ("quiet", reason, "")
    assert desk.slack.posts == {}


async def test_a_meeting_that_one_only_may_see_is_no_news(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.choose(DRAFT)
    sam = Invitee("Sam Lee", "sam@northwind.example", is_external=False)
    carol = Invitee("Carol Vance", "carol@acme.example", is_external=True)
    meeting = desk.recording(recorded_by=sam, invitees=(sam, carol))
    await desk.arrives(meeting)
    await desk.begin(meeting)
    assert (await desk.row(meeting)).reason == "absent"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (said("Test test test."), "Very little was said"),
        (said(*SAID, guest="Bob Mays"), "Nobody from outside spoke"),
    ],
)
async def test_what_holds_no_draft_asks_instead(
    desk: ArrivalsDesk, lines: tuple, words: str
) -> None:
    await desk.connect()
    await desk.choose(DRAFT)
    bob = replace(BOB, is_external=False)
    carol = Invitee("Carol Vance", "carol@acme.example", is_external=True)
    meeting = desk.recording(invitees=(ADA, bob, carol))
    await desk.arrives(meeting, lines)
    await desk.begin(meeting)

    [post] = desk.slack.texts
    assert words in post
    assert (await desk.row(meeting)).followup_id == ""


async def test_without_a_transcript_it_is_looked_for_six_times(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.choose(DRAFT)
    meeting = desk.recording()
    await desk.arrives(meeting, ())
    for _ in range(5):
        assert await desk.begin(meeting) > 0
        [post] = desk.slack.texts
        assert "I look again at" in post
        desk.now += timedelta(minutes=10)
    assert await desk.begin(meeting) == GO_ON
    [post] = desk.slack.texts
    assert "I have stopped looking" in post
    assert (await desk.row(meeting)).state == "over"


async def test_at_night_it_is_written_and_told_in_the_morning(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.choose(DRAFT, quiet=True)
    desk.now += NIGHT
    meeting = desk.recording()
    await desk.arrives(meeting)
    waits = await desk.begin(meeting)

    assert waits == timedelta(hours=10).total_seconds()
    row = await desk.row(meeting)
    async with desk.database.transaction() as session:
        followup = await followups.find(session, *desk.owner, row.followup_id)
    assert followup is not None
    assert followup.arrival == HELD
    await desk.services.followups.drafts.show(followup.id)
    assert desk.slack.posts == {}

    desk.now += timedelta(hours=10)
    assert await desk.begin(meeting) == GO_ON
    assert (await desk.row(meeting)).told_at == desk.now


async def test_who_switches_it_off_at_night_hears_nothing_in_the_morning(
    desk: ArrivalsDesk,
) -> None:
    await desk.connect()
    await desk.choose(ASK, quiet=True)
    desk.now += NIGHT
    meeting = desk.recording()
    await desk.arrives(meeting)
    assert await desk.begin(meeting) > 0
    await desk.choose(OFF)
    desk.now += timedelta(hours=10)
    await desk.begin(meeting)
    assert desk.slack.posts == {}


async def test_a_recording_arrives_once_whoever_tells_of_it(desk: ArrivalsDesk) -> None:
    await desk.connect()
    meeting = desk.recording()
    assert await desk.arrives(meeting)
    assert not await desk.arrives(meeting)
    assert not await desk.arrives(replace(meeting, title="Another title"))
    desk.fathom.recordings = [meeting]
    assert await desk.services.arrivals.polling.look(*desk.owner) == 0


async def test_a_second_delivery_changes_no_line_that_evidence_counts(desk: ArrivalsDesk) -> None:
    await desk.connect()
    meeting = desk.recording()
    await desk.arrives(meeting)
    before = await desk.services.meetings.spoken(desk.actor, meeting.recording_id)
    await desk.arrives(meeting, said("Something else.", *SAID))
    assert await desk.services.meetings.spoken(desk.actor, meeting.recording_id) == before


async def test_what_ended_before_one_connected_or_days_ago_is_no_news(desk: ArrivalsDesk) -> None:
    earlier = desk.recording(ended_at=desk.now - timedelta(hours=1))
    await desk.connect()
    assert not await desk.arrives(earlier)
    desk.fathom.recordings = [earlier]
    assert await desk.services.arrivals.polling.look(*desk.owner) == 0
    desk.now += timedelta(days=3)
    assert not await desk.arrives(desk.recording(ended_at=desk.now - timedelta(days=2)))
    assert await desk.arrives(desk.recording())


async def test_a_list_that_is_compared_finds_what_was_missed(desk: ArrivalsDesk) -> None:
    await desk.connect()
    meeting = desk.recording()
    desk.fathom.recordings = [meeting]
    assert desk.owner in await desk.services.arrivals.polling.due()
    assert desk.owner not in await desk.services.arrivals.polling.due()
    assert await desk.services.arrivals.polling.look(*desk.owner) == 1
    assert (await desk.row(meeting)).source == "poll"


async def test_a_recording_deleted_meanwhile_is_no_news_and_no_failure(desk: ArrivalsDesk) -> None:
    await desk.connect()
    meeting = desk.recording()
    await desk.arrives(meeting, ())
    desk.fathom.fails = [RefusedByVendor("fathom", "not_found")]
    assert await desk.begin(meeting) == GO_ON
    row = await desk.row(meeting)
    assert (row.state, row.reason) == ("quiet", "unreadable")


async def test_whoever_was_quicker_gets_no_second_one(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.choose(DRAFT)
    meeting = desk.recording()
    await desk.arrives(meeting)
    await desk.begin(meeting)
    first = (await desk.row(meeting)).followup_id

    # By hand, before anybody saw it: it is the same one, written anew.
    form = desk.services.followups.drafts
    asked = NewFollowUp("slack:v1:h1", meeting.recording_id, Options(tone="formal"), "V1")
    mine = await form.start(desk.actor, asked)
    assert mine.id == first
    assert (mine.run, mine.options.tone, mine.arrival) == (2, "formal", "")
    assert (await form.start(desk.actor, asked)).run == 2


async def test_a_follow_up_begun_by_hand_keeps_the_arrival_quiet(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.choose(DRAFT)
    meeting = desk.recording()
    await desk.services.meetings.arrived(desk.actor, meeting, ())
    asked = NewFollowUp("slack:v2:h2", meeting.recording_id, Options(), "V2")
    await desk.services.followups.drafts.start(desk.actor, asked)
    await desk.arrives(meeting)
    await desk.begin(meeting)
    assert (await desk.row(meeting)).reason == "followed"


async def test_when_slack_was_away_for_hours_the_next_comparison_tells_of_it(
    desk: ArrivalsDesk,
) -> None:
    await desk.connect()
    await desk.choose(DRAFT)
    meeting = desk.recording()
    await desk.arrives(meeting)
    await desk.begin(meeting)
    row = await desk.row(meeting)
    async with desk.database.transaction() as session:
        kept = await arrivals.find_job(session, row.id, lock=True)
        assert kept is not None
        kept.told_at = None
    await desk.services.arrivals.beginning.ended(row.id, "failed")
    assert (await desk.row(meeting)).state == "failed"

    desk.fathom.recordings = [meeting]
    await desk.services.arrivals.polling.look(*desk.owner)
    again = await desk.row(meeting)
    assert (again.run, again.state) == (2, "new")
    for step in ("look", "write", "tell"):
        assert await desk.services.operations.advance(again.operation_id, "1", step) == GO_ON
    last = await desk.row(meeting)
    assert (last.state, last.followup_id) == ("drafted", row.followup_id)
    assert last.told_at is not None


async def test_asking_for_what_was_begun_by_hand_meanwhile_makes_no_second_one(
    desk: ArrivalsDesk,
) -> None:
    await desk.connect()
    await desk.choose(ASK)
    meeting = desk.recording()
    await desk.arrives(meeting)
    await desk.begin(meeting)
    row = await desk.row(meeting)
    asked = NewFollowUp("slack:v3:h3", meeting.recording_id, Options(), card=("D1", "77.0"))
    mine = await desk.services.followups.drafts.start(desk.actor, asked)

    place = ArrivalPlace(row.card_channel, row.card_ts)
    assert await desk.services.arrivals.verbs.write(desk.actor, row.id, place) == mine.id
    assert desk.slack.posts == {}


async def test_nobody_else_may_use_a_members_card(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.choose(ASK)
    meeting = desk.recording()
    await desk.arrives(meeting)
    await desk.begin(meeting)
    row = await desk.row(meeting)
    verbs = desk.services.arrivals.verbs
    for stranger in (Actor(desk.actor.workspace_id, "U2"), Actor("T2", desk.actor.member_id)):
        for verb in (verbs.write, verbs.look_again, verbs.dismiss):
            with pytest.raises(NotFound):
                await verb(stranger, row.id, ArrivalPlace())


async def test_a_card_that_was_put_away_says_so(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.choose(ASK)
    meeting = desk.recording()
    await desk.arrives(meeting)
    await desk.begin(meeting)
    row = await desk.row(meeting)
    place = ArrivalPlace(row.card_channel, row.card_ts)
    for _ in range(2):
        await desk.services.arrivals.verbs.dismiss(desk.actor, row.id, place)
    [post] = desk.slack.texts
    assert "Put away" in post
