"""Whatever order, repetition, delay or company events come in: the same access and effects."""

import asyncio
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from db.billing import accounts
from db.store.session import Database
from db.store.vault import Vault
from tests.kit.billing_stage import NOW, BillingStage
from tests.kit.fake_stripe import FakeStripe
from tests.services.billing.histories import Deed, Play, deeds

# What is told only if it is known in time, which is what it is about.
TIMELY = ("trial_ending", "suspended")
slow = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


async def come_to(stage: BillingStage, customer_id: str) -> dict[str, object]:
    """The end of a history: access, followers and the set of effects, without the account's ids."""
    prefix = stage.stripe.prefix
    ends: dict[str, object] = {}
    for family in ("platform", "license"):
        account = await stage.account(customer_id, family)
        ends[family] = (account.state, account.allowed, account.rule, account.plan, account.until)
    tenant = stage.feel.tenants.get(customer_id)
    ends["tenant"] = (tenant.allowed, tenant.state, tenant.plan) if tenant else None
    effects = await stage.effects(customer_id)
    told = {key.replace(prefix, "") for key in effects}
    ends["effects"] = sorted(one for one in told if not one.startswith(TIMELY))
    ends["in time"] = sorted(one for one in told if one.startswith(TIMELY))
    ends["renewed"] = sorted(stage.feel.renewed.values())
    await leave(stage, customer_id)
    return ends


async def leave(stage: BillingStage, customer_id: str) -> None:
    """The clocks of other histories are not this one's, and its Stripe is not theirs."""
    async with stage.database.transaction() as session:
        for account in await accounts.accounts(session, customer_id):
            account.look_at = None
            session.add(account)


async def played(database: Database, history: list[Deed]) -> tuple[BillingStage, str, list[bytes]]:
    """The history has happened at Stripe, and nobody was told yet."""
    stage = BillingStage(database, FakeStripe(NOW))
    customer_id = await stage.customer()
    play = Play(stage.stripe, customer_id)
    for deed in history:
        play.do(deed)
    bodies, stage.stripe.events = stage.stripe.events, []
    return stage, customer_id, bodies


async def in_order(database: Database, history: list[Deed]) -> dict[str, object]:
    """Everything is delivered once, in its order, after the end."""
    stage, customer_id, bodies = await played(database, history)
    await stage.arrive(*bodies)
    return await come_to(stage, customer_id)


@slow
@given(history=deeds(), seed=st.integers(0, 2**16))
async def test_shuffled_and_repeated_is_as_in_order(
    database: Database, history: list[Deed], seed: int
) -> None:
    stage, customer_id, bodies = await played(database, history)
    chance = Random(seed)  # noqa: S311 - no secret
    mixed = [*bodies, *chance.sample(bodies, len(bodies) // 2)]
    chance.shuffle(mixed)
    await stage.arrive(*mixed)
    assert await come_to(stage, customer_id) == await in_order(database, history)


@slow
@given(history=deeds(), seed=st.integers(0, 2**16))
async def test_two_processes_at_once_are_as_one_in_order(
    database: Database, vault: Vault, history: list[Deed], seed: int
) -> None:
    stage, customer_id, bodies = await played(database, history)
    other = Database(database.url, vault, pool_size=4)
    second = BillingStage(other, stage.stripe)
    second.feel = stage.feel
    chance = Random(seed)  # noqa: S311 - no secret
    mixed = [*bodies, *bodies]
    chance.shuffle(mixed)
    try:
        await asyncio.gather(*(chance.choice((stage, second)).arrive(body) for body in mixed))
    finally:
        await other.dispose()
    assert await come_to(stage, customer_id) == await in_order(database, history)


@slow
@given(history=deeds(), seed=st.integers(0, 2**16))
async def test_live_with_delays_and_a_clock_is_as_in_order(
    database: Database, history: list[Deed], seed: int
) -> None:
    stage = BillingStage(database, FakeStripe(NOW))
    customer_id = await stage.customer()
    play, chance = Play(stage.stripe, customer_id), Random(seed)  # noqa: S311 - no secret
    late: list[bytes] = []
    for deed in history:
        play.do(deed)
        await stage.tick()
        late, stage.stripe.events = late + stage.stripe.events, []
        chance.shuffle(late)
        now, late = late[: len(late) // 2], late[len(late) // 2 :]
        await stage.arrive(*now)
    await stage.arrive(*late)
    await stage.tick()
    live, ordered = await come_to(stage, customer_id), await in_order(database, history)
    live["in time"] = ordered["in time"]
    assert live == ordered
