"""Credits are granted, taken back and corrected once each, and read as a statement."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.credits import Balance, NotEnoughCredits
from services.errors import Conflict, Invalid, NotFound
from tests.kit.credits_desk import CreditsDesk


async def test_who_never_had_credits_has_none(desk: CreditsDesk) -> None:
    assert await desk.balance("nobody") == Balance()
    assert await desk.accounts.statement("nobody") == ()


async def test_a_repeat_with_the_same_key_posts_nothing(desk: CreditsDesk) -> None:
    user, key = str(uuid4()), uuid4().hex
    first = await desk.grant(user, 100, key, "welcome")
    assert await desk.grant(user, 100, key, "welcome") == first
    assert await desk.balance(user) == Balance(available=100, granted=100)


@pytest.mark.parametrize("changed", ["user", "amount", "reason"])
async def test_a_key_is_bound_to_what_it_was_used_for(desk: CreditsDesk, changed: str) -> None:
    user, key = str(uuid4()), uuid4().hex
    await desk.grant(user, 100, key, "welcome")
    other = str(uuid4())
    again = {
        "user": (other, 100, key, "welcome"),
        "amount": (user, 101, key, "welcome"),
        "reason": (user, 100, key, "more"),
    }
    with pytest.raises(Conflict):
        await desk.grant(*again[changed])
    assert await desk.left(user) == 100
    assert await desk.left(other) == 0


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1, True, 1.5])
async def test_only_whole_amounts_above_zero_are_granted(desk: CreditsDesk, amount: int) -> None:
    with pytest.raises(Invalid):
        await desk.grant(str(uuid4()), amount)


async def test_a_key_may_not_be_missing(desk: CreditsDesk) -> None:
    async with desk.database.transaction() as session:
        with pytest.raises(Invalid):
            await desk.accounts.grant(session, str(uuid4()), 1, "", "")


async def test_what_was_spent_cannot_be_taken_back(desk: CreditsDesk) -> None:
    user = await desk.user(100)
    hold = await desk.holds.reserve(user, 60, uuid4().hex)
    await desk.holds.settle(user, hold.id, 60)
    with pytest.raises(NotEnoughCredits) as caught:
        await desk.take_back(user, 41)
    assert "40" in caught.value.sentence("en")
    await desk.take_back(user, 40)
    assert await desk.balance(user) == Balance(available=0, granted=60, spent=60)


async def test_nothing_can_be_taken_from_who_has_no_account(desk: CreditsDesk) -> None:
    user = str(uuid4())
    with pytest.raises(NotEnoughCredits):
        await desk.take_back(user, 1)
    with pytest.raises(NotEnoughCredits):
        await desk.holds.reserve(user, 1, uuid4().hex)
    # Nor does asking open one.
    assert await desk.accounts.balances([user]) == {}


async def test_a_refused_line_leaves_the_callers_transaction_as_it_was(desk: CreditsDesk) -> None:
    user = str(uuid4())
    async with desk.database.transaction() as session:
        await desk.accounts.grant(session, user, 5, uuid4().hex, "")
        with pytest.raises(NotEnoughCredits):
            await desk.accounts.take_back(session, user, 6, uuid4().hex, "")
    assert await desk.left(user) == 5


async def test_a_rolled_back_transaction_grants_nothing(desk: CreditsDesk) -> None:
    user, key = str(uuid4()), uuid4().hex
    async with desk.database.transaction() as session:
        await desk.accounts.grant(session, user, 5, key, "")
        await session.rollback()
    assert await desk.left(user) == 0
    await desk.grant(user, 5, key)
    assert await desk.left(user) == 5


async def test_initial_credits_go_to_a_mailbox_once(desk: CreditsDesk) -> None:
    name = f"a{uuid4().hex[:8]}"
    first, second, third = (str(uuid4()) for _ in range(3))
    assert await desk.initial(first, f"{name}@gmail.com")
    assert await desk.initial(second, f"{name[:3]}.{name[3:]}+1@gmail.com") is None
    assert await desk.initial(third, f"{name.upper()}@googlemail.com") is None
    assert [await desk.left(user) for user in (first, second, third)] == [100, 0, 0]


async def test_initial_credits_come_once_whatever_the_setting_is_by_now(desk: CreditsDesk) -> None:
    user, email = str(uuid4()), f"{uuid4().hex}@example.com"
    first = await desk.initial(user, email, 100)
    assert await desk.initial(user, email, 250) == first
    assert await desk.left(user) == 100
    # Deleted and signed up again: another id, the same mailbox.
    assert await desk.initial(str(uuid4()), email, 250) is None


async def test_a_correction_is_a_new_line(desk: CreditsDesk) -> None:
    user = str(uuid4())
    granted = await desk.grant(user, 100)
    hold = await desk.holds.reserve(user, 30, uuid4().hex)
    settled = await desk.holds.settle(user, hold.id, 30)
    refund = await desk.reverse(user, settled.id)
    assert refund.amount == 30
    assert await desk.reverse(user, settled.id) == refund
    await desk.reverse(user, granted.id)
    assert await desk.balance(user) == Balance()
    lines = await desk.accounts.statement(user)
    assert [line.kind for line in lines] == ["reverse", "reverse", "settle", "hold", "grant"]
    assert await desk.broken(user) == ()


async def test_a_grant_that_was_spent_cannot_be_corrected(desk: CreditsDesk) -> None:
    user = str(uuid4())
    granted = await desk.grant(user, 10)
    await desk.holds.reserve(user, 1, uuid4().hex)
    with pytest.raises(NotEnoughCredits):
        await desk.reverse(user, granted.id)


async def test_other_lines_and_other_peoples_cannot_be_corrected(desk: CreditsDesk) -> None:
    user, other = await desk.user(10), await desk.user(10)
    taken = await desk.take_back(user, 1)
    with pytest.raises(Conflict):
        await desk.reverse(user, taken.id)
    with pytest.raises(NotFound):
        await desk.reverse(other, taken.id)


async def test_a_statement_is_read_page_by_page(desk: CreditsDesk) -> None:
    user = str(uuid4())
    for amount in range(1, 8):
        await desk.grant(user, amount)
    first = await desk.accounts.statement(user, limit=4)
    rest = await desk.accounts.statement(user, limit=4, after=str(first[-1].sequence))
    assert [line.amount for line in (*first, *rest)] == [7, 6, 5, 4, 3, 2, 1]
    assert [line.balance for line in rest] == [6, 3, 1]


@pytest.mark.parametrize("change", ["UPDATE {} SET available = 1", "DELETE FROM {}"])
async def test_the_journal_is_append_only(desk: CreditsDesk, change: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        async with desk.database.transaction() as session:
            await session.execute(text(change.format("credit_transactions")))
