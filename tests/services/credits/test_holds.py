"""Credits that were set aside end once: settled, released or expired."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.credits import Balance, NotEnoughCredits
from services.errors import Conflict, Invalid, NotFound
from tests.kit.credits_desk import NOON, CreditsDesk


async def test_what_is_settled_below_the_hold_comes_back(desk: CreditsDesk) -> None:
    user = await desk.user(100)
    hold = await desk.holds.reserve(user, 40, uuid4().hex)
    assert await desk.balance(user) == Balance(available=60, held=40, granted=100)
    await desk.holds.settle(user, hold.id, 25)
    assert await desk.balance(user) == Balance(available=75, granted=100, spent=25)


@pytest.mark.parametrize("spent", [-1, 41, True])
async def test_no_more_is_settled_than_was_set_aside(desk: CreditsDesk, spent: int) -> None:
    user = await desk.user(100)
    hold = await desk.holds.reserve(user, 40, uuid4().hex)
    with pytest.raises(Invalid):
        await desk.holds.settle(user, hold.id, spent)
    assert (await desk.balance(user)).held == 40


async def test_a_repeated_reserve_is_the_first_hold(desk: CreditsDesk) -> None:
    user, key = await desk.user(100), uuid4().hex
    hold = await desk.holds.reserve(user, 40, key)
    desk.now = NOON + timedelta(minutes=5)
    assert await desk.holds.reserve(user, 40, key) == hold
    with pytest.raises(Conflict):
        await desk.holds.reserve(user, 41, key)
    assert (await desk.balance(user)).held == 40


async def test_a_hold_ends_once(desk: CreditsDesk) -> None:
    user = await desk.user(100)
    hold = await desk.holds.reserve(user, 40, uuid4().hex)
    settled = await desk.holds.settle(user, hold.id, 25)
    assert await desk.holds.settle(user, hold.id, 25) == settled
    with pytest.raises(Conflict):
        await desk.holds.settle(user, hold.id, 26)
    with pytest.raises(Conflict):
        await desk.holds.release(user, hold.id)
    assert await desk.left(user) == 75


async def test_a_release_gives_everything_back_once(desk: CreditsDesk) -> None:
    user = await desk.user(100)
    hold = await desk.holds.reserve(user, 40, uuid4().hex)
    released = await desk.holds.release(user, hold.id)
    assert await desk.holds.release(user, hold.id) == released
    with pytest.raises(Conflict):
        await desk.holds.settle(user, hold.id, 0)
    assert await desk.balance(user) == Balance(available=100, granted=100)


async def test_nobody_ends_somebody_elses_hold(desk: CreditsDesk) -> None:
    user, other = await desk.user(100), await desk.user(100)
    hold = await desk.holds.reserve(user, 40, uuid4().hex)
    with pytest.raises(NotFound):
        await desk.holds.settle(other, hold.id, 1)
    with pytest.raises(NotFound):
        await desk.holds.release(other, hold.id)


async def test_what_nobody_ended_comes_back_in_time(desk: CreditsDesk) -> None:
    user = await desk.user(100)
    late = await desk.holds.reserve(user, 40, uuid4().hex, wait=timedelta(minutes=1))
    early = await desk.holds.reserve(user, 5, uuid4().hex, wait=timedelta(hours=1))
    desk.now = NOON + timedelta(seconds=59)
    await desk.holds.expire()
    assert (await desk.balance(user)).held == 45
    desk.now = NOON + timedelta(minutes=1)
    assert await desk.holds.expire() >= 1
    assert (await desk.balance(user)).held == 5
    with pytest.raises(Conflict):
        await desk.holds.settle(user, late.id, 40)
    await desk.holds.settle(user, early.id, 5)
    assert await desk.balance(user) == Balance(available=95, granted=100, spent=5)
    assert await desk.broken(user) == ()


async def test_more_than_there_is_cannot_be_set_aside(desk: CreditsDesk) -> None:
    user = await desk.user(10)
    await desk.holds.reserve(user, 7, uuid4().hex)
    with pytest.raises(NotEnoughCredits):
        await desk.holds.reserve(user, 4, uuid4().hex)
    assert await desk.balance(user) == Balance(available=3, held=7, granted=10)
