"""Validation says the truth, the same to everybody, and writes only for a new site."""

import asyncio
from datetime import timedelta

import pytest

from services.licensing.customers import CustomerChanges
from services.licensing.license_keys import new_key
from services.licensing.license_terms import Issued
from services.validation.unknown_keys import TRIES, TooManyTries
from tests.kit.license_desk import OPS, LicenseStage
from tests.kit.validation_desk import Process, listening, shape, spend
from views.api.validation import ValidateAnswer


async def test_a_license_is_described_as_it_was_sold(stage: LicenseStage, process: Process) -> None:
    issued = await stage.issue("pro", 12)
    found = await process.ask(issued.key, "https://www.Shop.example/page")
    plan = await stage.plans.find("pro")
    receipt = found.pop("receipt")
    assert receipt.count(".") == 2
    assert found == {
        "valid": True,
        "code": "VALID",
        "detail": "The license is valid.",
        "license": {
            "status": "active",
            "expires_at": "2027-11-20T12:00:00Z",
            "activated_at": "2026-11-20T12:00:00Z",
            "domain": "shop.example",
            "is_lifetime": False,
        },
        "plan": {
            "name": "pro",
            "display_name": plan.display_name,
            "features": list(plan.features),
            "monthly_requests": 1000,
            "max_sites": 3,
        },
        "usage": {
            "requests_used": 0,
            "requests_limit": 1000,
            "tokens_used": 0,
            "resets_at": "2026-12-01T00:00:00Z",
        },
        "features": list(plan.features),
    }


async def test_every_answer_has_one_shape_and_only_a_good_one_a_receipt(
    stage: LicenseStage, process: Process
) -> None:
    issued = {code: await stage.issue("starter", 12) for code in ("good", "SUSPENDED", "CANCELLED")}
    await stage.licenses.suspend(OPS, issued["SUSPENDED"].license.id, "unpaid")
    await stage.licenses.cancel(OPS, issued["CANCELLED"].license.id)
    good = await process.ask(issued["good"].key, "shop.example")
    bad = {
        "SUSPENDED": await process.ask(issued["SUSPENDED"].key, "shop.example"),
        "CANCELLED": await process.ask(issued["CANCELLED"].key, "shop.example"),
        "DOMAIN_MISMATCH": await process.ask(issued["good"].key, "other.example"),
        "DOMAIN_INVALID": await process.ask(issued["good"].key, "no domain"),
        "NOT_FOUND": await process.ask(new_key(), "shop.example"),
    }
    assert good["valid"] is True
    assert ValidateAnswer.model_validate(good, strict=False)
    for code, answer in bad.items():
        assert (answer["valid"], answer["code"]) == (False, code)
        assert (answer["receipt"], answer["features"]) == (None, [])
        assert shape(answer) == shape(good)
        assert answer.keys() == ValidateAnswer.model_fields.keys()


async def test_an_unknown_key_is_told_nothing_and_looked_up_like_any_other(
    process: Process,
) -> None:
    key = new_key()
    found = await process.ask(key)
    assert found["license"] == {
        "status": None,
        "expires_at": None,
        "activated_at": None,
        "domain": None,
        "is_lifetime": False,
    }
    assert process.hot.asked == 1
    assert await process.ask(key) == found
    assert process.hot.asked == 1


