"""Errors for Sentry: an event of allowed fields only, queued beside the log, never waited for."""

import asyncio
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import orjson
import structlog

from integrations.errors import IntegrationError

# What of a log line goes along: names, ids and numbers of our own making. No texts.
TAGS = (
    *("action_id", "attempt", "callback_id", "command", "event_type", "job", "kind", "logger"),
    *("method", "operation", "process", "queue", "reference", "request_id", "stage", "status"),
    *("step", "tick", "vendor", "version", "workflow", "workspace_id"),
)
NAME = re.compile(r"[\w.:/-]{1,120}")
FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<name>\S+)$', re.M)
# `module.Class: message` at the end of each error of a chain; only the class goes along.
KIND = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)(?::|$)", re.M)
WAITING, FRAMES = 100, 60
# After a failure nothing is sent for so long: a dead receiver costs a request a minute.
REST = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class Receiver(Protocol):
    """Whoever takes events."""

    async def send(self, event: Mapping[str, object]) -> int:
        """The status; raises an IntegrationError."""


@dataclass(frozen=True, slots=True)
class ReportedProgram:
    """Which program it is: its version, and the host that people reach it at."""

    release: str
    environment: str


def event_of(line: Mapping[str, object], of: ReportedProgram) -> dict[str, object]:
    """What Sentry gets of a log line that was redacted already; the line itself is dropped.

    No message of an error, no path, no text: where it broke, which kind it is, and the reference
    by which the log has the rest.
    """
    trace = str(line.get("exception") or "")
    frames = [
        {"filename": _file(one["file"]), "lineno": int(one["line"]), "function": one["name"]}
        for one in FRAME.finditer(trace)
    ]
    kinds = KIND.findall(FRAME.sub("", trace))
    title = _named(line.get("event")) or "error"
    told: dict[str, object] = {
        "platform": "python",
        "level": "error",
        "logger": _named(line.get("logger")),
        "logentry": {"formatted": title},
        "release": of.release,
        "environment": of.environment,
        "tags": {name: found for name in TAGS if (found := _named(line.get(name)))},
    }
    if kinds:
        shown = {"type": _named(kinds[-1]), "value": title}
        trace_of = {"stacktrace": {"frames": frames[-FRAMES:]}} if frames else {}
        told["exception"] = {"values": [{**shown, **trace_of}]}
    return told


class ErrorReports(logging.Handler):
    """A handler of the log; its formatter makes redacted JSON of a record."""

    def __init__(self, receiver: Receiver, of: ReportedProgram, rest: timedelta = REST) -> None:
        super().__init__(logging.ERROR)
        self._receiver = receiver
        self._of = of
        self._rest = rest.total_seconds()
        self._waiting: asyncio.Queue[Mapping[str, object]] = asyncio.Queue(WAITING)
        self._loop: asyncio.AbstractEventLoop | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Queue it; what finds no room is in the log all the same. Never waits, never fails."""
        if self._loop is None or record.name == __name__:
            return
        with suppress(ValueError, RuntimeError):
            event = event_of(orjson.loads(self.format(record)), self._of)
            self._loop.call_soon_threadsafe(self._keep, event)

    async def send(self) -> None:
        """Send until cancelled; run it as a task."""
        self._loop = asyncio.get_running_loop()
        while True:
            event = await self._waiting.get()
            try:
                await self._receiver.send(event)
            except IntegrationError as error:
                log.warning("sentry.not_told", reason=type(error).__name__)
                await asyncio.sleep(self._rest)

    def _keep(self, event: Mapping[str, object]) -> None:
        with suppress(asyncio.QueueFull):
            self._waiting.put_nowait(event)


def _named(value: object) -> str:
    """The value if it is a name or a number, else nothing."""
    text = str(value) if isinstance(value, str | int | float) else ""
    return text if NAME.fullmatch(text) else ""


def _file(path: str) -> str:
    """From the package on: where it is installed is nobody's matter."""
    return path.rpartition("/site-packages/")[2] if "/site-packages/" in path else _short(path)


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[-3:])
