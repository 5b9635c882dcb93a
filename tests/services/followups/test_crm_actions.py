"""Note, deal and tasks of a follow-up in either CRM: once each, told honestly, taken back."""

from dataclasses import replace
from datetime import date

import pytest
import pytest_asyncio

from integrations.sandbox.hubspot.wire import READ_ONLY_KEY
from services.crm import Amount
from services.followups import ASKING, DONE, FAILED, PENDING, REPLACE, UNDONE, Edits
from services.followups.crm_deal import MOVED
from services.followups.crm_tasks import item_key
from services.followups.crm_wishes import (
    DEAL_WISH,
    NOTE_WISH,
    TASKS_WISH,
    DealWish,
    NoteWish,
    TasksWish,
    fields_of,
)
from tests.kit.crm_stage import CRMS, GUEST, ITEMS, crm_stage

EDITS = Edits("Recap", "Words.", "", "Pain points: none any more")


@pytest_asyncio.fixture(params=CRMS)
async def desk(request, database):
    async with crm_stage(database, request.param) as stage:
        yield stage


@pytest_asyncio.fixture
async def hubspot(database):
    async with crm_stage(database, "hubspot") as stage:
        yield stage


async def plan(desk, followup_id, name):
    review = await desk.desk.actions.review(desk.desk.actor, followup_id)
    return next(one.plan for one in review.planned if one.name == name)


async def test_a_note_lands_on_account_deal_and_people_once(desk):
    followup_id, before = await desk.written(), desk.count("notes")
    told = await plan(desk, followup_id, "note")
    assert told.ticked
    assert "Caseificio Valdoro, Tracciabilità lotti, Paolo Valdoro" in told.text
    await desk.order(followup_id, "note")
    await desk.order(followup_id, "note")
    assert desk.count("notes") == before + 1
    receipt = await desk.desk.receipt(followup_id, "note")
    assert (receipt.status, receipt.problem) == (DONE, "")
    [account] = await desk.crm.accounts_for("caseificiovaldoro.example")
    note = (await desk.crm.context(account.id, notes=1)).notes[0]
    assert "handwritten lots" in note.text
    assert "recording 7 ·" in note.text


@pytest.mark.parametrize("name", ["note", "tasks"])
async def test_a_reply_lost_after_the_creation_makes_no_second_one(desk, name):
    kind = "notes" if name == "note" else "tasks"
    followup_id, before = await desk.written(), desk.count(kind)
    wish = ""
    if name == "tasks":
        wish = TASKS_WISH.dump_json(TasksWish(keys=(item_key(ITEMS[0]),), chosen=True)).decode()
    desk.spoil(f"{kind}.create", kind="lost_reply")
    await desk.order(followup_id, name, wish, times=1)
    assert (await desk.desk.receipt(followup_id, name)).status == PENDING
    await desk.desk.take(followup_id)
    assert (await desk.desk.receipt(followup_id, name)).status == DONE
    assert desk.count(kind) == before + 1


async def test_a_create_that_failed_is_done_after_it_had_time_to_show(hubspot):
    followup_id, before = await hubspot.written(), hubspot.count("notes")
    hubspot.spoil("notes.create", kind="status", status=503)
    await hubspot.order(followup_id, "note", times=2)
    assert hubspot.count("notes") == before + 1
    hubspot.spoil("tasks.create", kind="status", status=429)
    await hubspot.order(followup_id, "tasks", times=2)
    assert hubspot.count("tasks") == 2


async def test_a_colleagues_note_of_the_recording_is_not_written_twice(desk):
    followup_id = await desk.written()
    await desk.order(followup_id, "note")
    count = desk.count("notes")
    other = desk.colleague
    again = await desk.written(by=other)
    await desk.order(again, "note", by=other)
    receipt = await other.receipt(again, "note")
    assert desk.count("notes") == count
    assert "already" in receipt.note
    await other.undo(again, "note")
    assert "before this follow-up" in (await other.receipt(again, "note")).kept
    assert desk.count("notes") == count


