"""Takes the pictures of the guide for colleagues, in both languages, from a sandbox of its own.

.venv/bin/python tests/chromium.py .venv/bin/python -m tests.browser.take_colleague_pictures
"""

import asyncio
import os
from dataclasses import dataclass

from playwright.async_api import FilePayload, Page, async_playwright, expect

from tests.browser.panel import EDITOR, OPTIONS, PICKER, Panel
from tests.browser.take_screenshots import PATIENCE_MS, sandbox, take
from tests.kit.transcript_files import Said, zoom_vtt

SIZE = {"width": 1120, "height": 760}
EVIDENCE, REVIEW = "followups.evidence", "followups.review"
FILE, MEETING = "files.file", "files.meeting"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Whose screen it is, in which language, what they look for, and their call in Zoom."""

    language: str
    id: str
    meeting: str
    call: tuple[Said, ...]


ADA = Colleague(
    "en",
    "U0ADA",
    "Hartwell",
    (
        Said("Ada Whitfield", 3, "Thanks for joining, Owen. Two topics today: price and dates."),
        Said("Owen Price", 9, "Fine by me. The board approved a budget of £48,000."),
        Said("Ada Whitfield", 17, "I will send you the offer by Friday."),
        Said("Owen Price", 24, "Then I will show it to the board on Monday."),
    ),
)
GIULIA = Colleague(
    "it",
    "U0GIULIA",
    "",
    (
        Said("Giulia Ferrante", 3, "Grazie del tempo, Paolo. Due temi oggi: il prezzo e le date."),
        Said("Paolo Neri", 9, "Va bene. Il nostro budget è di 20.000 euro."),
        Said("Giulia Ferrante", 17, "Ti mando l’offerta entro venerdì."),
        Said("Paolo Neri", 24, "Allora la mostro al consiglio lunedì."),
    ),
)


async def follow_up(panel: Panel, who: Colleague) -> None:
    """From the picker to the review of everything that would be done."""
    page, ending = panel.page, f".{who.language}"
    await panel.command(f"/followup {who.meeting}".strip())
    await expect(panel.modal(PICKER)).to_be_visible()
    await take(page, f"colleagues-picker{ending}")
    await panel.element("followups.pick").first.click()
    await expect(panel.modal(OPTIONS)).to_be_visible()
    await panel.submit()
    await expect(panel.modal(EDITOR)).to_be_visible()
    await take(page, f"colleagues-editor{ending}")
    await panel.element("followups.show_evidence").click()
    await expect(panel.modal(EVIDENCE)).to_be_visible()
    await take(page, f"colleagues-evidence{ending}")
    await panel.modal().locator("[data-modal=dismiss]").click()
    await panel.element("followups.show_review").click()
    await expect(panel.modal(REVIEW)).to_be_visible()
    await take(page, f"colleagues-review{ending}")
    await page.reload()


async def bring_a_file(panel: Panel, who: Colleague) -> None:
    """*Use a transcript*, up to what is asked about it."""
    await panel.command("/followup")
    await panel.element("files.use").click()
    name, data = zoom_vtt(who.call)
    chosen = panel.modal(FILE).locator("input[type=file]")
    await chosen.set_input_files(FilePayload(name=name, mimeType="text/vtt", buffer=data))
    await expect(panel.modal(FILE)).to_contain_text(name)
    await panel.submit()
    await expect(panel.modal(MEETING)).to_be_visible()
    await take(panel.page, f"colleagues-file.{who.language}")


async def tell(page: Page, url: str, who: Colleague) -> None:
    """One colleague's story."""
    panel = Panel(page, url)
    await panel.enter("T0HOME", who.id)
    await (await panel.connect_gmail()).close()
    await follow_up(panel, who)
    await panel.enter("T0HOME", who.id)
    while await panel.modal().count():
        await panel.modal().locator("[data-modal=dismiss]").click()
    await bring_a_file(panel, who)


async def main() -> None:
    """All pictures, one colleague after the other, each in a window of their own."""
    expect.set_options(timeout=PATIENCE_MS)
    with sandbox() as url:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=os.environ["CHROMIUM"])
            for who in (ADA, GIULIA):
                context = await browser.new_context(viewport=SIZE)
                await tell(await context.new_page(), url, who)
                await context.close()
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
