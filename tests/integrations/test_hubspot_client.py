"""HubSpot's client against the sandbox, which knows the contract; and how each failure ends."""

from datetime import timedelta

import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import client
from integrations.hubspot.client import HubSpot
from integrations.hubspot.errors import RefusedByHubSpot
from integrations.hubspot.types import HubSpotKey, Link, ObjectSearch, PropertyFilter
from integrations.sandbox.hubspot import vendor as sandbox
from integrations.sandbox.hubspot.wire import KEY, READ_ONLY_KEY
from tests.integrations.fake_vendor import in_turn, says

KEYS = HubSpotKey(KEY)
OTHER = HubSpotKey("pat-na1-other")
NAMES = ("name", "domain")
NOTE = {"hs_timestamp": "2026-11-18T10:00:00Z", "hs_note_body": "<p>Ciao</p>"}
SECOND = {"errorType": "RATE_LIMIT", "message": "You have reached your secondly limit."}


@pytest_asyncio.fixture
async def hubspot(vendors):
    async with client(f"{vendors.url}/hubspot", "hubspot") as http:
        yield HubSpot(http)


@pytest_asyncio.fixture
async def lonely(vendor):
    """The client before a fake that answers as the test says."""
    async with client(vendor.url, "hubspot") as http:
        yield HubSpot(http)


async def by_domain(hubspot, domain):
    search = ObjectSearch(((PropertyFilter("domain", "EQ", domain),),), NAMES)
    found = await hubspot.search(KEYS, "companies", search)
    return found.rows


async def test_the_account_and_what_its_key_may_do_are_told(hubspot):
    portal = await hubspot.portal(KEYS)
    assert (portal.time_zone, portal.currency) == ("Europe/Rome", "EUR")
    assert "crm.objects.deals.write" in await hubspot.scopes(KEYS)
    assert "crm.objects.deals.write" not in await hubspot.scopes(HubSpotKey(READ_ONLY_KEY))
    with pytest.raises(AuthExpired):
        await hubspot.portal(OTHER)


async def test_a_company_leads_to_its_people_deals_and_notes(hubspot):
    [valdoro] = await by_domain(hubspot, "caseificiovaldoro.example")
    assert valdoro.properties["name"] == "Caseificio Valdoro"
    ids = await hubspot.linked(KEYS, "companies", valdoro.id, "contacts")
    people = await hubspot.read_many(KEYS, "contacts", [*ids, "1"], ("email",))
    assert {one.properties["email"] for one in people} == {
        "paolo@caseificiovaldoro.example",
        "marta.conti@caseificiovaldoro.example",
    }
    [deal] = await hubspot.linked(KEYS, "companies", valdoro.id, "deals")
    read = await hubspot.read(KEYS, "deals", deal, ("amount", "closed_lost_reason"))
    assert (read.properties["amount"], read.properties["closed_lost_reason"]) == ("14500", "")
    assert read.linked["companies"] == (valdoro.id,)
    many = await hubspot.linked_many(KEYS, "contacts", ids, "companies")
    assert set(many.values()) == {(valdoro.id,)}


async def test_a_full_pass_brings_everybody_once_with_their_companies(hubspot, vendors):
    rows, after = [], ""
    while True:
        page = await hubspot.page(KEYS, "contacts", ("email",), after)
        rows += page.rows
        after = page.after
        if not after:
            break
    store = vendors.sandbox.of(sandbox.HubSpot).store
    assert sorted(row.id for row in rows) == sorted(store.items["contacts"])
    assert all(row.linked["companies"] for row in rows)


async def test_pipelines_and_owners_are_read(hubspot):
    sales, renewals = await hubspot.pipelines(KEYS)
    assert (sales.id, renewals.label) == ("default", "Renewals")
    ends = {stage.id: stage.probability for stage in sales.stages if stage.closed}
    assert ends == {"closedwon": 1.0, "closedlost": 0.0}
    assert "ada@" in next(one.email for one in await hubspot.owners(KEYS))
    assert "CALL" in await hubspot.options(KEYS, "tasks", "hs_task_type")


