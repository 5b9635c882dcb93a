"""A signed-in user reads their own credits, and nobody else's."""

import time
from uuid import uuid4

import pytest

from services.validation.unknown_keys import TRIES
from tests.handlers.http.conftest import Api
from tests.handlers.http.credits.conftest import Room

PATHS = ("balance", "statement")


async def test_a_user_reads_their_own_balance(room: Room) -> None:
    user, other = await room.user(100), await room.user(7)
    hold = await room.desk.holds.reserve(user, 30, uuid4().hex)
    await room.desk.holds.settle(user, hold.id, 20)
    await room.desk.holds.reserve(user, 5, uuid4().hex)
    told = await room.call("GET", "balance", user)
    assert (told.status, told.json) == (
        200,
        {"balance": 75, "held": 5, "granted": 100, "spent": 20},
    )
    assert told.headers["cache-control"] == "no-store"
    assert (await room.call("GET", "balance", other)).json["balance"] == 7


async def test_who_was_given_none_has_zero(room: Room) -> None:
    assert (await room.call("GET", "balance", str(uuid4()))).json["balance"] == 0


@pytest.mark.parametrize("path", PATHS)
async def test_only_a_verified_token_opens_it(room: Room, path: str) -> None:
    user, address = await room.user(1), f"/core/v1/credits/{path}"
    wrong = {
        "access_token_missing": [{}, {"Authorization": "Bearer "}, {"Authorization": "Basic eA=="}],
        "access_token_refused": [
            {"Authorization": "Bearer x.y.z"},
            {"Authorization": f"Bearer {room.token(user, iss='https://evil.example')}"},
            {"Authorization": f"Bearer {room.token(user, role='anon')}"},
            {"Authorization": f"Bearer {room.token(user, role='service_role')}"},
            {"Authorization": f"Bearer {room.token('', sub='')}"},
        ],
        "session_expired": [
            {"Authorization": f"Bearer {room.token(user, exp=int(time.time()) - 60)}"}
        ],
    }
    for code, every in wrong.items():
        for headers in every:
            told = await room.api.get(address, headers=headers)
            assert (told.status, told.code) == (401, code)
            assert told.headers["www-authenticate"] == "Bearer"


async def test_a_token_is_no_admin_key_and_an_admin_key_no_token(room: Room) -> None:
    user = await room.user(1)
    assert (await room.api.get("/core/v1/credits/balance")).status == 401
    headers = {"Authorization": f"Bearer {room.token(user)}"}
    assert (await room.api.get("/api/customer", headers=headers)).status == 401


async def test_without_a_project_nobody_is_signed_in(api: Api) -> None:
    headers = {"Authorization": "Bearer a.b.c"}
    told = await api.get("/core/v1/credits/balance", headers=headers)
    assert (told.status, told.code) == (401, "access_token_refused")
    assert "SUPABASE_URL" in told.text


async def test_tokens_that_are_tried_are_limited_by_address(room: Room) -> None:
    headers = {"Authorization": "Bearer x.y.z", "X-Forwarded-For": "203.0.113.77"}
    told = [
        await room.api.get("/core/v1/credits/balance", headers=headers) for _ in range(TRIES + 1)
    ]
    assert [one.status for one in told] == [401] * TRIES + [429]
    assert "retry-after" in told[-1].headers


@pytest.mark.parametrize("model", ["gpt-5.4-mini", "openai/gpt-5.4-mini"])
async def test_an_estimate_is_whole_credits_rounded_up(room: Room, model: str) -> None:
    user = await room.user(2)
    body = {"model": model, "input_tokens": 12_000, "output_tokens": 1_500}
    told = await room.call("POST", "estimate", user, json=body)
    assert told.status == 200, told.text
    # 12,000 × 0.75 + 1,500 × 4.50 micro-dollars: 1.575 cents
    assert (told.json["cost_micro"], told.json["credits"]) == (15_750, 2)
    assert (told.json["balance"], told.json["sufficient"]) == (2, True)
    assert told.json["price_version"]
    # Nothing was taken, nothing set aside.
    assert (await room.call("GET", "balance", user)).json["balance"] == 2


async def test_an_estimate_may_be_of_a_text_and_not_be_paid_for(room: Room) -> None:
    user = await room.user(0)
    body = {"model": "anthropic/claude-haiku-5.5", "text": "è" * 200, "output_tokens": 50}
    told = await room.call("POST", "estimate", user, json=body)
    assert (told.json["model"], told.json["input_tokens"]) == ("claude-haiku-5-5", 100)
    assert (told.json["credits"], told.json["sufficient"]) == (1, False)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "model"),
        ({"model": "gpt-5.4-mini"}, ""),
        ({"model": "gpt-5.4-mini", "input_tokens": 1, "text": "x"}, ""),
        ({"model": "gpt-5.4-mini", "input_tokens": -1}, "input_tokens"),
        ({"model": "gpt-5.4-mini", "input_tokens": 1.5}, "input_tokens"),
        ({"model": "gpt-5.4-mini", "input_tokens": 10**9}, "input_tokens"),
        ({"model": "gpt-9", "input_tokens": 1}, "model"),
        ({"model": "anthropic/gpt-5.4-mini", "input_tokens": 1}, "model"),
    ],
)
async def test_what_cannot_be_estimated_is_refused(
    room: Room, body: dict[str, object], param: str
) -> None:
    told = await room.call("POST", "estimate", await room.user(1), json=body)
    assert (told.status, told.json["error"]["param"] or "") == (422, param)


async def test_a_statement_comes_page_by_page(room: Room) -> None:
    user = await room.user(0)
    for amount in (1, 2, 3):
        await room.desk.grant(user, amount, why="Offer")
    first = (await room.call("GET", "statement?limit=2", user)).json
    assert [one["amount"] for one in first["entries"]] == [3, 2]
    assert (first["entries"][0]["balance"], first["entries"][0]["reason"]) == (6, "Offer")
    rest = (await room.call("GET", f"statement?limit=2&cursor={first['next']}", user)).json
    assert ([one["amount"] for one in rest["entries"]], rest["next"]) == ([1], None)


@pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "9" * 30, "١"])
async def test_a_cursor_that_is_none_is_refused(room: Room, cursor: str) -> None:
    told = await room.call("GET", f"statement?cursor={cursor}", await room.user(1))
    assert (told.status, told.json["error"]["param"]) == (422, "cursor")


async def test_a_statement_for_spreadsheets_executes_nothing(room: Room) -> None:
    user = await room.user(0)
    await room.desk.grant(user, 5, why='=HYPERLINK("https://evil.example")')
    await room.desk.take_back(user, 2)
    told = await room.call("GET", "statement?format=csv", user)
    assert told.headers["content-type"].startswith("text/csv")
    assert "attachment" in told.headers["content-disposition"]
    lines = told.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "at,kind,amount,spent,balance,held,reason,id"
    # A number below zero stays a number.
    assert ",take_back,-2,0,3,0,," in lines[1]
    assert "\"'=HYPERLINK(" in lines[2]
