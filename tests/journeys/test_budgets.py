"""`/seguito budget`: an admin sets it, it is used up, and everybody is told what and by whom."""

from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy import text

from db.store.session import Database
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, begin, card, modal, submit, write

SHEET = "budgets.sheet"
TABLES = ("model_budgets", "model_spending", "model_calls", "model_budget_notices")
PLAIN = "A plain letter from Fathom’s summary"
WHO = "Ada Whitfield, or another admin of this Slack workspace, can raise it"


@pytest_asyncio.fixture(autouse=True)
async def no_budgets(database: Database) -> AsyncIterator[None]:
    """The product of this process is everybody's: nothing was spent before, nothing is left."""
    await _clear(database)
    yield
    await _clear(database)


async def _clear(database: Database) -> None:
    async with database.transaction() as session:
        for table in TABLES:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - constants


async def set_budget(admin: Visitor, amount: str) -> None:
    """`/seguito budget`, the whole workspace's, Save."""
    await admin.command("/seguito budget")
    await modal(admin, SHEET)
    await admin.type("budgets.workspace", amount)
    await submit(admin)


async def test_what_is_spent_is_seen_and_a_bad_amount_is_told_beside_its_field(
    ada: Visitor, ledger: Ledger
) -> None:
    await write(ada, "orchard")
    await ada.close(everything=True)

    await ada.command("/seguito budget")
    sheet = await modal(ada, SHEET)
    assert "1 call of the model" in sheet
    await ada.type("budgets.workspace", "about ten")
    refused = await ada.submit()
    assert refused.errors == {
        "budgets.workspace@0": "“about ten” is no amount. Write US dollars such as 20 or 7.50, "
        "without thousands separators."
    }


async def test_over_budget_a_plain_letter_comes_and_says_why_and_the_admin_is_told(
    ada: Visitor, ledger: Ledger, database: Database
) -> None:
    await set_budget(ada, "0.01")
    await write(ada, "orchard")
    await ada.close(everything=True)
    async with database.transaction() as session:
        # As if others had gone on meanwhile.
        await session.execute(text("UPDATE model_spending SET spent_micro = 10000"))
    asked = len(ledger.calls("anthropic"))
    await begin(ada, "hartwell", ledger)
    editor = await modal(ada, EDITOR)
    assert PLAIN in editor
    assert WHO in editor
    assert [one.origin for one in await ledger.versions(ada, "hartwell")] == ["plain"]
    assert len(ledger.calls("anthropic")) == asked
    await ada.close(everything=True)
    told = await card(ada, "The model budget of this workspace is used up")
    assert "Raise it with /seguito budget" in told


async def test_regenerate_says_the_same_and_leaves_the_draft_alone(
    ada: Visitor, ledger: Ledger
) -> None:
    await write(ada, "orchard")
    other = await ledger.versions(ada, "orchard")
    await ada.click("followups.ask_regenerate")
    await modal(ada, "followups.regenerate_form")
    await ada.close(everything=True)
    await set_budget(ada, "0")
    latest = await card(ada, "Version 1")
    await ada.choose("followups.menu", "Regenerate", within=latest)
    await modal(ada, "followups.regenerate_form")
    await ada.type("followups.instruction", "Shorter")
    refused = await ada.submit()
    assert WHO in " ".join((refused.errors or {}).values())
    assert await ledger.versions(ada, "orchard") == other


async def test_one_member_is_stopped_alone_and_sees_why(
    ada: Visitor, sam: Visitor, ledger: Ledger
) -> None:
    await ada.command("/seguito budget")
    await modal(ada, SHEET)
    await ada.click("budgets.add")
    await modal(ada, "budgets.member_form")
    await ada.choose("budgets.member", sam.person.real_name)
    await ada.type("budgets.amount", "0")
    await submit(ada)
    await ada.sees("own budget")

    await sam.command("/seguito budget")
    assert "of US$0.00" in await modal(sam, "budgets.own")
    await ada.choose("budgets.choose", "Remove")
    await ada.sees("Nobody has used the model yet.")
