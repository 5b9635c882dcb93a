"""What pages for newcomers name in backticks is in the code: files, functions, methods, rooms."""

import ast
import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from source import FLOORS, ROOT, house

PAGES = sorted([*(ROOT / "docs" / "dev").glob("*.md"), *(ROOT / "services").glob("*/README.md")])
TICKED = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"[\w./-]+/[\w./-]*")
FUNCTION = re.compile(r"(\w+)\(\)")
MEMBER = re.compile(r"([A-Z]\w*)\.([a-z]\w*)")
CLASS = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]*)+\w*|[A-Z]{2,}[a-z]\w+")
LINES_OF_A_ROOM = 20
# Said of others' code, or of what is added while one follows a page.
NOT_OURS = {"DataLoader", "SecretStr"}

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix()
)


@cache
def classes() -> dict[str, set[str]]:
    """Every class of the product with the names of its members."""
    found: dict[str, set[str]] = {}
    trees = (source.tree for source in house() if source.within(*FLOORS))
    for node in chain.from_iterable(map(ast.walk, trees)):
        if isinstance(node, ast.ClassDef):
            found.setdefault(node.name, set()).update(_members(node))
    return found


@cache
def functions() -> dict[str, set[str]]:
    """Functions of every module, by its path."""
    return {
        source.path.as_posix(): {function.name for function in source.functions()}
        for source in house()
    }


def prose(page: Path) -> str:
    """The page without its fences: a diff shows what is not there yet."""
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)


def wrong_names(text: str) -> list[str]:
    """What a text names in backticks and the code does not have."""
    wrong = []
    for part in re.split(r"\n\s*\n|\n(?=\d+\. |- )", text):
        ticked = TICKED.findall(part)
        files = [name for name in ticked if FILE.fullmatch(name) and not name.startswith("/")]
        wrong += [name for name in files if not (ROOT / name).exists()]
        there = set().union(*(functions().get(name, set()) for name in files))
        wrong += [name for name in ticked if not _is_there(name, there)]
    return wrong


def _is_there(name: str, functions_beside: set[str]) -> bool:
    if function := FUNCTION.fullmatch(name):
        return function[1] in functions_beside
    if member := MEMBER.fullmatch(name):
        return member[2] in classes().get(member[1], set())
    return not CLASS.fullmatch(name) or name in classes() or name in NOT_OURS


def _members(node: ast.ClassDef) -> set[str]:
    named = {
        one.name for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return named | {
        one.target.id
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }


@every_page
def test_every_name_on_a_page_for_newcomers_is_in_the_code(page: Path) -> None:
    assert wrong_names(prose(page)) == []


def test_every_room_of_services_says_on_one_screen_what_it_is() -> None:
    rooms = [path.parent for path in (ROOT / "services").glob("*/__init__.py")]
    untold = [room.name for room in rooms if not (room / "README.md").exists()]
    assert untold == []
    long = [room.name for room in rooms if _lines(room / "README.md") > LINES_OF_A_ROOM]
    assert long == []


def _lines(page: Path) -> int:
    return len(page.read_text().splitlines())


def test_a_name_that_is_not_there_any_more_is_found() -> None:
    text = "`services/ops/ops.py`: `Ops.allow`, `operator_of()`, `Ops.permit`, `UnknownThing`.\n\n"
    assert wrong_names(text) == ["Ops.permit", "UnknownThing"]
    assert wrong_names(text + "`operator_of()` in `services/no.py`") == [
        *("Ops.permit", "UnknownThing", "services/no.py", "operator_of()"),
    ]
