"""A task or a note from Slack into the CRM: found while typing, written once, never lost."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import text

from db.store.session import Database
from integrations.sandbox.crono.vendor import Crono
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import card, modal, submit
from tests.kit.crm_index import fill_index
from tests.kit.product import Product

FORM, NOTE, OUTCOME = "crm.task_form", "crm.note_form", "crm.outcome"
SLACK_WAITS = 3  # seconds for options (docs.slack.dev, external select)
Tasks = Mapping[str, Mapping[str, Any]]


@pytest_asyncio.fixture(autouse=True)
async def crm(sandbox: Sandbox, database: Database) -> AsyncIterator[Crono]:
    """The home workspace's CRM, indexed, with nothing written yet."""
    await fill_index(sandbox, database, "T0HOME")
    found = sandbox.of(Crono)
    notes = dict(found.store.notes)
    found.store.tasks.clear()
    yield found
    found.store.tasks.clear()
    found.store.notes.clear()
    found.store.notes.update(notes)


def tomorrow(zone: str) -> str:
    return (datetime.now(ZoneInfo(zone)) + timedelta(days=1)).date().isoformat()


async def fill_in(person: Visitor, words: str = "celeste") -> None:
    """Choose somebody, and say what is to be done."""
    await person.choose(
        "crm.about", *(await person.suggestions("crm.about", words))[:1], typed=words
    )
    await person.type("crm.subject", "Send the offer")
    await person.choose("crm.day", tomorrow(person.person.tz))
    await person.choose("crm.time", "16:45")


async def test_a_task_is_found_while_typing_written_and_named(ada: Visitor, crm: Crono) -> None:
    await ada.command("/crono-add-task")
    await modal(ada, FORM)
    assert "Celeste Morgan" in (await ada.suggestions("crm.about", "CÉLESTE"))[0]
    assert "Celeste Morgan" in " ".join(await ada.suggestions("crm.about", "brightlom"))
    await fill_in(ada)
    await ada.until(lambda: ada.modal is not None and ada.modal.find("crm.deal"))
    await ada.choose("crm.deal", "Quick start warehouse")
    await ada.choose("crm.task_type", "Call")
    await submit(ada)
    shown = await modal(ada, OUTCOME)
    await ada.sees("The task is in Crono")
    shown = await modal(ada, OUTCOME)
    assert "Celeste Morgan" in shown
    assert "Send the offer" in shown
    assert "16:45" in shown
    [task] = crm.store.tasks.values()
    due = datetime.fromisoformat(f"{tomorrow('Europe/London')}T16:45").replace(
        tzinfo=ZoneInfo("Europe/London")
    )
    assert datetime.fromisoformat(task["activityDate"]) == due.astimezone(UTC)
    assert (task["type"], task["subject"]) == ("Call", "Send the offer")
    assert crm.store.deals[task["opportunityId"]]["name"] == "Quick start warehouse"


async def test_a_whole_task_may_be_typed_and_is_only_confirmed(giulia: Visitor, crm: Crono) -> None:
    await giulia.command(
        '/crono-add-task celeste@brightloom.example chiamata domani 10.30 "Parlare dell’offerta"'
    )
    await modal(giulia, FORM)
    await submit(giulia)
    await giulia.sees("L’attività è in Crono")
    [task] = crm.store.tasks.values()
    due = datetime.fromisoformat(f"{tomorrow('Europe/Rome')}T10:30").replace(
        tzinfo=ZoneInfo("Europe/Rome")
    )
    assert datetime.fromisoformat(task["activityDate"]) == due.astimezone(UTC)
    assert (task["type"], task["subject"]) == ("Call", "Parlare dell'offerta")
    assert crm.store.prospects[task["prospectId"]]["email"] == "celeste@brightloom.example"


async def test_a_time_that_is_over_is_one_sentence_and_costs_nothing(
    ada: Visitor, crm: Crono
) -> None:
    await ada.shortcut("crm.add_task")
    await modal(ada, FORM)
    await fill_in(ada)
    await ada.choose("crm.day", "2026-01-05")
    outcome = await ada.submit()
    assert "is over already" in str(outcome.errors)
    await ada.choose("crm.day", tomorrow("Europe/London"))
    await submit(ada)
    await ada.sees("The task is in Crono")
    assert len(crm.store.tasks) == 1


