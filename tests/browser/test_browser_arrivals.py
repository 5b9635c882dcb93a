"""A meeting ends in the panel, and its draft is in the messages, without a command."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from db.store.session import Database
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from services.people import DRAFT
from tests.browser.panel import EDITOR, WRITING_SECONDS, Panel
from tests.kit.arrivals_stage import ArrivalsStage


@pytest_asyncio.fixture
async def news(sandbox: Sandbox, product_database: Database) -> AsyncIterator[ArrivalsStage]:
    """Arrivals, of which nothing is left behind."""
    stage = ArrivalsStage(sandbox, product_database)
    yield stage
    await stage.clean()


async def test_a_meeting_ends_and_the_draft_is_opened_from_its_message(
    panel: Panel, ada: Visitor, news: ArrivalsStage
) -> None:
    await news.watched(ada, DRAFT)
    fathom = await panel.look_at("fathom")
    await fathom.get_by_label("Whose").select_option(label=ada.person.real_name)
    await fathom.get_by_label("Which").select_option(label="A new one, with a customer")
    await fathom.get_by_role("button", name="It ends now").click()
    await expect(fathom.locator("[data-fathom=told]")).to_contain_text("1 webhook told")
    await expect(fathom.get_by_role("table")).to_contain_text("delivered")

    await panel.open_app("messages")
    arrived = panel.messages.last
    await expect(arrived).to_contain_text("I wrote this on my own", timeout=WRITING_SECONDS * 1000)
    await expect(arrived).to_contain_text("Petra Lindholm")
    await panel.pick_item(arrived.locator("[data-action-id='followups.menu']"), "View & edit")
    await expect(panel.modal(EDITOR)).to_be_visible()
    await expect(panel.field("E-mail")).not_to_be_empty()
