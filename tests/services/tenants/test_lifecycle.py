"""Suspended, resumed, deleted and kept: the newest wish wins, and nothing goes by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.databases import DatabaseHealth, DatabaseState
from integrations.errors import Unreachable
from services.audit import Audit
from services.errors import Conflict, Invalid
from services.tenants import DELETE, RESUME, SUSPEND
from tests.kit.tenant_desk import ADMIN, TenantDesk

WEEK = timedelta(days=7)
CUSTOMER = "cus_ours"


async def test_a_suspended_tenant_is_closed_at_its_database_and_nobody_is_sent_elsewhere(
    desk: TenantDesk,
) -> None:
    tenant = await desk.ready()
    await desk.tenants.suspend(ADMIN, tenant.id, "Unpaid")
    with pytest.raises(Conflict):
        await desk.tenants.parts(tenant.id)
    await desk.run(tenant.id, SUSPEND)
    assert desk.cluster.closed == set(desk.cluster.databases)
    seen = await desk.tenants.suspend(ADMIN, tenant.id, "Again")
    assert (seen.state, seen.reason) == ("suspended", "Unpaid")
    assert desk.cluster.calls.count("suspend") == 1


async def test_a_resumed_tenant_is_ready_once_its_database_answered(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    await desk.tenants.suspend(ADMIN, tenant.id, "Unpaid")
    await desk.run(tenant.id, SUSPEND)
    assert (await desk.tenants.resume(ADMIN, tenant.id)).state == "resuming"
    await desk.run(tenant.id, RESUME)
    seen = await desk.tenants.get(tenant.id)
    assert (seen.state, seen.reason, desk.cluster.closed) == ("ready", "", set())
    assert await desk.tenants.parts(tenant.id)
    assert desk.room.events[-2:] == ["tenant.suspended", "tenant.resumed"]


async def test_a_suspension_that_was_taken_back_before_it_was_done_closes_nothing(
    desk: TenantDesk,
) -> None:
    tenant = await desk.ready()
    await desk.tenants.suspend(ADMIN, tenant.id, "Unpaid")
    await desk.tenants.resume(ADMIN, tenant.id)
    await desk.run(tenant.id, SUSPEND)
    await desk.run(tenant.id, RESUME)
    assert (await desk.tenants.get(tenant.id)).state == "ready"
    assert "suspend" not in desk.cluster.calls


async def test_a_resumption_waits_for_the_suspension_before_it(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    await desk.tenants.suspend(ADMIN, tenant.id, "Unpaid")
    await desk.tenants.resume(ADMIN, tenant.id)
    assert await desk.step(tenant.id, RESUME) > 0
    assert "resume" not in desk.cluster.calls
    await desk.run(tenant.id, SUSPEND)
    await desk.run(tenant.id, RESUME)
    assert "resume" in desk.cluster.calls


async def test_a_provider_that_is_away_is_asked_again(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    await desk.tenants.suspend(ADMIN, tenant.id, "Unpaid")
    desk.cluster.refuse = Unreachable("supabase", "503")
    for _ in range(5):
        assert await desk.step(tenant.id, SUSPEND) > 0
    desk.cluster.refuse = None
    assert (await desk.run(tenant.id, SUSPEND)).state == "done"


async def test_a_deletion_waits_its_time_and_then_leaves_nothing(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    with pytest.raises(Invalid):
        await desk.tenants.delete(ADMIN, tenant.id, "not its name")
    asked = await desk.tenants.delete(ADMIN, tenant.id, f" {tenant.slug} ")
    assert asked.delete_after is not None
    began = desk.now
    await desk.step(tenant.id, DELETE)
    assert desk.cluster.closed == set(desk.cluster.databases)
    await desk.run(tenant.id, DELETE)
    assert desk.now - began >= WEEK - timedelta(seconds=1)
    assert desk.cluster.databases == {}
    row = await desk.row(tenant.id)
    assert (row.state, row.password, row.host, row.email) == ("deleted", None, "", "")
    with pytest.raises(Conflict):
        await desk.tenants.keep(ADMIN, tenant.id)


async def test_a_deletion_can_be_taken_back_until_it_begins(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    await desk.tenants.delete(ADMIN, tenant.id, tenant.slug)
    await desk.step(tenant.id, DELETE)
    kept = await desk.tenants.keep(ADMIN, tenant.id)
    assert (kept.state, kept.delete_after) == ("resuming", None)
    await desk.run(tenant.id, RESUME)
    assert (await desk.tenants.get(tenant.id)).state == "ready"
    assert (await desk.operation(tenant.id, DELETE)).state == "cancelled"
    assert len(desk.cluster.databases) == 1


async def test_deleting_one_that_never_came_up_leaves_no_orphan_project(desk: TenantDesk) -> None:
    desk.cluster.states = [DatabaseHealth(DatabaseState.BROKEN, "INIT_FAILED")]
    tenant = await desk.ready()
    assert tenant.state == "needs_person"
    await desk.tenants.delete(ADMIN, tenant.id, tenant.slug)
    await desk.run(tenant.id, DELETE)
    assert desk.cluster.databases == {}


async def test_deleting_one_whose_project_was_never_heard_of_finds_it_by_its_name(
    desk: TenantDesk,
) -> None:
    tenant = await desk.sign_up()
    await desk.until(tenant.id, "create")
    desk.cluster.lose = Unreachable("supabase", "timeout")
    await desk.step(tenant.id)
    assert (await desk.row(tenant.id)).ref == ""
    slug = (await desk.tenants.get(tenant.id)).slug
    await desk.tenants.delete(ADMIN, tenant.id, slug)
    await desk.run(tenant.id, DELETE)
    assert desk.cluster.databases == {}
    assert (await desk.operation(tenant.id)).state == "cancelled"


async def test_a_company_may_sign_up_again_after_its_deletion(desk: TenantDesk) -> None:
    first = await desk.ready("Again Ltd")
    await desk.tenants.delete(ADMIN, first.id, first.slug)
    await desk.run(first.id, DELETE)
    second = await desk.sign_up("Again Ltd", first.email)
    await desk.run(second.id)
    assert second.id != first.id
    assert (await desk.tenants.get(second.id)).slug != first.slug


async def test_a_project_that_its_vendor_paused_is_told_once_and_waited_for(
    desk: TenantDesk,
) -> None:
    tenant = await desk.ready("Idle Ltd")
    paused = DatabaseHealth(DatabaseState.PAUSED, "INACTIVE")
    for states in ([paused], [paused]):
        desk.now += timedelta(hours=1)
        desk.cluster.states = list(states)
        await desk.watch.tick("slot")
    assert desk.room.said == [("paused", "Idle Ltd")]
    assert (await desk.tenants.get(tenant.id)).state == "paused"
    with pytest.raises(Conflict):
        await desk.tenants.parts(tenant.id)
    desk.now += timedelta(hours=1)
    await desk.watch.tick("slot")
    assert desk.room.said[-1] == ("back", "Idle Ltd")
    assert (await desk.tenants.get(tenant.id)).state == "ready"


async def test_what_billing_closed_a_payment_opens_and_what_an_operator_closed_it_does_not(
    desk: TenantDesk,
) -> None:
    mine, theirs = await desk.ready(), await desk.ready()
    customer = f"{CUSTOMER}_{mine.id}"
    for tenant in (mine, theirs):
        await desk.tenants.set_customer(ADMIN, tenant.id, customer)
    await desk.tenants.suspend(ADMIN, theirs.id, "Abuse")

    async def follow(*, allowed: bool) -> None:
        async with desk.database.transaction() as session:
            await desk.tenants.follow(
                session, customer, allowed=allowed, plan="professional", reason="Unpaid"
            )

    for _ in range(2):
        await follow(allowed=False)
    seen = await desk.tenants.get(mine.id)
    assert (seen.state, seen.suspended_by, seen.plan) == ("suspended", "billing", "professional")
    for _ in range(2):
        await follow(allowed=True)
    assert (await desk.tenants.get(mine.id)).state == "resuming"
    assert (await desk.tenants.get(theirs.id)).state == "suspended"


async def test_modules_follow_the_plan_with_what_an_operator_switched(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    assert tenant.modules == ("followups", "crm")
    wished = await desk.tenants.override_modules(ADMIN, tenant.id, {"reports": True, "crm": False})
    assert wished.modules == ("followups", "reports")
    assert (await desk.tenants.set_plan(ADMIN, tenant.id, "enterprise")).modules == (
        *("followups", "reports", "gateway"),
        *("webhooks", "sso"),
    )
    with pytest.raises(Invalid):
        await desk.tenants.override_modules(ADMIN, tenant.id, {"rockets": True})


async def test_a_trial_is_longer_once_for_each_request(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    assert tenant.trial_ends_at is not None
    once = replace(ADMIN, request="key-1")
    for _ in range(2):
        longer = await desk.tenants.extend_trial(once, tenant.id, 10)
    assert longer.trial_ends_at == tenant.trial_ends_at + timedelta(days=10)


async def test_everything_that_was_done_is_in_the_audit_log(desk: TenantDesk) -> None:
    tenant = await desk.ready()
    await desk.tenants.suspend(ADMIN, tenant.id, "Unpaid")
    await desk.tenants.resume(ADMIN, tenant.id)
    async for _ in await desk.lifecycle.export(ADMIN, tenant.id):
        pass
    await desk.tenants.delete(ADMIN, tenant.id, tenant.slug)
    await desk.tenants.keep(ADMIN, tenant.id)
    lines = await Audit(desk.database).lines(subject_id=tenant.id)
    assert [line.action.removeprefix("tenants.") for line in reversed(lines)] == [
        *("create", "suspend", "resume", "export", "delete", "resume"),
    ]
