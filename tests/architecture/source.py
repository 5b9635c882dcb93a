"""The house as the rules see it: every source file with its text and its syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("bot", "handlers", "views", "services", "integrations", "db")
# What is written by hand: the product, its proofs and its measurements.
WRITTEN = (*FLOORS, "tests", "bench")
SUFFIXES = (".py", ".js", ".mjs", ".css")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One file; `path` is relative to the root of the repository."""

    path: PurePosixPath
    text: str
    tree: ast.Module = field(compare=False, repr=False)

    @classmethod
    def of(cls, path: str, text: str) -> "Source":
        """A file of this text; what is not Python has an empty tree."""
        tree = ast.parse(text) if path.endswith(".py") else ast.Module([], [])
        return cls(PurePosixPath(path), text, tree)

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def ours_to_name(self) -> Iterator[Function]:
        """Functions whose name we chose: not the methods of classes that inherit a library's."""
        given = {
            id(method)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ClassDef) and inherits(node)
            for method in node.body
        }
        return (function for function in self.functions() if id(function) not in given)

    def public(self) -> Iterator[Function | ast.ClassDef]:
        """Public functions and classes of the module, and the public methods of those classes."""
        for node in _public(self.tree.body):
            yield node
            if isinstance(node, ast.ClassDef) and not inherits(node):
                yield from (inner for inner in _public(node.body) if isinstance(inner, Function))

    def within(self, *places: str) -> bool:
        """Whether the file is one of these files, or lies in one of these folders."""
        return any(self.path == PurePosixPath(place) or _in(self.path, place) for place in places)


def inherits(node: ast.ClassDef) -> bool:
    """Whether the class takes over promises made elsewhere; a Protocol's or enum's are its own."""
    own = {"ABC", "Protocol", "Exception", "StrEnum", "IntEnum", "Enum"}
    return any(ast.unparse(base).split("[")[0] not in own for base in node.bases)


def _public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def _in(path: PurePosixPath, folder: str) -> bool:
    return path.is_relative_to(PurePosixPath(folder))


@cache
def house() -> tuple[Source, ...]:
    """Every hand-written file of the repository."""
    found = sorted(
        path
        for floor in WRITTEN
        for path in (ROOT / floor).rglob("*")
        if path.suffix in SUFFIXES and "__pycache__" not in path.parts
    )
    return tuple(
        Source.of(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in found
    )
