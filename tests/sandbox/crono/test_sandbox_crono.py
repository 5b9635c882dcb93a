"""The imitated Crono keeps the contract's envelope, its paging and its strictness (B)."""

import json
from collections.abc import AsyncIterator
from typing import Any

import jsonschema
import pytest
import pytest_asyncio

from integrations.sandbox.crono.api import KEYS
from tests.sandbox.outside_stage import SHARED, Outside, outside

ROOT = "/crono/api/v1"
SPEC = SHARED / "contracts/specs/crono-openapi.derived.json"


@pytest_asyncio.fixture
async def world() -> AsyncIterator[Outside]:
    async with outside() as started:
        public, private = KEYS
        started.http.headers["X-Api-Key"] = public
        started.http.headers["X-Api-Secret"] = private
        yield started


async def post(world: Outside, path: str, body: Any) -> dict[str, Any]:
    reply = await world.http.post(f"{ROOT}{path}", json=body)
    assert reply.status_code == 200
    return dict(reply.json())


async def search(world: Outside, resource: str, **filters: Any) -> list[dict[str, Any]]:
    body = {"pagination": {"limit": 200, "offset": 0}, **filters}
    reply = await post(world, f"/{resource}/search", body)
    assert reply["isSuccess"], reply
    return list(reply["data"])


async def account(world: Outside, name: str) -> dict[str, Any]:
    return (await search(world, "Accounts", name=name))[0]


def code(reply: dict[str, Any]) -> str:
    assert reply["isSuccess"] is False
    return str(reply["errors"][0]["code"])


async def test_both_keys_are_needed(world: Outside) -> None:
    assert (await world.http.get(f"{ROOT}/Users")).json()["data"][0]["firstName"] == "Ada"
    world.http.headers["X-Api-Secret"] = "wrong"
    reply = await world.http.get(f"{ROOT}/Users")
    assert reply.status_code == 401
    assert code(reply.json()) == "ApiKeysMissing"


@pytest.mark.skipif(not SPEC.is_file(), reason="no ../shared/contracts here")
@pytest.mark.parametrize(
    ("resource", "schema"),
    [
        ("Accounts", "AccountDto"),
        ("Prospects", "ProspectDto"),
        ("Opportunities", "OpportunityDto"),
        ("Notes", "NoteDto"),
        ("Users", "UserDto"),
        ("Pipelines", "PipelineDto"),
    ],
)
async def test_replies_have_the_required_fields(world: Outside, resource: str, schema: str) -> None:
    spec = json.loads(SPEC.read_text("utf-8"))["components"]["schemas"][schema]
    records = (await world.http.get(f"{ROOT}/{resource}")).json()["data"]
    assert records
    for record in records:
        jsonschema.validate(record, {"type": "object", "required": spec.get("required", [])})
        assert set(record) <= set(spec["properties"]) | {"objectId"}


async def test_a_name_is_found_in_part_and_any_case_of_the_request_works(world: Outside) -> None:
    body = {"Pagination": {"Limit": 10, "Offset": 0}, "Name": "hARTWELL"}
    reply = await post(world, "/Accounts/search", body)
    assert [a["name"] for a in reply["data"]] == ["Hartwell Cold Chain", "Hartwell Logistics"]
    assert reply["total"] == 2


async def test_pages_add_up_and_have_limits(world: Outside) -> None:
    first = (await world.http.get(f"{ROOT}/Accounts", params={"Limit": 50})).json()
    rest = (await world.http.get(f"{ROOT}/Accounts", params={"limit": 50, "offset": 50})).json()
    assert first["total"] == len(first["data"]) + len(rest["data"]) > 50
    assert first["data"][0]["name"] == "Abacus Stationers"
    for bad in ({"limit": 0, "offset": 0}, {"limit": 201, "offset": 0}, {"limit": "x"}):
        assert code(await post(world, "/Accounts/search", {"pagination": bad})) == "BadRequest"
    assert code(await post(world, "/Accounts/search", {"name": "x"})) == "MissingInput"
    unknown = {"pagination": {"limit": 1, "offset": 0}, "website": "hartwell"}
    assert code(await post(world, "/Accounts/search", unknown)) == "BadRequest"