async def test_a_known_answer_costs_no_query_and_nothing_is_written(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await process.answer(issued.key, "shop.example")
    await listening(process)
    first = await process.answer(issued.key, "shop.example")
    asked = process.hot.asked
    for _ in range(50):
        assert await process.answer(issued.key, "shop.example") is first
    assert process.hot.asked == asked


async def test_hundreds_of_keys_at_once_are_a_handful_of_queries(
    stage: LicenseStage, process: Process
) -> None:
    issued = [await stage.issue("pro", 12) for _ in range(20)]
    keys = [one.key for one in issued] + [new_key() for _ in range(300)]
    found = await asyncio.gather(*(process.ask(key, address=str(n)) for n, key in enumerate(keys)))
    assert [one["valid"] for one in found] == [True] * 20 + [False] * 300
    assert process.hot.asked <= 4


async def test_expiry_is_told_at_the_second_whatever_the_clock_does(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 1)
    expires = issued.license.expires_at
    assert expires
    stage.now = expires - timedelta(seconds=1)
    found = await process.ask(issued.key)
    assert (found["code"], found["license"]["status"]) == ("VALID", "active")
    stage.now = expires
    found = await process.ask(issued.key)
    assert (found["code"], found["license"]["status"]) == ("EXPIRED", "expired")
    stage.now = expires - timedelta(days=3)
    process.skip(31)
    assert (await process.ask(issued.key))["code"] == "VALID"
    assert (await stage.licenses.find(issued.license.id)).status == "active"


async def test_a_rotated_key_holds_until_its_overlap_ends(
    stage: LicenseStage, process: Process
) -> None:
    old = await stage.issue("pro", 12)
    new = await stage.licenses.rotate(OPS, old.license.id, timedelta(hours=2))
    assert (await process.ask(old.key))["code"] == "VALID"
    assert (await process.ask(new.key))["code"] == "VALID"
    stage.wait(timedelta(hours=2))
    found = await process.ask(old.key)
    assert (found["code"], found["plan"]["name"]) == ("NOT_FOUND", None)
    assert (await process.ask(new.key))["code"] == "VALID"


async def test_a_blocked_customer_is_suspended_everywhere(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await listening(process)
    assert (await process.ask(issued.key))["valid"]
    changes = CustomerChanges(status="blocked")
    await stage.customers.update(OPS, issued.license.customer_id, changes)
    await heard(process, issued, "SUSPENDED")
    found = await process.ask(issued.key)
    assert found["license"]["status"] == "suspended"
    # What is cancelled stays cancelled, whoever held it.
    await stage.licenses.cancel(OPS, issued.license.id)
    await heard(process, issued, "CANCELLED")
    assert (await process.ask(issued.key))["license"]["status"] == "cancelled"


async def test_usage_is_ten_seconds_old_at_most_and_a_used_up_quota_leaves_the_site_alone(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await listening(process)
    await process.ask(issued.key)
    await spend(stage.database, issued.license.id, 1000, 52_000)
    process.skip(9)
    assert (await process.ask(issued.key))["usage"]["requests_used"] == 0
    process.skip(2)
    found = await process.ask(issued.key)
    assert (found["valid"], found["code"]) == (True, "QUOTA_EXCEEDED")
    assert found["usage"] == {
        "requests_used": 1000,
        "requests_limit": 1000,
        "tokens_used": 52_000,
        "resets_at": "2026-12-01T00:00:00Z",
    }
    stage.now = stage.now.replace(month=12, day=1)
    found = await process.ask(issued.key)
    assert (found["code"], found["usage"]["requests_used"]) == ("VALID", 0)
    assert found["usage"]["resets_at"] == "2027-01-01T00:00:00Z"


async def test_a_receipt_is_signed_once_an_hour_and_names_the_sites(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    await process.ask(issued.key, "a.example")
    await listening(process)
    first = (await process.ask(issued.key, "a.example"))["receipt"]
    process.skip(31)
    assert (await process.ask(issued.key, "www.a.example"))["receipt"] == first
    stage.wait(timedelta(minutes=59))
    assert (await process.ask(issued.key, "a.example"))["receipt"] == first
    stage.wait(timedelta(minutes=1))
    later = (await process.ask(issued.key, "a.example"))["receipt"]
    assert later != first
    assert (await process.ask(issued.key, "staging.b.example"))["receipt"] not in (first, later)
    await stage.licenses.suspend(OPS, issued.license.id, "unpaid")
    process.skip(31)
    assert (await process.ask(issued.key, "a.example"))["receipt"] is None


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "CHA-",
        "CHA-0000",
        "é",
        "\udcff\x00",
        "CHA-" + "A" * 100_000,
        "'; drop table licenses; --",
    ],
)
async def test_junk_for_a_key_is_an_unknown_key(process: Process, key: str) -> None:
    assert (await process.ask(key))["code"] == "NOT_FOUND"


async def test_a_key_may_be_typed_in_lower_case_with_blanks(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    assert (await process.ask(f"  {issued.key.lower()} "))["valid"]


async def test_unknown_keys_are_limited_by_address_and_known_ones_never(
    stage: LicenseStage, process: Process
) -> None:
    issued = await stage.issue("pro", 12)
    for _ in range(TRIES):
        assert (await process.ask(new_key()))["code"] == "NOT_FOUND"
    with pytest.raises(TooManyTries) as refused:
        await process.ask(new_key())
    assert timedelta(0) < refused.value.retry_after <= timedelta(minutes=1)
    assert (await process.ask(issued.key))["valid"]
    assert (await process.ask(new_key(), address="192.0.2.2"))["code"] == "NOT_FOUND"


async def test_the_gateway_gets_the_same_facts(stage: LicenseStage, process: Process) -> None:
    issued = await stage.issue("pro", 12)
    found = await process.validation.facts(issued.key)
    assert found
    assert (found.license_id, found.plan.name) == (issued.license.id, "pro")
    assert await process.validation.facts(new_key()) is None


async def heard(process: Process, issued: Issued, code: str) -> float:
    """Seconds until the process answers with this code; fails after a while."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while (await process.ask(issued.key))["code"] != code:
        assert loop.time() - began < 5
        await asyncio.sleep(0.005)
    return loop.time() - began
