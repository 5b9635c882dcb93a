"""Operators create, provision, change and revoke users over HTTP, each once."""

from uuid import uuid4

import pytest

from integrations.sandbox.kit.faults import Fault
from tests.handlers.http.conftest import Api
from tests.handlers.http.users.conftest import SECOND, USERS, Office


async def test_a_created_user_has_credits_and_a_key_when_the_answer_comes(office: Office) -> None:
    email = f"{uuid4().hex}@example.com"
    async with office.working(email):
        told = await office.call("POST", body={"email": email, "credits": 70, "limit": 2.5})
    assert told.status == 201, told.text
    user = told.json
    assert (user["openrouter_provisioned"], user["status"]) == (True, "active")
    assert (user["credits"], user["openrouter_key_limit"]) == (70, 2.5)
    assert (user["email"], user["source"]) == (email, "admin")
    assert len(office.desk.live(user["id"])) == 1
    assert "sk-or" not in told.text
    found = await office.call("GET", f"/{user['id']}")
    assert found.json == user


async def test_who_would_rather_ask_again_is_answered_at_once(office: Office) -> None:
    told = await office.create()
    assert (told.status, told.json["status"]) == (202, "pending")
    assert told.json["openrouter_provisioned"] is False
    assert told.json["operation_id"].startswith("op_")
    await office.desk.run(told.json["id"])
    assert (await office.call("GET", f"/{told.json['id']}")).json["openrouter_provisioned"] is True


async def test_a_repeat_with_its_key_creates_nobody_twice(office: Office) -> None:
    body, key = {"email": f"{uuid4().hex}@example.com"}, uuid4().hex
    headers = {"Prefer": "respond-async", "Idempotency_Key": key}
    first = await office.call("POST", body=body, **headers)
    again = await office.call("POST", body=body, **headers)
    assert (first.json["id"], again.status) == (again.json["id"], 202)
    other = await office.call("POST", body={"email": f"{uuid4().hex}@example.com"}, **headers)
    assert other.status == 409
    # Without its key it is another request, and the address is taken.
    assert (await office.create(body["email"])).status == 409


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "email"),
        ({"email": "ada"}, "email"),
        ({"email": "ada@example.com", "credits": -1}, "credits"),
        ({"email": "ada@example.com", "credits": 1.5}, "credits"),
        ({"email": "ada@example.com", "limit": -1}, "limit"),
        ({"email": "ada@example.com", "limit": 1.001}, "limit"),
        ({"email": "ada@example.com", "password": "x"}, "password"),
    ],
)
async def test_what_cannot_be_created_is_refused(
    office: Office, body: dict[str, object], param: str
) -> None:
    told = await office.call("POST", body=body)
    assert (told.status, told.json["error"]["param"]) == (422, param)


async def test_users_are_listed_with_and_without_a_key(office: Office) -> None:
    mark = uuid4().hex
    active = await office.active(email=f"a.{mark}@example.com")
    waiting = (await office.create(f"b.{mark}@example.com")).json["id"]
    revoked = await office.active(email=f"c.{mark}@example.com")
    await office.call("DELETE", f"/{revoked}")

    async def ids(query: str) -> list[str]:
        told = await office.call("GET", f"?search={mark}{query}")
        assert told.status == 200, told.text
        return [one["id"] for one in told.json["users"]]

    assert await ids("") == [revoked, waiting, active]
    assert await ids("&provisioned=true") == [active]
    # Who has no profile yet is without a key, too.
    assert await ids("&provisioned=false") == [revoked, waiting]
    first = (await office.call("GET", f"?search={mark}&limit=2")).json
    rest = (await office.call("GET", f"?search={mark}&limit=2&cursor={first['next']}")).json
    assert ([one["id"] for one in rest["users"]], rest["next"]) == ([active], None)
    assert rest["users"][0]["credits"] == 100


@pytest.mark.parametrize("query", ["provisioned=yes", "limit=0", "cursor=nobody", "what=1"])
async def test_a_list_that_cannot_be_is_refused(office: Office, query: str) -> None:
    assert (await office.call("GET", f"?{query}")).status == 422


async def test_a_limit_and_a_switch_reach_openrouter(office: Office) -> None:
    user = await office.active()
    told = await office.call("PATCH", f"/{user}", {"limit": 5, "disabled": True})
    assert (told.status, told.json["openrouter_key_limit"]) == (200, 5)
    assert told.json["openrouter_key_disabled"] is True
    [key] = [one for one in office.desk.store.newest_first() if one.hash in office.desk.live(user)]
    assert (float(key.limit or 0), key.disabled) == (5, True)
    listed = (await office.call("GET", f"?search={user}")).json["users"]
    assert listed[0]["openrouter_key_disabled"] is True


