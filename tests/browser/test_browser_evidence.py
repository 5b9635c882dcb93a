"""A planted false claim through a real browser: stopped, changed or kept, and then let through."""

import pytest
from playwright.async_api import expect

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import EDITOR, OPTIONS, WRITING_SECONDS, Panel
from tests.journeys.google import connect_gmail

EVIDENCE = "followups.evidence"


async def written(panel: Panel, sandbox: Sandbox, words: str, kind: str) -> None:
    """A draft with one fact that nobody said, in the editor."""
    await panel.pick(words)
    await expect(panel.modal(OPTIONS)).to_be_visible()
    sandbox.faults.add(Fault("anthropic", "messages", kind))
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)


async def test_a_wrong_amount_is_stopped_then_edited_and_goes_through(
    panel: Panel, sandbox: Sandbox, ada: Visitor
) -> None:
    await connect_gmail(ada)
    await written(panel, sandbox, "hartwell", "wrong_amount")
    await expect(panel.modal(EDITOR)).to_contain_text("not heard in the meeting", ignore_case=True)
    body = await panel.field("E-mail").input_value()
    assert "£84,000" in body

    await panel.element("followups.create_draft").click()
    evidence = panel.modal(EVIDENCE)
    await expect(evidence).to_contain_text("Nothing was sent yet")
    await expect(evidence).to_contain_text("£84,000")
    link = evidence.locator("a[href*='timestamp=']").first
    await expect(link).to_be_visible()

    await panel.element("followups.back").click()
    await expect(panel.modal(EDITOR)).to_be_visible()
    await panel.field("E-mail").fill(body.replace("£84,000", "£48,000"))
    await panel.element("followups.create_draft").click()
    await expect(panel.modal(EDITOR)).to_contain_text("The draft is in your Gmail.")


@pytest.mark.parametrize("kind", ["wrong_week", "wrong_owner"])
async def test_what_the_sender_really_said_is_kept_and_goes_through(
    panel: Panel, sandbox: Sandbox, ada: Visitor, kind: str
) -> None:
    await connect_gmail(ada)
    await written(panel, sandbox, "hartwell", kind)
    await panel.element("followups.create_draft").click()
    keep = panel.modal(EVIDENCE).get_by_role("button", name="I said this, keep it")
    await expect(keep.first).to_be_visible()
    await expect(panel.modal(EVIDENCE)).to_contain_text("Not heard")
    while await panel.modal(EVIDENCE).get_by_text("Not heard ·").count():
        heads = panel.modal(EVIDENCE).get_by_text("Not heard ·")
        before = await heads.inner_text()
        await keep.first.click()
        await expect(panel.modal(EVIDENCE)).not_to_contain_text(before)
    await expect(panel.modal(EVIDENCE)).to_contain_text("Nothing stands in the way")
    await expect(panel.modal(EVIDENCE)).to_contain_text("You kept this")

    await panel.element("followups.back").click()
    await panel.element("followups.create_draft").click()
    await expect(panel.modal(EDITOR)).to_contain_text("The draft is in your Gmail.")


async def test_the_same_in_italian_is_stopped_then_edited_and_goes_through(
    panel: Panel, sandbox: Sandbox, giulia: Visitor
) -> None:
    await panel.enter(giulia.team.id, giulia.id)
    await connect_gmail(giulia)
    await written(panel, sandbox, "valdoro", "wrong_amount")
    editor = panel.modal(EDITOR)
    await expect(editor).to_contain_text("non dett", ignore_case=True)
    body = await panel.field("E-mail").input_value()

    await panel.element("followups.create_draft").click()
    evidence = panel.modal(EVIDENCE)
    await expect(evidence).to_contain_text("Non è ancora partito nulla")
    await expect(
        evidence.get_by_role("button", name="L’ho detto io, tienilo").first
    ).to_be_visible()

    await panel.element("followups.back").click()
    await panel.field("E-mail").fill(body.replace("41.500", "14.500"))
    await panel.element("followups.create_draft").click()
    await expect(editor).to_contain_text("La bozza è nel tuo Gmail.")
