"""The API's document: complete, consistent with what is served, readable without any script."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from handlers import http
from handlers.http.dashboard import OLD_ADDRESS
from handlers.http.kit.endpoints import Endpoint
from handlers.http.kit.pages import HEADERS
from tests.handlers.http.conftest import Api
from views.api.kit.words import TAGS

GUARDED = [one for one in http.endpoints() if one.auth != "none"]
# Validation answers 200 for every key, with a code.
ANSWERS_ANYBODY = "/api/validate"
CHAT = {"messages": [{"role": "user", "content": "Hi"}]}


def named(one: Endpoint) -> str:
    """For the list of tests."""
    return f"{one.method} {one.path}"


@pytest.mark.parametrize("one", GUARDED, ids=named)
async def test_what_needs_a_key_is_closed_without_it(api: Api, one: Endpoint) -> None:
    path = re.sub(r"{\w+}", "x", one.path)
    strangers: list[dict[str, str]] = [{}, {"Cookie": "session=1"}]
    if one.path != ANSWERS_ANYBODY:
        strangers.append({"X-License-Key": "CHA-00000000-00000000-00000000-00000000"})
    for headers in strangers:
        told = await api.call(one.method, path, headers=headers, json=CHAT)
        assert told.status == 401, told.text


async def test_everything_served_to_programs_is_in_the_document(api: Api) -> None:
    document = (await api.get("/api/openapi.json")).json
    told = {(path, method) for path, all_ in document["paths"].items() for method in all_}
    app = api.client.server.app  # type: ignore[union-attr] - the server of a test has one
    served = {
        (route.resource.canonical, route.method.lower())
        for route in app.router.routes()
        # "*" only says which methods there are.
        if route.resource and route.method not in ("HEAD", "*")
    }
    api_only = {
        one for one in served if one[0].startswith(("/api/", "/v1/", "/core/v1/", "/.well-known/"))
    } - {(OLD_ADDRESS, "get")}  # A bookmark of people's, which leads to a page.
    assert api_only <= told
    assert told <= served


async def test_the_document_is_whole(api: Api) -> None:
    document = (await api.get("/api/openapi.json", headers={})).json
    assert document["openapi"].startswith("3.1")
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    ids = [one["operationId"] for one in operations]
    assert len(ids) == len(set(ids))
    assert all(one["summary"] and "503" in one["responses"] for one in operations)
    assert {tag["name"] for tag in document["tags"]} == {one["tags"][0] for one in operations}
    assert {tag["name"] for tag in document["tags"]} == TAGS.keys()
    for name in set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document))):
        Draft202012Validator.check_schema(document["components"]["schemas"][name])


async def test_the_page_tells_every_endpoint_and_runs_nothing(api: Api) -> None:
    page = await api.get("/api/docs", headers={})
    assert page.status == 200
    assert page.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert "<script" not in page.text
    assert "style=" not in page.text
    for one in http.endpoints():
        assert f"<code>{one.path}</code>" in page.text
    links = set(re.findall(r'href="#([^"]+)"', page.text))
    assert links <= set(re.findall(r'id="([^"]+)"', page.text))
    assert not re.findall(r'(?:href|src)="https?:', page.text)


async def test_the_page_has_its_style_sheet(api: Api) -> None:
    sheet = await api.get("/static/docs.css", headers={})
    assert sheet.status == 200
    assert sheet.headers["content-type"] == "text/css"


async def test_health_is_told_to_everybody(api: Api) -> None:
    told: dict[str, Any] = (await api.get("/api/health", headers={})).json
    assert (told["status"], told["database"]) == ("ok", "ok")