async def test_a_revoked_user_cannot_be_switched_on_again(office: Office) -> None:
    user = await office.active()
    told = await office.call("DELETE", f"/{user}")
    assert (told.status, told.json["status"]) == (200, "revoked")
    assert office.desk.live(user) == []
    asked = office.desk.vendors.calls("openrouter")
    for body in ({"disabled": False}, {"limit": 5}):
        told = await office.call("PATCH", f"/{user}", body)
        assert (told.status, told.code) == (409, "conflict")
    assert office.desk.vendors.calls("openrouter") == asked
    assert (await office.call("DELETE", f"/{user}")).status == 200
    # The ledger keeps what was given.
    assert (await office.call("GET", f"/{user}")).json["credits"] == 100
    office.desk.now += SECOND
    again = await office.call("POST", f"/{user}/provision", Prefer="respond-async")
    assert again.status == 202
    await office.desk.run(user)
    assert len(office.desk.live(user)) == 1
    assert (await office.call("GET", f"/{user}")).json["credits"] == 100


async def test_who_has_everything_is_not_provisioned_again(office: Office) -> None:
    told = await office.call("POST", f"/{await office.active()}/provision")
    assert (told.status, told.code) == (409, "conflict")


async def test_a_provisioning_that_is_asked_for_again_is_the_first_one(office: Office) -> None:
    user = await office.active()
    await office.call("DELETE", f"/{user}")
    office.desk.now += SECOND
    headers = {"Prefer": "respond-async", "Idempotency_Key": uuid4().hex}
    first = await office.call("POST", f"/{user}/provision", **headers)
    assert first.status == 202
    await office.desk.run(user)
    again = await office.call("POST", f"/{user}/provision", **headers)
    assert (again.status, again.json["openrouter_provisioned"]) == (200, True)
    assert len(office.desk.live(user)) == 1


async def test_credits_are_booked_once_for_their_key(office: Office) -> None:
    user, key = await office.active(), uuid4().hex
    body = {"amount": 50, "reason": "Summer offer"}
    told = [
        await office.call("POST", f"/{user}/credits", body, Idempotency_Key=key) for _ in range(3)
    ]
    assert [one.status for one in told] == [200, 200, 200]
    assert {one.json["balance"] for one in told} == {150}
    assert len({one.json["entry"]["id"] for one in told}) == 1
    other = await office.call("POST", f"/{user}/credits", {"amount": 51}, Idempotency_Key=key)
    assert other.status == 409
    lines = (await office.api.get(f"/api/audit?subject={user}")).json["lines"]
    assert [one["action"] for one in lines].count("credits.grant") == 1


async def test_credits_without_a_key_are_not_booked(office: Office) -> None:
    user = await office.active()
    told = await office.call("POST", f"/{user}/credits", {"amount": 50})
    assert (told.status, told.code) == (400, "idempotency_key_missing")
    assert (await office.call("GET", f"/{user}")).json["credits"] == 100


async def test_only_what_is_left_can_be_taken_back(office: Office) -> None:
    user = await office.active()
    path = f"/{user}/credits"
    told = await office.call("POST", path, {"amount": -101}, Idempotency_Key=uuid4().hex)
    assert (told.status, told.code) == (409, "conflict")
    told = await office.call("POST", path, {"amount": -100}, Idempotency_Key=uuid4().hex)
    assert (told.json["balance"], told.json["entry"]["kind"]) == (0, "take_back")
    told = await office.call("POST", path, {"amount": 0}, Idempotency_Key=uuid4().hex)
    assert told.status == 422
    lines = (await office.call("GET", path)).json["entries"]
    assert [(one["kind"], one["amount"]) for one in lines] == [("take_back", -100), ("grant", 100)]


async def test_the_usage_of_a_key_is_what_is_left_until_its_reset(office: Office) -> None:
    user = await office.active()
    [hash] = office.desk.live(user)
    key = office.desk.store.find(hash)
    assert key is not None
    key.usage = 433
    told = await office.call("GET", f"/{user}?usage=true")
    assert told.status == 200, told.text
    assert told.json["usage"]["used"] == 433
    # Calls at the same moment overshoot: nothing is left, and not less than nothing.
    assert told.json["usage"]["left"] == 0
    assert (await office.call("GET", f"/{user}")).json["usage"] is None


async def test_openrouter_that_is_away_is_told_as_such(office: Office) -> None:
    user = await office.active()
    office.desk.vendors.sandbox.faults.add(
        Fault(vendor="openrouter", kind="status", status=503, times=9)
    )
    for call in (
        office.call("GET", f"/{user}?usage=true"),
        office.call("PATCH", f"/{user}", {"limit": 3}),
    ):
        told = await call
        assert (told.status, "retry-after" in told.headers) == (503, True)
    # Nothing was changed here either.
    assert (await office.call("GET", f"/{user}")).json["openrouter_key_limit"] == 10


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nobody"), ("PATCH", "/nobody"), ("DELETE", "/nobody"),
        ("POST", "/nobody/provision"), ("POST", "/nobody/credits"), ("GET", "/nobody/credits"),
    ],
)  # fmt: skip
async def test_nobody_is_not_found(office: Office, method: str, path: str) -> None:
    body = {"amount": 1} if path.endswith("credits") and method == "POST" else None
    body = {"limit": 1} if method == "PATCH" else body
    told = await office.call(method, path, body, Idempotency_Key=uuid4().hex)
    assert (told.status, told.code) == (404, "not_found")


async def test_only_admins_come_in(api: Api) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"X-License-Key": "CHA-1"}):
        assert (await api.get(USERS, headers=headers)).status == 401
