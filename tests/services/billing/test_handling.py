"""Events become access: in order, out of order, again, and what time alone changes."""

from datetime import timedelta

from db.store.session import Database
from tests.kit.billing_stage import PRO, PROFESSIONAL, STARTER, BillingStage

TRIAL = timedelta(days=14)


async def test_a_trial_becomes_active_fails_is_suspended_and_comes_back(database: Database) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    bought = stage.stripe.subscribe(customer_id, STARTER, trial=TRIAL)
    await stage.catch_up()
    account = await stage.account(customer_id)
    assert (account.state, account.plan, account.allowed) == ("trialing", "starter", True)
    stage.later(days=11)
    await stage.catch_up()
    assert "trial_ending" in await stage.kinds(customer_id)
    stage.later(days=3)
    stage.stripe.renew(bought, paid=True)
    await stage.catch_up()
    assert (await stage.account(customer_id)).state == "active"
    stage.later(days=30)
    stage.stripe.renew(bought, paid=False)
    await stage.catch_up()
    account = await stage.account(customer_id)
    assert (account.state, account.allowed) == ("past_due", True)
    stage.later(days=3)
    stage.stripe.decline(bought)
    await stage.catch_up()
    stage.later(days=4)
    await stage.catch_up()
    account = await stage.account(customer_id)
    assert (account.state, account.rule) == ("suspended", "grace_over")
    assert not stage.feel.tenants[customer_id].allowed
    stage.stripe.pay(bought)
    await stage.catch_up()
    assert (await stage.account(customer_id)).state == "active"
    assert stage.feel.tenants[customer_id].allowed
    told = ["failed", "first_paid", "new", "paid", "paid", "recovered", "suspended"]
    assert await stage.kinds(customer_id) == [*told, "trial_ending"]


async def test_a_plan_change_moves_the_tenant(database: Database) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    bought = stage.stripe.subscribe(customer_id, STARTER)
    await stage.catch_up()
    stage.stripe.move(bought, PROFESSIONAL, 29900)
    await stage.catch_up()
    assert stage.feel.tenants[customer_id].plan == "professional"


async def test_a_paid_license_plan_is_issued_once_and_renewed_by_each_payment(
    database: Database,
) -> None:
    stage = BillingStage(database)
    customer_id = await stage.customer()
    bought = stage.stripe.subscribe(customer_id, PRO, amount=2900)
    await stage.catch_up()
    stage.later(days=30)
    stage.stripe.renew(bought, paid=True)
    await stage.catch_up()
    assert stage.feel.issued == [bought]
    assert stage.feel.renewed[f"lic_{bought}"] == 2
    assert stage.feel.licenses[f"lic_{bought}"]
