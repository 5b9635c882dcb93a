"""A person in front of the panel in a real browser: gestures by what is seen, and looks."""

import asyncio
import re
from contextlib import suppress

from playwright.async_api import BrowserContext, Locator, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from integrations.sandbox.slack.shape import Person

EDITOR = "followups.editor"
OPTIONS = "followups.options"
PICKER = "followups.picker"
PROGRESS = "followups.progress"

WRITING_SECONDS = 120
DRAWN_ANEW_MS = 3_000
MOST_TABS = 60


class Panel:
    """One browser tab with the panel in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    async def enter(self, workspace: str, person: str, channel: str = "") -> None:
        """Open the panel as somebody; the address says who."""
        await self.page.goto(f"{self.url}/#team={workspace}&user={person}&channel={channel}")
        await expect(self.composer).to_be_visible()

    async def become(self, person: Person) -> None:
        """Choose somebody in the menu at the top."""
        await self.page.locator("[data-acting]").click()
        await self.page.get_by_role("menuitem", name=person.real_name).click()
        await expect(self.page.locator(f"[data-acting={person.id}]")).to_be_visible()

    @property
    def composer(self) -> Locator:
        """Where messages and commands are typed."""
        return self.page.get_by_role("textbox", name=re.compile("^(Message|Messaggio per) "))

    @property
    def messages(self) -> Locator:
        """Every message of the conversation on screen, oldest first."""
        return self.page.get_by_role("log").get_by_role("article")

    def modal(self, callback_id: str = "") -> Locator:
        """The modal on top; with a name only that one."""
        named = f"[data-callback-id='{callback_id}']" if callback_id else ""
        return self.page.locator(f"[role=dialog]{named}")

    def element(self, action_id: str) -> Locator:
        """What the app drew with this action_id, in the modal if one is open."""
        return self.page.locator(f"[data-action-id='{action_id}']")

    def field(self, label: str) -> Locator:
        """An input of the modal by its label."""
        return self.modal().get_by_label(label, exact=True)

    @property
    def submit_button(self) -> Locator:
        """The modal's submit button."""
        return self.modal().locator("[data-modal=submit]")

    async def command(self, text: str) -> None:
        """Type a slash command and send it."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def submit(self) -> None:
        """Press the submit button."""
        await self.submit_button.click()

    async def choose(self, label: str, option: str) -> None:
        """Choose in a menu of the modal."""
        await self.field(label).click()
        offered = self.page.get_by_role("listbox").get_by_role("option", name=option, exact=True)
        await offered.click()

    async def pick_item(self, menu: Locator, item: str) -> None:
        """An item of a card's menu; opened again when the card was drawn anew meanwhile."""
        offered = self.page.get_by_role("menuitem", name=item)
        async with asyncio.timeout(WRITING_SECONDS):
            while True:
                await menu.click()
                with suppress(PlaywrightTimeoutError):
                    return await offered.click(timeout=DRAWN_ANEW_MS)

    async def open_app(self, tab: str) -> None:
        """The app's own conversation: `home`, `messages` or `about`."""
        await self.page.locator("[data-kind=app]").click()
        await self.page.locator(f"[data-tab={tab}]").click()

    async def look_at(self, service: str) -> Locator:
        """A tab of the other side: `gmail`, `journal`, `faults`, …"""
        await self.page.locator(f"[data-outside={service}]").click()
        return self.page.locator(f"[data-pane={service}]")

    async def tab_to(self, target: Locator) -> None:
        """Press Tab until the focus is there, as somebody without a mouse does."""
        for _ in range(MOST_TABS):
            if await target.evaluate("node => node === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    async def pick(self, words: str) -> None:
        """`/followup words`, then the first meeting found: its options are open."""
        await self.command(f"/followup {words}")
        await expect(self.modal(PICKER)).to_be_visible()
        await self.element("followups.pick").first.click()
        await expect(self.modal(OPTIONS)).to_be_visible()

    async def write(self, words: str) -> None:
        """From the command to the editor with a first version in it."""
        await self.pick(words)
        await self.submit()
        await expect(self.modal(EDITOR)).to_be_visible(timeout=WRITING_SECONDS * 1000)

    async def connect_gmail(self) -> Page:
        """From the command over Google's page to the product's last one, in a tab of its own."""
        await self.command("/gmail-connect")
        consent = await self.follow_link(self.element("connections.open_link").last)
        await consent.get_by_role("button", name="Continue to Google").click()
        await consent.get_by_role("button", name="Allow").click()
        return consent

    async def follow_link(self, link: Locator) -> Page:
        """Click what opens a new tab; that tab."""
        context: BrowserContext = self.page.context
        async with context.expect_page() as opened:
            await link.click()
        return await opened.value
