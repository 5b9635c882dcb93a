"""The recap: into the channel that was chosen, once, and only where its owner may want it."""

import json
from dataclasses import dataclass, field, replace

import pytest

from db.store.session import Database
from services.actors import Actor
from services.errors import AWAY, Conflict, DomainError, Invalid, NotAllowed, Temporary
from services.followups.actions import ANEW
from services.followups.drafts import ActionItem, Draft
from services.followups.progress import FollowUp
from services.followups.recap import (
    RECAP_WISHES,
    Recap,
    RecapChannel,
    RecapPost,
    RecapWish,
    recap_lost,
)
from services.phrases import Phrase
from tests.kit.action_desk import ActionDesk

SALES = RecapChannel("C1", "sales", is_member=True)
NO = Phrase("No.", "No.")
ITEMS = (ActionItem("Send the offer", "Bob", "2026-11-27"), ActionItem("Call back"))
DRAFT = Draft("Recap", "Words.", summary="It went well.", action_items=ITEMS)


@dataclass
class Room:
    """Channels whose Slack may refuse, or forget to answer."""

    channels: dict[str, RecapChannel] = field(default_factory=lambda: {"C1": SALES})
    posts: list[tuple[str, str]] = field(default_factory=list)
    trouble: DomainError | None = None
    keeps: bool = False

    async def channel(self, actor: Actor, channel_id: str) -> RecapChannel:
        """One of them."""
        return self.channels[channel_id]

    async def post(
        self, followup: FollowUp, channel: RecapChannel, text: str, *, language: str
    ) -> RecapPost:
        """It is there, unless it was refused before."""
        if isinstance(self.trouble, Conflict | Temporary):
            raise self.trouble
        self.posts.append((channel.id, text))
        if self.trouble is not None:
            raise self.trouble
        return RecapPost(channel.id, f"{len(self.posts)}.0", "https://slack.example/p1")

    async def delete(self, actor: Actor, channel_id: str, ts: str) -> None:
        """The message with this number."""
        if self.keeps:
            raise NotAllowed(NO)
        self.posts.pop(int(float(ts)) - 1)


@pytest.fixture
def room() -> Room:
    """One channel, #sales."""
    return Room()


@pytest.fixture
def desk(database: Database, room: Room) -> ActionDesk:
    """A follow-up whose recap can be posted."""
    desk = ActionDesk(database)
    return ActionDesk(database, [Recap(database, desk.desk.meetings, room)])


def wish(**chosen: object) -> dict[str, str | None]:
    """A recap into #sales."""
    return {"recap": json.dumps({"channel_id": "C1", **chosen})}


async def test_what_was_seen_is_posted_once_and_its_receipt_has_the_link(
    desk: ActionDesk, room: Room
) -> None:
    followup_id = await desk.written(DRAFT)
    for _ in range(2):
        await desk.actions.request(desk.actor, followup_id, wish(text="Seen and changed."))
        await desk.take(followup_id)
    assert room.posts == [("C1", "Seen and changed.")]
    receipt = await desk.receipt(followup_id, "recap")
    assert (receipt.status, receipt.note, receipt.url) == (
        "done",
        "#sales",
        "https://slack.example/p1",
    )


async def test_its_words_are_summary_and_action_items_with_owners_as_text(
    desk: ActionDesk, room: Room
) -> None:
    followup_id = await desk.written(DRAFT)
    await desk.actions.request(desk.actor, followup_id, wish())
    await desk.take(followup_id)
    [(_, text)] = room.posts
    assert text.split("\n\n") == [
        "Recap: Call",
        "It went well.",
        "Action items:\n• Send the offer (Bob, by 2026-11-27)\n• Call back",
    ]
    assert "<@" not in text


async def test_a_reply_that_got_lost_is_asked_about_and_never_repeated(
    desk: ActionDesk, room: Room
) -> None:
    followup_id = await desk.written(DRAFT)
    room.trouble = recap_lost("sales")
    await desk.actions.request(desk.actor, followup_id, wish())
    await desk.take(followup_id)
    receipt = await desk.receipt(followup_id, "recap")
    assert (receipt.status, receipt.question) == ("asking", "uncertain")
    room.trouble = None
    await desk.actions.request(desk.actor, followup_id, wish())
    await desk.take(followup_id)
    assert len(room.posts) == 1
    await desk.actions.leave(desk.actor, followup_id, "recap")
    assert (await desk.receipt(followup_id, "recap")).status == "done"
    assert "do not know which message" in (await undone(desk, followup_id))


async def test_who_looked_and_found_nothing_has_it_posted(desk: ActionDesk, room: Room) -> None:
    followup_id = await desk.written(DRAFT)
    room.trouble = recap_lost("sales")
    await desk.actions.request(desk.actor, followup_id, wish())
    await desk.take(followup_id)
    room.trouble, room.posts = None, []
    await desk.actions.request(desk.actor, followup_id, {"recap": None}, answer=ANEW)
    await desk.take(followup_id)
    assert len(room.posts) == 1
    assert (await desk.receipt(followup_id, "recap")).status == "done"


