"""What a license holder sees of usage and limits: exactly what was metered, and nothing counted."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest_asyncio

from services.gateway.ledger import Claim, Metered
from tests.handlers.http.conftest import Api

HOURLY = 100


@pytest_asyncio.fixture
async def issued(api: Api) -> dict[str, Any]:
    """A pro license as `create_license` answers it."""
    email = f"{uuid4().hex}@example.com"
    told = await api.post("/api/create_license", {"email": email, "plan": "pro", "months": 12})
    assert told.status in (200, 201), told.text
    return dict(told.json)


def holder(issued: dict[str, Any]) -> dict[str, str]:
    return {"X-License-Key": issued["license_key"]}


def license_id(issued: dict[str, Any]) -> str:
    return str(issued["license"]["id"])


async def call(api: Api, issued: dict[str, Any], provider: str, model: str, tokens: int) -> None:
    ledger = api.services.gateway.ledger
    claim = Claim(uuid4(), license_id(issued), HOURLY, 1_000)
    assert (await ledger.hold(claim)).code == ""
    metered = Metered(provider, model, tokens, 5, 0, 2 * tokens, "2026-11")
    await ledger.settle(claim.request_id, metered)


async def test_usage_is_exactly_what_was_metered(api: Api, issued: dict[str, Any]) -> None:
    await call(api, issued, "openai", "gpt-5.4-mini", 10)
    await call(api, issued, "openai", "gpt-5.4", 20)
    await call(api, issued, "anthropic", "claude-haiku-5-5", 30)
    failed = Claim(uuid4(), license_id(issued), HOURLY, 1_000)
    await api.services.gateway.ledger.hold(failed)
    await api.services.gateway.ledger.release(failed.request_id, "timeout")
    under_way = Claim(uuid4(), license_id(issued), HOURLY, 1_000)
    await api.services.gateway.ledger.hold(under_way)

    told = await api.get("/api/usage", headers=holder(issued))
    assert told.status == 200
    month = told.json["month"]
    assert (month["requests_used"], month["requests_held"], month["requests_limit"]) == (
        3,
        1,
        1_000,
    )
    assert (month["input_tokens"], month["output_tokens"], month["tokens_used"]) == (60, 15, 75)
    assert month["cost_micro"] == 120
    requests = {one["provider"]: one["requests"] for one in month["providers"]}
    assert requests == {"anthropic": 1, "openai": 2}
    (day,) = told.json["days"]
    assert day["day"] == datetime.now(UTC).date().isoformat()
    assert (day["requests"], day["cost_micro"]) == (3, 120)
    assert [one["model"] for one in day["models"]] == [
        "claude-haiku-5-5",
        "gpt-5.4",
        "gpt-5.4-mini",
    ]


async def test_a_license_that_used_nothing_has_a_month_of_zeros(
    api: Api, issued: dict[str, Any]
) -> None:
    told = await api.get("/api/usage", headers=holder(issued))
    assert told.json["month"]["requests_used"] == 0
    assert told.json["days"] == []


async def test_checking_limits_counts_nothing_and_has_the_headers(
    api: Api, issued: dict[str, Any]
) -> None:
    await call(api, issued, "openai", "gpt-5.4-mini", 1)
    for _ in range(3):
        told = await api.get("/api/limits/check", headers=holder(issued))
        assert told.status == 200
        assert (told.json["allowed"], told.json["code"]) == (True, "")
        assert told.json["hour"]["remaining"] == HOURLY - 1
        assert told.json["month"]["used"] == 1
        assert told.headers["ratelimit-remaining"] == str(HOURLY - 1)
        assert told.headers["x-quota-remaining"] == "999"
        assert "retry-after" not in told.headers


async def test_the_hours_end_is_told_with_when_to_try_again(
    api: Api, issued: dict[str, Any]
) -> None:
    for _ in range(HOURLY):
        await api.services.gateway.ledger.hold(Claim(uuid4(), license_id(issued), HOURLY, 1_000))
    told = await api.get("/api/limits/check", headers=holder(issued))
    assert (told.status, told.json["code"]) == (200, "RATE_LIMITED")
    assert told.headers["ratelimit-remaining"] == "0"
    assert 3_500 <= int(told.headers["retry-after"]) <= 3_600


async def test_only_a_known_key_sees_usage(api: Api) -> None:
    for path in ("/api/usage", "/api/limits/check"):
        missing = await api.get(path, headers={})
        assert (missing.status, missing.code) == (401, "license_key_missing")
        unknown = await api.get(path, headers={"X-License-Key": "CHA-0000-0000-0000-0000"})
        assert (unknown.status, unknown.code) == (401, "license_key_unknown")


async def test_days_are_between_1_and_92(api: Api, issued: dict[str, Any]) -> None:
    for days in ("0", "93", "many"):
        told = await api.get(f"/api/usage?days={days}", headers=holder(issued))
        assert (told.status, told.json["error"]["param"]) == (422, "days")
    assert (await api.get("/api/usage?days=92", headers=holder(issued))).status == 200
