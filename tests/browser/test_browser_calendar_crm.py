"""An event and a CRM task through a real browser, in both languages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest_asyncio
from playwright.async_api import expect

from db.store.session import Database
from integrations.sandbox.google.vendor import Google
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import Panel
from tests.kit.crm_index import fill_index

EVENT, TASK, OUTCOME = "calendar.form", "crm.task_form", "crm.outcome"


@pytest_asyncio.fixture(autouse=True)
async def outside(sandbox: Sandbox, database: Database) -> None:
    """Calendars without events of ours, and an index of the CRM."""
    sandbox.of(Google).accounts.events.clear()
    await fill_index(sandbox, database, "T0HOME")


async def test_the_next_meeting_lands_in_the_calendar(panel: Panel) -> None:
    last_page = await panel.connect_gmail()
    await last_page.close()
    await panel.write("saffron")
    await panel.element("calendar.open").click()
    form = panel.modal(EVENT)
    await expect(form).to_contain_text("Times are those of Europe/London")
    await panel.field("Title").fill("Pilot with Hana")
    await panel.choose("Duration", "60 minutes")
    await expect(panel.field("Title")).to_have_value("Pilot with Hana")
    await form.get_by_text("Invite the guests").click()
    await panel.submit()
    await expect(panel.modal("followups.editor")).to_contain_text("The event is in your calendar")
    calendar = await panel.look_at("calendar")
    event = calendar.locator(".agenda__event", has_text="Pilot with Hana")
    await expect(event).to_contain_text("invitation: hana@saffronkitchens.example")
    await expect(event).to_contain_text("meet.google.com")


async def test_a_task_is_found_by_a_mistyped_name_and_confirmed_in_italian(
    panel: Panel, giulia: Visitor
) -> None:
    await panel.become(giulia.person)
    await panel.command('/crono-add-task chiamata 16:45 "Parlare del contratto"')
    form = panel.modal(TASK)
    await expect(form).to_contain_text("Gli orari sono quelli di Europe/Rome")
    about = panel.field("Prospect o account")
    await about.click()
    await about.press_sequentially("celèste morgn")
    await panel.page.get_by_role("option", name="Celeste Morgan").click()
    await expect(form.get_by_text("Opportunità")).to_be_visible()
    tomorrow = datetime.now(ZoneInfo("Europe/Rome")) + timedelta(days=1)
    await panel.field("Giorno").fill(tomorrow.date().isoformat())
    await panel.submit()
    done = panel.modal(OUTCOME)
    await expect(done).to_contain_text("L’attività è in Crono")
    await expect(done).to_contain_text("Celeste Morgan")
    await expect(done).to_contain_text("16:45 (Europe/Rome)")
