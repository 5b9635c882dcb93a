"""One meeting, the whole way: a false amount, the gate, an edit, everything done, seen, undone."""

from playwright.async_api import expect

from integrations.sandbox.google.vendor import Google
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import EDITOR, WRITING_SECONDS, Panel
from tests.journeys.google import connect_gmail

EVIDENCE, REVIEW = "followups.evidence", "followups.review"
DONE = (
    "The draft is in your Gmail.",
    "The event is in your calendar.",
    "The note is in the CRM.",
    "The tasks are in the CRM.",
    "The recap is posted. #sales",
)
UNDONE = (
    "The Gmail draft was deleted.",
    "The calendar event was deleted.",
    "The note is in the CRM.",
    "The tasks are in the CRM.",
    "The recap was deleted.",
)


async def corrected(panel: Panel, sandbox: Sandbox) -> None:
    """A draft whose wrong amount was stopped, and then put right, in the editor."""
    await panel.pick("hartwell")
    sandbox.faults.add(Fault("anthropic", "messages", "wrong_amount"))
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    body = await panel.field("E-mail").input_value()
    await panel.element("followups.create_draft").click()
    await expect(panel.modal(EVIDENCE)).to_contain_text("£84,000")
    await panel.element("followups.back").click()
    await panel.field("E-mail").fill(body.replace("£84,000", "£48,000"))


async def test_a_stopped_draft_is_edited_and_all_of_it_is_done_seen_and_undone(
    panel: Panel, sandbox: Sandbox, ada: Visitor
) -> None:
    sandbox.of(Google).accounts.events.clear()
    await connect_gmail(ada)
    await corrected(panel, sandbox)
    await panel.element("followups.show_review").click()
    review = panel.modal(REVIEW)
    await panel.element("followups.change_recap").click()
    await panel.choose("Channel", "#sales")
    await panel.submit()
    await expect(review).to_contain_text("A message in #sales, from me")
    for box in await review.get_by_role("checkbox").all():
        await box.check()
    await panel.submit()
    await expect(review).to_have_count(0)
    for words in DONE:
        await expect(panel.modal(EDITOR)).to_contain_text(words, timeout=WRITING_SECONDS * 1000)
    await panel.modal().locator("[data-modal=dismiss]").click()

    calendar = await panel.look_at("calendar")
    event = calendar.locator(".agenda__event", has_text="Hartwell")
    await expect(event.filter(has_text="meet.google.com").first).to_be_visible()
    crono = await panel.look_at("crono")
    await crono.get_by_role("tab", name="Tasks").click()
    await expect(crono).to_contain_text("Ask the Hull manager")

    await panel.open_app("messages")
    card = panel.messages.filter(has_text=DONE[-1]).last
    await card.locator("[data-action-id='followups.menu']").click()
    await panel.page.get_by_role("menuitem", name="Undo").click()
    await expect(panel.modal("followups.undo_review")).to_contain_text("The tasks stay in Crono")
    await panel.submit()
    card = panel.messages.filter(has_text=UNDONE[-1]).last
    for words in UNDONE:
        await expect(card).to_contain_text(words)
