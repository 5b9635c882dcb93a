"""Guessing keys is slow from one address, and costs nobody else anything."""

from datetime import timedelta

import pytest

from services.validation.unknown_keys import TRIES, TooManyTries, UnknownKeyRateLimiter


class Clock:
    """Seconds that are set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.now


def tries(limiter: UnknownKeyRateLimiter, address: str, count: int) -> int:
    """How many of so many tries were let through."""
    through = 0
    for _ in range(count):
        try:
            limiter.hit(address)
        except TooManyTries:
            continue
        through += 1
    return through


def test_sixty_a_minute_and_then_a_minute_of_rest() -> None:
    clock = Clock()
    limiter = UnknownKeyRateLimiter(clock)
    assert tries(limiter, "192.0.2.1", 100) == TRIES
    clock.now = 59.0
    with pytest.raises(TooManyTries) as refused:
        limiter.hit("192.0.2.1")
    assert refused.value.retry_after == timedelta(seconds=1)
    assert "1 second" in str(refused.value)
    clock.now = 60.0
    assert tries(limiter, "192.0.2.1", 100) == TRIES


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "unknown", False),
        ("::nonsense::", "192.0.2.1", False),
    ],
)
def test_a_machine_with_many_addresses_is_one_stranger(one: str, other: str, same: bool) -> None:
    limiter = UnknownKeyRateLimiter(Clock())
    tries(limiter, one, TRIES)
    assert tries(limiter, other, 1) == (0 if same else 1)


def test_endless_addresses_take_no_endless_memory() -> None:
    limiter = UnknownKeyRateLimiter(Clock())
    for number in range(25_000):
        limiter.hit(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(limiter) == 20_000