CREATE = "tasks.create"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(vendor="crono", operation=CREATE, kind="lost_reply"), ""),
        (Fault(vendor="crono", operation=CREATE, status=503), ""),
        (
            Fault(vendor="crono", operation=CREATE, status=401, code="ApiKeysMissing", times=None),
            "accept",
        ),
        (
            Fault(vendor="crono", operation=CREATE, status=400, code="EntityDeleted", times=None),
            "not in Crono any more",
        ),
    ],
)
async def test_one_task_whatever_fails_and_what_was_typed_is_kept(
    ada: Visitor, crm: Crono, ledger: Ledger, fault: Fault, words: str
) -> None:
    await ada.command("/crono-add-task")
    await modal(ada, FORM)
    await fill_in(ada)
    ledger.plan(fault)
    await submit(ada)
    if words:
        await ada.sees("was not added")
        shown = await modal(ada, OUTCOME)
        assert words in shown.text
        ledger.mend()
        await ada.click("crm.edit")
        form = await modal(ada, FORM)
        assert "Send the offer" in str(form.values)
        await submit(ada)
    await ada.sees("The task is in Crono")
    assert len(crm.store.tasks) == 1


async def test_a_modal_closed_meanwhile_gets_its_outcome_as_a_card(
    ada: Visitor, crm: Crono, ledger: Ledger
) -> None:
    await ada.command("/crono-add-task")
    await modal(ada, FORM)
    await fill_in(ada)
    ledger.plan(Fault(vendor="crono", operation="tasks.create", status=401))
    slow = ledger.plan(Fault(vendor="crono", operation="tasks.*", kind="slow", seconds=1.0))
    await submit(ada)
    await ada.close()
    failed = await card(ada, "was not added")
    ledger.mend()
    assert slow.id
    await ada.click("crm.again", within=failed)
    await card(ada, "The task is in Crono")
    assert len(crm.store.tasks) == 1
    assert len([one for one in ada.messages() if "Send the offer" in one]) == 1


@pytest.mark.process
async def test_a_process_killed_after_the_task_was_made_makes_no_second(
    ada: Visitor, crm: Crono, ledger: Ledger, product: Product
) -> None:
    await ada.command("/crono-add-task")
    await modal(ada, FORM)
    await fill_in(ada)
    hold = ledger.plan(Fault(vendor="crono", operation="tasks.create", kind="lost_reply"))
    await submit(ada)
    await ledger.spoiled(hold)
    product.kill()
    await product.start()
    await ada.sees("The task is in Crono")
    assert len(crm.store.tasks) == 1


async def test_a_message_becomes_a_task_or_a_note_and_a_note_only_once(
    ada: Visitor, crm: Crono
) -> None:
    ada.say("Celeste wants the R&D offer by Friday.\nShe pays yearly.", "C0SALES")
    said = await ada.sees("She pays yearly")
    await ada.shortcut("crm.task_from_message", said)
    form = await modal(ada, FORM)
    assert "Celeste wants the R&D offer by Friday." in str(form.values)
    await ada.close()
    before = len(crm.store.notes)
    for outcome in ("The note is in Crono", "was in Crono already"):
        await ada.shortcut("crm.note_from_message", said)
        await modal(ada, NOTE)
        await ada.choose("crm.about", "Brightloom Textiles (account)", typed="brightloom")
        await submit(ada)
        await ada.sees(outcome)
        await ada.close()
    assert len(crm.store.notes) == before + 1
    note = list(crm.store.notes.values())[-1]
    assert "Celeste wants the R&D offer by Friday.\nShe pays yearly." in note["description"]


async def test_names_are_found_while_the_crm_is_away(ada: Visitor, ledger: Ledger) -> None:
    ledger.plan(Fault(vendor="crono", status=503, times=None))
    await ada.command("/crono-add-task")
    await modal(ada, FORM)
    await fill_in(ada)
    await ada.until(lambda: ada.modal is not None and ada.modal.find("crm.deal"))
    assert ledger.calls("crono", "accounts.*") == []


async def test_without_a_crm_the_command_says_so(tomas: Visitor) -> None:
    await tomas.command("/crono-add-task")
    await tomas.sees("No CRM is connected")


async def test_help_says_which_crm(ada: Visitor) -> None:
    await ada.command("/crono-add-task help")
    assert "Adds a task to Crono" in await ada.sees("tomorrow")


async def test_letters_are_answered_in_time_while_the_index_is_locked(
    ada: Visitor, database: Database
) -> None:
    await ada.command("/crono-add-task")
    await modal(ada, FORM)
    async with database.transaction() as session:
        await session.execute(text("LOCK TABLE crm_records IN ACCESS EXCLUSIVE MODE"))
        async with asyncio.timeout(SLACK_WAITS):
            assert await ada.suggestions("crm.about", "celeste") == []
    assert "Celeste Morgan" in (await ada.suggestions("crm.about", "celeste"))[0]


async def test_help_speaks_the_members_language_to_the_last_word(giulia: Visitor) -> None:
    await giulia.command("/crono-add-task help")
    shown = await giulia.sees("domani 10:00")
    assert "chiamata" in shown
    assert "tomorrow" not in shown
    assert "Generic," not in shown
