"""What breaks is reported without anything that anybody said, and nobody ever waits for it."""

import asyncio
import gzip
import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta

import orjson
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.process.error_reports import WAITING, ErrorReports, ReportedProgram
from bot.process.log import configure, report_errors
from handlers.http.kit.errors import answer_errors
from handlers.jobs.kit.failures import described
from integrations.errors import Unreachable
from integrations.sentry.client import BadDsn, Sentry
from tests.kit.product import free_port

OF = ReportedProgram("1.2.3", "seguito.example")
SECRETS = [f"planted{number:02}-{'Zq' * 6}" for number in range(20)]
ENVELOPE = "/api/42/envelope/"


class Receiver:
    """A Sentry on this machine that keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.auth: list[str] = []
        self.arrived = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        """An envelope."""
        raw = await request.read()
        packed = request.headers.get("Content-Encoding") == "gzip"
        self.bodies.append(gzip.decompress(raw) if packed else raw)
        self.auth.append(request.headers["X-Sentry-Auth"])
        self.arrived.set()
        return web.json_response({"id": "x"})

    async def until(self, count: int) -> list[dict[str, object]]:
        """The events, once there are so many."""
        async with asyncio.timeout(30):
            while len(self.bodies) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return [orjson.loads(body.splitlines()[2]) for body in self.bodies]


@contextmanager
def logging_as_the_program() -> Iterator[None]:
    """The root logger as `configure` makes it; as it was before afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure("json", "INFO", io.StringIO())
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()


@asynccontextmanager
async def reporting(receiver: Receiver) -> AsyncIterator[None]:
    """Errors of the log go to this receiver."""
    app = web.Application()
    app.router.add_post(ENVELOPE, receiver.take)
    async with TestServer(app) as server:
        sentry = Sentry(f"http://publickey@127.0.0.1:{server.port}/42")
        reports = ErrorReports(sentry, OF)
        sending = asyncio.create_task(reports.send())
        await asyncio.sleep(0)
        with logging_as_the_program():
            report_errors(reports)
            yield
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        await sentry.close()


def broken(secrets: Iterator[str]) -> Callable[[web.Request], object]:
    """A handler that breaks while it holds everything in its hands."""

    async def handle(request: web.Request) -> web.Response:
        body = await request.text()
        local = next(secrets)
        try:
            raise ValueError(f"{local} {body}")
        except ValueError as error:
            raise RuntimeError(f"could not do it for {next(secrets)}\n{body}") from error

    return handle


async def test_of_twenty_planted_secrets_none_is_reported_from_any_door() -> None:
    receiver, planted = Receiver(), iter(SECRETS)
    app = web.Application(middlewares=[answer_errors])
    app.router.add_post("/api/{name}", broken(planted))
    async with reporting(receiver):
        async with TestClient(TestServer(app)) as client:
            answer = await client.post(
                f"/api/{next(planted)}?state={next(planted)}&x-y-z={next(planted)}",
                headers={
                    "Authorization": f"Bearer {next(planted)}",
                    "X-Unusual-Header": next(planted),
                    "Cookie": f"seguito={next(planted)}",
                    "User-Agent": next(planted),
                },
                json={"pass-word": next(planted), "note": next(planted)},
            )
            assert answer.status == 500
        # A job's net, Slack's, and whatever a library says by itself.
        with suppress(RuntimeError):
            described(KeyError(next(planted)))
        structlog.get_logger("handlers.slack.kit").error(
            "slack.failed",
            reference="ab12cd",
            reason=next(planted),
            detail=next(planted),
            path=f"/x/{next(planted)}",
            token=next(planted),
            workspace_id="T0HOME",
            exc_info=ValueError(next(planted)),
        )
        logging.getLogger("some.library").error("it said %s", next(planted))
        try:
            raise OSError(next(planted))
        except OSError:
            logging.getLogger("some.library").exception("broke with %s", next(planted))
        events = await receiver.until(5)
    assert next(planted, "") == ""
    sent = b"".join(receiver.bodies).decode()
    assert [one for one in SECRETS if one in sent] == []
    kinds = [one["exception"]["values"][0]["type"] for one in events if "exception" in one]  # type: ignore[index] # JSON
    assert {"builtins.RuntimeError", "builtins.KeyError", "builtins.OSError"} <= set(kinds)
    of_slack = next(one for one in events if one["logentry"] == {"formatted": "slack.failed"})
    assert of_slack["tags"] == {
        "logger": "handlers.slack.kit",
        "reference": "ab12cd",
        "workspace_id": "T0HOME",
    }
    assert "sentry_key=publickey" in receiver.auth[0]


async def test_where_it_broke_is_told_from_the_package_on() -> None:
    receiver = Receiver()
    async with reporting(receiver):
        try:
            raise RuntimeError("x")
        except RuntimeError:
            structlog.get_logger("a").exception("a.failed")
        (event,) = await receiver.until(1)
    frame = event["exception"]["values"][0]["stacktrace"]["frames"][-1]  # type: ignore[index] # JSON
    assert frame["filename"] == "bot/process/test_error_reports.py"
    assert frame["function"] == "test_where_it_broke_is_told_from_the_package_on"
    assert (event["release"], event["environment"]) == ("1.2.3", "seguito.example")


async def test_a_dead_receiver_delays_nothing_and_fills_no_memory() -> None:
    sentry = Sentry(f"http://publickey@127.0.0.1:{free_port()}/42")
    reports = ErrorReports(sentry, OF)
    sending = asyncio.create_task(reports.send())
    await asyncio.sleep(0)
    with logging_as_the_program():
        report_errors(reports)
        # Nothing is awaited here: whoever logs gives no thought to a network.
        for _ in range(WAITING * 3):
            structlog.get_logger("a").error("a.failed")
        await asyncio.sleep(0)
    assert 0 < reports._waiting.qsize() <= WAITING
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
    await sentry.close()


async def test_what_cannot_be_sent_is_not_reported_as_an_error_again() -> None:
    class Dead:
        """Nobody answers."""

        calls = 0

        async def send(self, event: object) -> int:
            self.calls += 1
            raise Unreachable("sentry", "refused")

    dead = Dead()
    reports = ErrorReports(dead, OF, rest=timedelta(0))
    sending = asyncio.create_task(reports.send())
    await asyncio.sleep(0)
    with logging_as_the_program():
        report_errors(reports)
        structlog.get_logger("a").error("a.failed")
        for _ in range(20):
            await asyncio.sleep(0)
    assert dead.calls == 1
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending


@pytest.mark.parametrize(
    "dsn", ["", "sentry.io/1", "https://sentry.io/1", "https://key@sentry.io/", "https://k@s.io/a"]
)
def test_a_malformed_dsn_is_refused(dsn: str) -> None:
    with pytest.raises(BadDsn):
        Sentry(dsn)
