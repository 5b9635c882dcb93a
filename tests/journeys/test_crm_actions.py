"""HubSpot connected instead of Crono: note, tasks and a deal of a follow-up, and Undo."""

import pytest_asyncio

from integrations.sandbox.hubspot.store import HubSpotStore
from integrations.sandbox.hubspot.vendor import HubSpot
from integrations.sandbox.hubspot.wire import KEY, READ_ONLY_KEY
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import card, modal, submit, write
from tests.kit.product import Product

REVIEW = "followups.review"
DOMAIN = "orchardstreet.example"


async def connect_hubspot(admin: Visitor) -> None:
    """A key that may only read is refused with the scope it lacks; the right one is kept."""
    await admin.command("/seguito connections")
    await modal(admin, "connections.overview")
    await admin.click("crm.ask_keys_hubspot")
    await modal(admin, "crm.form")
    await admin.type("crm.key_1", READ_ONLY_KEY)
    await admin.submit()
    await admin.sees("crm.objects.contacts.write")
    await admin.type("crm.key_1", KEY)
    await admin.submit()
    await admin.sees("HubSpot is connected")
    await admin.close(everything=True)


@pytest_asyncio.fixture
async def hubspot(ada: Visitor, sandbox: Sandbox):
    """Connected for this test; afterwards it is Crono again."""
    await connect_hubspot(ada)
    yield sandbox.of(HubSpot).store
    if ada.modal is not None:
        await ada.close(everything=True)
    await ada.command("/seguito connections")
    await modal(ada, "connections.overview")
    await ada.click("crm.disconnect")
    await ada.sees("Crono")
    await ada.close(everything=True)


def company(store: HubSpotStore, domain: str) -> str:
    """The company's id."""
    rows = store.items["companies"].values()
    return next(row.id for row in rows if row.properties.get("domain") == domain)


def linked(store: HubSpotStore, domain: str, kind: str) -> list[dict[str, str | None]]:
    """What hangs on the company."""
    ids = store.linked("companies", company(store, domain), kind)
    return [store.items[kind][one].properties for one in ids]


async def test_a_follow_up_goes_into_hubspot_and_comes_back(
    ada: Visitor, hubspot: HubSpotStore, ledger: Ledger
) -> None:
    before = len(linked(hubspot, DOMAIN, "notes"))
    await write(ada, "orchard")
    await ada.click("followups.show_review")
    await modal(ada, REVIEW)

    await ada.click("followups.change_note")
    await modal(ada, "followups.note_form")
    await submit(ada)
    await modal(ada, REVIEW)
    await ada.click("followups.change_deal")
    await modal(ada, "followups.deals")
    await ada.click("followups.edit_deal")
    await modal(ada, "followups.deal_form")
    await ada.type("followups.deal_amount", "3.000,00")
    await ada.choose("followups.deal_stage", "default|contractsent")
    await submit(ada)
    await modal(ada, REVIEW)
    await ada.sees("Contract sent")
    await ada.choose("followups.do", "note", "deal", "tasks")
    # Both replies get lost after the work was done.
    ledger.plan(Fault("hubspot", "notes.create", "lost_reply"))
    ledger.plan(Fault("hubspot", "tasks.create", "lost_reply"))
    await submit(ada)
    await ada.sees("The note is in the CRM")
    await ada.sees("The tasks are in the CRM")
    await ada.sees("The deal is changed")

    notes, tasks = linked(hubspot, DOMAIN, "notes"), linked(hubspot, DOMAIN, "tasks")
    assert len(notes) == before + 1
    assert len(tasks) == len({one["hs_task_subject"] for one in tasks}) > 0
    [deal] = linked(hubspot, DOMAIN, "deals")
    assert (deal["dealstage"], deal["amount"]) == ("contractsent", "3000")

    await ada.close(everything=True)
    reviewed = await card(ada, "The note is in the CRM")
    await ada.choose("followups.menu", "Undo", within=reviewed)
    await modal(ada, "followups.undo_review")
    await submit(ada)
    await card(ada, "The CRM note was deleted")
    await card(ada, "The tasks were deleted")
    await card(ada, "The deal is as it was")
    assert len(linked(hubspot, DOMAIN, "notes")) == before
    assert linked(hubspot, DOMAIN, "tasks") == []
    [deal] = linked(hubspot, DOMAIN, "deals")
    assert (deal["dealstage"], deal["amount"]) == ("presentationscheduled", "2610")


async def test_a_kill_while_note_and_tasks_are_created_leaves_one_of_each(
    ada: Visitor, hubspot: HubSpotStore, product: Product, ledger: Ledger
) -> None:
    domain = "saffronkitchens.example"
    await write(ada, "saffron")
    await ada.click("followups.show_review")
    await modal(ada, REVIEW)
    await ada.choose("followups.do", "note", "tasks")
    # Carried out by HubSpot, but whoever asked is dead by then.
    hold = Fault("hubspot", "notes.create", "slow", seconds=2)
    ledger.plan(hold)
    await submit(ada)
    await ledger.spoiled(hold)
    product.kill()
    await product.start()
    await card(ada, "The note is in the CRM")
    await card(ada, "The tasks are in the CRM")
    assert len(linked(hubspot, domain, "notes")) == 1
    tasks = linked(hubspot, domain, "tasks")
    assert len(tasks) == len({one["hs_task_subject"] for one in tasks}) > 0
