"""Logs: what may be read in them, and what never."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from bot.process.log import NOISY, configure
from bot.process.redaction import exception_text, scrub


@dataclass
class Written:
    """What was logged, line by line."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def last(self) -> dict[str, Any]:
        return json.loads(self.text.splitlines()[-1])


@pytest.fixture
def written() -> Iterator[Written]:
    root = logging.getLogger()
    loud = [logging.getLogger(name) for name in NOISY]
    before, level = list(root.handlers), root.level
    levels = [logger.level for logger in loud]
    out = Written()
    configure("json", "debug", out.stream)
    yield out
    root.handlers = before
    root.setLevel(level)
    for logger, was in zip(loud, levels, strict=True):
        logger.setLevel(was)
    logging.captureWarnings(False)
    structlog.reset_defaults()


NASTY = {
    "xoxb-1234567890-abcDEF": "a bot token",
    "xoxe.xoxb-1-Mi0yLTEyMw-x.y": "a rotated token",
    "xoxe-1-My0xLTEyMzQ": "a refresh token",
    "xapp-1-A012-345-abcdef": "an app token",
    "sk-ant-api03-AAAA_bbbb-cccc": "Anthropic",
    "sk-proj-abcdefghijk": "OpenAI",
    "sk-or-v1-0123456789abcdef": "OpenRouter",
    "sk_live_abcdefgh12345": "Stripe",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": "a webhook secret",
    "AIzaSyA-1234567890abcdefghijklmnopqrstu": "a Google API key",
    "ya29.a0AfH6SMB_abc-def": "a Google access token",
    "1//0gabcdefGHIJ-klmn": "a Google refresh token",
    "GOCSPX-abc_def-ghi": "a Google client secret",
    "4/0AeanS0abcdefghijkl": "a Google code",
    "CHA-0A1B2C3D-4E5F6071-8293A4B5-C6D7E8F9": "a license key",
    "CHA-AB12-CD34-EF56-7890": "an older license key",
    "https://hooks.slack.com/actions/T1/2/abc": "a response_url",
    "eyJhbGciOi.eyJzdWIiOi.SflKxwRJSM": "a JSON Web Token",
    "sb_secret_abcdef_123": "Supabase",
    "adm_AbCdEfGhIjKlMnOpQrSt-uvwxyz_0123456789ABCDE": "an admin key",
}


@pytest.mark.parametrize("secret", NASTY, ids=list(NASTY.values()))
@pytest.mark.parametrize("around", ["{}", "failed: {}, sorry", "'{}'", '{{"a": "{}"}}', "x={}&y=1"])
def test_whatever_looks_like_a_token_is_masked(secret: str, around: str) -> None:
    clean = scrub(around.format(secret))
    assert secret not in clean
    assert "***" in clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgresql://ada:p@ss/w0rd@db:5432/x", "postgresql://ada:***@db:5432/x"),
        ("redis://:hunter2@cache", "redis://:***@cache"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("{'Authorization': 'Basic dXNlcjpwYXNz'}", "{'Authorization': 'Basic ***'}"),
        ("password=hunter2 next", "password=*** next"),
        ('{"client_secret": "hunter2"}', '{"client_secret": "***"}'),
        ("X-Api-Key: hunter2", "X-Api-Key: ***"),
        ("/oauth/gmail/callback?code=abc&state=def", "/oauth/gmail/callback?code=***&state=***"),
        ("status code: 500, 3 tokens left", "status code: 500, 3 tokens left"),
        ("meeting sk about 1/2 of CHAT-rooms", "meeting sk about 1/2 of CHAT-rooms"),
    ],
)
def test_passwords_are_masked_and_plain_words_are_not(text: str, clean: str) -> None:
    assert scrub(text) == clean


def test_only_known_fields_keep_their_values(written: Written) -> None:
    structlog.get_logger("x").info(
        "slack.acked",
        kind="command",
        status=200,
        transcript="Ada: the price is a secret",
        body={"a": 1},
        email="ada@example.com",
        amount=1_000,
        reason=["a", "list"],
    )
    line = written.last
    assert (line["event"], line["kind"], line["status"]) == ("slack.acked", "command", 200)
    assert line["transcript"] == "<str 26>"
    assert line["body"] == "<dict 1>"
    assert line["email"] == "<str 15>"
    assert line["amount"] == "<int>"
    assert line["reason"] == "<list 2>"


def test_the_ids_of_what_is_going_on_are_on_every_line(written: Written) -> None:
    with bound_contextvars(request_id="r1", workspace_id="T1", job_id="j1"):
        logging.getLogger("somebody.else").warning("plain")
    line = written.last
    assert (line["request_id"], line["workspace_id"], line["job_id"]) == ("r1", "T1", "j1")
    assert (line["logger"], line["level"]) == ("somebody.else", "warning")


def test_the_standard_library_goes_the_same_way(written: Written) -> None:
    logging.getLogger("a.library").error("no: %s", "xoxb-1234-abcd", extra={"token": "xoxb-1"})
    assert written.last["event"] == "no: ***"
    assert "xoxb" not in written.text


def test_an_exception_shows_its_frames_but_only_first_lines_of_messages(
    written: Written,
) -> None:
    def failing(said: str) -> None:
        raise ValueError(f"1 validation error for Draft\n  input_value={said}")

    try:
        try:
            failing("Ada is leaving")
        except ValueError as error:
            raise LookupError("token xoxb-1234-abcd is dead") from error
    except LookupError:
        structlog.get_logger("x").exception("job.failed", reference="ab12")
    told = written.last["exception"]
    assert "in failing" in told
    assert "ValueError: 1 validation error for Draft" in told
    assert "LookupError: token *** is dead" in told
    assert "input_value=Ada" not in told


def test_errors_that_know_each_other_do_not_go_round_for_ever() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert "ValueError: a" in exception_text(first)
    grouped = ExceptionGroup("both", [first, KeyError("c")])
    assert "KeyError: 'c'" in exception_text(grouped)


def test_a_ready_made_traceback_is_not_believed(written: Written) -> None:
    structlog.get_logger("x").error("job.failed", exception="Ada said: sell")
    assert written.last["exception"] == "<str>"


def test_libraries_that_print_whole_requests_are_kept_from_debug(written: Written) -> None:
    for name in ("slack_sdk.web.async_client", "httpcore2.http11", "urllib3.connectionpool", "new"):
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).debug("here is everything")
        logging.getLogger(name).setLevel(logging.NOTSET)
    assert written.text == ""
    structlog.get_logger("slack.door").debug("slack.acked")
    assert written.last["event"] == "slack.acked"


def test_the_console_form_is_as_discreet(written: Written) -> None:
    configure("console", "info", written.stream)
    structlog.get_logger("x").warning("slack.failed", kind="command", **{"key": "hunter2"})
    assert "kind=command" in written.text
    assert "hunter2" not in written.text
