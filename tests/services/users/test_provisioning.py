"""Provisioning: credits once, one key that works, nothing orphaned, whatever fails on the way."""

from decimal import Decimal
from uuid import uuid4

import pytest

from integrations.errors import AuthExpired, IntegrationError, RefusedByVendor, Unreachable
from integrations.http import client
from integrations.openrouter.client import OpenRouter
from integrations.sandbox.openrouter.vendor import ROOT
from services.operations import GO_ON
from services.users import SignedUp
from services.users.ports import AuthAccount
from tests.kit.user_desk import ADMIN, OPS, Somebody, UserDesk


async def balance(desk: UserDesk, user_id: str) -> int:
    return (await desk.credits.balance(user_id)).available


async def test_who_signs_up_has_credits_a_key_and_a_profile(desk: UserDesk) -> None:
    user_id = await desk.sign_up()
    operation = await desk.run(user_id)
    assert (operation.state, operation.problem) == ("done", "")
    assert [step.state for step in operation.steps].count("done") == 7
    user = await desk.users.get(user_id)
    assert user.provisioned
    assert user.key_limit == Decimal(10)
    assert await balance(desk, user_id) == 100
    [row] = await desk.rows(user_id)
    assert (row.status, row.key_hash) == ("active", desk.live(user_id)[0])
    assert row.key is not None
    assert desk.supabase.profiles[user_id]["openrouter_provisioning_status"] == "active"


async def test_a_repeated_answer_of_supabase_starts_nothing_twice(desk: UserDesk) -> None:
    user_id = await desk.sign_up()
    user = await desk.users.get(user_id)
    for _ in range(2):
        await desk.users.signed_up(await desk.intent(user.email), SignedUp(user_id, user.email))
    assert (await desk.users.get(user_id)).operation_id == user.operation_id


async def test_an_id_that_supabase_does_not_know_gets_nothing(desk: UserDesk) -> None:
    fake = str(uuid4())
    await desk.users.signed_up("", SignedUp(fake, "known@example.com"))
    operation = await desk.run(fake)
    assert operation.state == "failed"
    assert await balance(desk, fake) == 0
    assert desk.live(fake) == []
    assert fake not in {user.id for user in await desk.users.list(limit=200)}
    # Nobody can mend it, so nobody is shown it.
    assert desk.room.cards == []


async def test_a_lost_answer_leaves_one_key_and_one_mapping(desk: UserDesk) -> None:
    desk.vendors.spoil(vendor="openrouter", operation="keys.create", kind="lost_reply")
    user_id = await desk.sign_up()
    assert (await desk.run(user_id)).state == "done"
    assert len(desk.live(user_id)) == 1
    rows = await desk.rows(user_id)
    assert sorted(row.status for row in rows) == ["active", "revoked"]
    assert desk.vendors.calls("openrouter") >= 4


async def test_an_orphan_that_cannot_be_ended_is_a_row_before_the_new_key(desk: UserDesk) -> None:
    desk.vendors.spoil(vendor="openrouter", operation="keys.create", kind="lost_reply")
    desk.vendors.spoil(vendor="openrouter", operation="keys.delete", status=500, times=3)
    user_id = await desk.sign_up()
    assert (await desk.run(user_id)).state == "done"
    assert (await desk.users.get(user_id)).provisioned
    assert sorted(row.status for row in await desk.rows(user_id)) == ["active", "to_revoke"]
    assert len(desk.live(user_id)) == 2
    while await desk.keys.revoke_due(user_id):
        pass
    assert len(desk.live(user_id)) == 1
    assert sorted(row.status for row in await desk.rows(user_id)) == ["active", "revoked"]


async def test_a_full_hour_at_openrouter_uses_up_no_try(desk: UserDesk) -> None:
    desk.vendors.spoil(
        vendor="openrouter", operation="keys.create", status=429, retry_after=1, times=40
    )
    user_id = await desk.sign_up()
    assert (await desk.run(user_id, tries=80)).state == "done"
    # Nothing was made by those: none had to be looked for.
    assert [e for e in desk.vendors.sandbox.journal.entries(vendor="openrouter")
            if e["request"]["operation"] == "keys.list"] == []  # fmt: skip


async def test_an_empty_account_lets_users_wait_and_tells_ops_once(desk: UserDesk) -> None:
    desk.vendors.spoil(vendor="openrouter", operation="keys.create", status=402, times=2)
    first, second = await desk.sign_up(), await desk.sign_up()
    for user_id in (first, second):
        while await desk.step(user_id) == GO_ON:
            pass
        assert (await desk.operation(user_id)).state == "running"
    assert [words for words in desk.room.said if words == ("empty",)] == [("empty",)]
    assert (await desk.run(first)).state == "done"


