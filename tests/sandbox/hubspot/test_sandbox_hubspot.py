"""The imitated HubSpot is strict where the contract says that HubSpot is."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
import pytest_asyncio

from integrations.sandbox.hubspot.vendor import HubSpot
from integrations.sandbox.hubspot.wire import KEY, READ_ONLY_KEY
from tests.sandbox.outside_stage import NOON, SHARED, Outside, outside

OBJECTS = "/hubspot/crm/objects/2026-09"
SPEC = SHARED / "contracts/specs/hubspot/hubspot-openapi.derived.json"
NOTE = {"hs_timestamp": "2026-11-18T10:00:00Z", "hs_note_body": "<p>Ciao</p>"}


@pytest_asyncio.fixture
async def world() -> AsyncIterator[Outside]:
    async with outside() as started:
        started.http.headers["Authorization"] = f"Bearer {KEY}"
        yield started


def hubspot(world: Outside) -> HubSpot:
    return world.sandbox.of(HubSpot)


async def search(world: Outside, kind: str, **body: Any) -> dict[str, Any]:
    reply = await world.http.post(f"{OBJECTS}/{kind}/search", json=body)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def equals(name: str, value: str, operator: str = "EQ") -> list[dict[str, Any]]:
    return [{"filters": [{"propertyName": name, "operator": operator, "value": value}]}]


async def company(world: Outside, domain: str) -> str:
    found = await search(world, "companies", filterGroups=equals("domain", domain))
    return str(found["results"][0]["id"])


async def linked(world: Outside, kind: str, record: str, to: str) -> list[str]:
    reply = await world.http.get(f"{OBJECTS}/{kind}/{record}/associations/{to}")
    return [row["toObjectId"] for row in reply.json()["results"]]


def to(record: str, *types: int) -> dict[str, Any]:
    kinds = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": t} for t in types]
    return {"to": {"id": record}, "types": kinds}


async def test_a_key_is_needed_and_each_object_has_its_scope(world: Outside) -> None:
    world.http.headers["Authorization"] = f"Bearer {READ_ONLY_KEY}"
    assert (await world.http.get(f"{OBJECTS}/companies")).status_code == 200
    reply = await world.http.post(f"{OBJECTS}/notes", json={"properties": NOTE})
    assert (reply.status_code, reply.json()["category"]) == (403, "MISSING_SCOPES")
    context = reply.json()["errors"][0]["context"]
    assert context == {"requiredGranularScopes": ["crm.objects.contacts.write"]}
    world.http.headers["Authorization"] = "Bearer nobody"
    reply = await world.http.get(f"{OBJECTS}/companies")
    assert (reply.status_code, reply.json()["category"]) == (401, "INVALID_AUTHENTICATION")


@pytest.mark.skipif(not SPEC.is_file(), reason="no ../shared/contracts here")
@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (f"{OBJECTS}/companies", "SimplePublicObjectWithAssociations"),
        (f"{OBJECTS}/deals?associations=companies", "SimplePublicObjectWithAssociations"),
        ("/hubspot/crm/pipelines/2026-09/deals", "Pipeline"),
        ("/hubspot/crm/owners/2026-09", "PublicOwner"),
    ],
)
async def test_replies_have_the_fields_of_the_document(
    world: Outside, path: str, schema: str
) -> None:
    document = json.loads(SPEC.read_text("utf-8"))
    rows = (await world.http.get(path)).json()["results"]
    assert rows
    for row in rows:
        wanted = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        jsonschema.validate(row, wanted)


async def test_lists_are_paged_to_the_end_and_have_no_cap(world: Outside) -> None:
    seen: list[str] = []
    after = ""
    while True:
        params = {"limit": "40", **({"after": after} if after else {})}
        body = (await world.http.get(f"{OBJECTS}/companies", params=params)).json()
        seen += [row["id"] for row in body["results"]]
        if "paging" not in body:
            break
        after = body["paging"]["next"]["after"]
    assert len(seen) == len(set(seen)) == len(hubspot(world).store.items["companies"])
    assert (await world.http.get(f"{OBJECTS}/companies?limit=101")).status_code == 400


async def test_values_are_text_and_names_that_do_not_exist_are_left_out(world: Outside) -> None:
    params = {"properties": "dealname,amount,nonsense"}
    row = (await world.http.get(f"{OBJECTS}/deals", params=params)).json()["results"][0]
    assert row["properties"]["amount"] == "48000"
    assert "nonsense" not in row["properties"]
    path = f"{OBJECTS}/deals/{row['id']}"
    reply = await world.http.patch(path, json={"properties": {"nonsense": "1"}})
    assert reply.json()["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"
    assert (await world.http.patch(path, json={"dealname": "x"})).status_code == 400


async def test_a_company_has_its_people_deals_and_notes(world: Outside) -> None:
    valdoro = await company(world, "caseificiovaldoro.example")
    assert len(await linked(world, "companies", valdoro, "contacts")) == 2
    [deal] = await linked(world, "companies", valdoro, "deals")
    assert len(await linked(world, "companies", valdoro, "notes")) == 1
    assert await linked(world, "deals", deal, "companies") == [valdoro]


async def test_a_note_needs_a_time_and_empty_types_link_nothing(world: Outside) -> None:
    valdoro = await company(world, "caseificiovaldoro.example")
    before = await linked(world, "companies", valdoro, "notes")
    bare = await world.http.post(f"{OBJECTS}/notes", json={"properties": {"hs_note_body": "x"}})
    assert bare.json()["errors"][0]["code"] == "MISSING_REQUIRED_PROPERTY"
    body = {"properties": NOTE, "associations": [to(valdoro)]}
    assert (await world.http.post(f"{OBJECTS}/notes", json=body)).status_code == 201
    assert await linked(world, "companies", valdoro, "notes") == before
    wrong = {"properties": NOTE, "associations": [to(valdoro, 189)]}
    reply = await world.http.post(f"{OBJECTS}/notes", json=wrong)
    assert reply.json()["errors"][0]["code"] == "INVALID_OBJECT_IDS"
    right = {"properties": NOTE, "associations": [to(valdoro, 190)]}
    made = (await world.http.post(f"{OBJECTS}/notes", json=right)).json()
    assert await linked(world, "companies", valdoro, "notes") == [*before, made["id"]]
    assert (await world.http.delete(f"{OBJECTS}/notes/{made['id']}")).status_code == 204
    assert await linked(world, "companies", valdoro, "notes") == before
    assert (await world.http.get(f"{OBJECTS}/notes/{made['id']}")).status_code == 404


async def test_a_search_lags_and_never_goes_beyond_its_limits(world: Outside) -> None:
    store = hubspot(world).store
    now = 1_000.0
    store.clock = lambda: now
    made = store.add("companies", {"name": "Nuova", "domain": "nuova.example"}, NOON)
    found = await search(world, "companies", filterGroups=equals("domain", "nuova.example"))
    assert found["total"] == 0
    now += store.lag
    found = await search(world, "companies", filterGroups=equals("domain", "NUOVA.example"))
    assert [row["id"] for row in found["results"]] == [made.id]
    for bad in (
        {"limit": 201},
        {"after": "9999", "limit": 10},
        {"sorts": [{"propertyName": "name"}, {"propertyName": "domain"}]},
        {"filterGroups": equals("nonsense", "x")},
        {"filterGroups": equals("createdate", "2026-11-18", "GTE")},
        {"query": "x" * 3_001},
    ):
        hubspot(world).gate.searches._calls.clear()
        reply = await world.http.post(f"{OBJECTS}/companies/search", json=bad)
        assert reply.status_code == 400, bad


async def test_a_sixth_search_in_a_second_is_refused_without_a_retry_after(world: Outside) -> None:
    replies = [
        await world.http.post(f"{OBJECTS}/deals/search", json={"limit": 1}) for _ in range(6)
    ]
    last = replies[-1]
    assert [reply.status_code for reply in replies].count(429) == 1
    assert last.json()["errorType"] == "RATE_LIMIT"
    assert "retry-after" not in last.headers


async def test_a_batch_tells_what_is_missing_with_a_207(world: Outside) -> None:
    valdoro = await company(world, "caseificiovaldoro.example")
    body = {"properties": ["name"], "inputs": [{"id": valdoro}, {"id": "1"}]}
    reply = await world.http.post(f"{OBJECTS}/companies/batch/read", json=body)
    assert (reply.status_code, reply.json()["numErrors"]) == (207, 1)
    by_email = {"idProperty": "email", "inputs": [{"id": "PAOLO@caseificiovaldoro.example"}]}
    reply = await world.http.post(f"{OBJECTS}/contacts/batch/read", json=by_email)
    assert reply.json()["results"][0]["properties"]["firstname"] == "Paolo"


async def test_a_deal_moves_as_its_pipeline_and_the_administrators_say(world: Outside) -> None:
    valdoro = await company(world, "caseificiovaldoro.example")
    [deal] = await linked(world, "companies", valdoro, "deals")
    path = f"{OBJECTS}/deals/{deal}"

    async def change(**properties: str) -> dict[str, Any]:
        return dict((await world.http.patch(path, json={"properties": properties})).json())

    assert (await change(dealstage="nowhere"))["errors"][0]["code"] == "INVALID_OPTION"
    # A stage of another pipeline, without saying which.
    assert (await change(dealstage="renewaldue"))["errors"][0]["code"] == "INVALID_OPTION"
    lost = await change(dealstage="closedlost")
    assert lost["errors"][0]["code"] == "MISSING_CONDITIONAL_REQUIRED_PROPERTY"
    assert (await change(hs_is_closed="true"))["errors"][0]["code"] == "READ_ONLY_VALUE"
    assert (await change(closedate="tomorrow"))["errors"][0]["code"] == "INVALID_DATE"
    won = await change(dealstage="closedwon")
    assert won["properties"]["hs_is_closed_won"] == "true"
    assert won["properties"]["closedate"][:4] == won["updatedAt"][:4]


async def test_a_company_that_was_merged_away_answers_as_its_survivor(world: Outside) -> None:
    store = hubspot(world).store
    keep = store.add("companies", {"name": "Tenuta"}, NOON)
    gone = store.add("companies", {"name": "Fusa"}, NOON - timedelta(days=1))
    store.merge("companies", keep.id, gone.id)
    reply = await world.http.get(f"{OBJECTS}/companies/{gone.id}")
    assert reply.json()["id"] == keep.id
