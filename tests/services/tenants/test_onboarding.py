"""Onboarding: one database per company whatever is lost, late or refused on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.store.session import unseal
from integrations.databases import DatabaseHealth, DatabaseState, NeedsPerson
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from services.tenants.rows import known
from tests.kit.tenant_desk import ADMIN, TenantDesk

COMING_UP = DatabaseHealth(DatabaseState.COMING_UP, "COMING_UP")
INIT_FAILED = DatabaseHealth(DatabaseState.BROKEN, "INIT_FAILED")


async def test_a_company_that_signs_up_has_a_database_migrations_and_an_invitation(
    desk: TenantDesk,
) -> None:
    tenant = await desk.sign_up("Müller & Söhne GmbH")
    operation = await desk.run(tenant.id)
    assert [(step.name, step.state) for step in operation.steps] == [
        ("slug", "done"),
        ("intent", "done"),
        ("look", "done"),
        ("create", "done"),
        ("health", "done"),
        ("parts", "done"),
        ("migrations", "done"),
        ("invitation", "done"),
        ("smoke", "done"),
        ("ready", "done"),
    ]
    seen = await desk.tenants.get(tenant.id)
    assert (seen.state, seen.slug, seen.server_version) == ("ready", "muller-sohne-gmbh", "16.4")
    assert seen.trial_ends_at is not None
    assert desk.servers.migrated == [tenant.id]
    assert [one.to for one in desk.room.letters] == [tenant.email]
    assert desk.room.events == ["tenant.ready"]
    parts = await desk.tenants.parts(tenant.id)
    (ref,) = desk.cluster.databases
    assert (parts.user, parts.password.get_secret_value()) == (
        f"postgres.{ref}",
        desk.cluster.passwords[ref],
    )


async def test_the_intent_is_stored_before_anybody_is_asked(desk: TenantDesk) -> None:
    tenant = await desk.sign_up()
    await desk.until(tenant.id, "look")
    assert desk.cluster.calls == []
    row = await desk.row(tenant.id)
    assert row.project_name == f"{desk.terms.name_prefix}{row.slug}"
    async with desk.database.transaction() as session:
        password = unseal(session, await known(session, tenant.id), "password")
    assert len(password) >= 32


async def test_an_answer_lost_after_the_project_was_made_leaves_one_project(
    desk: TenantDesk,
) -> None:
    desk.cluster.lose = Unreachable("supabase", "timeout")
    tenant = await desk.ready()
    assert tenant.state == "ready"
    assert len(desk.cluster.databases) == 1
    assert desk.cluster.calls.count("create") == 1


async def test_a_crash_between_the_answer_and_our_write_leaves_one_project(
    desk: TenantDesk,
) -> None:
    tenant = await desk.sign_up()
    await desk.until(tenant.id, "health")
    async with desk.database.transaction() as session:
        (await known(session, tenant.id, lock=True)).ref = ""
    await desk.operations.retry(ADMIN, (await desk.failed_at(tenant.id, "create")).id)
    await desk.run(tenant.id)
    assert len(desk.cluster.databases) == 1


async def test_a_cap_is_told_in_the_vendors_words_and_kept_for_the_retry(
    desk: TenantDesk,
) -> None:
    tenant = await desk.sign_up()
    await desk.until(tenant.id, "create")
    sentence = "You have reached the limit of 2 free projects."
    desk.cluster.refuse = NeedsPerson("supabase", "400", sentence)
    operation = await desk.run(tenant.id)
    assert desk.cluster.calls.count("create") <= 2
    seen = await desk.tenants.get(tenant.id)
    assert (operation.state, seen.state) == ("failed", "needs_person")
    assert sentence in seen.problem
    before = await desk.row(tenant.id)
    desk.cluster.refuse = None
    await desk.tenants.retry(ADMIN, tenant.id)
    await desk.run(tenant.id)
    after = await desk.row(tenant.id)
    assert (await desk.tenants.get(tenant.id)).state == "ready"
    assert after.project_name == before.project_name
    assert len(desk.cluster.databases) == 1
    async with desk.database.transaction() as session:
        kept = unseal(session, before, "password")
        assert unseal(session, after, "password") == kept
    assert list(desk.cluster.passwords.values()) == [kept]


@pytest.mark.parametrize(
    "error", [AuthExpired("supabase"), RefusedByVendor("supabase", "422", "no such region")]
)
async def test_what_trying_again_does_not_mend_needs_a_person(
    desk: TenantDesk, error: Exception
) -> None:
    desk.cluster.refuse = error  # type: ignore[assignment]  # one of its kinds
    tenant = await desk.ready()
    assert tenant.state == "needs_person"
    assert tenant.problem
    assert not desk.room.letters


async def test_a_provider_that_asks_for_time_gets_it_and_no_try_is_lost(desk: TenantDesk) -> None:
    tenant = await desk.sign_up()
    await desk.until(tenant.id, "look")
    desk.cluster.refuse = RateLimited("supabase", timedelta(seconds=40))
    for _ in range(30):
        assert await desk.step(tenant.id) >= 40
    desk.cluster.refuse = None
    assert (await desk.run(tenant.id)).state == "done"


async def test_one_that_stays_coming_up_fails_at_its_stored_deadline_and_is_never_deleted(
    desk: TenantDesk,
) -> None:
    desk.cluster.states = [COMING_UP] * 1000
    tenant = await desk.sign_up()
    began = desk.now
    operation = await desk.run(tenant.id, tries=400)
    assert operation.state == "failed"
    assert timedelta(minutes=29) < desk.now - began < timedelta(minutes=31)
    seen = await desk.tenants.get(tenant.id)
    assert (seen.state, len(desk.cluster.databases)) == ("failed", 1)
    assert "COMING_UP" in operation.problem
    assert "delete" not in desk.cluster.calls


async def test_one_that_comes_up_late_goes_on_by_itself(desk: TenantDesk) -> None:
    desk.cluster.states = [COMING_UP] * 1000
    tenant = await desk.sign_up()
    await desk.run(tenant.id, tries=400)
    desk.cluster.states = []
    desk.now += timedelta(hours=5)
    await desk.watch.tick("slot")
    await desk.run(tenant.id)
    assert (await desk.tenants.get(tenant.id)).state == "ready"
    assert len(desk.cluster.databases) == 1


async def test_one_that_init_failed_is_made_anew_only_after_a_person_deleted_it(
    desk: TenantDesk,
) -> None:
    desk.cluster.states = [INIT_FAILED, INIT_FAILED]
    tenant = await desk.ready()
    assert tenant.state == "needs_person"
    assert "INIT_FAILED" in tenant.problem
    await desk.tenants.retry(ADMIN, tenant.id)
    await desk.run(tenant.id)
    assert desk.cluster.calls.count("create") == 1
    desk.cluster.databases.clear()
    await desk.tenants.retry(ADMIN, tenant.id)
    await desk.run(tenant.id)
    assert (await desk.tenants.get(tenant.id)).state == "ready"
    assert len(desk.cluster.databases) == 1


async def test_nobody_is_invited_to_a_database_that_does_not_answer(desk: TenantDesk) -> None:
    tenant = await desk.sign_up()
    await desk.until(tenant.id, "smoke")
    desk.servers.away = Unreachable("postgres", "refused")
    operation = await desk.run(tenant.id)
    assert operation.state == "failed"
    assert desk.room.letters == []
    desk.servers.away = None
    await desk.tenants.retry(ADMIN, tenant.id)
    await desk.run(tenant.id)
    assert len(desk.room.letters) == 1


@pytest.mark.parametrize(
    "step", ["slug", "intent", "look", "create", "health", "parts", "invitation", "smoke", "ready"]
)
async def test_every_step_may_run_twice_and_changes_nothing_twice(
    desk: TenantDesk, step: str
) -> None:
    tenant = await desk.sign_up()
    await desk.until(tenant.id, step)
    work = await desk.work(tenant.id, step)
    await desk.verb(step)(work)
    before = await desk.row(tenant.id)
    await desk.verb(step)(replace(work, attempt=2))
    after = await desk.row(tenant.id)
    assert (after.slug, after.project_name, after.ref) == (
        before.slug,
        before.project_name,
        before.ref,
    )
    await desk.run(tenant.id)
    assert (await desk.tenants.get(tenant.id)).state == "ready"
    assert len(desk.cluster.databases) == 1
    assert len(desk.room.letters) == 1


async def test_two_companies_of_one_name_have_two_short_names(desk: TenantDesk) -> None:
    name = "Twice Ltd " + desk.terms.name_prefix
    first, second = await desk.ready(name), await desk.ready(name)
    assert second.slug == f"{first.slug}-2"
    assert len(desk.cluster.databases) == 2
