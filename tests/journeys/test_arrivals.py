"""A meeting ends, and its follow-up begins by itself: told once, and to whom it belongs."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from integrations.sandbox.fathom.hooks import LOST, TWICE, WRONG
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from services.people import ASK, DRAFT
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, PICKER, card, modal
from tests.kit.arrivals_stage import RECOVERY, ArrivalsStage
from tests.kit.product import Product
from tests.kit.waiting import until

READY = "I wrote this on my own"
ASKED = "Shall I write the follow-up?"


@pytest_asyncio.fixture
async def news(
    sandbox: Sandbox, database: Database, ledger: Ledger
) -> AsyncIterator[ArrivalsStage]:
    """Arrivals, of which nothing is left behind."""
    stage = ArrivalsStage(sandbox, database)
    yield stage
    await ledger.idle()
    await stage.clean()


async def test_a_meeting_ends_and_its_draft_waits_in_the_messages(
    ada: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    meeting = news.ends(ada)

    shown = await card(ada, READY)
    assert meeting.title in shown
    assert "Petra Lindholm" in shown
    assert len(ada.messages()) == 1
    assert len(ledger.calls("anthropic", "messages")) == 1
    # What was said came with the delivery.
    assert ledger.calls("fathom", "recordings.transcript") == []


async def test_who_wants_to_be_asked_is_asked_and_the_card_becomes_the_drafts(
    ada: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, ASK)
    news.ends(ada)

    asked = await card(ada, ASKED)
    assert "Your meeting with" in asked
    assert ledger.calls("anthropic", "messages") == []
    await ada.click("arrivals.write", within=asked)

    await card(ada, "Version 1")
    assert len(ada.messages()) == 1


async def test_a_meeting_among_colleagues_is_no_news(
    ada: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    meeting = news.ends(ada, "colleagues")

    row = await news.judged(ada, meeting)
    assert (row.state, row.reason) == ("quiet", "colleagues")
    assert ada.messages() == []
    assert ledger.calls("anthropic", "messages") == []


async def test_repeats_of_a_delivery_and_forged_ones_add_nothing(
    ada: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    ledger.plan(Fault("fathom", "webhooks.deliver", TWICE))
    meeting = news.ends(ada)
    await card(ada, READY)
    # Fathom tells of it once more under another id: something about it is newer.
    news.fathom.hooks.tell(meeting)
    await news.delivered(meeting)
    ledger.plan(Fault("fathom", "webhooks.deliver", WRONG))
    forged = news.ends(ada)
    await news.delivered(forged)
    await ledger.idle()

    assert len(ada.messages()) == 1
    assert len(ledger.calls("anthropic", "messages")) == 1
    assert await news.row(ada, forged) is None
    [answer] = {one.status for one in news.told(forged)}
    assert answer == 400


async def test_a_meeting_that_is_not_transcribed_yet_says_so_and_is_looked_at_again(
    ada: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, ASK)
    meeting = news.ends(ada, "silent")

    waiting = await card(ada, "no transcript of it yet")
    assert "has ended" in waiting
    assert "I look again at" in waiting
    news.fathom.endings.transcribe(meeting.recording_id)
    await ada.click("arrivals.look_again", within=waiting)

    await card(ada, ASKED)
    assert len(ada.messages()) == 1
    assert ledger.calls("anthropic", "messages") == []


async def test_a_meeting_nobody_told_of_is_found_by_looking(
    ada: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    ledger.plan(Fault("fathom", "webhooks.deliver", LOST))
    meeting = news.ends(ada)
    await news.look()

    await card(ada, READY)
    # The webhook comes after all, and adds nothing.
    news.fathom.hooks.tell(meeting)
    await news.delivered(meeting)
    await ledger.idle()
    assert len(ada.messages()) == 1


async def test_each_of_two_members_gets_a_draft_of_their_own(
    ada: Visitor, sam: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    await news.watched(sam, DRAFT)
    meeting = news.ends_for(ada, sam)

    await card(ada, READY)
    await card(sam, READY)
    ours, theirs = await news.row(ada, meeting), await news.row(sam, meeting)
    assert ours is not None
    assert theirs is not None
    assert ours.followup_id != theirs.followup_id
    assert (len(ada.messages()), len(sam.messages())) == (1, 1)
    assert len(ledger.calls("anthropic", "messages")) == 2


async def test_a_shared_recording_of_others_is_no_news(
    ada: Visitor, sam: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    await news.watched(sam, DRAFT)
    meeting = news.ends_for(ada, sam, attended=False)

    await card(ada, READY)
    row = await news.judged(sam, meeting)
    assert (row.state, row.reason) == ("quiet", "absent")
    assert sam.messages() == []


async def test_nothing_is_posted_where_others_read(
    ada: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    news.ends(ada)
    await card(ada, READY)

    posted = ledger.calls("slack", "chat.postMessage")
    assert {post["request"]["body"]["channel"] for post in posted} == {ada.id}


async def test_a_draft_that_began_by_itself_is_the_one_that_the_list_opens(
    ada: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    news.ends(ada)
    await card(ada, READY)

    await ada.command("/followup lindholm")
    await modal(ada, PICKER)
    await ada.click("followups.open")
    await modal(ada, EDITOR)
    assert len(ledger.calls("anthropic", "messages")) == 1


async def test_a_saved_key_makes_one_webhook_and_disconnecting_takes_it_away(
    nora: Visitor, news: ArrivalsStage, ledger: Ledger
) -> None:
    await nora.command("/seguito connections")
    await modal(nora, "connections.overview")
    await nora.click("connections.connect_fathom")
    await modal(nora, "connections.fathom_form")
    await nora.type("connections.fathom_key", nora.person.fathom_key)
    await nora.submit()
    await nora.sees("Fathom is connected")
    await until(lambda: len(news.fathom.hooks.of(nora.id)) == 1)
    await ledger.idle()
    [hook] = [dict(one) for one in news.fathom.hooks.of(nora.id)]

    await nora.close(everything=True)
    await nora.command("/seguito connections")
    await modal(nora, "connections.overview")
    await nora.click("connections.disconnect")
    await until(lambda: not news.fathom.hooks.of(nora.id))

    # One that Fathom had sent off before is told that nobody waits any more.
    news.fathom.hooks.all[hook["id"]] = hook
    meeting = news.ends(nora)
    await news.delivered(meeting)
    del news.fathom.hooks.all[hook["id"]]
    assert [one.status for one in news.told(meeting)] == [410]
    assert nora.messages() == []


async def test_a_kill_between_the_delivery_and_the_card_leaves_one_live_card(
    ada: Visitor, news: ArrivalsStage, product: Product, ledger: Ledger
) -> None:
    await news.watched(ada, ASK)
    hold = ledger.plan(Fault("slack", "chat.postMessage", "slow", seconds=0.7))
    meeting = news.ends(ada)
    await ledger.spoiled(hold)

    product.kill()
    await product.start()
    await until(lambda: len(ada.messages()) == 2, within=RECOVERY)
    await news.judged(ada, meeting, "asked", told=True)

    # The first was accepted by Slack, and nobody noted it: it goes when it is used.
    first = ada.messages()[0]
    await ada.click("arrivals.write", within=first)
    await card(ada, "Version 1")
    await until(lambda: len(ada.messages()) == 1)
    assert len(ledger.calls("anthropic", "messages")) == 1


async def test_a_kill_before_a_delivery_is_read_loses_nothing(
    ada: Visitor, news: ArrivalsStage, product: Product, ledger: Ledger
) -> None:
    await news.watched(ada, DRAFT)
    hold = ledger.plan(Fault("anthropic", "messages", "slow", seconds=0.7))
    news.ends(ada)
    await ledger.spoiled(hold)

    product.kill()
    await product.start()
    await card(ada, READY, within=RECOVERY)
    await ledger.idle()
    assert len(ada.messages()) == 1