async def test_an_edit_goes_into_the_note_where_the_crm_lets_us(desk):
    followup_id = await desk.written()
    await desk.order(followup_id, "note")
    await desk.desk.edit(followup_id, EDITS)
    await desk.order(followup_id, "note")
    [account] = await desk.crm.accounts_for("caseificiovaldoro.example")
    text = (await desk.crm.context(account.id, notes=1)).notes[0].text
    receipt = await desk.desk.receipt(followup_id, "note")
    changed = "none any more" in text
    assert changed is desk.crm.capabilities.can_edit_note
    assert ("lets nobody change" in receipt.note) is not changed


async def test_undo_takes_back_what_the_crm_lets_us(desk):
    followup_id, notes = await desk.written(), desk.count("notes")
    await desk.order(followup_id, "note")
    await desk.order(followup_id, "tasks")
    can = desk.crm.capabilities.can_undo_note
    review = await desk.desk.actions.review_undo(desk.desk.actor, followup_id)
    assert [bool(one.plan.refusal) for one in review.planned] == [not can, not can]
    await desk.desk.undo(followup_id, "note", "tasks")
    receipts = [await desk.desk.receipt(followup_id, name) for name in ("note", "tasks")]
    assert [one.status for one in receipts] == [UNDONE if can else DONE] * 2
    assert [bool(one.kept) for one in receipts] == [not can] * 2
    assert (desk.count("notes"), desk.count("tasks")) == ((notes, 0) if can else (notes + 1, 2))


async def test_a_note_of_a_recording_that_is_not_shared_asks_first(desk):
    followup_id = await desk.written(shared=False)
    told = await plan(desk, followup_id, "note")
    assert "not shared" in told.doubt
    assert not told.ticked


async def test_of_several_accounts_none_is_assumed_and_a_choice_is_used(desk):
    owen = replace(GUEST, email="owen@hartwell-logistics.example")
    followup_id = await desk.written(guests=(GUEST, owen))
    told = await plan(desk, followup_id, "note")
    assert "Hartwell" in told.refusal
    assert "Valdoro" in told.refusal
    [account] = await desk.crm.accounts_for("caseificiovaldoro.example")
    wish = NOTE_WISH.dump_json(NoteWish(account.id, chosen=True)).decode()
    await desk.order(followup_id, "note", wish)
    assert (await desk.desk.receipt(followup_id, "note")).status == DONE


@pytest.mark.parametrize(
    ("email", "says"),
    [("bo@gmail.com", "Nobody from another company"), ("bo@unheard.example", "knows no")],
)
async def test_without_an_account_one_sentence_says_so(desk, email, says):
    followup_id = await desk.written(guests=(replace(GUEST, email=email),))
    assert says in (await plan(desk, followup_id, "note")).refusal
    await desk.order(followup_id, "tasks")
    receipt = await desk.desk.receipt(followup_id, "tasks")
    assert (receipt.status, says in receipt.problem) == (FAILED, True)


async def test_keys_without_rights_are_one_sentence(hubspot):
    followup_id = await hubspot.written()
    hubspot.keys.stored = replace(hubspot.keys.stored, keys=(READ_ONLY_KEY,))
    await hubspot.order(followup_id, "note")
    receipt = await hubspot.desk.receipt(followup_id, "note")
    assert receipt.status == FAILED
    assert "crm.objects.contacts.write" in receipt.problem


async def test_each_chosen_task_is_created_once_with_owner_and_day(hubspot):
    followup_id = await hubspot.written()
    told = await plan(hubspot, followup_id, "tasks")
    assert "Book the training" in told.text
    await hubspot.order(followup_id, "tasks")
    await hubspot.desk.edit(followup_id, EDITS)
    await hubspot.order(followup_id, "tasks")
    tasks = [item.properties for item in hubspot.hubspot.items["tasks"].values()]
    found = {one["hs_task_subject"]: one for one in tasks}
    assert len(tasks) == 2
    assert found["Send the price list"]["hs_timestamp"] == "2026-12-04T12:00:00.000Z"
    assert found["Book the training"].get("hubspot_owner_id") is None