async def test_an_account_leads_to_its_contacts_deals_and_notes(world: Outside) -> None:
    hartwell = (await account(world, "Hartwell Logistics"))["objectId"]
    prospects = await search(world, "Prospects", accountId=hartwell)
    assert {p["email"] for p in prospects} >= {"owen@hartwell-logistics.example"}
    deals = await search(world, "Opportunities", accountId=hartwell, sort="AmountDesc")
    assert [d["amount"] for d in deals] == [48000.0, 12000.0, 9100.0]
    assert [d["isClosed"] for d in deals] == [False, True, False]
    notes = await search(world, "Notes", accountId=hartwell, includes={"withAccount": True})
    assert notes[0]["createdDate"] > notes[1]["createdDate"]
    assert notes[0]["account"]["name"] == "Hartwell Logistics"


async def test_one_object_and_none(world: Outside) -> None:
    hartwell = await account(world, "Hartwell Logistics")
    one = await world.http.get(f"{ROOT}/Accounts/{hartwell['objectId']}")
    assert one.json()["data"] == hartwell
    assert code((await world.http.get(f"{ROOT}/Accounts/1_2")).json()) == "EntityNotFound"


async def test_a_note_stays_and_is_found_by_its_marker(world: Outside) -> None:
    valdoro = (await account(world, "Valdoro"))["objectId"]
    note = {"description": "Riunione\nfathom 734000201", "accountId": valdoro}
    made = await post(world, "/Notes", {"data": note})
    assert made["isSuccess"]
    found = await search(world, "Notes", descriptionContains="734000201")
    assert [n["objectId"] for n in found] == [made["data"]["objectId"]]
    bare = await post(world, "/Notes", note)
    assert code(bare) == "MissingInput"
    missing = await post(world, "/Notes", {"data": {"description": "x"}})
    assert code(missing) == "MissingInput"
    nowhere = await post(world, "/Notes", {"data": {"description": "x", "accountId": "1_1"}})
    assert code(nowhere) == "EntityNotFound"


async def test_a_task_is_made_without_an_id_in_the_reply(world: Outside) -> None:
    valdoro = (await account(world, "Valdoro"))["objectId"]
    task = {
        "accountId": valdoro,
        "type": "Call",
        "activityDate": "2026-11-20T10:00:00+01:00",
        "automatic": False,
        "subject": "Chiamare Paolo",
    }
    assert (await post(world, "/Tasks", {"Data": task}))["data"] is True
    body = {"limit": 10, "offset": 0, "accountId": valdoro}
    found = await post(world, "/Tasks/search", body)
    assert [t["subject"] for t in found["data"]] == ["Chiamare Paolo"]
    for change in ({"type": "Fax"}, {"activityDate": "soon"}, {"colour": "red"}):
        assert code(await post(world, "/Tasks", {"data": {**task, **change}})) == "BadRequest"


async def test_a_deal_moves_between_the_stages_of_the_pipelines(world: Outside) -> None:
    pipelines = (await world.http.get(f"{ROOT}/Pipelines")).json()["data"]
    won = next(s for s in pipelines[0]["stages"] if s["isWon"])
    hartwell = (await account(world, "Hartwell Logistics"))["objectId"]
    deal = (await search(world, "Opportunities", accountId=hartwell, name="Leeds"))[0]
    ids = {"accountId": hartwell, "opportunityId": deal["objectId"]}
    change = {"data": {**ids, "stage": won["externalName"], "amount": 50000}}
    changed = (await world.http.patch(f"{ROOT}/Opportunities", json=change)).json()["data"]
    assert (changed["isWon"], changed["isClosed"], changed["amount"]) == (True, True, 50000)
    wrong = {"data": {**ids, "stage": "no such stage"}}
    reply = await world.http.patch(f"{ROOT}/Opportunities", json=wrong)
    assert code(reply.json()) == "EntityNotConsistent"
