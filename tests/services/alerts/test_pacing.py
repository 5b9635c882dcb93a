"""At most one message and one recovery an hour, whatever comes and goes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.alerts.pacing import FIRING, HOUR, WELL, TellingStep, ToldAlert, next_telling

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_what_begins_is_posted_and_what_calmed_down_is_said_to_be_over() -> None:
    assert next_telling(ToldAlert(FIRING, "", "a", ""), NOW) is TellingStep.POST
    told = ToldAlert(WELL, FIRING, "b", "b", ended_at=NOW - MINUTE, posted_at=NOW - 3 * MINUTE)
    assert next_telling(told, NOW) is TellingStep.RECOVERY


def test_what_ended_a_moment_ago_may_come_back_and_is_not_over() -> None:
    told = ToldAlert(WELL, FIRING, "a", "a", ended_at=NOW - 30 * SECOND, posted_at=NOW - MINUTE)
    assert next_telling(told, NOW) is TellingStep.NOTHING


def test_what_comes_back_within_the_hour_is_drawn_into_its_message() -> None:
    told = ToldAlert(FIRING, WELL, "b", "a", posted_at=NOW - 30 * MINUTE, drawn_at=NOW - MINUTE)
    assert next_telling(told, NOW) is TellingStep.EDIT
    later = ToldAlert(FIRING, WELL, "b", "b", posted_at=NOW - HOUR, drawn_at=NOW - MINUTE)
    assert next_telling(later, NOW) is TellingStep.POST


def test_a_flood_is_drawn_every_ten_seconds_at_most() -> None:
    told = ToldAlert(FIRING, FIRING, "200", "1", posted_at=NOW - SECOND, drawn_at=NOW - SECOND)
    assert next_telling(told, NOW) is TellingStep.NOTHING
    assert next_telling(told, NOW + 9 * SECOND) is TellingStep.EDIT


@given(st.lists(st.integers(1, 40), min_size=2, max_size=60))
def test_in_any_hour_there_are_two_messages_at_most(pauses: list[int]) -> None:
    """It comes and goes after these minutes; somebody looks every minute."""
    now, state, told, ended = NOW, FIRING, "", NOW
    posted: datetime | None = None
    well: datetime | None = None
    said: list[datetime] = []
    for pause in pauses:
        for _ in range(pause):
            of = ToldAlert(state, told, state, state, ended, posted, well, now)
            step = next_telling(of, now)
            if step is TellingStep.POST:
                told, posted = FIRING, now
                said.append(now)
            elif step is TellingStep.RECOVERY:
                told, well = WELL, now
                said.append(now)
            now += MINUTE
        state = WELL if state == FIRING else FIRING
        ended = now
    for one in said:
        assert len([other for other in said if one <= other < one + HOUR]) <= 2