async def test_a_process_that_died_after_posting_asks_and_posts_no_second(
    desk: ActionDesk, room: Room
) -> None:
    followup_id = await desk.written(DRAFT)
    await desk.actions.request(desk.actor, followup_id, wish())
    operation = await desk.operation(followup_id)
    work = await desk.operations._begin(operation.id, "1", "recap")
    assert not isinstance(work, float)
    order = await desk.run._order("recap", work, ("pending",))
    action = desk.run._actions.find("recap")
    assert order is not None
    assert action is not None
    await action.act(order)
    await desk.take(followup_id)
    assert len(room.posts) == 1
    assert (await desk.receipt(followup_id, "recap")).question == "uncertain"


@pytest.mark.parametrize("trouble", [Conflict(NO), Temporary(AWAY, vendor="Slack")])
async def test_what_slack_did_not_take_is_posted_by_the_next_try(
    desk: ActionDesk, room: Room, trouble: DomainError
) -> None:
    followup_id = await desk.written(DRAFT)
    room.trouble = trouble
    await desk.actions.request(desk.actor, followup_id, wish())
    await desk.take(followup_id)
    assert room.posts == []
    room.trouble = None
    await desk.actions.request(desk.actor, followup_id, wish())
    await desk.take(followup_id)
    assert len(room.posts) == 1


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        (replace(SALES, is_member=False), "/invite @Seguito"),
        (replace(SALES, is_archived=True), "archived"),
        (replace(SALES, is_shared=True), "outside"),
    ],
)
async def test_where_it_may_not_go_is_one_sentence_and_nothing_is_posted(
    desk: ActionDesk, room: Room, channel: RecapChannel, says: str
) -> None:
    followup_id = await desk.written(DRAFT)
    await desk.actions.request(desk.actor, followup_id, wish())
    # It changed between the choice and the posting.
    room.channels["C1"] = channel
    await desk.take(followup_id)
    receipt = await desk.receipt(followup_id, "recap")
    assert receipt.status == "failed"
    assert says in receipt.problem
    assert room.posts == []


async def test_outsiders_read_it_only_where_its_owner_said_so(desk: ActionDesk, room: Room) -> None:
    room.channels["C1"] = replace(SALES, is_shared=True)
    followup_id = await desk.written(DRAFT)
    await desk.actions.request(desk.actor, followup_id, wish(outsiders=True))
    await desk.take(followup_id)
    assert len(room.posts) == 1


async def test_without_a_channel_it_cannot_be_begun(desk: ActionDesk) -> None:
    followup_id = await desk.written(DRAFT)
    with pytest.raises(Conflict):
        await desk.actions.request(desk.actor, followup_id, {"recap": None})
    review = await desk.actions.review(desk.actor, followup_id)
    assert "Choose the channel" in review.planned[0].plan.refusal


async def test_the_last_channel_is_offered_again_but_no_words_and_no_leave(
    desk: ActionDesk, room: Room, database: Database
) -> None:
    followup_id = await desk.written(DRAFT)
    await desk.actions.request(desk.actor, followup_id, wish(text="Old words.", outsiders=True))
    await desk.take(followup_id)
    second = await desk.written(DRAFT)
    order = await desk.actions.plan(desk.actor, second, "recap")
    form = await Recap(database, desk.desk.meetings, room).form(order)
    assert form.wish == RecapWish("C1")
    assert "Old words." not in form.text


async def test_a_meeting_among_colleagues_is_in_doubt(desk: ActionDesk) -> None:
    followup_id = await desk.written(DRAFT)
    await desk.actions.wish(desk.actor, followup_id, "recap", wish()["recap"] or "")
    [planned] = (await desk.actions.review(desk.actor, followup_id)).planned
    assert "Nobody from outside" in planned.plan.doubt
    assert not planned.plan.ticked


async def test_undo_deletes_the_message_or_says_why_it_stays(desk: ActionDesk, room: Room) -> None:
    followup_id = await desk.written(DRAFT)
    await desk.actions.request(desk.actor, followup_id, wish())
    await desk.take(followup_id)
    room.keeps = True
    assert "does not let me delete" in await undone(desk, followup_id)
    room.keeps = False
    assert await undone(desk, followup_id) == ""
    assert room.posts == []


@pytest.mark.parametrize(
    ("chosen", "named"),
    [
        (RecapWish("", "Words."), "channel"),
        (RecapWish("C1", " "), "text"),
        (RecapWish("C1", "x" * 10_001), "text"),
    ],
)
async def test_what_cannot_be_posted_names_its_field(
    desk: ActionDesk, room: Room, database: Database, chosen: RecapWish, named: str
) -> None:
    recap = Recap(database, desk.desk.meetings, room)
    with pytest.raises(Invalid) as refused:
        await recap.checked(desk.actor, chosen)
    assert refused.value.field == named


def test_a_wish_is_read_as_it_was_kept() -> None:
    chosen = RecapWish("C1", "Words.", outsiders=True)
    assert RECAP_WISHES.validate_json(RECAP_WISHES.dump_json(chosen)) == chosen


async def undone(desk: ActionDesk, followup_id: str) -> str:
    """What an undo leaves, and why."""
    await desk.undo(followup_id, "recap")
    return (await desk.receipt(followup_id, "recap")).kept
