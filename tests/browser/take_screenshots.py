"""Takes the pictures in docs/images, from a sandbox of its own; run it when the looks changed.

.venv/bin/python tests/chromium.py .venv/bin/python -m tests.browser.take_screenshots
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from tests.browser.panel import EDITOR, OPTIONS, PICKER, PROGRESS, Panel

IMAGES = Path("docs/images")
SIZE = {"width": 1280, "height": 800}
PATIENCE_MS = 120_000
MEETING = "Hartwell"
OPS = "C0OPS"
KEY = re.compile(r"CHA(-[0-9A-F]{8}){4}")
SUBJECT = "The rollout, the price we agreed and what happens next"


@contextmanager
def sandbox() -> Iterator[str]:
    """A sandbox that remembers nothing; its URL."""
    with tempfile.TemporaryDirectory(prefix="seguito-pictures-") as home:
        Path(home).chmod(0o711)
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--port", "0"],
            env={**os.environ, "SEGUITO_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            yield next(line.split()[-1] for line in process.stdout if "http://" in line)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


async def take(page: Page, name: str) -> None:
    """One picture, with nothing half drawn and no pointer over anything."""
    await page.mouse.move(0, 0)
    await page.evaluate("() => document.fonts.ready")
    await page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")


async def tell(panel: Panel) -> None:
    """The story the pictures tell: from /gmail-connect to the draft."""
    page = panel.page
    await panel.command("/gmail-connect")
    consent = await panel.follow_link(panel.element("connections.open_link").last)
    await consent.get_by_role("button", name="Continue to Google").click()
    await expect(consent.get_by_role("button", name="Allow")).to_be_visible()
    await take(consent, "gmail-consent")
    await consent.get_by_role("button", name="Allow").click()
    await expect(consent.get_by_text("Gmail is connected")).to_be_visible()
    await consent.close()

    await panel.command("/followup")
    await expect(panel.modal(PICKER)).to_contain_text("Today")
    await take(page, "picker")
    await panel.modal(PICKER).locator(".block", has_text=MEETING).get_by_role("button").click()
    await expect(panel.modal(OPTIONS)).to_be_visible()
    await take(page, "options")
    await write(panel)
    await take(page, "editor")

    await panel.field("Subject").fill(SUBJECT)
    await panel.modal().locator("[data-modal=submit]").click()
    await panel.modal().locator("[data-modal=dismiss]").click()
    await panel.open_app("messages")
    card = panel.messages.filter(has_text=MEETING).last
    await expect(card.get_by_role("button", name="Create Gmail draft")).to_be_visible()
    await take(page, "card")

    await panel.element("followups.create_draft").last.click()
    await expect(card).to_contain_text("The draft is in your Gmail")
    await (await panel.look_at("gmail")).get_by_role("button", name=SUBJECT).click()
    await expect(page.locator("[data-field=subject]")).to_have_text(SUBJECT)
    await expect(page.frame_locator("iframe").locator("li").first).to_be_visible()
    await take(page, "draft")


async def write(panel: Panel) -> None:
    """Submit the options, with a model that takes its time, and wait for the editor."""
    slow = {"vendor": "anthropic", "kind": "slow", "seconds": 3}
    await panel.page.request.post(f"{panel.url}/panel/api/faults", data=slow)
    await panel.submit()
    await expect(panel.modal(PROGRESS)).to_contain_text(f"CRM context · {MEETING}")
    await expect(panel.modal(PROGRESS).get_by_role("img", name="hourglass")).to_be_visible()
    # The model was asked: the fault is used up, and its badge gone.
    await expect(panel.page.locator("[data-outside=faults]")).to_have_text("Faults")
    await take(panel.page, "progress")
    await expect(panel.modal(EDITOR)).to_be_visible()


async def sell(panel: Panel) -> None:
    """From /license-issue to the receipt, the customer's e-mail, and an answer to their site."""
    page = panel.page
    await panel.enter("T0HOME", "U0ADA", OPS)
    inbox = await panel.look_at("smtp")
    await panel.command("/license-issue olga@shop.example pro 12 shop.example --email")
    await expect(panel.element("licenses.confirm")).to_be_visible()
    await take(page, "license-preview")
    await panel.element("licenses.confirm").click()
    receipt = panel.messages.filter(has_text="License issued").last
    await expect(receipt).to_contain_text(KEY)
    key = KEY.search(await receipt.inner_text())
    assert key is not None
    await inbox.get_by_role("button", name="olga@shop.example").click()
    await expect(page.frame_locator("iframe").get_by_text(key.group())).to_be_visible()
    await take(page, "license-receipt")

    site = await panel.look_at("site")
    await site.get_by_label("License key").fill(key.group())
    await site.get_by_role("button", name="Ask the app").click()
    await expect(site.locator("[data-site=status]")).to_have_text("200")
    await site.evaluate("pane => pane.scrollTo(0, 0)")
    await take(page, "license-site")


async def main() -> None:
    """All pictures, one after the other."""
    expect.set_options(timeout=PATIENCE_MS)
    with sandbox() as url:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=os.environ["CHROMIUM"])
            panel = Panel(await browser.new_page(viewport=SIZE), url)
            await panel.enter("T0HOME", "U0ADA")
            await panel.page.get_by_role("button", name="Things to try").click()
            await tell(panel)
            await sell(panel)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