async def deal_wish(desk, **wanted):
    [account] = await desk.crm.accounts_for("caseificiovaldoro.example")
    [deal] = await desk.crm.open_deals(account.id)
    seen = fields_of(deal)
    wish = DealWish(deal.id, deal.name, seen, replace(seen, **wanted))
    return deal, DEAL_WISH.dump_json(wish).decode()


async def test_of_a_deal_only_what_was_changed_is_sent_and_undo_sets_it_back(desk):
    followup_id = await desk.written()
    deal, wish = await deal_wish(desk, stage="contractsent", closes_on=date(2027, 3, 1))
    desk.spoil("deals.update", kind="lost_reply")
    await desk.order(followup_id, "deal", wish, times=2)
    receipt = await desk.desk.receipt(followup_id, "deal")
    assert receipt.status == DONE, receipt
    assert "Stage: Proposal sent (Sales) → Contract sent (Sales)" in receipt.note
    after = await desk.crm.deal(deal.id)
    assert (after.stage, after.closes_on, after.amount) == (
        "contractsent",
        date(2027, 3, 1),
        deal.amount,
    )
    await desk.desk.undo(followup_id, "deal")
    assert (await desk.desk.receipt(followup_id, "deal")).status == UNDONE
    back = await desk.crm.deal(deal.id)
    assert fields_of(back) == fields_of(deal)


async def test_a_deal_that_somebody_moved_meanwhile_is_asked_about(desk):
    followup_id = await desk.written()
    deal, _ = await deal_wish(desk)
    currency = deal.amount.currency
    deal, wish = await deal_wish(desk, amount=Amount(1_000_000, currency))
    _, other = await deal_wish(desk, amount=Amount(2_000_000, currency), description="theirs")
    theirs = await desk.written(by=desk.colleague)
    await desk.order(theirs, "deal", other, by=desk.colleague)
    await desk.order(followup_id, "deal", wish)
    receipt = await desk.desk.receipt(followup_id, "deal")
    assert (receipt.status, receipt.question) == (ASKING, MOVED)
    assert "20,000.00" in receipt.problem
    actor = desk.desk.actor
    await desk.desk.actions.request(actor, followup_id, {"deal": None}, answer=REPLACE)
    await desk.desk.take(followup_id)
    now = await desk.crm.deal(deal.id)
    assert (now.amount.minor, now.description) == (1_000_000, "theirs")


async def test_a_stage_or_a_deal_that_vanished_is_one_sentence(hubspot):
    followup_id = await hubspot.written()
    deal, wish = await deal_wish(hubspot, stage="demolished")
    await hubspot.order(followup_id, "deal", wish)
    receipt = await hubspot.desk.receipt(followup_id, "deal")
    assert "not in HubSpot any more" in receipt.problem
    _, wish = await deal_wish(hubspot, description="x")
    hubspot.hubspot.archive(hubspot.hubspot.items["deals"][deal.id])
    await hubspot.order(followup_id, "deal", wish)
    receipt = await hubspot.desk.receipt(followup_id, "deal")
    assert "This record is not in HubSpot any more" in receipt.problem


async def test_a_stage_that_demands_a_property_names_it(hubspot):
    followup_id = await hubspot.written()
    _, wish = await deal_wish(hubspot, stage="closedlost")
    await hubspot.order(followup_id, "deal", wish)
    receipt = await hubspot.desk.receipt(followup_id, "deal")
    assert "Closed lost reason" in receipt.problem


async def test_a_field_that_moved_though_nobody_sent_it_is_named(hubspot):
    followup_id = await hubspot.written()
    _, wish = await deal_wish(hubspot, stage="closedwon")
    await hubspot.order(followup_id, "deal", wish)
    receipt = await hubspot.desk.receipt(followup_id, "deal")
    assert "HubSpot also changed: Close date" in receipt.note
