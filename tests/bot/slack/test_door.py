"""Slack's HTTP door: who is let in, who is turned away, and with what."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator

import pytest

from bot.slack.door import MAX_BYTES, signature
from bot.slack.forms import fields
from db.store.session import Database
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, Event, Submission
from tests.kit.door_stage import (
    HOME,
    SECRET,
    Stage,
    click,
    command_body,
    event_body,
    form_body,
    on_message,
    signed_headers,
    stage,
    submission,
)

FORM = "application/x-www-form-urlencoded"


async def test_the_signature_is_the_one_of_slacks_own_documentation() -> None:
    raw = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015"
        b".47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature(SECRET.encode(), "1531420618", raw) == expected


async def test_a_signed_command_reaches_its_listener_and_is_answered(database: Database) -> None:
    async with stage(database) as s:

        async def go(turn: Turn, command: Command) -> None:
            await turn.ack(
                f"{command.text} for {turn.actor.member_id} in {turn.actor.workspace_id}"
            )

        s.listeners.command("/go", go)
        answer = await s.command(text="là & back + ünïcode 🎉")
        assert (answer.status, answer.text) == (200, "là & back + ünïcode 🎉 for U0ADA in T0HOME")


async def _bad(s: Stage, kind: str) -> int:
    raw, content_type = command_body(s)
    headers = signed_headers(raw, content_type)
    now = time.time()
    headers |= {
        "wrong": {"X-Slack-Signature": "v0=" + "0" * 64},
        "not ascii": {"X-Slack-Signature": "v0=é"},
        "no signature": {"X-Slack-Signature": ""},
        "no timestamp": {"X-Slack-Request-Timestamp": ""},
        "not a number": {"X-Slack-Request-Timestamp": "now"},
        "arabic digits": {"X-Slack-Request-Timestamp": "١٥٣١٤٢٠٦١٨"},
        "endless number": {"X-Slack-Request-Timestamp": "9" * 5_000},
        "stale": signed_headers(raw, content_type, now - 301),
        "early": signed_headers(raw, content_type, now + 310),
    }[kind]
    return (await s.post(raw, headers, "commands")).status


UNSIGNED = (
    *("wrong", "not ascii", "no signature", "no timestamp", "not a number", "arabic digits"),
    *("endless number", "stale", "early"),
)


@pytest.mark.parametrize("kind", UNSIGNED)
async def test_whoever_cannot_sign_is_turned_away(database: Database, kind: str) -> None:
    async with stage(database) as s:
        assert await _bad(s, kind) == 401


MALFORMED = {
    "json cut off": (b"payload=%7B%22type%22%3A%22block_actions%22%2C", FORM),
    "not utf-8": (b"\xff\xfe%%%zz=&&=&payload=[]&payload=%5B1%5D", FORM),
    "half an escape": (b"command=%2", FORM),
    "a quote": (b'command="x"', FORM),
    "a list": (b"payload=%5B1%5D", FORM),
    "empty form": (b"", FORM),
    "empty json": (b"", "application/json"),
    "json that is not": (b"{]", "application/json"),
    "deep json": (b"[" * 100_000, "application/json"),
    "no type": (b'{"a": 1}', "application/json"),
    "neither": (b"a=b", FORM),
    "wrong shapes": (b'{"type": "event_callback", "event": 7}', "application/json"),
    "wrong shapes inside": (b'{"type": "block_actions", "user": 7}', "application/json"),
}


@pytest.mark.parametrize("kind", MALFORMED)
async def test_a_malformed_body_is_refused_without_a_traceback(
    database: Database, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(database) as s:
        answer = await s.signed(*MALFORMED[kind])
        assert answer.status == 400
        assert not [record for record in caplog.records if record.exc_info]
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(database: Database) -> None:
    async with stage(database) as s:
        assert (await s.signed(b"payload=" + b"A" * MAX_BYTES, FORM)).status == 413


async def test_a_body_without_a_length_is_cut_at_the_limit(database: Database) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b"A" * 65_536

    async with stage(database) as s:
        headers = {"Content-Type": FORM}
        answer = await s.post(endless(), headers)
        assert answer.status == 413


async def test_an_unsigned_megabyte_is_never_parsed(database: Database) -> None:
    """Parsing it would be an error of its own: 400 says it was parsed, 401 that it was not."""
    async with stage(database) as s:
        headers = signed_headers(b"another body", FORM)
        assert (await s.post(b"payload=%7B" + b"%5B" * 350_000, headers)).status == 401


async def test_other_methods_are_not_allowed(database: Database) -> None:
    async with stage(database) as s:
        for path in ("events", "commands", "interactions"):
            async with s.session.get(s.server.make_url(f"/slack/{path}")) as response:
                assert response.status == 405


async def test_the_door_itself_answers_slacks_two_probes(database: Database) -> None:
    async with stage(database) as s:
        probe = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
        assert (await s.signed(probe, "application/json")).json == {"challenge": "abc"}
        assert (await s.signed(b"ssl_check=1&token=x", FORM)).status == 200


async def test_what_slack_may_invent_later_is_answered_politely(database: Database) -> None:
    async with stage(database) as s:
        raw = json.dumps({"type": "app_rate_limited", "team_id": HOME}).encode()
        assert (await s.signed(raw, "application/json")).status == 200


async def test_a_redelivered_event_runs_its_listener_once(database: Database) -> None:
    async with stage(database) as s:
        heard: list[str] = []

        async def changed(turn: Turn, event: Event) -> None:
            heard.append(event.type)

        s.listeners.event("team_join", changed)
        raw, content_type = event_body({"type": "team_join", "user": "U2"})
        again = signed_headers(raw, content_type) | {"X-Slack-Retry-Num": "1"}
        first = await s.signed(raw, content_type)
        second = await s.post(raw, again)
        await asyncio.sleep(0)
        assert (first.status, second.status, heard) == (200, 200, ["team_join"])


async def test_an_event_that_could_not_be_taken_is_taken_when_it_comes_again(
    database: Database,
) -> None:
    async with stage(database) as s:
        heard: list[str] = []

        async def changed(turn: Turn, event: Event) -> None:
            heard.append(event.type)

        s.listeners.event("team_join", changed)
        raw, content_type = event_body({"type": "team_join", "user": "U2"})
        s.fake.faults["auth.test"] = "internal_error"
        assert (await s.signed(raw, content_type)).status >= 500
        del s.fake.faults["auth.test"]
        s.slack.authority.forget()
        assert (await s.signed(raw, content_type)).status == 200
        await asyncio.sleep(0)
        assert heard == ["team_join"]


async def test_a_replayed_submission_gets_the_first_answer_again(database: Database) -> None:
    async with stage(database) as s:
        sent: list[str] = []

        async def send(turn: Turn, form: Submission) -> None:
            sent.append(form.state.text("name"))
            await turn.errors({form.state.block_of("name"): "too short"})

        s.listeners.view("form", send)
        raw, content_type = form_body(submission())
        answers = await asyncio.gather(*(s.signed(raw, content_type) for _ in range(3)))
        expected = {"response_action": "errors", "errors": {"b1": "too short"}}
        assert [answer.json for answer in answers] == [expected] * 3
        assert sent == ["Ada"]


async def test_a_button_pressed_twice_does_its_work_once(database: Database) -> None:
    async with stage(database) as s:
        pressed: list[str] = []
        finish = asyncio.Event()

        async def press(turn: Turn, click: Click) -> None:
            pressed.append(click.value)
            await turn.ack()
            await finish.wait()

        s.listeners.action("press", press)
        answers = [await s.interact(click(**on_message(s))) for _ in range(2)]
        finish.set()
        assert ([answer.status for answer in answers], pressed) == ([200, 200], ["v"])


async def test_a_button_pressed_again_later_works_again(database: Database) -> None:
    async with stage(database) as s:
        pressed: list[str] = []

        async def press(turn: Turn, click: Click) -> None:
            await turn.ack()
            pressed.append(click.value)

        s.listeners.action("press", press)
        for _ in range(2):
            await s.interact(click(**on_message(s)))
        assert pressed == ["v", "v"]


async def test_every_ack_and_refusal_is_counted(database: Database) -> None:
    async with stage(database) as s:
        await s.command("/unknown")
        await s.post(b"", {})
        page = s.metrics.render().decode()
        assert 'seguito_slack_ack_seconds_count{kind="command"} 1.0' in page
        assert 'seguito_slack_refused_total{status="401"} 1.0' in page


def test_a_form_is_decoded_like_a_form() -> None:
    assert fields(b"a=1&b=x+y%20z%2B%26%3D&a=2&c&%64=%C3%A9%22%5C%0A") == {
        "a": b"2",
        "b": b"x y z+&=",
        "c": b"",
        "d": 'é"\\\n'.encode(),
    }


async def test_the_door_will_not_open_without_a_secret(database: Database) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        async with stage(database, signing_secret=""):
            pytest.fail("it opened")
