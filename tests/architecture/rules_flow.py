"""Rules about what happens where: failures, imports, purity, and the way data takes."""

import ast
import re
from collections.abc import Iterator

from rule import Breach, Rule
from source import FLOORS, Source

# The three places that catch everything: each gives the person a sentence and a reference id.
NETS = (
    "handlers/slack/kit/errors.py",
    "handlers/http/kit/errors.py",
    "handlers/jobs/kit/runner.py",
)
STARTS_SOMETHING = re.compile(
    r"(App|Application|Client|Engine|Settings|Database|Scheduler|Session|Pool|Bot)$"
)
READS_SOMETHING = frozenset(
    {"getenv", "open", "read_text", "read_bytes", "connect", "now", "today"}
)
SKIPS = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)$")
MAY_LACK = re.compile(r"\.\./shared|no Node\b")
IMPURE_CALLS = frozenset({"now", "today", "utcnow", "open", "print", "uuid4", "token_hex", "sleep"})
CHANGES_EACH_TIME = frozenset({"now", "today", "uuid4", "token_hex", "token_urlsafe"})
IMPURE_MODULES = frozenset({"asyncio", "os", "random", "secrets", "socket", "subprocess", "time"})


class ThreeNets(Rule):
    """A broad catch in the middle turns a bug into a silence; the person waits for ever."""

    good = ("handlers/slack/kit/errors.py", "try: f()\nexcept Exception: tell()")
    bad = ("services/a.py", "try: f()\nexcept Exception: pass\nwith suppress(Exception): f()")

    def governs(self, source: Source) -> bool:
        """The product."""
        return source.within(*FLOORS)

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Broad catches outside the three nets; what is raised again was not caught."""
        if not source.within(*NETS):
            yield from (
                Breach(line, "catch what you can name; the doors catch the rest")
                for line in broad_catches(source)
            )


class NoNestedKeys(Rule):
    """`payload["view"]["state"]["values"]` in forty places makes a vendor's change our rewrite."""

    good = ("services/a.py", 'x = view.id\ny = names["view"]')
    bad = ("services/a.py", 'x = body["view"]["id"]\ny = (body.get("user") or {}).get("id")')

    def governs(self, source: Source) -> bool:
        """The product, but for the files whose task is to read the wire."""
        reads_wire = source.within(
            "handlers/slack/kit/payloads.py", "views/kit/controls.py", "integrations/sandbox"
        )
        return source.within(*FLOORS) and not reads_wire and source.path.name != "webhook.py"

    def breaches(self, source: Source) -> Iterator[Breach]:
        """A string key taken from what another string key gave."""
        for node in ast.walk(source.tree):
            held = _keyed(node)
            if held is not None and _keyed(held) is not None:
                yield Breach(node.lineno, "nested keys: turn the wire's shape into a type first")


class PureViews(Rule):
    """A view that waits or looks at the clock cannot be compared with a golden file."""

    good = ("views/slack/a.py", "def card(draft, now): return now")
    bad = ("views/slack/a.py", "import time\nasync def card(draft): return datetime.now(UTC)")

    def governs(self, source: Source) -> bool:
        """The floor of what is seen."""
        return source.within("views")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Anything async, the clock, chance, files and the system."""
        for node in ast.walk(source.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
                yield Breach(node.lineno, "a view waits for nothing: hand it what it shows")
            if isinstance(node, ast.Call) and _name(node.func) in IMPURE_CALLS:
                yield Breach(node.lineno, f"{_name(node.func)}() in a view: pass the value in")
            for module in _imported(node) & IMPURE_MODULES:
                yield Breach(node.lineno, f"a view imports {module}: it only draws")


class NothingAtImport(Rule):
    """An import that connects or reads the environment breaks tests, tools and start-up order."""

    good = ("bot/a.py", "LIMIT = timedelta(days=1)\ndef build(): return AsyncApp()")
    bad = ("bot/a.py", 'app = AsyncApp()\nHOME = os.environ["HOME"]\nlogging.basicConfig()')

    def governs(self, source: Source) -> bool:
        """The product; Alembic runs its own files by importing them."""
        return source.within(*FLOORS) and not source.within("db/migrations")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Apps, clients, engines and settings made, and calls made for effect, at module level."""
        for statement in source.tree.body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                yield Breach(statement.lineno, "a call at import: move it into a function")
            elif isinstance(statement, ast.Assign | ast.AnnAssign) and _starts(statement):
                yield Breach(statement.lineno, "made at import: build it in bot/wiring/product.py")


