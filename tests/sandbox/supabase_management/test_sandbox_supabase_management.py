"""The Management API's stand-in against its specification: every field, strict bodies, limits."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from integrations.sandbox.supabase_management.api import TOKEN
from integrations.sandbox.supabase_management.projects import ORGANIZATION
from integrations.sandbox.supabase_management.vendor import ROOT
from tests.sandbox.outside_stage import SHARED, Outside, outside

SPECIFICATION = SHARED / "contracts/specs/supabase/management-api.openapi.json"
OURS = {"Authorization": f"Bearer {TOKEN}"}
PROJECTS = f"{ROOT}/v1/projects"
NEW = {
    "name": "seguito-acme",
    "organization_slug": ORGANIZATION,
    "db_pass": "a'secret",
    "region_selection": {"type": "specific", "code": "eu-central-1"},
}


@pytest_asyncio.fixture
async def world(template_url: str) -> AsyncIterator[Outside]:
    """A sandbox on the tests' server."""
    async with outside(database_url=template_url) as started:
        yield started


async def made(world: Outside) -> Mapping[str, Any]:
    reply = await world.http.post(PROJECTS, json=NEW, headers=OURS)
    assert reply.status_code == 201, reply.text
    answer: Mapping[str, Any] = reply.json()
    return answer


def required(path: str, method: str, status: str) -> set[str]:
    """The fields that the specification promises of an answer, or of what it lists."""
    document = json.loads(SPECIFICATION.read_text("utf-8"))
    answer = document["paths"][path][method]["responses"][status]
    schema = answer["content"]["application/json"]["schema"]
    schema = schema.get("items", schema)
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema["required"])


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="no ../shared here")
async def test_answers_have_every_field_of_the_specification(world: Outside) -> None:
    project = await made(world)
    assert set(project) >= required("/v1/projects", "post", "201")
    one = f"{PROJECTS}/{project['ref']}"
    shown = (await world.http.get(one, headers=OURS)).json()
    assert set(shown) >= required("/v1/projects/{ref}", "get", "200")
    pooler = (await world.http.get(f"{one}/config/database/pooler", headers=OURS)).json()
    path = "/v1/projects/{ref}/config/database/pooler"
    assert all(set(row) >= required(path, "get", "200") for row in pooler)
    asked = {"services": ["db", "pooler"]}
    health = (await world.http.get(f"{one}/health", headers=OURS, params=asked)).json()
    path = "/v1/projects/{ref}/health"
    assert all(set(row) >= required(path, "get", "200") for row in health)


async def test_two_of_one_name_are_two_projects(world: Outside) -> None:
    assert (await made(world))["ref"] != (await made(world))["ref"]


@pytest.mark.parametrize(
    "changed",
    [
        {"db_pass": ""},
        {"name": "x" * 257},
        {"organization_slug": "not a slug"},
        {"region": "eu-central-1"},
        {"region_selection": {"type": "specific", "code": "eu-nowhere-1"}},
        {"region_selection": {"type": "elsewhere"}},
        {"region_selection": "eu-central-1"},
        {"unheard": "of"},
    ],
)
async def test_a_body_that_the_specification_does_not_know_is_refused(
    world: Outside, changed: Mapping[str, object]
) -> None:
    reply = await world.http.post(PROJECTS, json={**NEW, **changed}, headers=OURS)
    assert (reply.status_code, list(reply.json())) == (400, ["message"])


async def test_without_the_token_nothing_is_told_and_every_answer_tells_the_limit(
    world: Outside,
) -> None:
    reply = await world.http.get(PROJECTS)
    assert reply.status_code == 401
    assert reply.headers["X-RateLimit-Limit"] == "120"
    assert int(reply.headers["X-RateLimit-Reset"]) <= 60


async def test_a_password_is_in_no_journal(world: Outside) -> None:
    await made(world)
    assert "a'secret" not in json.dumps(world.sandbox.journal.entries())


async def test_without_a_server_no_project_is_made() -> None:
    async with outside() as world:
        assert (await world.http.post(PROJECTS, json=NEW, headers=OURS)).status_code == 500
        assert (await world.http.get(PROJECTS, headers=OURS)).json() == []
