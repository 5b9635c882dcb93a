"""Rules about private doors: where we use what a library promises to nobody."""

import ast
from collections.abc import Iterator

from rule import Breach, Rule
from source import FLOORS, Source

# One file for each library; test_doors.py says which names, and that they are there.
DOORS = {
    "aiohttp": "bot/process/listener.py",
    "apscheduler": "bot/process/clock.py",
    "dbos": "db/store/dbos_private.py",
    "slack-bolt": "bot/slack/runner.py",
}
# Documented in spite of their names.
PUBLIC = {"_replace", "_asdict", "_fields", "_exit"}


class PrivateNamesInOneFile(Rule):
    """An upgrade that moves a private name breaks its users, and nobody knows where they are."""

    good = ("bot/a.py", "def f(self, engine): return self._engine or running(engine)")
    bad = ("bot/a.py", "def f(engine): return engine._workflow_tasks")

    def governs(self, source: Source) -> bool:
        """The product, but for the doors themselves."""
        return source.within(*FLOORS) and not source.within(*DOORS.values())

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Private modules and names that are imported, and private attributes of anything else."""
        for node in ast.walk(source.tree):
            for name in _private(node):
                yield Breach(node.lineno, f"{name} is private: only {set(DOORS.values())} may")


def _private(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ImportFrom(module=module, names=names):
            parts = [*(module or "").split("."), *(one.name for one in names)]
            yield from (part for part in parts if _is_private(part))
        case ast.Attribute(value=ast.Name(id="self" | "cls")):
            return
        case ast.Attribute(attr=name) if _is_private(name) and name not in PUBLIC:
            yield name


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


RULES: tuple[Rule, ...] = (PrivateNamesInOneFile(),)
