"""Customers' own keys: sealed, used when the plan says so, told by their end, and audited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest
import pytest_asyncio

from db.store.vault import VaultError
from services.caching.freshness import UNTOLD_SECONDS
from services.errors import Invalid, NotAllowed, NotFound
from services.gateway.own_keys import OwnKeys
from services.gateway.provider_keys import Keys, ProviderKeys
from services.licensing.eligibility import Facts
from tests.kit.license_desk import OPS, LicenseStage
from tests.kit.model_stage import FACTS, PLAN
from tests.kit.validation_desk import CountingHot
from tests.kit.waiting import until

OURS = {"openai": "sk-ours", "anthropic": "", "deepseek": "sk-ours-too"}
THEIRS = "sk-theirs-12345678"
OWN_KEY = replace(PLAN, own_key=True, ai_included=False)


@pytest_asyncio.fixture
async def holder(stage: LicenseStage) -> Facts:
    issued = await stage.issue("starter")
    license = issued.license
    return replace(FACTS, license_id=license.id, customer_id=license.customer_id, plan=OWN_KEY)


@pytest_asyncio.fixture
async def hot(stage: LicenseStage) -> AsyncIterator[CountingHot]:
    async with hearing(stage) as hot:
        yield hot


@pytest.fixture
def keys(stage: LicenseStage, hot: CountingHot) -> ProviderKeys:
    return ProviderKeys(stage.database, hot, OURS, stage.clock)


@asynccontextmanager
async def hearing(stage: LicenseStage) -> AsyncIterator[CountingHot]:
    """A process's hot path, which is told of changes."""
    hot = CountingHot(stage.database.url)
    await hot.start()
    try:
        yield hot
    finally:
        await hot.close()


async def test_a_saved_key_is_used_and_only_its_end_is_told(
    keys: ProviderKeys, holder: Facts, stage: LicenseStage
) -> None:
    saved = await keys.save(holder, "openai", f" {THEIRS} ")
    assert saved.hint == "5678"
    assert (await keys.find(holder, "openai")) == saved
    used = await keys.keys(holder)
    assert used.by_provider == {"openai": THEIRS}
    assert used.own == {"openai"}
    lines = await stage.lines(f"{holder.customer_id}/openai")
    assert [line.action for line in lines] == ["provider_keys.save"]
    assert THEIRS not in "".join(line.before + line.after for line in lines)


async def test_the_key_is_sealed_in_the_database(
    keys: ProviderKeys, holder: Facts, database_url: str
) -> None:
    await keys.save(holder, "openai", THEIRS)
    connection = await asyncpg.connect(database_url)
    sealed = await connection.fetchval(
        "SELECT key FROM provider_keys WHERE customer_id = $1", holder.customer_id
    )
    await connection.close()
    assert THEIRS.encode() not in sealed


async def test_a_plan_with_ai_uses_ours_where_the_customer_has_none(
    keys: ProviderKeys, holder: Facts
) -> None:
    await keys.save(holder, "openai", THEIRS)
    both = replace(holder, plan=replace(PLAN, own_key=True))
    used = await keys.keys(both)
    assert used.by_provider == {"openai": THEIRS, "deepseek": "sk-ours-too"}
    assert used.own == {"openai"}
    assert (await keys.keys(replace(holder, plan=PLAN))).by_provider["openai"] == "sk-ours"


async def test_a_key_of_another_customer_is_never_used(
    keys: ProviderKeys, holder: Facts, stage: LicenseStage
) -> None:
    await keys.save(holder, "openai", THEIRS)
    other = (await stage.issue("starter")).license
    stranger = replace(holder, license_id=other.id, customer_id=other.customer_id)
    assert (await keys.keys(stranger)).by_provider == {}


async def test_a_first_key_that_is_saved_twice_at_once_is_saved(
    keys: ProviderKeys, holder: Facts, stage: LicenseStage
) -> None:
    for provider in ("openai", "anthropic", "deepseek"):
        await asyncio.gather(*(keys.save(holder, provider, THEIRS) for _ in range(5)))
        assert len(await stage.lines(f"{holder.customer_id}/{provider}")) == 5
    assert len(await keys.listed(holder)) == 3


