"""HubSpot behind the port: each verb, against the imitated HubSpot with its cast."""

from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio

from integrations.errors import RefusedByVendor
from integrations.http import client
from integrations.hubspot.client import HubSpot
from integrations.hubspot.types import HubSpotKey
from integrations.sandbox.hubspot import vendor as sandbox
from integrations.sandbox.hubspot.store import HubSpotStore
from integrations.sandbox.hubspot.wire import KEY, READ_ONLY_KEY
from services.crm import Amount, DealChange, Gone, HubSpotVendor, NewNote, NewTask
from services.crm.hubspot_changes import HubSpotChanges
from services.crm.hubspot_fields import Reader
from services.errors import Invalid, NotAllowed
from tests.integrations.sandbox_vendors import sandbox_vendors

MEETING = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
MARKER = "Fathom recording 734000201 · https://fathom.video/calls/1"


@pytest_asyncio.fixture
async def world():
    async with sandbox_vendors([sandbox.vendors]) as running:
        yield running


@pytest_asyncio.fixture
async def vendor(world):
    async with client(f"{world.url}/hubspot", "hubspot") as http:
        yield HubSpotVendor(HubSpot(http))


@pytest.fixture
def crm(vendor):
    return vendor.open((KEY,))


@pytest.fixture
def store(world) -> HubSpotStore:
    found = world.sandbox.of(sandbox.HubSpot).store
    found.lag = 0.0
    return found


async def valdoro(crm):
    [account] = await crm.accounts_for("caseificiovaldoro.example")
    return account


def refused(crm, caught):
    return crm.refusal(caught.value)


async def test_keys_are_tried_for_all_that_is_needed(vendor, crm):
    await crm.check()
    reader = vendor.open((READ_ONLY_KEY,))
    with pytest.raises(RefusedByVendor) as caught:
        await reader.check()
    told = refused(reader, caught)
    assert isinstance(told, NotAllowed)
    assert "crm.objects.contacts.write" in told.sentence("it")


async def test_a_key_whose_scopes_are_not_told_is_tried_by_reading(world, crm):
    world.spoil(vendor="hubspot", operation="token.info", kind="status", status=404)
    await crm.check()
    world.spoil(vendor="hubspot", operation="token.info", kind="status", status=404)
    world.spoil(vendor="hubspot", operation="deals.list", kind="status", status=403)
    with pytest.raises(RefusedByVendor):
        await crm.check()


async def test_a_company_is_found_by_each_of_its_domains(crm, store):
    [found] = await crm.accounts_for("www.CaseificioValdoro.example")
    assert found.name == "Caseificio Valdoro"
    store.touch(
        store.items["companies"][found.id], {"hs_additional_domains": "valdoro.example;x.example"}
    )
    [again] = await crm.accounts_for("valdoro.example")
    assert again.domains == ("caseificiovaldoro.example", "valdoro.example", "x.example")
    assert len(await crm.accounts_for("hartwell-logistics.example")) == 2
    assert await crm.accounts_for("nobody.example") == ()


async def test_the_context_holds_people_open_deals_and_the_newest_notes(crm):
    [hartwell] = [
        one
        for one in await crm.accounts_for("hartwell-logistics.example")
        if one.name == "Hartwell Logistics"
    ]
    known = await crm.context(hartwell.id, notes=1)
    assert {one.name for one in known.contacts} == {"Owen Hartwell", "Priya Nair", "Helen Brandt"}
    assert {one.name for one in known.deals} == {"Marea for Leeds and Hull", "Scanner lease"}
    assert known.deals[0].amount is not None
    assert {one.amount for one in known.deals} == {Amount(4_800_000, "EUR"), Amount(910_000, "EUR")}
    [note] = known.notes
    assert note.text.startswith("Demo for Owen and Priya")
    assert crm.link("account", hartwell.id).endswith(f"/record/0-2/{hartwell.id}")


async def test_only_what_changed_is_sent_and_read_back(world, crm):
    account = await valdoro(crm)
    [deal] = await crm.open_deals(account.id)
    change = DealChange(amount=Amount(1_600_050, "EUR"), closes_on=date(2027, 3, 1))
    after = await crm.update_deal(deal, change)
    assert (after.amount, after.closes_on) == (Amount(1_600_050, "EUR"), date(2027, 3, 1))
    assert (after.stage, after.description) == (deal.stage, deal.description)
    [sent] = [e for e in world.sandbox.journal.entries() if e["method"] == "PATCH"]
    assert set(sent["request"]["body"]["properties"]) == {"amount", "closedate"}
    cleared = await crm.update_deal(after, DealChange(cleared=frozenset({"closes_on"})))
    assert cleared.closes_on is None


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (DealChange(stage="gone"), Invalid, "fase"),
        (DealChange(stage="closedlost"), Invalid, "Closed lost reason"),
    ],
)
async def test_what_hubspot_declines_is_one_sentence(crm, change, kind, says):
    [deal] = await crm.open_deals((await valdoro(crm)).id)
    with pytest.raises(RefusedByVendor) as caught:
        await crm.update_deal(deal, change)
    told = refused(crm, caught)
    assert isinstance(told, kind)
    assert says in told.sentence("it")


