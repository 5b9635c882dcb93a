"""When a step is tried again: later each time, never beyond the end, as the vendor wishes."""

from datetime import timedelta

from services.operations import Backoff

SECOND = timedelta(seconds=1)


def test_pauses_double_up_to_the_longest_and_half_of_each_is_chance() -> None:
    backoff = Backoff(tries=6, first=SECOND, longest=4 * SECOND)
    for attempt, full in enumerate((1, 2, 4, 4, 4), 1):
        pause = backoff.pause(attempt)
        assert pause is not None
        assert full * SECOND / 2 <= pause <= full * SECOND


def test_after_the_last_try_nothing_is_planned() -> None:
    assert Backoff(tries=3).pause(3) is None


def test_a_vendor_is_waited_for_as_long_as_it_wishes_up_to_the_longest() -> None:
    backoff = Backoff(first=SECOND, longest=10 * SECOND)
    assert backoff.pause(1, wished=7 * SECOND) == 7 * SECOND
    assert backoff.pause(1, wished=11 * SECOND) is None


def test_a_schedule_names_the_pauses_and_ends_with_the_last() -> None:
    backoff = Backoff(schedule=(SECOND, 60 * SECOND), jitter=0.0)
    assert [backoff.pause(attempt) for attempt in (1, 2, 3)] == [SECOND, 60 * SECOND, None]
