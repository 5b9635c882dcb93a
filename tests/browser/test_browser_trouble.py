"""What the panel shows when the app is late or a vendor fails, and what it knows of the wire."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import expect

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.vendor import Slack
from tests.browser.panel import EDITOR, OPTIONS, PICKER, PROGRESS, WRITING_SECONDS, Panel
from tests.kit.product import Product


@contextmanager
def an_impatient_slack(sandbox: Sandbox) -> Iterator[None]:
    """Slack waits less long than usual, so that nobody here waits for seconds."""
    rules = sandbox.of(Slack).rules
    usual = rules.ack_seconds, rules.trigger_seconds
    rules.ack_seconds = rules.trigger_seconds = 0.4
    try:
        yield
    finally:
        rules.ack_seconds, rules.trigger_seconds = usual


@contextmanager
def standing_still(product: Product) -> Iterator[None]:
    """The app's process does not move."""
    assert product.process is not None
    product.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        product.process.send_signal(signal.SIGCONT)


async def test_a_command_that_is_answered_late_fails_and_the_app_says_why(
    panel: Panel, product: Product, sandbox: Sandbox
) -> None:
    with an_impatient_slack(sandbox):
        with standing_still(product):
            await panel.command("/followup")
            notice = panel.messages.filter(has_text="operation_timeout")
            await expect(notice).to_contain_text('/followup failed with the error "operation_tim')
            await expect(panel.modal()).to_have_count(0)
        await expect(
            panel.messages.filter(has_text="Slack delivered your click too late")
        ).to_be_visible()
    await notice.get_by_role("button", name="Dismiss message").click()
    await expect(notice).to_have_count(0)


async def test_a_form_that_is_answered_late_says_so_keeps_what_was_typed_and_is_not_lost(
    panel: Panel, product: Product, sandbox: Sandbox
) -> None:
    await panel.pick("kestrel")
    await panel.field("Cc (optional)").fill("sam@altamarea.example")
    with an_impatient_slack(sandbox), standing_still(product):
        await panel.submit()
        trouble = panel.modal(OPTIONS).get_by_role("alert")
        await expect(trouble).to_contain_text("We had some trouble connecting. Try again?")
        await expect(panel.field("Cc (optional)")).to_have_value("sam@altamarea.example")
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)
    await expect(panel.field("Cc (optional)")).to_have_value("sam@altamarea.example")


async def test_a_fault_planned_in_the_panel_meets_the_app_and_can_be_recovered_from(
    panel: Panel,
) -> None:
    faults = await panel.look_at("faults")
    await faults.get_by_label("Vendor").select_option("anthropic")
    await faults.get_by_label("What happens").select_option("refusal")
    # The product asks a second time by itself.
    await faults.get_by_label("How often").fill("2")
    await faults.get_by_role("button", name="Inject the fault").click()
    await expect(faults.get_by_role("listitem")).to_contain_text("anthropic")

    await panel.pick("kestrel")
    await panel.submit()
    stopped = panel.modal(PROGRESS)
    await expect(stopped).to_contain_text("The model declined", timeout=WRITING_SECONDS * 1000)
    await expect(faults).to_contain_text("No faults are planned")
    await stopped.get_by_role("button", name="Retry").click()
    await expect(panel.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)


async def test_the_journal_shows_what_crossed_the_wire_without_its_secrets(panel: Panel) -> None:
    journal = await panel.look_at("journal")
    await panel.command("/followup")
    await expect(panel.modal(PICKER)).to_be_visible()
    await journal.get_by_role("button", name="fathom", exact=True).click()
    rows = journal.get_by_role("listitem")
    await expect(rows.first).to_contain_text("/meetings")
    await rows.first.get_by_role("button").click()
    await expect(rows.first).to_contain_text("Response")
    await expect(journal).not_to_contain_text("fathom-sandbox-ada")

    await journal.get_by_label("Search the journal").fill("no such words")
    await expect(journal).to_contain_text("Nothing fits.")