async def test_a_note_is_written_linked_changed_and_deleted(hubspot):
    [valdoro] = await by_domain(hubspot, "caseificiovaldoro.example")
    note = await hubspot.create(KEYS, "notes", NOTE, [Link("companies", valdoro.id)])
    assert note.id in await hubspot.linked(KEYS, "companies", valdoro.id, "notes")
    changed = await hubspot.update(KEYS, "notes", note.id, {"hs_note_body": "<p>Salve</p>"})
    assert changed.properties["hs_note_body"] == "<p>Salve</p>"
    for _ in range(2):
        await hubspot.delete(KEYS, "notes", note.id)
    assert note.id not in await hubspot.linked(KEYS, "companies", valdoro.id, "notes")


async def test_a_lost_create_is_not_sent_again(hubspot, vendors):
    vendors.spoil(vendor="hubspot", operation="notes.create", kind="lost_reply")
    with pytest.raises(Unreachable):
        await hubspot.create(KEYS, "notes", NOTE, ())
    made = [e for e in vendors.sandbox.journal.entries() if e["method"] == "POST"]
    assert len(made) == 1


@pytest.mark.parametrize(
    ("values", "code", "subject"),
    [
        ({"dealstage": "gone"}, "INVALID_OPTION", "dealstage"),
        (
            {"dealstage": "closedlost"},
            "MISSING_CONDITIONAL_REQUIRED_PROPERTY",
            "closed_lost_reason",
        ),
        ({"closedate": "soon"}, "INVALID_DATE", "closedate"),
    ],
)
async def test_a_refusal_names_its_code_and_property(hubspot, values, code, subject):
    [valdoro] = await by_domain(hubspot, "caseificiovaldoro.example")
    [deal] = await hubspot.linked(KEYS, "companies", valdoro.id, "deals")
    with pytest.raises(RefusedByHubSpot) as caught:
        await hubspot.update(KEYS, "deals", deal, values)
    assert (caught.value.code, caught.value.subject) == (code, subject)


async def test_a_missing_scope_is_named(hubspot):
    with pytest.raises(RefusedByHubSpot) as caught:
        await hubspot.create(HubSpotKey(READ_ONLY_KEY), "notes", NOTE, ())
    assert caught.value.code == "MISSING_SCOPES"
    assert caught.value.subject == "crm.objects.contacts.write"


async def test_our_own_searches_stay_below_the_limit(hubspot, vendors):
    for _ in range(6):
        await by_domain(hubspot, "caseificiovaldoro.example")
    statuses = [entry["status"] for entry in vendors.sandbox.journal.entries(vendor="hubspot")]
    assert statuses == [200] * 6


async def test_a_search_that_others_used_up_is_asked_once_more(vendor, lonely):
    vendor.answer = in_turn(says(SECOND, 429), says({"results": [], "total": 0}))
    assert (await lonely.search(OTHER, "deals", ObjectSearch())).total == 0
    assert len(vendor.seen) == 2


@pytest.mark.parametrize(
    ("answer", "kind", "wait"),
    [
        (says({"policyName": "TEN_SECONDLY_ROLLING"}, 429), RateLimited, timedelta(seconds=10)),
        (says({"policyName": "DAILY"}, 429), RateLimited, timedelta(hours=1)),
        (says(b"<html>", 429), RateLimited, timedelta(seconds=10)),
        (says({}, 477, Retry_After="600"), RateLimited, timedelta(minutes=10)),
        (says({}, 423), RateLimited, timedelta(seconds=2)),
        (says(b"<html>", 524), Unreachable, None),
        (says(b"<html>", 200), Unreachable, None),
        (says({"category": "EXPIRED_AUTHENTICATION"}, 401), AuthExpired, None),
        (says({"category": "USER_DOES_NOT_HAVE_PERMISSIONS"}, 403), RefusedByVendor, None),
        (says(b"", 404), RefusedByVendor, None),
        (says({"category": "CONFLICT"}, 409), RefusedByVendor, None),
    ],
)
async def test_each_failure_becomes_one_of_four(vendor, lonely, answer, kind, wait):
    vendor.answer = answer
    with pytest.raises(kind) as caught:
        await lonely.portal(OTHER)
    assert wait is None or caught.value.retry_after == wait
    assert "other" not in str(caught.value)


async def test_a_key_no_header_can_carry_never_leaves(vendor, lonely):
    with pytest.raises(AuthExpired):
        await lonely.portal(HubSpotKey("pat na1\n"))
    assert vendor.seen == []
    assert "pat" not in repr(KEYS)
