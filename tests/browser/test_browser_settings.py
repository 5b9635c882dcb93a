"""Budgets, templates and habits in a real browser, in both languages."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect
from sqlalchemy import text

from db.store.session import Database
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from services.actors import Actor
from tests.browser.panel import Panel
from tests.kit.habit_desk import HabitDesk

# Where to leave pictures of every modal, for whoever wants to look at them.
PICTURES = os.environ.get("SEGUITO_PICTURES", "")
TABLES = ("model_budgets", "model_spending", "model_calls", "model_budget_notices")


@dataclass(frozen=True)
class Told:
    """What somebody reads."""

    budget: str
    bad: str
    only_preview: str
    accepted: str
    labels: tuple[str, str]
    copy: str


ENGLISH = Told(
    "Whole workspace, US dollars a month (optional)",
    "is no amount",
    "Only a preview",
    "Your rules, in every new draft",
    ("Name", "What the e-mail should hold"),
    "First call",
)
ITALIAN = Told(
    "",
    "",
    "Solo un’anteprima",
    "Le tue regole, in ogni nuova bozza",
    ("Nome", "Che cosa deve contenere l’e-mail"),
    "Primo incontro",
)
BOTH = pytest.mark.parametrize("told", [ENGLISH, ITALIAN], ids=["en", "it"])


@pytest_asyncio.fixture(autouse=True)
async def nothing_spent(database: Database) -> AsyncIterator[None]:
    """No budgets before, and none after."""
    await _clear(database)
    yield
    await _clear(database)


async def _clear(database: Database) -> None:
    async with database.transaction() as session:
        for table in TABLES:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - constants


async def become(panel: Panel, sandbox: Sandbox, person: Visitor, told: Told) -> None:
    """Whoever speaks the language."""
    if told is ITALIAN:
        somebody = sandbox.world.person(person.id)
        assert somebody is not None
        await panel.become(somebody)


async def picture(panel: Panel, name: str, told: Told) -> None:
    """Only when somebody wants to look."""
    if PICTURES:
        language = "it" if told is ITALIAN else "en"
        await panel.page.screenshot(path=Path(PICTURES) / f"{name}-{language}.png")


async def test_an_admin_sets_budgets_and_a_bad_amount_stands_under_its_field(
    panel: Panel, sandbox: Sandbox
) -> None:
    await panel.command("/seguito budget")
    sheet = panel.modal("budgets.sheet")
    await expect(sheet).to_be_visible()
    await panel.field(ENGLISH.budget).fill("a lot")
    await panel.submit()
    await expect(sheet.get_by_role("alert")).to_contain_text(ENGLISH.bad)
    await panel.field(ENGLISH.budget).fill("20")
    await panel.element("budgets.add").click()
    await expect(panel.modal("budgets.member_form")).to_be_visible()
    await panel.choose("Member", "Sam O'Connor")
    await panel.field("US dollars a month (optional)").fill("2.50")
    await picture(panel, "budget-member", ENGLISH)
    await panel.submit()
    await expect(sheet).to_contain_text("own budget")
    await expect(panel.field(ENGLISH.budget)).to_have_value("20")
    await picture(panel, "budget", ENGLISH)
    await panel.submit()
    await expect(panel.modal()).to_have_count(0)
    await panel.command("/seguito budget")
    await expect(sheet).to_contain_text("US$20.00")


async def test_who_is_no_admin_sees_their_own_in_their_language(
    panel: Panel, sandbox: Sandbox, giulia: Visitor
) -> None:
    await become(panel, sandbox, giulia, ITALIAN)
    await panel.command("/seguito budget")
    own = panel.modal("budgets.own")
    await expect(own).to_contain_text("Il tuo budget del modello")
    await expect(own).to_contain_text("Un admin di questo workspace Slack può cambiarlo")
    await picture(panel, "budget-own", ITALIAN)


@BOTH
async def test_a_template_is_copied_tried_on_a_meeting_and_comes_back_as_typed(
    panel: Panel, sandbox: Sandbox, giulia: Visitor, told: Told
) -> None:
    await become(panel, sandbox, giulia, told)
    await panel.command("/seguito settings")
    await panel.element("settings.show_templates").click()
    await expect(panel.modal("templates.list")).to_be_visible()
    await picture(panel, "templates", told)
    await panel.element("templates.open").nth(2).click()
    await expect(panel.modal("templates.read")).to_contain_text(told.copy)
    await panel.element("templates.copy").click()
    await expect(panel.modal("templates.form")).to_be_visible()
    _, outline = told.labels
    await panel.field(outline).fill("One, two & <three>")
    await picture(panel, "template", told)
    await panel.element("templates.ask_preview").click()
    await expect(panel.modal("templates.pick")).to_be_visible()
    await picture(panel, "template-pick", told)
    await panel.submit()
    await expect(panel.modal("templates.preview")).to_contain_text(told.only_preview)
    await picture(panel, "template-preview", told)
    await panel.element("templates.back").click()
    await expect(panel.field(outline)).to_have_value("One, two & <three>")


@BOTH
async def test_a_rule_is_accepted_in_its_modal(
    panel: Panel,
    sandbox: Sandbox,
    database: Database,
    ada: Visitor,
    giulia: Visitor,
    told: Told,
) -> None:
    person = giulia if told is ITALIAN else ada
    desk = HabitDesk(database, Actor(person.team.id, person.id))
    await desk.forget()
    await desk.edited(5)
    await become(panel, sandbox, giulia, told)
    await panel.command("/seguito settings")
    await panel.element("settings.show_habits").click()
    habits = panel.modal("habits.list")
    await expect(habits).to_contain_text("Cheers,")
    await picture(panel, "habits", told)
    await panel.element("habits.accept").first.click()
    await expect(habits).to_contain_text(told.accepted)
    await picture(panel, "habits-accepted", told)
    await desk.forget()
