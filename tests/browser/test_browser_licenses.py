"""Selling a license in a real browser: the ops channel, the receipt, the e-mail, the site."""

import json
import re

from playwright.async_api import FilePayload, Locator, expect

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import Panel

FORM = "licenses.form"
CONFIRM = "licenses.confirm"
KEY = re.compile(r"CHA(-[0-9A-F]{8}){4}")
ISSUING_MS = 120_000
CSV = b"""email,plan,months,domain,name
browser.one@shop.example,pro,12,one.example,One
nobody,pro,12,,Nobody
browser.two@shop.example,starter,1,two.example,Two
"""


async def in_ops(panel: Panel, sandbox: Sandbox, ada: Visitor) -> None:
    """Ada goes to the ops channel."""
    channel = next(c for c in sandbox.world.home.channels if c.is_ops)
    await panel.enter(ada.team.id, ada.id, channel.id)


async def key_in(receipt: Locator) -> str:
    """The license key a message shows."""
    await expect(receipt).to_contain_text(KEY, timeout=ISSUING_MS)
    found = KEY.search(await receipt.inner_text())
    assert found is not None
    return found.group()


async def ask_app(site: Locator) -> str:
    """Press the site's button; the raw answer once its status is there."""
    await site.get_by_role("button", name="Ask the app").click()
    await expect(site.locator("[data-site=status]")).to_have_text("200")
    return await site.locator("[data-site=answer]").inner_text()


async def test_a_license_sold_in_the_form_works_on_the_customers_site(
    panel: Panel, sandbox: Sandbox, ada: Visitor
) -> None:
    await in_ops(panel, sandbox, ada)
    await panel.command("/license-issue")
    await expect(panel.modal(FORM)).to_be_visible()
    await panel.field("Customer’s e-mail").fill("browser@shop.example")
    await panel.field("Months (optional)").fill("12")
    await panel.field("Site (optional)").fill("browser.example")
    await panel.modal().get_by_text("Yes, e-mail it as well").click()
    await panel.submit()
    preview = panel.messages.filter(has_text="Issue this license?").last
    await expect(preview).to_contain_text("for 12 months")
    await expect(preview).to_contain_text("Only visible to you")
    await panel.element(CONFIRM).last.click()
    receipt = panel.messages.filter(has_text="License issued").last
    key = await key_in(receipt)
    await expect(receipt).to_contain_text("Only visible to you")

    inbox = await panel.look_at("smtp")
    await inbox.get_by_role("button", name="browser@shop.example").click(timeout=ISSUING_MS)
    await inbox.get_by_role("tab", name="Plain text").click()
    await expect(inbox.locator("[data-field=text]")).to_contain_text(key)

    site = await panel.look_at("site")
    await site.get_by_label("License key").fill(key)
    await site.get_by_label("Domain").fill("www.browser.example")
    told = json.loads(await ask_app(site))
    assert (told["valid"], told["code"], told["plan"]["name"]) == (True, "VALID", "pro")
    await site.get_by_role("tab", name="Chat").click()
    for provider in ("openai", "anthropic", "deepseek"):
        await site.get_by_label("Provider").select_option(provider)
        await site.get_by_label("Message").fill(f"Does {provider} open at six?")
        streamed = await ask_app(site)
        assert streamed.rstrip().endswith("data: [DONE]")
    await site.get_by_role("tab", name="Usage").click()
    assert '"openai"' in await ask_app(site)


async def test_a_list_is_uploaded_previewed_and_issued_but_for_its_bad_line(
    panel: Panel, sandbox: Sandbox, ada: Visitor
) -> None:
    await in_ops(panel, sandbox, ada)
    await panel.command("/license-issue bulk")
    await expect(panel.modal()).to_contain_text("Licenses in bulk")
    chosen = panel.modal().locator("input[type=file]")
    await chosen.set_input_files(FilePayload(name="May.csv", mimeType="text/csv", buffer=CSV))
    await expect(panel.modal().locator("[data-file='May.csv']")).to_be_visible()
    await panel.submit()
    preview = panel.messages.filter(has_text="Issue 2 licenses?").last
    await expect(preview).to_contain_text("1 with errors")
    await expect(preview).to_contain_text("Line 3")
    await panel.modal().locator("[data-modal=dismiss]").click()
    await panel.element(CONFIRM).last.click()
    done = panel.messages.filter(has_text="2 issued").last
    await expect(done).to_be_visible(timeout=ISSUING_MS)


async def test_elsewhere_the_command_is_refused_in_private(panel: Panel) -> None:
    await panel.command("/license-issue browser@shop.example pro 12")
    refusal = panel.messages.last
    await expect(refusal).to_contain_text("Only visible to you")
    await expect(panel.element(CONFIRM)).to_have_count(0)
