"""A third workspace comes by OAuth, works, and goes: afterwards nobody here knows it."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, expect
from sqlalchemy import text

from db.store.session import Database
from integrations.sandbox.fathom.vendor import Fathom
from integrations.sandbox.google.vendor import Google
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.vendor import Slack
from tests.browser.panel import EDITOR, WRITING_SECONDS, Panel
from tests.kit.waiting import LOOK_AGAIN_SECONDS, PATIENCE_SECONDS, until
from tests.kit.workspace_rows import traces

TEAM, WREN, MAIL = "T0BRIGHT", "U0WREN", "wren@brightside.example"
KEY = "fathom-sandbox-wren"
PINEWOOD = "pinewood"
LEFT = text("DELETE FROM departures WHERE workspace_id = :team")


@pytest_asyncio.fixture(autouse=True)
async def as_before(sandbox: Sandbox, database: Database) -> AsyncIterator[None]:
    """Tokens do not lapse for others, and the third workspace is not there."""
    yield
    slack = sandbox.of(Slack)
    slack.rules.rotate_tokens = False
    if slack.team(TEAM).installed:
        slack.uninstall(TEAM)
        await slack.events.settled()
        await gone(database)
    async with database.transaction() as session:
        await session.execute(LEFT, {"team": TEAM})


async def gone(database: Database) -> None:
    """Wait until no table names the workspace, but for the note that it left."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while set(await traces(database, TEAM)) != {"departures"}:  # noqa: ASYNC110 - rows have no event
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    assert await traces(database, TEAM) == {"departures": 1}


async def install(page: Page, url: str, decision: str = "Allow") -> None:
    """From the panel over Slack's consent to the product's last page."""
    await page.goto(f"{url}/panel/apps")
    await page.get_by_role("link", name="Install Seguito").click()
    await page.get_by_label("Install as").select_option(f"{TEAM}:{WREN}")
    await page.get_by_role("button", name=decision).click()


async def press(page: Page, url: str, button: str) -> None:
    """A button of the third workspace's row on the panel's page."""
    await page.goto(f"{url}/panel/apps")
    await page.locator(f"[data-team={TEAM}]").get_by_role("button", name=button).click()


async def follow_up(panel: Panel) -> None:
    """Fathom by the welcome, Gmail by its command, then a draft in the mailbox."""
    await panel.open_app("messages")
    await expect(panel.messages.last).to_contain_text("Two steps and you can begin")
    await panel.element("connections.connect_fathom").last.click()
    await panel.field("Fathom API key").fill(KEY)
    await panel.submit()
    await expect(panel.modal()).to_contain_text("Fathom is connected")
    await panel.page.keyboard.press("Escape")
    await panel.enter(TEAM, WREN, "C0SGENERAL")
    consent = await panel.connect_gmail()
    await expect(consent.get_by_text("Gmail is connected")).to_be_visible()
    await consent.close()
    await panel.write(PINEWOOD)
    await panel.element("followups.create_draft").click()
    await expect(panel.modal(EDITOR)).to_contain_text(
        "The draft is in your Gmail.", timeout=WRITING_SECONDS * 1000
    )


async def test_a_third_workspace_installs_follows_up_and_leaves_nothing(
    panel: Panel, sandbox: Sandbox, database: Database
) -> None:
    page, slack = panel.page, sandbox.of(Slack)
    await page.goto(f"{panel.url}/panel/apps")
    await page.get_by_role("button", name="Turn rotation on").click()
    await install(page, panel.url)
    await expect(page.get_by_role("heading")).to_have_text("Seguito is in Brightside Studio")
    await panel.enter(TEAM, WREN)
    await follow_up(panel)

    # Twelve hours later: nobody notices.
    granted = slack.grants.of(TEAM)
    assert granted is not None
    before = granted.refresh
    slack.team(TEAM).views.close_all(WREN)
    await press(page, panel.url, "Let the token lapse now")
    await panel.enter(TEAM, WREN, "C0SGENERAL")
    await panel.command("/seguito settings")
    await expect(panel.modal()).to_be_visible()
    assert granted.refresh != before

    assert await traces(database, TEAM)
    await press(page, panel.url, "Uninstall")
    await gone(database)
    for word in (MAIL, "Pinewood", WREN):
        assert await traces(database, word) == {}, word
    grants = sandbox.of(Google).accounts.grants
    await until(lambda: not any(one.alive for one in grants if one.email == MAIL))
    watched = sandbox.of(Fathom).hooks.all.values()
    await until(lambda: not any(one["owner"] == WREN for one in watched))
    # What was done in their own mailbox on purpose is theirs.
    assert len(sandbox.of(Google).accounts.drafts_of(MAIL)) == 1


async def test_who_says_no_is_told_so_and_may_begin_again(panel: Panel, sandbox: Sandbox) -> None:
    await install(panel.page, panel.url, "Cancel")
    await expect(panel.page.get_by_text("so nothing was changed")).to_be_visible()
    await panel.page.get_by_role("link", name="Start again").click()
    await expect(panel.page.get_by_label("Install as")).to_be_visible()
    assert not sandbox.of(Slack).team(TEAM).installed
