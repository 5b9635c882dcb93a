"""*Your edits so far*: seen in one's own drafts, accepted, and then asked of the model."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from integrations.sandbox.slack.visitor import Visitor
from services.actors import Actor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, choose_meeting, modal, submit
from tests.kit.habit_desk import HabitDesk

LIST = "habits.list"
RULE = "In English e-mails the closing line is “Cheers,”."


@pytest_asyncio.fixture
async def desk(database: Database, sam: Visitor) -> AsyncIterator[HabitDesk]:
    """Sam's drafts and edits, gone afterwards."""
    desk = HabitDesk(database, Actor("T0HOME", sam.id))
    await desk.forget()
    yield desk
    await desk.forget()


async def open_habits(person: Visitor) -> None:
    """`/seguito settings`, *Your edits so far*."""
    await person.command("/seguito settings")
    await modal(person, "settings.form")
    await person.click("settings.show_habits")
    await modal(person, LIST)


async def asked_for(person: Visitor, ledger: Ledger) -> str:
    """What the model is asked for a new follow-up."""
    before = len(ledger.model_requests())
    await choose_meeting(person, "wexford")
    await submit(person)
    await modal(person, EDITOR)
    await person.close(everything=True)
    return str(ledger.model_requests()[before]["messages"])


async def test_an_accepted_rule_is_in_every_new_draft_until_it_is_deleted(
    sam: Visitor, ada: Visitor, desk: HabitDesk, ledger: Ledger
) -> None:
    await desk.edited(4)
    await open_habits(sam)
    assert "I propose rules from 5 drafts on" in await sam.sees("4 drafts compared")
    await sam.close(everything=True)

    await desk.edited(1)
    await open_habits(sam)
    seen = await sam.sees("Closes with")
    assert "5 of 5 drafts" in seen
    assert "Best,⁩” → “⁨Cheers,⁩”" in seen
    await sam.close(everything=True)
    assert RULE not in await asked_for(sam, ledger)

    await open_habits(sam)
    await sam.click("habits.accept")
    await sam.sees("Your rules, in every new draft")
    await sam.close(everything=True)
    assert RULE in await asked_for(sam, ledger)
    await open_habits(ada)
    assert "Closes with" not in await modal(ada, LIST)

    await open_habits(sam)
    await sam.click("habits.delete")
    await sam.until(lambda: (sam.modal is not None and "Closes with" not in sam.modal) or None)
    await sam.close(everything=True)
    assert RULE not in await asked_for(sam, ledger)
    await open_habits(sam)
    assert "Closes with" not in await modal(sam, LIST)
