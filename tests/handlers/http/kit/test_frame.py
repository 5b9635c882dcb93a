"""What every address of the API has in common: failures, keys, sizes, strange requests."""

import asyncio
import io
from dataclasses import replace
from typing import Any, cast
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from handlers import http
from services.actors import Operator
from services.audit import AdminKeys
from services.licensing.license_terms import Order
from tests.handlers.http.conftest import ADMIN, Api
from tests.kit.wired import ADMIN_KEY

OPS = Operator("slack", "U1", "Ada")
KEY = "CHA-0123ABCD-0123ABCD-0123ABCD-0123ABCD"


async def holder(api: Api) -> dict[str, str]:
    """The key of a license."""
    order = Order(f"{uuid4().hex}@shop.example", "pro", 12)
    issued = await api.services.licensing.licenses.issue(OPS, order, uuid4().hex)
    return {"X-License-Key": issued.key}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing-here", 404, "not_found"),
        ("GET", "/v1/nothing-here", 404, "not_found"),
        ("GET", "/.well-known/nothing", 404, "not_found"),
        ("PATCH", "/api/plans", 405, "method_not_allowed"),
    ],
)
async def test_a_wrong_address_is_told_as_json(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    told = await api.call(method, path)
    assert (told.status, told.code) == (status, code)
    assert told.json["error"].keys() == {"message", "type", "code", "param"}
    assert told.headers["x-request-id"]


async def test_a_wrong_method_says_which_are_right(api: Api) -> None:
    told = await api.call("PATCH", "/api/plans")
    assert "GET" in told.headers["allow"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "admin_key_missing"),
        ({"X-Admin-Key": "wrong"}, "admin_key_unknown"),
        ({"X-Admin-Key": "é\udcff"}, "admin_key_unknown"),
        ({"X-Admin-Key": ADMIN_KEY[:-1]}, "admin_key_unknown"),
        ({"Authorization": f"Bearer {ADMIN_KEY}"}, "admin_key_missing"),
    ],
)
async def test_without_a_right_admin_key_nothing_is_told(
    api: Api, headers: dict[str, str], code: str
) -> None:
    told = await api.get("/api/plans", headers=headers)
    assert (told.status, told.code) == (401, code)


@pytest.mark.parametrize(
    "path",
    [
        f"/api/plans?license_key={KEY}",
        f"/api/plans?anything={KEY}",
        f"/api/plans/{KEY}",
        f"/api/plans/{KEY.lower()}",
        f"/api/plans?x={KEY.replace('C', '%43')}",
        f"/api/plans?api_key={ADMIN_KEY}",
        "/api/plans?KEY=1",
        f"/?key={KEY}",
        f"/api/unknown/{KEY}",
    ],
)
async def test_a_key_in_an_address_is_refused_and_not_logged(api: Api, path: str) -> None:
    with capture_logs() as lines:
        told = await api.get(path)
    assert (told.status, told.code) == (400, "key_in_url")
    assert KEY.lower() not in (told.text + str(lines)).lower()


async def test_a_plain_address_is_not_taken_for_a_key(api: Api) -> None:
    assert (await api.get("/api/audit?subject=cus_chance-cha")).status == 200


@pytest.mark.parametrize("chunked", [False, True])
async def test_ten_megabytes_are_refused_without_being_kept(api: Api, chunked: bool) -> None:
    big = b'{"display_name": "' + b"x" * (10 * 1024 * 1024) + b'"}'

    async def slowly() -> Any:
        for start in range(0, len(big), 65536):
            yield big[start : start + 65536]

    told = await api.call("PUT", "/api/plans/pro", data=slowly() if chunked else io.BytesIO(big))
    assert (told.status, told.code) == (413, "too_large")


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        (b"", 200, "", None),
        (b"{}", 200, "", None),
        (b"not json", 400, "not_json", None),
        (b"\xff\xfe", 400, "not_json", None),
        (b"[" * 100_000, 400, "not_json", None),
        (b'{"display_name": "\\u0000"}', 400, "bad_request", None),
        (b'{"display_name": "\\ud800"}', 400, "not_json", None),
        (b"[]", 422, "invalid", ""),
        (b'{"unknown": 1}', 422, "invalid", "unknown"),
        (b'{"price_minor": "12"}', 422, "invalid", "price_minor"),
        (b'{"price_minor": 1e400}', 422, "invalid", "price_minor"),
        (b'{"price_minor": %s}' % (b"9" * 40), 422, "invalid", "price_minor"),
        (b'{"models": ["a b"]}', 422, "invalid", "models.0"),
    ],
)
async def test_a_body_that_cannot_be_used_is_told_by_field(
    api: Api, body: bytes, status: int, code: str, param: str | None
) -> None:
    told = await api.call("PUT", "/api/plans/starter", data=body)
    assert told.status == status
    if code:
        assert told.code == code
        assert (told.json["error"]["param"] or None) == (param or None)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/vnd.api+json", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
    ],
)
async def test_a_body_that_says_it_is_no_json_is_refused(api: Api, kind: str, status: int) -> None:
    headers = {**ADMIN, "Content-Type": kind}
    told = await api.call("PUT", "/api/plans/starter", data=b"{}", headers=headers)
    assert told.status == status


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_a_word_among_ids_has_its_own_methods(api: Api, method: str) -> None:
    told = await api.call(method, "/api/licenses/bulk")
    assert (told.status, told.headers["allow"]) == (405, "POST")