class NoSandboxBranches(Rule):
    """An `if sandbox` means that what was tested is not what runs."""

    good = ("bot/wiring/product.py", "client = Fathom(settings.fathom_api_url)")
    bad = ("bot/wiring/product.py", "client = Fake() if settings.is_sandbox else Fathom()")

    def governs(self, source: Source) -> bool:
        """The product; the sandbox itself may speak of it."""
        return source.within(*FLOORS) and not source.within("integrations/sandbox")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Conditions that mention the sandbox."""
        for node in ast.walk(source.tree):
            condition = getattr(node, "test", None) or getattr(node, "subject", None)
            if condition is not None and "sandbox" in ast.unparse(condition).lower():
                yield Breach(node.lineno, "no `if sandbox`: only base URLs differ")


class NoSilentSkips(Rule):
    """A test that skips where something is missing proves nothing there, and nobody notices."""

    good = (
        "tests/a.py",
        '@pytest.mark.skipif(not SPEC.exists(), reason="no ../shared here")\ndef t(): ...',
    )
    bad = ("tests/a.py", 'pytest.skip("no PHP here")\nnumpy = pytest.importorskip("numpy")')

    def governs(self, source: Source) -> bool:
        """The tests."""
        return source.within("tests")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Skips and expected failures, but for want of ../shared, or of Node."""
        calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
        allowed = {id(call.func) for call in calls if MAY_LACK.search(ast.unparse(call))}
        for node in ast.walk(source.tree):
            skips = isinstance(node, ast.Attribute) and SKIPS.match(ast.unparse(node))
            if skips and id(node) not in allowed:
                yield Breach(
                    node.lineno, "make it run anywhere: only ../shared and Node may be missing"
                )


class SameTestsEverywhere(Rule):
    """Workers that collect other tests run none; what was soon at collection is past in the run."""

    good = ("tests/a.py", '@pytest.mark.parametrize("at", [1_700_000_000])\ndef test_a(at): pass')
    bad = ("tests/a.py", '@pytest.mark.parametrize("at", [time.time()])\ndef test_a(at): pass')

    def governs(self, source: Source) -> bool:
        """Tests."""
        return source.within("tests")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Calls of a clock or of chance outside functions (`time(9, 0)` is neither)."""
        for node in _at_import(source.tree):
            called = _name(node.func) if isinstance(node, ast.Call) else ""
            is_clock = called == "time" and isinstance(node, ast.Call) and not node.args
            if is_clock or called in CHANGES_EACH_TIME:
                yield Breach(node.lineno, "write the value down, or make it in the test")


def broad_catches(source: Source) -> list[int]:
    """Lines where everything is caught and not raised again."""
    return [
        node.lineno
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _reraises(node))
        or (
            isinstance(node, ast.Call)
            and _name(node.func) == "suppress"
            and any(map(_is_broad, node.args))
        )
    ]


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    every = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(_name(one) in ("Exception", "BaseException") for one in every)


def _reraises(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _keyed(node: ast.AST) -> ast.expr | None:
    """What a string key is taken from, by `[…]` or `.get(…)`; None for any other expression."""
    if isinstance(node, ast.BoolOp):
        node = node.values[0]
    if isinstance(node, ast.Subscript) and _is_text(node.slice):
        return node.value
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
    ):
        return node.func.value if node.args and _is_text(node.args[0]) else None
    return None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _name(node: ast.AST) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]}
    return set()


def _starts(statement: ast.Assign | ast.AnnAssign) -> bool:
    if statement.value is None:
        return False
    for node in ast.walk(statement.value):
        if isinstance(node, ast.Lambda):
            return False
        if isinstance(node, ast.Call):
            called = _name(node.func)
            if STARTS_SOMETHING.search(called) or called in READS_SOMETHING:
                return True
        if isinstance(node, ast.Attribute) and node.attr == "environ":
            return True
    return False


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in child.decorator_list:
                yield decorator
                yield from _at_import(decorator)
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from _at_import(child)


RULES: tuple[Rule, ...] = (
    ThreeNets(),
    NoNestedKeys(),
    PureViews(),
    NothingAtImport(),
    NoSandboxBranches(),
    NoSilentSkips(),
    SameTestsEverywhere(),
)
