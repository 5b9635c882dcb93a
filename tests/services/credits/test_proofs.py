"""Whatever is changed past the program, the nightly proof finds."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from services.credits import CreditBreach
from tests.kit.credits_desk import CreditsDesk

JOURNAL = "UPDATE credit_transactions SET {} WHERE user_id = :user AND sequence = 2"
ONE_MORE = "UPDATE {} SET available = available + 1 WHERE user_id = :user"
MEDDLED = {
    "a balance": (
        "UPDATE credit_accounts SET available = available + 1, issued = issued - 1"
        " WHERE user_id = :user",
        ("balance",),
    ),
    "an amount": (
        JOURNAL.format("available = available + 1, held = held - 1"),
        ("balance", "chain"),
    ),
    "a reason": (JOURNAL.format("reason = 'another'"), ("chain",)),
    "a time": (JOURNAL.format("at = at + interval '1 microsecond'"), ("chain",)),
    "whose hold": (JOURNAL.format("hold_id = 'hold_x'"), ("chain",)),
    "a line in the middle": (
        "DELETE FROM credit_transactions WHERE user_id = :user AND sequence = 2",
        ("balance", "chain"),
    ),
    "the last line": (
        "DELETE FROM credit_transactions WHERE user_id = :user AND sequence = 3",
        ("balance", "chain"),
    ),
    "the first line": (
        "DELETE FROM credit_transactions WHERE user_id = :user AND sequence = 1",
        ("balance", "chain"),
    ),
    "every line": (
        "DELETE FROM credit_transactions WHERE user_id = :user",
        ("balance", "chain"),
    ),
    "a hold": ("UPDATE credit_holds SET amount = 9 WHERE user_id = :user", ("holds",)),
    "an end": ("UPDATE credit_holds SET ended_at = now() WHERE user_id = :user", ("holds",)),
}


async def user_with_lines(desk: CreditsDesk) -> str:
    """One with a grant, a hold that is open, and another grant."""
    user = await desk.user(100)
    await desk.holds.reserve(user, 10, uuid4().hex)
    await desk.grant(user, 5)
    return user


@pytest.mark.parametrize("what", MEDDLED)
async def test_a_change_past_the_program_is_found(desk: CreditsDesk, what: str) -> None:
    user, neighbour = await user_with_lines(desk), await user_with_lines(desk)
    assert await desk.broken(user) == ()
    statement, broken = MEDDLED[what]
    await desk.meddle(statement, user=user)
    assert await desk.broken(user) == broken
    assert await desk.broken(neighbour) == ()


async def test_a_breach_is_told_in_the_ops_room(desk: CreditsDesk) -> None:
    user = await user_with_lines(desk)
    await desk.meddle(MEDDLED["a balance"][0], user=user)
    assert await desk.proofs.prove() >= 1
    assert CreditBreach(user, ("balance",)) in desk.told or len(desk.told) == 10


async def test_a_line_that_does_not_sum_to_zero_cannot_be_written(desk: CreditsDesk) -> None:
    user = await user_with_lines(desk)
    for table in ("credit_transactions", "credit_accounts"):
        with pytest.raises(IntegrityError, match="sum_zero"):
            await desk.meddle(ONE_MORE.format(table), user=user)


async def test_an_account_below_zero_cannot_be_written(desk: CreditsDesk) -> None:
    user = await desk.user(5)
    with pytest.raises(IntegrityError, match="never_below_zero"):
        await desk.meddle(
            "UPDATE credit_accounts SET available = -1, issued = 1 WHERE user_id = :user",
            user=user,
        )
