"""Everything a follow-up is put to use for: reviewed, done once whatever goes wrong, undone."""

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.rooms import Post, Room
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import card, modal, submit, write
from tests.kit.product import Product

REVIEW = "followups.review"
RECAP_FORM = "followups.recap_form"
DRAFTED = "The draft is in your Gmail"
POSTED = "The recap is posted. #sales"
UNCERTAIN = "Slack did not say whether the recap arrived in #sales"
RECOVERY = 120


def room(person: Visitor, channel: str = "C0SALES") -> Room:
    """A channel, with everything that was said in it."""
    found = person.team.rooms.find(channel)
    assert found is not None
    return found


def recaps(person: Visitor) -> list[Post]:
    """What the app said in #sales."""
    return [post for post in room(person).posts if post.by_app]


async def recap_form(person: Visitor) -> None:
    """A follow-up is written and on its card, and its recap asks for a channel."""
    await write(person, "saffron")
    await card(person, "Version 1")
    await person.click("followups.open_recap")
    await modal(person, RECAP_FORM)


async def test_a_recap_is_seen_changed_and_posted_once(ada: Visitor, ledger: Ledger) -> None:
    await recap_form(ada)
    await ada.choose("followups.recap_channel", "sales")
    await ada.type("followups.recap_text", "Short: <!channel> it went well & R&D agreed.")
    await submit(ada)
    await ada.sees(POSTED)
    [post] = recaps(ada)
    assert "&lt;!channel&gt; it went well &amp; R&amp;D agreed." in post.text
    assert "fathom.video" in str(post.blocks)
    assert len(ledger.calls("slack", "chat.postMessage")) == 2  # the card, and this


async def test_where_i_am_not_is_told_at_once_and_an_invitation_mends_it(ada: Visitor) -> None:
    await recap_form(ada)
    await ada.choose("followups.recap_channel", "general")
    outcome = await ada.submit()
    assert "I am not in #general. Write “/invite @Seguito” there" in str(outcome.errors)
    await ada.command("/invite @Seguito", "C0GENERAL")
    try:
        await submit(ada)
        await ada.sees("The recap is posted. #general")
    finally:
        room(ada, "C0GENERAL").members.discard(ada.team.workspace.bot_user_id)


async def test_an_archived_channel_is_told_at_once(ada: Visitor) -> None:
    await recap_form(ada)
    room(ada).archived = True
    try:
        await ada.choose("followups.recap_channel", "sales")
        outcome = await ada.submit()
        assert "#sales is archived. Choose another channel." in str(outcome.errors)
    finally:
        room(ada).archived = False
    await submit(ada)
    await ada.sees(POSTED)


async def test_people_from_outside_read_it_only_after_another_tick(ada: Visitor) -> None:
    await recap_form(ada)
    room(ada).ext_shared = True
    try:
        await ada.choose("followups.recap_channel", "sales")
        await submit(ada)
        await ada.sees("People from outside your company read #sales")
        await submit(ada)
        await ada.sees("People from outside your company read #sales")
        assert recaps(ada) == []
        await ada.choose("followups.recap_outsiders", "yes")
        await submit(ada)
        await ada.sees(POSTED)
    finally:
        room(ada).ext_shared = False


async def test_a_reply_of_slack_that_got_lost_is_asked_about(ada: Visitor, ledger: Ledger) -> None:
    await recap_form(ada)
    await ada.choose("followups.recap_channel", "sales")
    ledger.plan(Fault("slack", "chat.postMessage", "lost_reply"))
    await submit(ada)
    await ada.sees(UNCERTAIN)
    assert len(recaps(ada)) == 1
    await ada.click("followups.leave_draft", await card(ada, UNCERTAIN))
    await card(ada, "The recap is posted.")
    await ledger.idle()
    assert len(recaps(ada)) == 1


async def test_a_kill_while_slack_posts_the_recap_leaves_one(
    ada: Visitor, product: Product, ledger: Ledger
) -> None:
    await recap_form(ada)
    await ada.choose("followups.recap_channel", "sales")
    hold = ledger.plan(Fault("slack", "chat.postMessage", "slow", seconds=0.7))
    await submit(ada)
    await ledger.spoiled(hold)

    product.kill()
    await product.start()

    await ada.sees(UNCERTAIN, within=RECOVERY)
    await ledger.idle()
    assert len(recaps(ada)) == 1


async def test_a_kill_before_slack_was_asked_posts_it_once(
    ada: Visitor, product: Product, ledger: Ledger
) -> None:
    await recap_form(ada)
    await ada.choose("followups.recap_channel", "sales")
    # The second look, which the job takes; the first is the form's.
    hold = ledger.plan(Fault("slack", "conversations.info", "slow", seconds=0.7, skip=1))
    await submit(ada)
    await ledger.spoiled(hold)

    product.kill()
    await product.start()

    await ada.sees(POSTED, within=RECOVERY)
    assert len(recaps(ada)) == 1


async def test_all_of_it_is_reviewed_done_as_one_job_and_undone(
    ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    await card(ada, "Version 1")
    await ada.click("followups.show_review")
    await modal(ada, REVIEW)
    await ada.click("followups.change_recap")
    await modal(ada, RECAP_FORM)
    await ada.choose("followups.recap_channel", "sales")
    await submit(ada)
    review = await ada.sees("A message in #sales, from me")
    assert "A draft “" in review
    assert ledger.drafts(ada) == []
    assert recaps(ada) == []
    await submit(ada)

    done = await card(ada, POSTED)
    assert DRAFTED in await card(ada, DRAFTED)
    assert len(ledger.drafts(ada)) == 1
    assert len(recaps(ada)) == 1

    await ledger.idle()
    await ada.choose("followups.menu", "Undo", within=await card(ada, POSTED))
    review = await ada.sees("The Gmail draft is deleted for good.")
    assert "The message in #sales is deleted." in review
    await submit(ada)
    undone = await card(ada, "The recap was deleted.")
    assert "The Gmail draft was deleted." in await card(ada, "The Gmail draft was deleted.")
    assert ledger.drafts(ada) == []
    assert recaps(ada) == []
    assert done is not undone


async def test_nothing_ticked_is_told_and_begins_nothing(ada: Visitor, ledger: Ledger) -> None:
    await connect_gmail(ada)
    await write(ada, "saffron")
    await ada.click("followups.show_review")
    await modal(ada, REVIEW)
    await ada.choose("followups.do")
    outcome = await ada.submit()
    assert "Tick at least one thing to do." in str(outcome.errors)
    assert ledger.drafts(ada) == []


async def test_one_that_fails_stops_no_other_and_is_retried_alone(
    ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await recap_form(ada)
    await ada.choose("followups.recap_channel", "sales")
    ledger.plan(Fault("slack", "chat.postMessage", "status", status=200, code="restricted_action"))
    await submit(ada)
    failed = await card(ada, "The recap was not posted: I may not post in #sales")
    await ada.click("followups.create_draft", failed)
    await card(ada, DRAFTED)
    await ada.click("followups.retry_action", await card(ada, "The recap was not posted"))
    await card(ada, POSTED)
    assert len(recaps(ada)) == 1
    assert len(ledger.drafts(ada)) == 1
