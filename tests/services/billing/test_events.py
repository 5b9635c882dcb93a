"""What becomes of events that are late, odd, foreign, of nobody, or in trouble."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from db.billing import accounts
from db.store.session import Database
from integrations.errors import Unreachable
from services.actors import Operator
from services.billing.desk import BillingDesk
from services.billing.inbox import WebhookRefused
from services.errors import Conflict, Temporary
from tests.kit.billing_stage import NOW, STARTER, BillingStage
from tests.kit.fake_stripe import SECRET, signature

OPS = Operator("admin_key", "adm_1", "deploy")
AWAY = Unreachable("Stripe", "500")


async def bought(stage: BillingStage) -> tuple[str, str]:
    """A customer with an active subscription."""
    customer_id = await stage.customer()
    subscription_id = stage.stripe.subscribe(customer_id, STARTER)
    await stage.catch_up()
    return customer_id, subscription_id


@pytest.mark.parametrize(
    "header",
    [
        "",
        "garbage",
        "t=1,v1=00",
        "t=abc,v1=zz",
        "v1=" + "0" * 64,
    ],
)
async def test_what_stripe_did_not_sign_is_refused_and_not_kept(
    database: Database, header: str
) -> None:
    stage = BillingStage(database)
    raw = stage.stripe.tell("customer.updated", {"id": "cus_1", "object": "customer"})
    with pytest.raises(WebhookRefused):
        await stage.inbox.receive(raw, header)
    assert await stage.inbox.receive(raw, signature(raw, stage.clock()))


async def test_another_secret_an_old_stamp_and_a_changed_body_are_refused(
    database: Database,
) -> None:
    stage = BillingStage(database)
    raw = stage.stripe.tell("customer.updated", {"id": "cus_1", "object": "customer"})
    now = stage.clock()
    for body, header in (
        (raw, signature(raw, now, "whsec_another")),
        (raw, signature(raw, now - timedelta(minutes=6))),
        (raw, signature(raw, now + timedelta(minutes=6))),
        (raw + b" ", signature(raw, now)),
        (b"{}", signature(b"{}", now)),
        (b"\xff", signature(b"\xff", now)),
    ):
        with pytest.raises(WebhookRefused):
            await stage.inbox.receive(body, header)


async def test_either_of_two_active_secrets_will_do(database: Database) -> None:
    stage = BillingStage(database)
    raw = stage.stripe.tell("customer.updated", {"id": "cus_1", "object": "customer"})
    both = f"{signature(raw, stage.clock(), 'whsec_new')},{signature(raw, stage.clock())[13:]}"
    assert SECRET not in both
    assert await stage.inbox.receive(raw, both)


async def test_an_event_is_kept_once(database: Database) -> None:
    stage = BillingStage(database)
    raw = stage.stripe.tell("customer.updated", {"id": "cus_1", "object": "customer"})
    kept = await asyncio.gather(*(stage.deliver(raw) for _ in range(8)))
    assert sorted(kept) == [False] * 7 + [True]


async def test_the_other_mode_and_another_account_change_nothing_and_are_told(
    database: Database,
) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    row = stage.stripe.held[subscription_id]
    gone = {**row, "status": "canceled"}
    live = stage.stripe.tell("customer.subscription.deleted", gone, livemode=True)
    other = stage.stripe.tell("customer.subscription.deleted", gone, account="acct_other")
    await stage.arrive(live, other)
    assert [(await stage.event(raw)).note for raw in (live, other)] == [
        "other_mode",
        "other_account",
    ]
    assert (await stage.account(customer_id)).allowed
    day = NOW.date().isoformat()
    async with database.transaction() as session:
        for reason in ("other_mode", "other_account"):
            assert await accounts.effect(session, f"odd_events:{reason}:{day}")


async def test_another_products_subscriptions_are_kept_and_nothing_else(
    database: Database,
) -> None:
    stage = BillingStage(database)
    await stage.customer()
    stage.stripe.subscribe("", "price_of_another_product", stripe_customer="cus_foreign")
    bodies = list(stage.stripe.events)
    await stage.catch_up()
    assert {(await stage.event(raw)).state for raw in bodies} == {"foreign"}
    assert not stage.feel.tenants
    assert not stage.feel.letters


async def test_an_unknown_customer_is_parked_told_once_and_handled_when_linked(
    database: Database,
) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    strange = f"cus_{customer_id[-8:]}"
    subscription_id = stage.stripe.subscribe("", STARTER, stripe_customer=strange)
    bodies = list(stage.stripe.events)
    await stage.catch_up()
    assert {(await stage.event(raw)).state for raw in bodies} == {"parked"}
    async with database.transaction() as session:
        assert await accounts.effect(session, f"unknown_customer:{subscription_id}")
        known = await accounts.claim_customer(session, customer_id, NOW)
        known.stripe_customer_id = strange
    await stage.handling.link(customer_id, strange)
    for raw in bodies:
        await stage.handle(raw)
    assert {(await stage.event(raw)).state for raw in bodies} == {"done"}
    assert (await stage.account(customer_id)).state == "active"


async def test_an_equal_address_binds_nobody(database: Database) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    stage.stripe.subscribe("", STARTER, stripe_customer=f"cus_mail{customer_id[-6:]}")
    await stage.catch_up()
    assert (await stage.account(customer_id)).state == "none"


async def test_an_unknown_price_changes_nothing_and_mends_itself_once_it_is_mapped(
    database: Database,
) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    price = f"price_new_{customer_id[-6:]}"
    stage.stripe.move(subscription_id, price, 4900)
    await stage.catch_up()
    account = await stage.account(customer_id)
    assert (account.state, account.plan) == ("active", "starter")
    assert "unknown_price" in await stage.kinds(customer_id)
    async with database.transaction() as session:
        session.add(
            accounts.BillingPriceRow(
                id=price,
                family="platform",
                plan="professional",
                interval="month",
                currency="usd",
                amount=4900,
                created_at=NOW,
            )
        )
    await stage.tick()
    assert (await stage.account(customer_id)).plan == "professional"


async def test_an_unknown_word_gives_no_access_and_one_alert(database: Database) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    for _ in range(3):
        stage.stripe.change(subscription_id, status="resting")
    await stage.catch_up()
    account = await stage.account(customer_id)
    assert (account.allowed, account.rule) == (False, "unknown_status")
    assert (await stage.kinds(customer_id)).count("unknown_status") == 1


async def test_stored_is_not_done(database: Database) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    stage.stripe.subscribe(customer_id, STARTER)
    raw = next(one for one in stage.stripe.events if b"subscription.created" in one)
    stage.stripe.failures = [AWAY] * 5
    await stage.deliver(raw)
    for _ in range(5):
        with pytest.raises(Temporary):
            await stage.handle(raw)
    assert not await stage.deliver(raw)
    event = await stage.event(raw)
    assert (event.state, event.attempts) == ("waiting", 5)
    await stage.handle(raw)
    assert (await stage.account(customer_id)).state == "active"
    assert (await stage.event(raw)).state == "done"


async def test_a_dead_workers_claim_is_taken_over_and_alarmed(database: Database) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    stage.stripe.subscribe(customer_id, STARTER)
    raw = next(one for one in stage.stripe.events if b"subscription.created" in one)
    await stage.deliver(raw)
    await stage.handling._claim(orjson.loads(raw)["id"], 1)
    assert await stage.inbox.sweep() == 0
    stage.later(seconds=61)
    assert await stage.inbox.sweep() >= 1
    assert (await stage.event(raw)).run == 2
    await stage.handle(raw)
    assert (await stage.account(customer_id)).state == "active"
    async with database.transaction() as session:
        hour = stage.clock().strftime("%Y-%m-%dT%H")
        assert await accounts.effect(session, f"stuck:{hour}")


async def test_a_late_worker_of_an_older_run_changes_nothing(database: Database) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    stage.stripe.subscribe(customer_id, STARTER)
    raw = next(one for one in stage.stripe.events if b"subscription.created" in one)
    await stage.deliver(raw)
    event_id = orjson.loads(raw)["id"]
    await stage.inbox.replay(OPS, event_id)
    await stage.handling.handle(event_id, "1")
    assert (await stage.event(raw)).state == "waiting"
    await stage.handling.handle(event_id, "2")
    assert (await stage.account(customer_id)).state == "active"


async def test_a_replay_has_no_second_effect(database: Database) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    told, letters = await stage.effects(customer_id), len(stage.feel.letters)
    mine = [one for one in await stage.inbox.listed() if one.subscription_id == subscription_id]
    for kept in mine:
        await stage.inbox.replay(OPS, kept.id)
        await stage.handling.handle(kept.id, str(1 + 1))
    assert await stage.effects(customer_id) == told
    assert len(stage.feel.letters) == letters


async def test_a_key_of_another_account_takes_nobodys_access(database: Database) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    row = stage.stripe.held.pop(subscription_id)
    raw = stage.stripe.tell("customer.subscription.updated", row)
    await stage.arrive(raw)
    assert (await stage.account(customer_id)).allowed


async def test_a_planned_end_is_told_and_taken_back(database: Database) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    end = int((stage.clock() + timedelta(days=10)).timestamp())
    stage.stripe.change(subscription_id, cancel_at=end)
    await stage.catch_up()
    account = await stage.account(customer_id)
    assert account.allowed
    assert account.ends_at == stage.clock() + timedelta(days=10)
    assert "ending" in await stage.kinds(customer_id)
    stage.stripe.change(subscription_id, cancel_at=None)
    await stage.catch_up()
    assert (await stage.account(customer_id)).ends_at is None


async def test_late_news_of_a_trials_end_is_not_mailed(database: Database) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    subscription_id = stage.stripe.subscribe(customer_id, STARTER, trial=timedelta(days=14))
    await stage.catch_up()
    row = stage.stripe.held[subscription_id]
    late = [stage.stripe.tell("customer.subscription.trial_will_end", row) for _ in range(3)]
    stage.stripe.events = []
    stage.later(days=14)
    stage.stripe.renew(subscription_id, paid=True)
    await stage.catch_up()
    await stage.arrive(*late)
    assert "trial_ending" not in await stage.kinds(customer_id)


async def test_of_two_the_first_stays_and_the_other_is_a_card(database: Database) -> None:
    stage = BillingStage(database)
    customer_id, first = await bought(stage)
    stage.later(hours=1)
    second = stage.stripe.subscribe(customer_id, STARTER)
    await stage.catch_up()
    assert (await stage.account(customer_id)).subscription_id == first
    assert f"duplicate:{second}" in await stage.effects(customer_id)
    desk = BillingDesk(database, stage.deps, stage.handling, stage.erase)
    with pytest.raises(Conflict):
        await desk.cancel_and_refund(OPS, first)
    for _ in range(2):
        await desk.cancel_and_refund(OPS, second)
    assert stage.stripe.refunded == [f"second:{second}:refund"]
    assert (await stage.account(customer_id)).subscription_id == first


async def test_a_customer_who_leaves_is_cancelled_at_stripe_first(database: Database) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    desk = BillingDesk(database, stage.deps, stage.handling, stage.erase)
    stage.stripe.failures = [AWAY]
    with pytest.raises(Temporary):
        await desk.delete(OPS, customer_id)
    assert not stage.erased
    assert not stage.stripe.cancelled
    await desk.delete(OPS, customer_id)
    assert (stage.stripe.cancelled, stage.erased) == ([subscription_id], [customer_id])
    await stage.catch_up()


async def test_a_full_refund_ends_access_and_a_payment_brings_it_back(database: Database) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    stage.stripe.refund(subscription_id, 100)
    await stage.catch_up()
    assert (await stage.account(customer_id)).allowed
    stage.stripe.refund(subscription_id)
    await stage.catch_up()
    assert (await stage.account(customer_id)).rule == "money_back"
    stage.later(days=30)
    stage.stripe.renew(subscription_id, paid=True)
    await stage.catch_up()
    assert (await stage.account(customer_id)).allowed


async def test_a_dispute_ends_access_only_when_it_is_lost(database: Database) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    stage.stripe.dispute(subscription_id, "needs_response")
    await stage.catch_up()
    assert (await stage.account(customer_id)).allowed
    stage.stripe.dispute(subscription_id, "lost")
    await stage.catch_up()
    assert not (await stage.account(customer_id)).allowed
    assert (await stage.kinds(customer_id)).count("disputed") == 2


async def test_a_trial_of_nothing_is_no_payment(database: Database) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    stage.stripe.subscribe(customer_id, STARTER, trial=timedelta(days=14))
    await stage.catch_up()
    assert {"paid", "first_paid"}.isdisjoint(await stage.kinds(customer_id))


async def test_what_was_bought_after_an_end_nobody_told_yet_is_no_second(
    database: Database,
) -> None:
    stage = BillingStage(database)
    customer_id, first = await bought(stage)
    stage.stripe.end(first)
    late, stage.stripe.events = stage.stripe.events, []
    stage.later(hours=1)
    second = stage.stripe.subscribe(customer_id, STARTER)
    await stage.catch_up()
    await stage.arrive(*late)
    assert (await stage.account(customer_id)).subscription_id == second
    assert f"duplicate:{second}" not in await stage.effects(customer_id)


@pytest.mark.parametrize("backwards", [False, True])
async def test_that_money_is_owed_is_told_whatever_went_back_before(
    database: Database, *, backwards: bool
) -> None:
    stage = BillingStage(database)
    customer_id, subscription_id = await bought(stage)
    stage.later(days=1)
    stage.stripe.dispute(subscription_id, "lost")
    stage.later(days=1)
    unpaid = stage.stripe.renew(subscription_id, paid=False)
    stage.later(days=8)
    if backwards:
        stage.stripe.events.reverse()
    await stage.catch_up()
    assert (await stage.account(customer_id)).rule == "money_back"
    assert f"suspended:{subscription_id}:{unpaid}" in await stage.effects(customer_id)
