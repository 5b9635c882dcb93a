"""Rules about sizes: what no longer fits on a screen is no longer read."""

import ast
from collections.abc import Iterable, Iterator

from rule import Breach, Rule
from source import Function, Source

FILE_LINES = 400
FUNCTION_LINES = 50
HANDLER_LINES = 25
PARAMETERS = 6
NESTING = 3

Block = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.Match


class ShortFiles(Rule):
    """Every Slack bot drifts towards one file of 3,000 lines that nobody dares to touch."""

    good = ("services/a.py", "x = 1\n" * FILE_LINES)
    bad = ("integrations/sandbox/panel/static/a.js", "x = 1\n" * (FILE_LINES + 1))

    def governs(self, source: Source) -> bool:
        """Everywhere, style sheets and scripts too; migrations are written by Alembic."""
        return not source.within("db/migrations/versions")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """The file, once."""
        lines = len(source.text.splitlines())
        if lines > FILE_LINES:
            yield Breach(lines, f"{lines} lines, {FILE_LINES} at most: split it by feature")


class ShortFunctions(Rule):
    """A function longer than a screen holds several ideas, and its tests can only reach one."""

    good = ("bot/a.py", "def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1))
    bad = ("bot/a.py", "def f():\n" + "    x = 1\n" * FUNCTION_LINES)

    def governs(self, source: Source) -> bool:
        """Everywhere but in migrations, which Alembic writes."""
        return not source.within("db/migrations/versions")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Functions over the budget, measured from `def` to the last line."""
        yield from _too_long(source, FUNCTION_LINES)


class ShortHandlers(Rule):
    """Rules, SQL and Block Kit grow in handlers first: receive, translate, call, get, render."""

    good = ("handlers/slack/a.py", "def f():\n" + "    x = 1\n" * (HANDLER_LINES - 1))
    bad = ("handlers/http/a.py", "def f():\n" + "    x = 1\n" * HANDLER_LINES)

    def governs(self, source: Source) -> bool:
        """The Slack and HTTP doors."""
        return source.within("handlers/slack", "handlers/http")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Handlers over the budget."""
        yield from _too_long(source, HANDLER_LINES)


class FewParameters(Rule):
    """Seven arguments are a missing type: callers mix them up, and an eighth touches them all."""

    good = (
        "db/a.py",
        "def f(a, b, c, *, d, e, g): ...\nclass A:\n    def m(self, a, b, c, d, e, f): ...",
    )
    bad = ("db/a.py", "def f(a, b, c, *, d, e, g, h): ...")

    def governs(self, source: Source) -> bool:
        """Everywhere."""
        return True

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Too many parameters, `self` not counted; a library's own signatures are its business."""
        for function in source.ours_to_name():
            names = [one.arg for one in parameters(function)]
            if len(names) > PARAMETERS:
                says = f"takes {len(names)} parameters, {PARAMETERS} at most: group them"
                yield Breach(function.lineno, f"{function.name} {says}")


class ShallowNesting(Rule):
    """At the fourth level nobody knows under which conditions a line runs."""

    good = (
        "services/a.py",
        "def f(a):\n  for b in a:\n    with b:\n      if b: pass\n      elif a: pass",
    )
    bad = (
        "services/a.py",
        "def f(a):\n  for b in a:\n    with b:\n      if b:\n        if a: pass",
    )

    def governs(self, source: Source) -> bool:
        """Everywhere."""
        return True

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Functions nested too deeply; an inner function is measured by itself."""
        for function in source.functions():
            deep = depth(function.body)
            if deep > NESTING:
                says = f"nests {deep} deep, {NESTING} at most: return early, name the inner part"
                yield Breach(function.lineno, f"{function.name} {says}")


def parameters(function: Function) -> list[ast.arg]:
    """Everything a caller can name, without `self` and `cls`."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return [one for one in every if one.arg not in ("self", "cls")]


def depth(statements: Iterable[ast.stmt]) -> int:
    """How many blocks lie within each other, at the deepest."""
    return max(map(_depth_of, statements), default=0)


def _depth_of(statement: ast.stmt) -> int:
    if not isinstance(statement, Block):
        return 0
    if isinstance(statement, ast.If) and _is_elif(statement.orelse):
        return max(1 + depth(statement.body), _depth_of(statement.orelse[0]))
    return 1 + depth(_inside(statement))


def _is_elif(orelse: list[ast.stmt]) -> bool:
    return len(orelse) == 1 and isinstance(orelse[0], ast.If)


def _inside(block: Block) -> Iterator[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        yield from getattr(block, name, [])
    for part in (*getattr(block, "handlers", []), *getattr(block, "cases", [])):
        yield from part.body


def _too_long(source: Source, budget: int) -> Iterator[Breach]:
    for function in source.functions():
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > budget:
            yield Breach(function.lineno, f"{function.name} has {lines} lines, {budget} at most")


RULES: tuple[Rule, ...] = (
    ShortFiles(),
    ShortFunctions(),
    ShortHandlers(),
    FewParameters(),
    ShallowNesting(),
)
