"""What operators do with users: create, list, change, revoke, provision again."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.actors import Operator
from services.errors import Conflict, Invalid, NotFound, Temporary
from services.operations import GO_ON
from services.users import NewUser, UserChanges
from tests.kit.user_desk import ADMIN, Somebody, UserDesk

WITH = text("""
SELECT id, openrouter_key_name, openrouter_key_limit, openrouter_provisioning_status, created_at
FROM profiles WHERE openrouter_key_name IS NOT NULL ORDER BY created_at DESC
""")
WITHOUT = text("""
SELECT id, openrouter_key_name, openrouter_key_limit, openrouter_provisioning_status, created_at
FROM profiles WHERE openrouter_key_name IS NULL ORDER BY created_at DESC
""")


async def test_an_operator_creates_somebody_who_soon_has_everything(desk: UserDesk) -> None:
    email = f"{uuid4().hex}@example.com"
    user = await desk.users.create_by_admin(ADMIN, NewUser(email, 7, Decimal("2.5")))
    assert (user.status, user.provisioned) == ("pending", False)
    assert (await desk.run(user.id)).state == "done"
    user = await desk.users.get(user.id)
    assert (user.provisioned, user.key_limit) == (True, Decimal("2.50"))
    assert (await desk.credits.balance(user.id)).available == 7
    assert desk.supabase.accounts[user.id].email == email


async def test_one_request_creates_one_user_whoever_repeats_it(desk: UserDesk) -> None:
    asked = Operator("admin_key", "k", request=uuid4().hex)
    new = NewUser(f"{uuid4().hex}@example.com")
    first = await desk.users.create_by_admin(asked, new)
    assert (await desk.users.create_by_admin(asked, new)).id == first.id


async def test_an_address_is_created_once_also_by_two_at_one_moment(desk: UserDesk) -> None:
    new = NewUser(f"{uuid4().hex}@example.com")
    made = await asyncio.gather(
        *(desk.users.create_by_admin(ADMIN, new) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, Conflict) for one in made) == 3


async def test_an_address_of_another_account_is_said_to_be_taken(desk: UserDesk) -> None:
    email = f"{uuid4().hex}@example.com"
    desk.supabase.accounts["other"] = Somebody("other", email)
    user = await desk.users.create_by_admin(ADMIN, NewUser(email))
    operation = await desk.run(user.id)
    assert operation.state == "failed"
    assert (await desk.credits.balance(user.id)).available == 0
    assert (await desk.users.get(user.id)).problem == operation.problem != ""


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewUser("nobody"), "email"),
        (NewUser("a@example.com", initial_credits=-1), "credits"),
        (NewUser("a@example.com", key_limit=Decimal("0.001")), "limit"),
        (NewUser("a@example.com", key_limit=Decimal("NaN")), "limit"),
        (NewUser("a@example.com", key_limit=Decimal(-1)), "limit"),
    ],
)
async def test_what_cannot_be_given_is_refused_at_the_door(
    desk: UserDesk, new: NewUser, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.users.create_by_admin(ADMIN, new)
    assert refused.value.field == field


async def test_users_are_listed_with_and_without_a_key(desk: UserDesk) -> None:
    mark = uuid4().hex
    done = await desk.provisioned(f"{mark}1@example.com")
    waiting = await desk.sign_up(f"{mark}2@example.com")
    while (await desk.operation(waiting)).steps[2].state != "done":
        assert await desk.step(waiting) == GO_ON
    ids = [user.id for user in await desk.users.list(words=mark)]
    assert set(ids) == {done.id, waiting}
    assert [one.id for one in await desk.users.list(provisioned=True, words=mark)] == [done.id]
    assert [one.id for one in await desk.users.list(provisioned=False, words=mark)] == [waiting]
    assert [one.id for one in await desk.users.list(words=mark, limit=1)] == ids[:1]
    assert [one.id for one in await desk.users.list(words=mark, after=ids[0])] == ids[1:]


async def test_the_two_queries_people_run_agree_with_the_list(desk: UserDesk) -> None:
    done, waiting = await desk.provisioned(), await desk.sign_up()
    while (await desk.operation(waiting)).steps[5].state != "done":
        assert await desk.step(waiting) == GO_ON
    async with desk.database.transaction() as session:
        having = (await session.execute(WITH)).all()
        lacking = (await session.execute(WITHOUT)).all()
    assert {row.openrouter_provisioning_status for row in having} == {"active"}
    assert "active" not in {row.openrouter_provisioning_status for row in lacking}
    assert done.id in {row.id for row in having}
    assert waiting in {row.id for row in lacking}


async def test_a_limit_reaches_openrouter_and_everything_people_read(desk: UserDesk) -> None:
    user = await desk.provisioned()
    changed = await desk.users.change(ADMIN, user.id, UserChanges(Decimal(3), key_disabled=True))
    kept = desk.store.find(desk.live(user.id)[0])
    assert kept is not None
    assert (kept.limit, kept.disabled) == (3, True)
    assert (changed.key_limit, changed.key_disabled) == (Decimal("3.00"), True)
    usage = await desk.keys.usage(user.id)
    assert usage is not None
    assert usage.left == Decimal(3)


async def test_a_limit_that_openrouter_did_not_take_is_not_kept(desk: UserDesk) -> None:
    user = await desk.provisioned()
    desk.vendors.spoil(vendor="openrouter", operation="keys.update", status=500)
    with pytest.raises(Temporary):
        await desk.users.change(ADMIN, user.id, UserChanges(Decimal(3)))
    assert (await desk.users.get(user.id)).key_limit == Decimal(10)


async def test_a_limit_for_a_key_to_come_is_the_limit_it_gets(desk: UserDesk) -> None:
    user_id = await desk.sign_up()
    await desk.users.change(ADMIN, user_id, UserChanges(Decimal(4)))
    await desk.run(user_id)
    assert (await desk.users.get(user_id)).key_limit == Decimal(4)


async def test_who_was_revoked_is_not_switched_on_again(desk: UserDesk) -> None:
    user = await desk.provisioned()
    revoked = await desk.users.revoke(ADMIN, user.id)
    assert (revoked.status, revoked.key_name, desk.live(user.id)) == ("revoked", "", [])
    asked = desk.vendors.calls("openrouter")
    for changes in (UserChanges(key_disabled=False), UserChanges(Decimal(5))):
        with pytest.raises(Conflict):
            await desk.users.change(ADMIN, user.id, changes)
    assert desk.vendors.calls("openrouter") == asked
    await desk.users.revoke(ADMIN, user.id)


async def test_only_provisioning_again_gives_a_revoked_user_a_new_key(desk: UserDesk) -> None:
    user = await desk.provisioned()
    await desk.users.revoke(ADMIN, user.id)
    await asyncio.gather(*(desk.users.provision(ADMIN, user.id) for _ in range(3)))
    assert (await desk.run(user.id)).state == "done"
    assert (await desk.users.get(user.id)).provisioned
    assert len(desk.live(user.id)) == 1
    assert (await desk.credits.balance(user.id)).available == 100


async def test_a_key_that_openrouter_keeps_is_shown_as_to_revoke_until_it_is_gone(
    desk: UserDesk,
) -> None:
    user = await desk.provisioned()
    desk.vendors.spoil(vendor="openrouter", operation="keys.delete", status=500, times=3)
    await desk.users.revoke(ADMIN, user.id)
    await desk.users.provision(ADMIN, user.id)
    await desk.run(user.id)
    assert [row.status for row in await desk.rows(user.id)] == ["active", "to_revoke"]
    for _ in range(3):
        await desk.keys.revoke_due(user.id)
    assert sorted(row.status for row in await desk.rows(user.id)) == ["active", "revoked"]
    assert len(desk.live(user.id)) == 1


async def test_a_user_revoked_while_the_key_is_being_made_gets_none(desk: UserDesk) -> None:
    user_id = await desk.sign_up()
    while (await desk.operation(user_id)).steps[3].state != "done":
        await desk.step(user_id)
    desk.vendors.spoil(vendor="openrouter", operation="keys.create", kind="slow", seconds=0.3)
    step = asyncio.create_task(desk.step(user_id))
    # The row is there before OpenRouter is asked.
    async with asyncio.timeout(5):
        while not (rows := await desk.rows(user_id)) or rows[0].asked_at is None:  # noqa: ASYNC110 - the fact is another task's
            await asyncio.sleep(0.01)
    await desk.users.revoke(ADMIN, user_id)
    await step
    while await desk.keys.revoke_due(user_id):
        pass
    assert (await desk.users.get(user_id)).status == "revoked"
    assert desk.live(user_id) == []


async def test_nobody_is_found_under_an_unknown_id(desk: UserDesk) -> None:
    with pytest.raises(NotFound):
        await desk.users.get("unknown")
