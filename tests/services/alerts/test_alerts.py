"""A flood is one message, drawn with its count; flapping is two; Slack away is an e-mail, once."""

import asyncio
from datetime import timedelta

import pytest

from services.alerts import Cause, NoRoom
from services.errors import AWAY, DomainError, Temporary
from tests.kit.alert_stage import AlertStage

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SLACK_AWAY = Temporary(AWAY, vendor="Slack")


async def test_two_hundred_failures_of_one_cause_are_one_message_and_one_recovery(
    stage: AlertStage,
) -> None:
    for second in range(10):
        await asyncio.gather(
            *(stage.alerts.fire(Cause.JOB_FAILED, "followups.write", "why") for _ in range(20))
        )
        await stage.telling.turn()
        stage.now += SECOND
        assert len(stage.channel.posted) == 1, second
    await stage.pass_time(MINUTE)
    assert stage.channel.drawn[-1].count == 200
    assert len(stage.channel.drawn) <= 3
    await stage.pass_time(15 * MINUTE)
    assert (len(stage.channel.posted), len(stage.channel.over)) == (1, 1)
    assert stage.letters == []


async def test_flapping_ten_times_in_an_hour_is_two_messages_and_the_count_is_seen(
    stage: AlertStage,
) -> None:
    for _ in range(10):
        await stage.alerts.fire(Cause.VENDOR_DOWN, "Fathom")
        await stage.pass_time(3 * MINUTE)
        await stage.alerts.end(Cause.VENDOR_DOWN, "Fathom")
        await stage.pass_time(2 * MINUTE + 30 * SECOND)
    said = len(stage.channel.posted) + len(stage.channel.over)
    assert said <= 2
    assert stage.channel.drawn[-1].times == 10


async def test_what_lasts_after_flapping_is_told_once_the_hour_is_over(stage: AlertStage) -> None:
    await stage.alerts.fire(Cause.VENDOR_DOWN, "Fathom")
    await stage.pass_time(MINUTE)
    await stage.alerts.end(Cause.VENDOR_DOWN, "Fathom")
    await stage.pass_time(2 * MINUTE)
    await stage.alerts.fire(Cause.VENDOR_DOWN, "Fathom")
    await stage.pass_time(30 * MINUTE)
    assert len(stage.channel.posted) == 1
    await stage.pass_time(30 * MINUTE)
    assert len(stage.channel.posted) == 2
    assert stage.channel.posted[-1].is_firing


async def test_a_condition_that_lasts_is_told_once_however_often_it_is_looked_at(
    stage: AlertStage,
) -> None:
    for _ in range(120):
        await stage.alerts.fire(Cause.JOBS_WAIT, "work", "waits")
        await stage.pass_time(MINUTE, every=MINUTE)
    assert len(stage.channel.posted) == 1
    assert stage.channel.drawn == []
    await stage.alerts.end(Cause.JOBS_WAIT, "work")
    await stage.pass_time(2 * MINUTE)
    (over,) = stage.channel.over
    assert over.lasted == 120 * MINUTE


async def test_each_cause_and_subject_is_told_by_itself(stage: AlertStage) -> None:
    for vendor in ("Fathom", "Crono"):
        await stage.alerts.fire(Cause.VENDOR_DOWN, vendor)
    await stage.alerts.fire(Cause.BUDGET, "OpenRouter")
    await stage.telling.turn()
    assert {one.subject for one in stage.channel.posted} == {"Fathom", "Crono", "OpenRouter"}


async def test_while_slack_is_away_an_email_leaves_once_an_hour_and_it_is_told_when_back(
    stage: AlertStage,
) -> None:
    stage.channel.away = SLACK_AWAY
    await stage.alerts.fire(Cause.ROLLOUT_HALTED, "0042", "*acme* failed &amp; stopped")
    await stage.pass_time(MINUTE)
    assert stage.letters == []
    await stage.pass_time(50 * MINUTE)
    assert len(stage.letters) == 1
    notice = await stage.letter()
    assert notice is not None
    assert "0042 is halted" in notice.subject
    assert notice.paragraphs[0] == "acme failed & stopped"
    assert notice.facts == (("What to do", "https://seguito.example/runbooks/rollout_halted"),)
    stage.channel.away = None
    await stage.pass_time(MINUTE)
    assert len(stage.channel.posted) == 1
    await stage.alerts.end(Cause.ROLLOUT_HALTED, "0042")
    assert await stage.letter() is None


async def test_with_slack_and_mail_away_there_is_no_loop(stage: AlertStage) -> None:
    stage.channel.away = SLACK_AWAY
    await stage.alerts.fire(Cause.VENDOR_DOWN, "The mail server")
    for _ in range(18):
        # Every e-mail is lost, and that is told of, too.
        await stage.alerts.fire(Cause.EMAILS_LOST, detail="lost")
        await stage.pass_time(10 * MINUTE, every=MINUTE)
    subjects = [one.subject_id for one in stage.letters]
    assert set(subjects) == {"vendor_down:The mail server"}
    assert len(subjects) <= 3


@pytest.mark.parametrize("error", [NoRoom(AWAY, vendor="Slack")])
async def test_without_a_channel_the_email_leaves_at_once(
    stage: AlertStage, error: DomainError
) -> None:
    stage.channel.away = error
    await stage.alerts.fire(Cause.BUDGET, "OpenRouter")
    await stage.telling.turn()
    assert len(stage.letters) == 1


async def test_two_processes_tell_once(stage: AlertStage) -> None:
    await stage.alerts.fire(Cause.VENDOR_DOWN, "Stripe")
    await asyncio.gather(*(stage.process().turn() for _ in range(6)))
    assert len(stage.channel.posted) == 1


async def test_who_tells_and_dies_is_followed_by_another(stage: AlertStage) -> None:
    class Killed(BaseException):
        """As a kill: nothing is caught."""

    async def killed(_: object) -> None:
        raise Killed

    await stage.alerts.fire(Cause.VENDOR_DOWN, "Stripe")
    dying = stage.process()
    dying._room = type("Dying", (), {"post": staticmethod(killed)})()  # type: ignore[assignment] # dies in the middle of it
    with pytest.raises(Killed):
        await dying.turn()
    await stage.telling.turn()
    assert stage.channel.posted == []
    stage.now += MINUTE + SECOND
    await stage.telling.turn()
    assert len(stage.channel.posted) == 1


async def test_what_begins_here_wakes_whoever_tells(stage: AlertStage) -> None:
    heard: list[bool] = []
    stage.alerts.listen(lambda: heard.append(True))
    for _ in range(3):
        await stage.alerts.fire(Cause.JOB_FAILED, "emails.send")
    assert heard == [True]
