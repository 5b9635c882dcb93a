"""Unknown keys are limited by address at every door; known ones beside them are let in."""

import re
from uuid import uuid4

import pytest

from handlers import http
from handlers.http.kit.endpoints import Endpoint
from services.actors import Operator
from services.licensing.license_keys import new_key
from services.licensing.license_terms import Order
from services.validation.unknown_keys import TRIES
from tests.handlers.http.conftest import ADMIN, Api

OPS = Operator("slack", "U1", "Ada")
# Whose token it is under Auth's address is for Supabase to say, which has limits of its own.
PASSED_ON = "/core/v1/auth/"
GUARDED = [
    one for one in http.endpoints() if one.auth != "none" and not one.path.startswith(PASSED_ON)
]
CHAT = {"messages": [{"role": "user", "content": "Hi"}]}
# Unknown keys a door may have seen in a minute: some addresses have several methods.
MANY = TRIES + 1


def from_(address: str) -> dict[str, str]:
    """Where the platform's proxy says that the request came from."""
    return {"X-Forwarded-For": address}


def unknown(auth: str) -> dict[str, str]:
    """A key that nobody has, as this kind of door wants it."""
    return {
        "license": {"X-License-Key": new_key()},
        "user": {"Authorization": f"Bearer {uuid4().hex}"},
        "admin": {"X-Admin-Key": uuid4().hex},
    }[auth]


@pytest.mark.parametrize("one", GUARDED, ids=lambda one: f"{one.method} {one.path}")
async def test_who_tries_unknown_keys_is_stopped_at_every_door(api: Api, one: Endpoint) -> None:
    path, address = re.sub(r"{\w+}", "x", one.path), f"2a01:{uuid4().hex[:4]}::1"
    statuses = []
    for _ in range(MANY):
        headers = from_(address) | unknown(one.auth)
        told = await api.call(one.method, path, headers=headers, json=CHAT)
        statuses.append(told.status)
    # Validation answers 200 for every key, with a code.
    refused = 200 if one.path == "/api/validate" else 401
    assert statuses == [refused] * TRIES + [429]
    assert told.code == "too_many_tries"
    assert 0 < int(told.headers["retry-after"]) <= 60


async def test_known_keys_from_the_same_address_are_let_in(api: Api) -> None:
    there = from_("81.2.69.150")
    order = Order(f"{uuid4().hex}@shop.example", "pro", 12)
    issued = await api.services.licensing.licenses.issue(OPS, order, uuid4().hex)
    for _ in range(MANY):
        told = await api.get("/api/plans", headers=there | unknown("admin"))
    assert told.status == 429
    known = there | {"X-License-Key": issued.key}
    for path in ("/api/usage", "/api/limits/check", "/api/sites"):
        assert (await api.get(path, headers=known)).status == 200
        assert (await api.get(path, headers=there | unknown("license"))).status == 429
    assert (await api.get("/api/plans", headers=there | ADMIN)).status == 200
    _, key = await api.services.audit.admin_keys.create(uuid4().hex)
    assert (await api.get("/api/plans", headers=there | {"X-Admin-Key": key})).status == 200


async def test_a_proxy_that_adds_a_line_of_its_own_is_believed(api: Api) -> None:
    statuses = []
    for number in range(MANY):
        lines = [("X-Forwarded-For", f"6.6.6.{number}"), ("X-Forwarded-For", "81.2.69.151")]
        headers = [*lines, *unknown("license").items()]
        async with api.client.get("/api/usage", headers=headers) as answer:
            statuses.append(answer.status)
    assert statuses == [401] * TRIES + [429]


async def test_the_sentence_says_when_to_come_back_in_the_callers_language(api: Api) -> None:
    italian = from_("81.2.69.152") | {"Accept-Language": "it"}
    for _ in range(MANY):
        told = await api.get("/api/plans", headers=italian | unknown("admin"))
    assert told.json["error"]["message"].startswith("Troppe chiavi sconosciute")


async def test_a_body_is_not_read_for_a_key_that_nobody_has(api: Api) -> None:
    headers = from_("81.2.69.153") | unknown("license")
    told = await api.call("POST", "/api/chat", headers=headers, data=b"no JSON at all")
    assert (told.status, told.code) == (401, "license_key_unknown")
