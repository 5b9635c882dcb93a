"""The imitated Fathom is as strict as the contract (A), and its replies fit the derived spec."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jsonschema
import pytest
import pytest_asyncio

from tests.sandbox.outside_stage import FIRST_ID, SHARED, Outside, outside

ROOT = "/fathom/external/v1"
ADA = {"X-Api-Key": "fathom-sandbox-ada"}
SPEC = SHARED / "contracts/specs/fathom-openapi.derived.json"
needs_spec = pytest.mark.skipif(not SPEC.is_file(), reason="no ../shared/contracts here")


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[Outside]:
    async with outside() as started:
        yield started


async def get(world: Outside, path: str, **query: Any) -> httpx.Response:
    return await world.http.get(f"{ROOT}{path}", params=query, headers=ADA)


def check(body: Any, name: str) -> None:
    """Validates against a schema of the derived spec."""
    spec = json.loads(SPEC.read_text("utf-8"))
    schema = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
    jsonschema.validate(body, schema)


async def pages(world: Outside, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        body = (await get(world, "/meetings", **query, **cursor)).json()
        found += body["items"]
        if body["next_cursor"] is None:
            return found
        assert len(body["items"]) == 10
        cursor = {"cursor": body["next_cursor"]}


@needs_spec
async def test_every_reply_fits_the_spec(world: Outside) -> None:
    every = {f"include_{x}": "true" for x in ("transcript", "summary", "action_items")}
    every |= {"include_highlights": "true", "include_crm_matches": "true"}
    check((await get(world, "/meetings")).json(), "MeetingListResponse")
    check((await get(world, "/meetings", **every)).json(), "MeetingListResponse")
    check((await get(world, "/teams")).json(), "TeamListResponse")
    check((await get(world, "/team_members")).json(), "TeamMemberListResponse")
    check((await get(world, "/meeting_types")).json(), "MeetingTypeListResponse")
    recording = f"/recordings/{FIRST_ID + 101}"
    check((await get(world, f"{recording}/summary")).json(), "MeetingSummaryResponse")
    check((await get(world, f"{recording}/transcript")).json(), "TranscriptResponse")


async def test_pages_of_ten_lead_through_every_meeting_newest_first(world: Outside) -> None:
    found = await pages(world)
    ids = [m["recording_id"] for m in found]
    assert len(ids) == len(set(ids)) > 40
    created = [m["created_at"] for m in found]
    assert created == sorted(created, reverse=True)


async def test_a_meeting_recorded_meanwhile_moves_no_page(world: Outside) -> None:
    first = (await get(world, "/meetings")).json()
    expected = (await get(world, "/meetings", cursor=first["next_cursor"])).json()["items"]
    meetings = world.sandbox.world.meetings
    newest = world.sandbox.world.meetings_of(world.sandbox.world.home.people[0])[0]
    meetings.append(newest)
    again = (await get(world, "/meetings", cursor=first["next_cursor"])).json()["items"]
    meetings.pop()
    assert [m["recording_id"] for m in again] == [m["recording_id"] for m in expected]


async def test_filters_narrow_the_list(world: Outside) -> None:
    hartwell = await pages(world, **{"calendar_invitees_domains[]": "hartwell-logistics.example"})
    assert {m["recording_id"] - FIRST_ID for m in hartwell} == {101, 130}
    sams = await pages(world, **{"recorded_by[]": "sam@altamarea.example"})
    assert sams
    assert {m["recorded_by"]["name"] for m in sams} == {"Sam O'Connor"}
    internal = await pages(world, calendar_invitees_domains_type="only_internal")
    assert FIRST_ID + 121 in {m["recording_id"] for m in internal}
    recent = await pages(world, created_after="2026-11-18T00:00:00Z")
    assert 0 < len(recent) < 10
    older = await pages(world, created_before="2026-11-18T00:00:00Z")
    assert len(recent) + len(older) == len(await pages(world))
    assert await pages(world, meeting_type="Nothing of the sort") == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "50"},
        {"q": "hartwell"},
        {"cursor": "nonsense"},
        {"created_after": "yesterday"},
        {"include_summary": "yes"},
        {"calendar_invitees_domains_type": "external"},
    ],
)
async def test_what_the_api_does_not_know_is_refused(world: Outside, query: dict[str, str]) -> None:
    assert (await get(world, "/meetings", **query)).status_code == 400


async def test_a_key_opens_only_what_its_owner_may_see(world: Outside) -> None:
    path = f"{ROOT}/recordings/{FIRST_ID + 128}/transcript"
    assert (await world.http.get(path, headers=ADA)).status_code == 200
    for key in ("fathom-sandbox-nora", "fathom-sandbox-tomas"):
        assert (await world.http.get(path, headers={"X-Api-Key": key})).status_code == 404
    nora = {"Authorization": "Bearer fathom-sandbox-nora"}
    mine = await world.http.get(f"{ROOT}/meetings", headers=nora)
    assert mine.json() == {"limit": 10, "next_cursor": None, "items": []}


async def test_without_a_valid_key_nothing_opens(world: Outside) -> None:
    assert (await world.http.get(f"{ROOT}/meetings")).status_code == 401
    wrong = await world.http.get(f"{ROOT}/meetings", headers={"X-Api-Key": "x"})
    assert wrong.status_code == 401


async def test_a_bearer_may_not_include_the_transcript_in_the_list(world: Outside) -> None:
    bearer = {"Authorization": "Bearer fathom-sandbox-ada"}
    reply = await world.http.get(f"{ROOT}/meetings?include_transcript=true", headers=bearer)
    assert reply.status_code == 400


async def test_unknown_and_malformed_recordings(world: Outside) -> None:
    assert (await get(world, "/recordings/1/summary")).status_code == 404
    assert (await get(world, "/recordings/abc/summary")).status_code == 400
    assert (await get(world, "/users")).status_code == 403


async def test_a_callback_is_only_accepted(world: Outside) -> None:
    path = f"/recordings/{FIRST_ID + 101}/summary"
    reply = await get(world, path, destination_url="https://app.example/x")
    assert reply.json() == {"destination_url": "https://app.example/x"}


async def test_webhooks_are_made_once_told_their_secret_and_removed(world: Outside) -> None:
    body = {
        "destination_url": "https://app.example/webhooks/fathom/1",
        "triggered_for": ["my_recordings"],
        "include_summary": True,
    }
    made = await world.http.post(f"{ROOT}/webhooks", json=body, headers=ADA)
    assert made.status_code == 201
    webhook = made.json()
    assert webhook["secret"].startswith("whsec_")
    if SPEC.is_file():
        check(webhook, "Webhook")
    path = f"{ROOT}/webhooks/{webhook['id']}"
    other = await world.http.delete(path, headers={"X-Api-Key": "fathom-sandbox-sam"})
    assert other.status_code == 404
    assert (await world.http.delete(path, headers=ADA)).status_code == 204
    assert (await world.http.delete(path, headers=ADA)).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"include_summary": False},
        {"triggered_for": []},
        {"triggered_for": ["everything"]},
        {"destination_url": "nowhere"},
        {"include_highlights": True},
    ],
)
async def test_a_webhook_the_vendor_would_refuse(world: Outside, change: dict[str, Any]) -> None:
    body = {
        "destination_url": "https://app.example/x",
        "triggered_for": ["my_recordings"],
        "include_summary": True,
        **change,
    }
    reply = await world.http.post(f"{ROOT}/webhooks", json=body, headers=ADA)
    assert reply.status_code == 400


async def test_limits_are_told_always_and_enforced_when_asked(world: Outside) -> None:
    assert (await get(world, "/meetings")).headers["RateLimit-Limit"] == "60"
    async with outside(enforce_limits=True) as strict:
        path = f"/recordings/{FIRST_ID + 101}/transcript"
        replies = [await get(strict, path) for _ in range(31)]
        assert [r.status_code for r in replies] == [200] * 30 + [429]
        assert 1 <= int(replies[-1].headers["Retry-After"]) <= 60
        assert replies[-1].headers["RateLimit-Remaining"] == "0"
        assert "Retry-After" not in replies[0].headers
        assert (await get(strict, "/meetings")).status_code == 200
