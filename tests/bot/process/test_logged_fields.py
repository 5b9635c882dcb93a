"""Every field the product logs on purpose can be read in the log."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.process.redaction import PLAIN_FIELDS

FLOORS = ("bot", "handlers", "services", "db", "integrations")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
BINDERS = {"bind_contextvars", "bound_contextvars"}
ROOT = Path(__file__).parents[3]


def logged() -> Iterator[tuple[str, str]]:
    """Place and name of every field given to a log call."""
    for file, node in calls():
        if _logs(node.func):
            for keyword in node.keywords:
                yield f"{file.name}:{node.lineno}", keyword.arg or "**"


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Every call in the product."""
    files = (file for floor in FLOORS for file in sorted((ROOT / floor).rglob("*.py")))
    for file in files:
        if "sandbox" not in file.parts:
            nodes = ast.walk(ast.parse(file.read_text("utf-8")))
            yield from ((file, node) for node in nodes if isinstance(node, ast.Call))


def _logs(function: ast.expr) -> bool:
    if isinstance(function, ast.Call):
        return "log" in ast.unparse(function)
    return getattr(function, "attr", getattr(function, "id", "")) in LEVELS | BINDERS


def test_no_field_is_logged_that_nobody_can_read() -> None:
    hidden = {place: name for place, name in logged() if name not in PLAIN_FIELDS | {"exc_info"}}
    assert hidden == {}


def test_the_search_for_log_calls_finds_them() -> None:
    assert {"vendor", "job", "workflow", "reference", "executors", "tick"} <= {
        name for _, name in logged()
    }
