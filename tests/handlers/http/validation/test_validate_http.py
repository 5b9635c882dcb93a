"""Validation over HTTP: one shape for every key, clear words for what cannot be read."""

import gzip
import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer

from services.actors import Operator
from services.gateway import FairScheduler
from services.licensing.license_keys import new_key
from services.licensing.license_terms import Order
from tests.handlers.http.conftest import Api, Told, application

OPS = Operator("slack", "U1", "Ada")


async def issued(api: Api, plan: str = "pro") -> str:
    """A new license's key."""
    order = Order(f"{uuid4().hex}@shop.example", plan, 12)
    return (await api.services.licensing.licenses.issue(OPS, order, uuid4().hex)).key


async def ask(api: Api, key: str | None, address: str = "", **sent: Any) -> Told:
    """An answer; `address`: where the platform's proxy says that the request came from."""
    headers = {"X-License-Key": key} if key is not None else {}
    forwarded = {"X-Forwarded-For": address} if address else {}
    return await api.call("POST", "/api/validate", headers={**headers, **forwarded}, **sent)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"domain":null}', b'{"domain":""}', b'{"other":1}'])
async def test_a_key_alone_is_judged_without_a_domain(api: Api, body: bytes) -> None:
    told = await ask(api, await issued(api), data=body)
    assert (told.status, told.json["code"]) == (200, "VALID")
    assert told.headers["content-type"] == "application/json"
    assert told.headers["cache-control"] == "no-store"


async def test_a_domain_takes_a_place_and_the_next_one_is_refused(api: Api) -> None:
    key = await issued(api, "starter")
    first = await ask(api, key, json={"domain": "https://www.Shop.example/"})
    second = await ask(api, key, json={"domain": "other.example"})
    assert (first.status, first.json["code"]) == (200, "VALID")
    assert first.json["license"]["domain"] == "shop.example"
    assert (second.status, second.json["code"]) == (200, "DOMAIN_MISMATCH")


async def test_a_key_may_come_as_bearer(api: Api) -> None:
    headers = {"Authorization": f"Bearer {await issued(api)}"}
    assert (await api.call("POST", "/api/validate", headers=headers)).json["valid"] is True


async def test_chats_are_told_that_a_site_asks(api: Api) -> None:
    told: list[str] = []

    class Heard(FairScheduler):
        def beside(self) -> None:
            told.append("beside")

    gateway = replace(api.services.gateway, scheduler=Heard())
    services = replace(api.services, gateway=gateway)
    async with TestClient(TestServer(application(services))) as client:
        assert (await ask(Api(client, services), "CHA-unknown")).json["code"] == "NOT_FOUND"
    assert told == ["beside"]


@pytest.mark.parametrize("key", [None, "", "  "])
async def test_only_a_missing_key_is_unauthorized(api: Api, key: str | None) -> None:
    told = await ask(api, key)
    assert (told.status, told.code) == (401, "license_key_missing")


@pytest.mark.parametrize("key", ["x", "CHA-", "é\udcff", "CHA-" + "A" * 4000, "a\tb"])
async def test_any_other_key_is_answered(api: Api, key: str) -> None:
    told = await ask(api, key)
    assert (told.status, told.json["valid"], told.json["code"]) == (200, False, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"\xff", 400, "not_json"),
        (b'{"domain": "\\ud800"}', 400, "not_json"),
        (b"[" * 5_000, 400, "not_json"),
        (b"[]", 422, "invalid"),
        (b"1", 422, "invalid"),
        (b'{"domain": 7}', 422, "invalid"),
        (b'{"domain": 0}', 422, "invalid"),
        (b'{"domain": false}', 422, "invalid"),
        (b'{"domain": {}}', 422, "invalid"),
        (b'{"domain": []}', 422, "invalid"),
        (b'{"domain": ["shop.example"]}', 422, "invalid"),
        (b'{"domain": "' + b"a" * 70_000 + b'"}', 413, "too_large"),
    ],
)
async def test_a_body_that_cannot_be_read_is_told(
    api: Api, body: bytes, status: int, code: str
) -> None:
    told = await ask(api, await issued(api), data=body)
    assert (told.status, told.code) == (status, code)
    assert told.headers["x-request-id"]


async def test_ten_megabytes_are_refused_by_their_size_alone(api: Api) -> None:
    told = await ask(api, await issued(api), data=BytesIO(b"x" * 10_000_000))
    assert (told.status, told.code) == (413, "too_large")


async def test_a_compressed_body_is_refused(api: Api) -> None:
    packed = gzip.compress(b'{"domain": "shop.example"}')
    told = await api.call(
        "POST",
        "/api/validate",
        headers={"X-License-Key": await issued(api), "Content-Encoding": "gzip"},
        data=packed,
    )
    assert (told.status, told.code) == (415, "unknown_encoding")


@pytest.mark.parametrize("domain", ["\x00", "a\r\nX-Evil: 1", "x" * 3000, "not a domain", "com"])
async def test_a_domain_that_is_none_is_no_failure(api: Api, domain: str) -> None:
    told = await ask(api, await issued(api), data=json.dumps({"domain": domain}))
    assert (told.status, told.json["code"]) == (200, "DOMAIN_INVALID")
    assert "x-evil" not in told.headers


async def test_a_key_in_the_address_is_refused(api: Api) -> None:
    key = await issued(api)
    told = await api.call("POST", f"/api/validate?license_key={key}", headers={})
    assert (told.status, told.code) == (400, "key_in_url")
    assert key not in told.text


async def test_who_tries_unknown_keys_is_stopped_and_customers_beside_them_are_not(
    api: Api,
) -> None:
    known = await issued(api)
    told = [await ask(api, new_key(), address="6.6.6.6, 81.2.69.142") for _ in range(61)]
    assert [one.status for one in told] == [200] * 60 + [429]
    assert told[-1].code == "too_many_tries"
    assert 0 < int(told[-1].headers["retry-after"]) <= 60
    assert (await ask(api, known, address="81.2.69.142")).status == 200
    # What a caller writes in front of its own address buys nothing, and harms nobody.
    assert (await ask(api, new_key(), address="7.7.7.7, 81.2.69.142")).status == 429
    assert (await ask(api, new_key(), address="6.6.6.6")).status == 200


async def test_the_keys_of_receipts_are_public_and_fit(api: Api) -> None:
    told = await api.call("GET", "/.well-known/jwks.json", headers={})
    receipt = (await ask(api, await issued(api))).json["receipt"]
    [key] = told.json["keys"]
    assert told.status == 200
    assert "max-age" in told.headers["cache-control"]
    assert orjson.loads(_decoded(receipt.split(".")[0]))["kid"] == key["kid"]


async def test_the_front_door_says_where_to_go(api: Api) -> None:
    told = await api.call("GET", "/", headers={})
    assert (told.status, told.json["openapi"]) == (200, "/api/openapi.json")
    for path in (told.json["documentation"], told.json["openapi"], told.json["keys"]):
        assert (await api.call("GET", path, headers={})).status == 200


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
