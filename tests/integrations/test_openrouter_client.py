"""OpenRouter: its strict stand-in, its failures by the limit they name, and tolerant reading."""

from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import client
from integrations.openrouter.client import KeyWish, OpenRouter
from integrations.sandbox.openrouter.api import MANAGEMENT_KEY
from integrations.sandbox.openrouter.vendor import OpenRouterKeys
from tests.integrations.fake_vendor import in_turn, says

ROOT = "/openrouter/api/v1"
TEN = KeyWish("seguito a", Decimal(10), "monthly")


@pytest_asyncio.fixture
async def router(vendors):
    async with client(f"{vendors.url}{ROOT}", "openrouter") as http:
        yield OpenRouter(http, MANAGEMENT_KEY)


@pytest.fixture
def store(vendors):
    return vendors.sandbox.of(OpenRouterKeys).store


@pytest_asyncio.fixture
async def fake(vendor):
    async with client(vendor.url, "openrouter") as http:
        yield OpenRouter(http, "sk-or-v1-ours")


def refusal(status, **metadata):
    error = {"code": status, "message": "No.", "metadata": metadata or None}
    return says({"error": error}, status)


async def test_a_key_is_made_and_shows_its_secret_once(router, store) -> None:
    made = await router.create(TEN)
    assert made.secret.startswith("sk-or-v1-")
    assert made.secret not in repr(made)
    found = await router.get(made.key.hash)
    assert (found.name, found.limit, found.limit_reset) == ("seguito a", Decimal(10), "monthly")
    assert not hasattr(found, "secret")


async def test_two_keys_of_one_name_are_two_keys_and_both_are_found(router) -> None:
    made = {(await router.create(TEN)).key.hash for _ in range(2)}
    assert {key.hash for key in await router.named("seguito a")} == made


async def test_a_lost_answer_leaves_a_key_that_is_found_by_its_name(vendors, router, store) -> None:
    vendors.spoil(vendor="openrouter", operation="keys.create", kind="lost_reply")
    with pytest.raises(Unreachable):
        await router.create(TEN)
    # Not sent again by itself: there is no idempotency key.
    assert len(store.newest_first()) == 1
    assert len(await router.named("seguito a")) == 1


async def test_all_pages_are_read_disabled_keys_too(router, store) -> None:
    for number in range(250):
        store.add(f"key {number}", disabled=number % 2 == 0)
    assert len({key.hash for key in await router.keys()}) == 250


async def test_a_page_that_fails_is_no_short_list(vendors, router, store) -> None:
    for number in range(150):
        store.add(f"key {number}")
    vendors.spoil(vendor="openrouter", operation="keys.list", status=500, skip=1, times=3)
    with pytest.raises(Unreachable):
        await router.keys()


async def test_a_key_is_limited_disabled_and_deleted_twice_without_harm(router, store) -> None:
    made = await router.create(TEN)
    changed = await router.change(made.key.hash, {"limit": Decimal("2.5"), "disabled": True})
    assert (changed.limit, changed.disabled) == (Decimal("2.5"), True)
    assert (await router.change(made.key.hash, {"limit": None})).limit is None
    await router.delete(made.key.hash)
    await router.delete(made.key.hash)
    assert store.newest_first() == []


async def test_what_is_left_until_the_reset_is_not_the_limit_minus_all_usage(router, store) -> None:
    kept, _ = store.add("a", limit=10, limit_reset="monthly")
    kept.usage, kept.period_usage = 433.0, 5.5
    assert (await router.get(kept.hash)).left == Decimal("4.5")
    kept.period_usage = 10.02
    assert (await router.get(kept.hash)).left == Decimal(0)


async def test_only_a_management_key_passes_the_check(vendors, router, store) -> None:
    await router.check()
    _, secret = store.add("an ordinary key")
    async with client(f"{vendors.url}{ROOT}", "openrouter") as http:
        with pytest.raises(RefusedByVendor) as refused:
            await OpenRouter(http, secret).check()
        assert refused.value.code == "no_management_key"
        with pytest.raises(AuthExpired):
            await OpenRouter(http, "sk-or-v1-unknown").keys()


async def test_credits_are_read(router, store) -> None:
    kept, _ = store.add("a")
    kept.usage = 1.25
    found = await router.credits()
    assert (found.total, found.used) == (Decimal("500.0"), Decimal("1.25"))


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (refusal(402, limit_source="openrouter_in_flight_budget"), RateLimited, ""),
        (
            refusal(403, limit_source="openrouter_key_limit"),
            RefusedByVendor,
            "openrouter_key_limit",
        ),
        (
            refusal(402, limit_source="openrouter_key_limit"),
            RefusedByVendor,
            "openrouter_key_limit",
        ),
        (refusal(402), RefusedByVendor, "openrouter_credits"),
        (refusal(400, error_type="invalid_request"), RefusedByVendor, "invalid_request"),
        (refusal(401), AuthExpired, ""),
        (refusal(503), Unreachable, ""),
        (says("<html>", 502), Unreachable, ""),
    ],
)
async def test_a_failure_is_told_by_the_limit_it_names_then_by_its_status(
    vendor, fake, answer, error, code
) -> None:
    vendor.answer = answer
    with pytest.raises(error) as failed:
        await fake.change("h", {"disabled": True})
    assert getattr(failed.value, "code", "") == code


async def test_a_full_hour_is_waited_for_as_the_vendor_asks(vendor, fake) -> None:
    vendor.answer = says({"error": {}}, 429, **{"Retry-After": "7"})
    with pytest.raises(RateLimited) as limited:
        await fake.create(TEN)
    assert limited.value.retry_after == timedelta(seconds=7)


async def test_the_secret_is_found_inside_the_data_too(vendor, fake) -> None:
    vendor.answer = says({"data": {"hash": "h1", "key": "sk-or-v1-x"}}, 201)
    made = await fake.create(TEN)
    assert (made.secret, made.key.hash) == ("sk-or-v1-x", "h1")


async def test_a_key_that_was_not_shown_is_no_key(vendor, fake) -> None:
    vendor.answer = says({"data": {"hash": "h1"}}, 201)
    with pytest.raises(Unreachable):
        await fake.create(TEN)


async def test_odd_fields_are_read_as_nothing(vendor, fake) -> None:
    odd = {"hash": "h", "limit": True, "limit_remaining": "-0.02", "usage": None, "name": 7}
    vendor.answer = in_turn(says({"data": odd}))
    found = await fake.get("h")
    assert (found.limit, found.left, found.usage, found.name) == (None, 0, 0, "7")
