"""The reconciler: five planted faults, each found and mended; what proves nothing ends nothing."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.store.session import Database
from db.users import keys as key_table
from db.users import users as table
from services.errors import Conflict
from services.users import Discrepancy, Reconciliation
from tests.kit.user_desk import ADMIN, Somebody, UserDesk

HOUR = timedelta(hours=1)


async def look(desk: UserDesk) -> Reconciliation:
    """An hour later, so that nothing counts as being in hand."""
    desk.now += HOUR
    return await desk.reconciler.look()


def about(found: Reconciliation, user_id: str) -> list[Discrepancy]:
    """What is left of this user."""
    return [one for one in found.left if one.user_id == user_id]


async def planted(database: Database, statement: str, **values: object) -> None:
    async with database.transaction() as session:
        await session.execute(text(statement), values)


async def test_a_user_without_a_key_and_without_an_operation_is_provisioned(
    desk: UserDesk,
) -> None:
    user_id = str(uuid4())
    desk.supabase.accounts[user_id] = Somebody(user_id, f"{user_id}@example.com", desk.now)
    async with desk.database.transaction() as session:
        session.add(
            table.UserRow(
                id=user_id, email=f"{user_id}@example.com", source="signup", created_at=desk.now
            )
        )
    assert (await look(desk)).restarted >= 1
    assert (await desk.run(user_id)).state == "done"
    assert (await desk.users.get(user_id)).provisioned


async def test_an_operation_that_lost_its_job_goes_on(desk: UserDesk) -> None:
    user_id = await desk.sign_up()
    operation = await desk.operation(user_id)
    job = "DELETE FROM dbos.workflow_status WHERE workflow_uuid = :job"
    await planted(desk.database, job, job=f"operation:{operation.id}:1")
    assert (await look(desk)).revived >= 1
    async with desk.database.transaction() as session:
        jobs = "SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid = :job"
        found = await session.execute(text(jobs), {"job": f"operation:{operation.id}:1.2"})
        assert found.scalar_one() == 1
    assert (await desk.run(user_id)).state == "done"


async def test_a_key_that_belongs_to_nobody_is_revoked_once_it_is_old(desk: UserDesk) -> None:
    old, _ = desk.store.add(f"{desk.terms.key_prefix}nobody")
    young, _ = desk.store.add(f"{desk.terms.key_prefix}nobody")
    other, _ = desk.store.add("somebody else’s")
    for key, age in ((old, 30), (young, 1), (other, 30)):
        key.created_at = desk.now + HOUR - timedelta(hours=age)
    assert (await look(desk)).revoked == 1
    assert {key.hash for key in desk.store.newest_first()} == {young.hash, other.hash}


async def test_a_list_that_fails_on_its_second_page_ends_nothing(desk: UserDesk) -> None:
    for _ in range(150):
        key, _secret = desk.store.add(f"{desk.terms.key_prefix}nobody")
        key.created_at = desk.now - timedelta(days=2)
    desk.vendors.spoil(vendor="openrouter", operation="keys.list", status=500, skip=1, times=3)
    found = await look(desk)
    assert (found.revoked, bool(found.incomplete)) == (0, True)
    assert len(desk.store.newest_first()) == 150


async def test_a_mapping_whose_key_is_gone_waits_for_a_person_who_makes_a_new_one(
    desk: UserDesk,
) -> None:
    user = await desk.provisioned()
    desk.store.remove(desk.live(user.id)[0])
    assert [one.kind for one in about(await look(desk), user.id)] == ["key_gone"]
    await desk.users.replace_key(ADMIN, user.id)
    assert (await desk.run(user.id)).state == "done"
    assert len(desk.live(user.id)) == 1
    assert about(await look(desk), user.id) == []


async def test_a_balance_that_is_not_the_sum_of_its_entries_is_set_to_them_by_a_person(
    desk: UserDesk,
) -> None:
    user = await desk.provisioned()
    wrong = "UPDATE credit_accounts SET available = 7, issued = -7 WHERE user_id = :id"
    await planted(desk.database, wrong, id=user.id)
    assert [one.kind for one in about(await look(desk), user.id)] == ["balance"]
    await desk.proofs.rebuild(ADMIN, user.id)
    assert (await desk.credits.balance(user.id)).available == 100
    assert about(await look(desk), user.id) == []


async def test_a_sign_up_whose_answer_was_lost_is_taken_up(desk: UserDesk) -> None:
    email = f"{uuid4().hex}@example.com"
    await desk.intent(email)
    made = Somebody(str(uuid4()), email, desk.now, desk.now)
    desk.supabase.accounts[made.id] = made
    assert (await look(desk)).adopted == 1
    assert (await desk.run(made.id)).state == "done"
    assert (await look(desk)).adopted == 0


async def test_a_sign_up_of_an_address_that_was_known_before_provisions_nobody(
    desk: UserDesk,
) -> None:
    email = f"{uuid4().hex}@example.com"
    old = Somebody(str(uuid4()), email, desk.now, desk.now - timedelta(days=9))
    desk.supabase.accounts[old.id] = old
    await desk.intent(email)
    assert (await look(desk)).adopted == 0
    assert await desk.users.of_email(email) is None


async def test_a_failed_user_is_listed_and_mended_by_retry(desk: UserDesk) -> None:
    desk.vendors.spoil(vendor="openrouter", operation="keys.create", status=400)
    user_id = await desk.sign_up()
    assert (await desk.run(user_id)).state == "failed"
    [left] = about(await look(desk), user_id)
    assert left.kind == "failed"
    assert left.reason
    await desk.users.provision(ADMIN, user_id)
    assert (await desk.run(user_id)).state == "done"


async def test_what_is_to_be_revoked_is_gone_after_the_next_run(desk: UserDesk) -> None:
    user = await desk.provisioned()
    desk.vendors.spoil(vendor="openrouter", operation="keys.delete", status=500, times=1)
    await desk.users.revoke(ADMIN, user.id)
    assert len(desk.live(user.id)) == 1
    await look(desk)
    assert desk.live(user.id) == []
    async with desk.database.transaction() as session:
        assert await key_table.to_revoke(session, user.id, 10) == []


async def test_a_run_that_finds_nothing_says_nothing_unless_it_was_asked_for() -> None:
    assert Reconciliation(behind=3).silent
    assert not Reconciliation(restarted=1).silent
    assert not Reconciliation(left=(Discrepancy("failed", "u", "e"),)).silent


async def test_who_is_active_is_never_provisioned_over(desk: UserDesk) -> None:
    user = await desk.provisioned()
    assert user.key_limit == Decimal(10)
    await look(desk)
    assert (await desk.users.get(user.id)).operation_id == user.operation_id
    with pytest.raises(Conflict):
        await desk.users.provision(ADMIN, user.id)