async def test_a_deal_that_is_gone_is_told_as_gone(crm, store):
    [deal] = await crm.open_deals((await valdoro(crm)).id)
    store.archive(store.items["deals"][deal.id])
    with pytest.raises(RefusedByVendor) as caught:
        await crm.update_deal(deal, DealChange(description="x"))
    assert isinstance(refused(crm, caught), Gone)


async def test_won_is_closed_with_certainty(crm):
    sales, _ = await crm.pipelines()
    ends = {stage.name: stage.won for stage in sales.stages if stage.closed}
    assert ends == {"Won": True, "Lost": False}


async def test_a_note_is_escaped_linked_found_by_its_marker_edited_and_deleted(crm, store):
    account = await valdoro(crm)
    known = await crm.context(account.id, notes=3)
    text = "Ciao <b>tutti</b> & buon lavoro\nseconda riga\n\nhttps://valdoro.example/x?a=1&b=2"
    new = NewNote(
        account.id,
        text,
        MARKER,
        MEETING,
        deal_id=known.deals[0].id,
        contact_ids=tuple(one.id for one in known.contacts),
    )
    made = await crm.create_note(new)
    body = store.items["notes"][made.id].properties["hs_note_body"]
    assert "&lt;b&gt;tutti&lt;/b&gt; &amp; buon lavoro<br>seconda riga" in body
    assert store.items["notes"][made.id].properties["hs_timestamp"] == "2026-11-18T14:00:00.000Z"
    links = [
        len(store.linked("notes", made.id, kind)) for kind in ("companies", "deals", "contacts")
    ]
    assert links == [1, 1, 2]
    assert made.url.startswith("https://app-eu1.hubspot.com/contacts/")
    found = await crm.find_note(account.id, MARKER)
    assert (found.id, "https://valdoro.example/x?a=1&b=2" in found.text) == (made.id, True)
    await crm.update_note(made.id, NewNote(account.id, "Nuovo", MARKER, MEETING))
    again = await crm.find_note(account.id, MARKER)
    assert again.text.startswith("Nuovo")
    for _ in range(2):
        await crm.delete_note(made.id)
    assert await crm.find_note(account.id, MARKER) is None


@pytest.mark.parametrize(
    ("kind", "stored"), [("call", "CALL"), ("inmail", "LINKED_IN_MESSAGE"), ("generic", "TODO")]
)
async def test_a_task_is_found_again_by_what_it_says(crm, store, kind, stored):
    account = await valdoro(crm)
    begun = datetime.now(UTC)
    new = NewTask(account.id, kind, "Chiamare Paolo", MEETING, "Prezzi")
    assert await crm.find_task(new, begun) is None
    made = await crm.create_task(new)
    found = await crm.find_task(new, begun)
    assert (found.id, found.due_at) == (made.id, MEETING)
    task = store.items["tasks"][made.id].properties
    assert (task["hs_task_type"], task.get("hubspot_owner_id")) == (stored, None)
    assert await crm.find_task(new, begun + timedelta(hours=1)) is None
    await crm.delete_task(made.id)
    assert await crm.find_task(new, begun) is None


async def read_all(crm, kind, cursor=""):
    found = []
    while True:
        page = await crm.changes(kind, cursor)
        found += page.records
        cursor = page.cursor
        if not page.more:
            return found, cursor


async def test_a_full_pass_and_then_only_what_changed(crm, store):
    people, cursor = await read_all(crm, "contact")
    assert len(people) == len(store.items["contacts"])
    assert all(one.account_id for one in people)
    item = store.items["contacts"][people[0].id]
    store.touch(item, {"jobtitle": "Direttrice"})
    changed, cursor = await read_all(crm, "contact", cursor)
    [one] = [row for row in changed if row.id == item.id]
    assert (one.title, one.account_id) == ("Direttrice", people[0].account_id)
    assert await crm.size("contact") == len(people)


async def test_rows_of_one_stamp_beyond_a_searchs_end_are_all_read(world, crm, store):
    now = datetime.now(UTC)
    for number in range(700):
        store.add("companies", {"name": f"Massa {number}"}, now - timedelta(minutes=1))
    _, cursor = await read_all(crm, "account")
    [late] = [store.add("companies", {"name": "Dopo"}, now)]
    async with client(f"{world.url}/hubspot", "hubspot") as http:
        reader = Reader(await HubSpot(http).portal(HubSpotKey(KEY)))
        changes = HubSpotChanges(HubSpot(http), HubSpotKey(KEY), reader, most_rows=400)
        found: set[str] = set()
        more = True
        while more:
            page = await changes.page("account", cursor)
            found |= {one.id for one in page.records}
            cursor, more = page.cursor, page.more
    names = {store.items["companies"][one].properties["name"] for one in found}
    assert len([name for name in names if name and name.startswith("Massa")]) == 700
    assert late.id in found
