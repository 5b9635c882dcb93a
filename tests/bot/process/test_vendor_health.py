"""A vendor is away after lasting failures only, and back with its first answer."""

from bot.process.vendor_health import VendorHealth


class Hand:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_five_failures_in_a_moment_are_no_outage_and_over_a_minute_they_are() -> None:
    clock = Hand()
    health = VendorHealth(clock)
    for _ in range(5):
        health.hear("fathom", 0)
    assert health.away() == {}
    clock.now = 60.0
    assert health.away() == {"fathom": True}
    health.hear("fathom", 200)
    assert health.away() == {"fathom": False}


def test_a_refusal_is_an_answer() -> None:
    clock = Hand()
    health = VendorHealth(clock)
    for status in (401, 404, 422, 429):
        health.hear("crono", status)
        clock.now += 60
    assert health.away() == {"crono": False}


def test_one_answer_among_failures_begins_anew() -> None:
    clock = Hand()
    health = VendorHealth(clock)
    for status in (503, 503, 503, 503, 200, 503):
        health.hear("stripe", status)
        clock.now += 60
    assert health.away() == {}
