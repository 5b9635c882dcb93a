"""App Home from the first look to the last draft: every button in place, nobody else's rows."""

from datetime import UTC, datetime

import pytest_asyncio
from sqlalchemy import text

from db.followups.followups import ReceiptRow
from db.store.session import Database
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, OPTIONS, PICKER, modal, submit, write
from tests.kit.product import Product

PUT_AWAY = text("UPDATE followups SET status = 'discarded' WHERE status = 'ready'")
NEWEST = text("SELECT id FROM followups WHERE member_id = :id ORDER BY created_at DESC LIMIT 1")


@pytest_asyncio.fixture(autouse=True)
async def no_other_drafts(database: Database) -> None:
    """Home shows open drafts, also those of other tests."""
    async with database.transaction() as session:
        await session.execute(PUT_AWAY)


async def home(person: Visitor, *words: str) -> Sight:
    """Wait until Home shows all these words."""

    def shown() -> Sight | None:
        seen = person.home
        return seen if seen is not None and all(word in seen for word in words) else None

    return await person.until(shown)


async def gone(person: Visitor, *words: str) -> None:
    """Wait until Home shows none of these words any more."""
    await person.until(
        lambda: (person.home is not None and not any(one in person.home for one in words)) or None
    )


async def test_a_meeting_is_followed_up_watched_finished_and_put_away_from_home(
    giulia: Visitor, product: Product
) -> None:
    await giulia.command("/followup valdoro")
    await modal(giulia, PICKER)
    await giulia.close(everything=True)

    giulia.visit()
    seen = await home(giulia, "Bozze aperte", "Riunioni senza follow-up", "Valdoro")
    assert "Operazioni di oggi" not in seen
    await giulia.click("followups.pick", within=seen)
    await modal(giulia, OPTIONS)
    await submit(giulia)
    await modal(giulia, EDITOR)
    await home(giulia, "pronta, non ancora in Gmail")
    await giulia.close(everything=True)

    await giulia.click("home.open_draft", within=giulia.home)
    await modal(giulia, EDITOR)
    await giulia.close(everything=True)
    await giulia.click("home.finish", within=giulia.home)
    await modal(giulia, "followups.review")
    await giulia.close(everything=True)

    await giulia.click("home.discard", within=giulia.home)
    await gone(giulia, "pronta, non ancora in Gmail")
    await home(giulia, "Nessuna bozza ti aspetta", "Valdoro")


async def test_an_old_home_puts_nothing_away_that_is_in_gmail(
    sam: Visitor, database: Database
) -> None:
    sam.visit()
    await home(sam, "Open drafts")
    await write(sam, "wexford")
    await home(sam, "ready, not in Gmail yet")
    await sam.close(everything=True)
    async with database.transaction() as session:
        followup_id = (await session.execute(NEWEST, {"id": sam.id})).scalar_one()
        done = {"action": "gmail", "version": 1, "status": "done"}
        session.add(ReceiptRow(followup_id=followup_id, created_at=datetime.now(UTC), **done))

    await sam.click("home.discard", within=sam.home)

    await gone(sam, "ready, not in Gmail yet")
    async with database.transaction() as session:
        status = text("SELECT status FROM followups WHERE id = :id")
        assert (await session.execute(status, {"id": followup_id})).scalar_one() == "ready"


async def test_gmail_is_connected_and_left_where_it_is_seen(sam: Visitor, ledger: Ledger) -> None:
    sam.visit()
    await home(sam, "*Gmail*", "not connected")
    await sam.click("connections.connect_gmail", within=sam.home)
    await home(sam, "This link is yours alone")

    await connect_gmail(sam)
    await home(sam, f"connected as {sam.person.email}")


async def test_settings_saved_from_home_are_seen_there(sam: Visitor) -> None:
    sam.visit()
    await home(sam, "Tell me, and I decide")
    await sam.click("home.settings", within=sam.home)
    await modal(sam, "settings.form")
    await sam.choose("settings.auto_start", "Do nothing on your own")
    await submit(sam)
    await home(sam, "Do nothing on your own")

    await sam.click("home.settings", within=sam.home)
    await modal(sam, "settings.form")
    await sam.choose("settings.auto_start", "Tell me, and I decide")
    await submit(sam)
    await home(sam, "Tell me, and I decide")


async def test_every_other_button_opens_what_it_says(sam: Visitor) -> None:
    sam.visit()
    seen = await home(sam, "Tasks due today")
    for button, opened in (
        ("home.new", PICKER),
        ("home.all_meetings", PICKER),
        ("home.new_task", "crm.task_form"),
        ("home.templates", "templates.list"),
    ):
        await sam.click(button, within=seen)
        await modal(sam, opened)
        await sam.close(everything=True)
    await sam.click("home.refresh", within=sam.home)
    await home(sam, "Open drafts")


async def test_operations_are_seen_by_ops_admins_alone(
    ada: Visitor, sam: Visitor, tomas: Visitor
) -> None:
    for person in (ada, sam, tomas):
        person.visit()
    await home(ada, "Operations today", "running")
    assert "Operations today" not in await home(sam, "Settings")
    other = await home(tomas, "Settings")
    assert "Operations today" not in other
    assert "Hartwell" not in other