async def test_another_process_hears_of_every_change(
    keys: ProviderKeys, hot: CountingHot, holder: Facts, stage: LicenseStage
) -> None:
    await keys.save(holder, "openai", THEIRS)
    # What is told of this change is not to be taken for what is told of the next.
    await until(lambda: holder.customer_id in hot.heard)
    hot.heard.clear()
    async with hearing(stage) as elsewhere:
        others = ProviderKeys(stage.database, elsewhere, OURS, stage.clock)
        await until(lambda: hot.listening and elsewhere.listening)
        assert (await keys.keys(holder)).by_provider["openai"] == THEIRS
        await others.save(holder, "openai", "sk-newer-12345678")
        await until(lambda: holder.customer_id in hot.heard)
        assert (await keys.keys(holder)).by_provider["openai"] == "sk-newer-12345678"
        hot.heard.clear()
        await others.forget(holder, "openai")
        await until(lambda: holder.customer_id in hot.heard)
        assert (await keys.keys(holder)).by_provider == {}


async def test_a_key_is_read_once_and_remembered_until_it_changes(
    keys: ProviderKeys, hot: CountingHot, holder: Facts
) -> None:
    await keys.save(holder, "openai", THEIRS)
    await until(lambda: holder.customer_id in hot.heard)
    asked = hot.asked
    many = await asyncio.gather(*(keys.keys(holder) for _ in range(50)))
    assert {one.by_provider["openai"] for one in many} == {THEIRS}
    await keys.keys(holder)
    assert hot.asked - asked == 1


async def test_nothing_is_remembered_for_long_while_nobody_tells(
    stage: LicenseStage, holder: Facts
) -> None:
    deaf, now = CountingHot(stage.database.url), [0.0]
    own = OwnKeys(deaf, stage.database.vault, lambda: now[0])
    for seconds, asked in ((0.0, 1), (UNTOLD_SECONDS, 1), (UNTOLD_SECONDS + 0.1, 2)):
        now[0] = seconds
        assert await own.of(holder.customer_id) == {}
        assert deaf.asked == asked
    await deaf.close()


async def test_a_key_that_cannot_be_unsealed_fails_nobody_else(
    keys: ProviderKeys, hot: CountingHot, holder: Facts, stage: LicenseStage
) -> None:
    broken = (await stage.issue("starter")).license
    stranger = replace(holder, license_id=broken.id, customer_id=broken.customer_id)
    for one in (holder, stranger):
        await keys.save(one, "openai", THEIRS)
    await hot.fetch(
        "UPDATE provider_keys SET key = '\\x00' WHERE customer_id = $1", broken.customer_id
    )
    good, bad = await asyncio.gather(keys.keys(holder), keys.keys(stranger), return_exceptions=True)
    assert isinstance(good, Keys)
    assert good.by_provider == {"openai": THEIRS}
    assert isinstance(bad, VaultError)


async def test_what_changed_while_it_was_read_is_read_again(
    keys: ProviderKeys, hot: CountingHot, holder: Facts
) -> None:
    await keys.save(holder, "openai", THEIRS)
    hot.hold = asyncio.Event()
    asked = hot.asked
    slow = asyncio.create_task(keys.keys(holder))
    await until(lambda: hot.asked > asked)
    await keys.save(holder, "openai", "sk-newer-12345678")
    hot.hold.set()
    await slow
    assert (await keys.keys(holder)).by_provider["openai"] == "sk-newer-12345678"


async def test_a_forgotten_key_is_gone_at_once(
    keys: ProviderKeys, holder: Facts, stage: LicenseStage
) -> None:
    await keys.save(holder, "openai", THEIRS)
    await keys.forget(holder, "openai")
    assert (await keys.keys(holder)).by_provider == {}
    with pytest.raises(NotFound):
        await keys.find(holder, "openai")
    with pytest.raises(NotFound):
        await keys.forget(holder, "openai")


@pytest.mark.parametrize("typed", ["", "short", "with space inside", "line\r\nbreak1", "é" * 20])
async def test_what_cannot_be_a_key_is_refused(
    keys: ProviderKeys, holder: Facts, typed: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await keys.save(holder, "openai", typed)
    assert caught.value.field == "key"


async def test_a_provider_nobody_knows_is_refused(keys: ProviderKeys, holder: Facts) -> None:
    with pytest.raises(Invalid) as caught:
        await keys.save(holder, "acme", THEIRS)
    assert caught.value.field == "provider"


async def test_a_plan_without_own_keys_keeps_none(keys: ProviderKeys, holder: Facts) -> None:
    with pytest.raises(NotAllowed):
        await keys.save(replace(holder, plan=PLAN), "openai", THEIRS)


async def test_the_keys_go_with_their_customer(
    keys: ProviderKeys, holder: Facts, stage: LicenseStage
) -> None:
    await keys.save(holder, "openai", THEIRS)
    await stage.customers.delete(OPS, holder.customer_id)
    assert await keys.listed(holder) == ()
