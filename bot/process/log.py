"""Logging: one line per happening, JSON or console, redacted, with the ids of what is going on."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor, WrappedLogger

from bot.process.redaction import exception_text, redact

# At INFO these say a line per request, address included.
NOISY = (
    "httpx",
    "apscheduler",
    "googleapiclient",
    "aiohttp.access",
    "sqlalchemy",
    "dbos",
    "stripe",
    "httpx2",
    "urllib3",
)


def configure(log_format: str, level: str, stream: TextIO | None = None) -> None:
    """Send everything, structlog's and the standard library's, to `stream` (standard error).

    `log_format` is "json" or "console"; `level` a name such as "info". May be called again.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_shared(), ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[ProcessorFormatter.remove_processors_meta, _renderer(log_format, out)],
        )
    )
    handler.addFilter(_is_ours_or_no_debug)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(threshold)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
    logging.captureWarnings(True)


def report_errors(handler: logging.Handler) -> None:
    """Hand every line of level ERROR to this handler too, redacted, as JSON."""
    as_json = [ProcessorFormatter.remove_processors_meta, _renderer("json", sys.stderr)]
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=_shared(), processors=as_json))
    logging.getLogger().addHandler(handler)


def _is_ours_or_no_debug(record: logging.LogRecord) -> bool:
    """At DEBUG libraries print whole requests and answers, people's words and tokens included.

    Ours come through structlog, which hands over a dictionary; any library is kept from it, one
    that comes in with the next upgrade as well.
    """
    return record.levelno > logging.DEBUG or isinstance(record.msg, dict)


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exceptions,
        redact,
    ]


def _exceptions(
    logger: WrappedLogger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = exception_text(error)
    elif "exception" in event:
        # Only a text made here is free of data; one that was handed in is not.
        event["exception"] = f"<{type(event['exception']).__name__}>"
    return event


def _renderer(log_format: str, out: TextIO) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(serializer=_json)
    return structlog.dev.ConsoleRenderer(colors=out.isatty())


def _json(event: object, **options: object) -> str:
    return orjson.dumps(event, default=str).decode()
