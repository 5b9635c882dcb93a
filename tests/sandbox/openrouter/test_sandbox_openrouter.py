"""OpenRouter's stand-in against the contract: every field, strict bodies, one showing."""

import json

import pytest

from integrations.sandbox.openrouter.api import MANAGEMENT_KEY
from integrations.sandbox.openrouter.vendor import ROOT, OpenRouterKeys
from tests.sandbox.outside_stage import SHARED, Outside

SCHEMA = SHARED / "contracts/specs/openrouter/keys-from-python-sdk-1.3.84.schema.json"
OURS = {"Authorization": f"Bearer {MANAGEMENT_KEY}"}


async def made(world: Outside, **body: object) -> dict[str, object]:
    """A new key's whole answer."""
    reply = await world.http.post(f"{ROOT}/keys", json={"name": "a", **body}, headers=OURS)
    assert reply.status_code == 201
    answer: dict[str, object] = reply.json()
    return answer


@pytest.mark.skipif(not SCHEMA.exists(), reason="no ../shared here")
async def test_a_key_has_every_field_of_the_specification(world: Outside) -> None:
    described = json.loads(SCHEMA.read_text("utf-8"))["CreateKeysResponse"]["$defs"]
    answer = await made(world)
    data = answer["data"]
    assert isinstance(data, dict)
    assert set(data) >= set(described["CreateKeysData"]["required"])


async def test_the_secret_is_shown_once_and_masked_in_the_journal(world: Outside) -> None:
    answer = await made(world)
    data = answer["data"]
    assert isinstance(data, dict)
    again = (await world.http.get(f"{ROOT}/keys/{data['hash']}", headers=OURS)).json()
    assert str(answer["key"]).startswith("sk-or-v1-")
    assert "key" not in again
    assert str(answer["key"]) not in json.dumps(world.sandbox.journal.entries())


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "a", "limit": "10"},
        {"name": "a", "limit": -1},
        {"name": "a", "limit_reset": "yearly"},
        {"name": "a", "expires_at": "2027-01-01T00:00Z"},
        {"name": "a", "expires_at": "2027-01-01T00:00:00+01:00"},
        {"name": "a", "colour": "red"},
    ],
)
async def test_a_body_beside_the_contract_is_refused(world: Outside, body: object) -> None:
    reply = await world.http.post(f"{ROOT}/keys", json=body, headers=OURS)
    assert reply.status_code == 400
    assert reply.json()["error"]["metadata"]["error_type"] == "invalid_request"
    assert world.sandbox.of(OpenRouterKeys).store.newest_first() == []


async def test_an_ordinary_key_manages_no_others(world: Outside) -> None:
    secret = (await made(world))["key"]
    theirs = {"Authorization": f"Bearer {secret}"}
    assert (await world.http.get(f"{ROOT}/keys", headers=theirs)).status_code == 401
    about = (await world.http.get(f"{ROOT}/key", headers=theirs)).json()["data"]
    assert (about["is_management_key"], "hash" in about) == (False, False)


async def test_a_page_has_a_hundred_and_leaves_out_what_is_disabled(world: Outside) -> None:
    store = world.sandbox.of(OpenRouterKeys).store
    for number in range(120):
        store.add(f"k{number}", disabled=number < 10)
    first = (await world.http.get(f"{ROOT}/keys", headers=OURS)).json()["data"]
    assert (len(first), first[0]["name"]) == (100, "k119")
    rest = (await world.http.get(f"{ROOT}/keys?offset=100", headers=OURS)).json()["data"]
    assert len(rest) == 10
    every = f"{ROOT}/keys?offset=100&include_disabled=true"
    assert len((await world.http.get(every, headers=OURS)).json()["data"]) == 20


async def test_a_second_delete_is_not_found(world: Outside) -> None:
    data = (await made(world))["data"]
    assert isinstance(data, dict)
    one = f"{ROOT}/keys/{data['hash']}"
    assert (await world.http.delete(one, headers=OURS)).json() == {"deleted": True}
    assert (await world.http.delete(one, headers=OURS)).status_code == 404


@pytest.mark.parametrize("code", ["openrouter_key_limit", "openrouter_in_flight_budget", None])
async def test_a_planned_402_names_its_limit(world: Outside, code: str | None) -> None:
    await world.fault(vendor="openrouter", kind="status", status=402, code=code)
    reply = await world.http.post(f"{ROOT}/keys", json={"name": "a"}, headers=OURS)
    source = reply.json()["error"]["metadata"]["limit_source"]
    assert (reply.status_code, source) == (402, code or "openrouter_credits")