async def test_numbers_about_us_are_for_our_own_network_or_an_admin(api: Api) -> None:
    outside = {"X-Forwarded-For": "81.2.69.142"}
    assert (await api.get("/metrics", headers={})).status == 200
    assert (await api.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"})).status == 200
    assert (await api.get("/metrics", headers=outside)).status == 401
    assert (await api.get("/metrics", headers=outside | ADMIN)).status == 200


async def test_a_list_that_is_too_short_is_told_in_plain_words(api: Api) -> None:
    told = await api.post("/api/chat", {"messages": []}, headers=await holder(api))
    assert (told.status, told.code) == (400, "invalid")
    assert told.json["error"]["message"] == "messages: List should have at least 1 item."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "messages: This field is needed; send it."),
        ("x", "This is not a JSON object; send one."),
        ({"messages": ["x"]}, "messages.0: This is not a JSON object; send one."),
        ({"messages": [{"content": "x"}]}, "messages.0.role: This field is needed; send it."),
    ],
)
async def test_what_to_do_about_a_body_is_told(api: Api, body: object, message: str) -> None:
    told = await api.post("/api/chat", body, headers=await holder(api))
    assert (told.status, told.json["error"]["message"]) == (400, message)


async def test_what_to_do_about_a_field_that_nobody_knows_is_told(api: Api) -> None:
    told = await api.get("/api/licenses?email=dbl@shop.example")
    assert told.status == 422
    assert told.json["error"]["message"] == "email: There is no such field; leave it out."


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "cursor=-1", f"cursor={'9' * 30}", "a=b"])
async def test_a_query_that_cannot_be_used_is_told(api: Api, query: str) -> None:
    told = await api.get(f"/api/audit?{query}")
    assert (told.status, told.code) == (422, "invalid")


async def test_a_nul_in_an_address_never_reaches_the_database(api: Api) -> None:
    told = await api.get("/api/audit?subject=%00")
    assert (told.status, told.code) == (400, "bad_request")


class Away(Exception):
    """What the store raises when PostgreSQL is away says the same of itself."""

    temporary = True


class Breaks:
    """Admin keys nobody can read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def who(self, key: str) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(Away("host=secret"), 503, "unavailable"), (RuntimeError("secret"), 500, "unexpected")],
)
async def test_our_own_failure_has_a_reference_and_no_detail(
    api: Api, error: Exception, status: int, code: str
) -> None:
    app = web.Application()
    audit = replace(api.services.audit, admin_keys=cast(AdminKeys, Breaks(error)))
    http.register(app, replace(api.services, audit=audit))
    async with TestClient(TestServer(app)) as client:
        with capture_logs() as lines:
            answer = await client.get("/api/plans", headers=ADMIN)
        told = await answer.json()
    assert (answer.status, told["error"]["code"]) == (status, code)
    assert "secret" not in str(told)
    assert answer.headers["X-Request-Id"] in told["error"]["message"]
    assert lines[-1]["reference"] == answer.headers["X-Request-Id"]
    assert ("Retry-After" in answer.headers) == (status == 503)


async def test_the_sentence_follows_the_callers_language(api: Api) -> None:
    italian = {"X-Admin-Key": "wrong", "Accept-Language": "it-IT"}
    told = await api.get("/api/plans", headers=italian)
    assert "chiave" in told.json["error"]["message"]


@pytest.mark.parametrize(
    "line",
    [
        b"X-Admin-Key: a\rSet-Cookie: b",
        b"X-Admin-Key: a\x00b",
        b"X-Admin-Key : a",
        b"X-Admin-Key: " + b"a" * 20_000,
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: -1",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    ],
)
async def test_headers_that_are_none_end_in_a_400_and_nothing_of_them_comes_back(
    api: Api, line: bytes
) -> None:
    server = api.client.server
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(b"GET /api/plans HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    writer.close()
    assert head.split()[1] in (b"400", b"401", b"431")
    assert b"set-cookie" not in head.lower()