async def test_a_refused_management_key_is_said_and_mended_by_retry(desk: UserDesk) -> None:
    good = desk.router
    async with client(f"{desk.vendors.url}{ROOT}", "openrouter") as http:
        desk.wire(OpenRouter(http, "sk-or-v1-wrong"))
        user_id = await desk.sign_up()
        operation = await desk.run(user_id)
    assert "OPENROUTER_PROVISIONING_KEY" in operation.problem
    user = await desk.users.get(user_id)
    assert (user.status, user.problem) == ("failed", operation.problem)
    assert (desk.room.cards[-1].channel_id, desk.room.cards[-1].state) == (OPS.channel_id, "failed")
    desk.wire(good)
    await desk.operations.retry(ADMIN, operation.id)
    assert (await desk.run(user_id)).state == "done"
    assert (await desk.users.get(user_id)).problem == ""
    assert await balance(desk, user_id) == 100


async def test_without_a_management_key_credits_are_there_and_the_key_is_waited_for(
    desk: UserDesk,
) -> None:
    async with client(f"{desk.vendors.url}{ROOT}", "openrouter") as http:
        desk.wire(OpenRouter(http, ""))
        user_id = await desk.sign_up()
        while await desk.step(user_id) == GO_ON:
            pass
    assert await balance(desk, user_id) == 100
    assert (await desk.users.get(user_id)).status == "pending"


@pytest.mark.parametrize("second", ["a.b+1@gmail.com", "AB@googlemail.com"])
async def test_a_mailbox_has_initial_credits_once(desk: UserDesk, second: str) -> None:
    local = f"a{uuid4().hex}"
    first = await desk.provisioned(f"{local}b@gmail.com")
    again = await desk.provisioned(second.replace("a.b", f"{local}.b").replace("AB", f"{local}B"))
    assert again.provisioned
    assert await balance(desk, first.id) == 100
    assert await balance(desk, again.id) == 0
    assert desk.room.said == [("same_mailbox", again.email)]


async def test_somebody_deleted_comes_back_with_a_key_and_no_second_credits(desk: UserDesk) -> None:
    email = f"{uuid4().hex}@example.com"
    first = await desk.provisioned(email)
    await desk.users.revoke(ADMIN, first.id)
    second = await desk.provisioned(email)
    assert second.provisioned
    assert await balance(desk, second.id) == 0
    assert desk.live(first.id) == []
    assert len(desk.live(second.id)) == 1


async def test_an_address_is_waited_for_until_it_is_confirmed(desk: UserDesk) -> None:
    desk.wire(desk.router, on_confirmation=True)
    user_id = await desk.sign_up(confirmed=False)
    assert await desk.step(user_id) == GO_ON
    assert await desk.step(user_id) > 0
    assert await balance(desk, user_id) == 0
    user = await desk.users.get(user_id)
    await desk.users.confirmed(SignedUp(user_id, user.email, desk.now))
    assert (await desk.run(user_id)).state == "done"


async def test_an_address_confirmed_elsewhere_is_found_out(desk: UserDesk) -> None:
    desk.wire(desk.router, on_confirmation=True)
    user_id = await desk.sign_up(confirmed=False)
    await desk.step(user_id)
    await desk.step(user_id)
    known: AuthAccount = desk.supabase.accounts[user_id]
    desk.supabase.accounts[user_id] = Somebody(user_id, known.email, desk.now)
    assert (await desk.run(user_id)).state == "done"


@pytest.mark.parametrize(
    ("failure", "year"),
    [(RefusedByVendor("supabase", "42501"), 2030), (AuthExpired("supabase", "401"), 2031)],
)
async def test_a_mirror_that_refuses_is_told_and_written_later(
    desk: UserDesk, failure: IntegrationError, year: int
) -> None:
    desk.supabase.failure = failure
    # What is told once an hour was not told in this hour by another test.
    desk.now = desk.now.replace(year=year)
    user_id = await desk.sign_up()
    assert (await desk.run(user_id)).state == "done"
    assert (await desk.users.get(user_id)).provisioned
    assert len(desk.room.said) == 1
    assert await desk.mirror.catch_up() > 0
    desk.supabase.failure = None
    assert await desk.mirror.catch_up() == 0
    assert desk.supabase.profiles[user_id]["openrouter_provisioning_status"] == "active"


async def test_a_mirror_that_is_away_holds_nobody_up_for_long(desk: UserDesk) -> None:
    desk.supabase.failure = Unreachable("supabase", "503")
    user_id = await desk.sign_up()
    assert (await desk.run(user_id)).state == "done"
    assert desk.supabase.profiles == {}


async def test_supabase_away_for_an_hour_fails_nobody(desk: UserDesk) -> None:
    desk.supabase.down = Unreachable("supabase", "503")
    user_id = await desk.sign_up()
    for _ in range(10):
        assert await desk.step(user_id) > 0
    desk.supabase.down = None
    assert (await desk.run(user_id)).state == "done"


async def test_slack_away_keeps_nobody_from_a_key(desk: UserDesk) -> None:
    local = uuid4().hex
    await desk.provisioned(f"{local}@example.com")
    desk.room.away = True
    assert (await desk.provisioned(f"{local}+2@example.com")).provisioned
