"""The house as a whole: its rooms, its three nets, and the law of its floors."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from packaging.requirements import Requirement
from rules_flow import NETS, broad_catches
from source import FLOORS, ROOT, WRITTEN, Source, house

from handlers.slack import FEATURES

ROOMS = {*WRITTEN, "docs"}
PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==(\S+)(?: ;.*)? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)


def locked(name: str) -> dict[str, str]:
    """Package → version of a lock file, for entries that carry their hashes."""
    text = (ROOT / name).read_text()
    return {package: version for package, version, _ in PINNED.findall(text)}


def required(*extras: str) -> Iterator[Requirement]:
    """What pyproject.toml asks for, with these extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = project["optional-dependencies"]
    for line in [*project["dependencies"], *(one for extra in extras for one in optional[extra])]:
        yield Requirement(line)


def test_there_is_no_room_beside_those_of_the_plan() -> None:
    made = {"build", "__pycache__", "seguito.egg-info"}
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}
    assert rooms - made <= ROOMS


def test_imports_only_point_downwards() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_every_floor_is_under_the_law() -> None:
    law = (ROOT / ".importlinter").read_text()
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages <= set(FLOORS)
    for floor in FLOORS:
        assert f"\n    {floor}\n" in law


def test_no_feature_of_slack_is_forgotten() -> None:
    entered = {getattr(feature, "__name__", "") for feature in FEATURES}
    written = {
        ".".join(source.path.with_suffix("").parts)
        for source in house()
        if source.within("handlers/slack") and source.path.name != "__init__.py"
        for function in source.functions()
        if function.name == "register"
    }
    assert entered == written


def test_exactly_three_places_catch_everything() -> None:
    caught = [
        str(source.path)
        for source in house()
        if source.within(*FLOORS)
        for _ in broad_catches(source)
    ]
    assert sorted(caught) == sorted(NETS)


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements.lock", ()), ("requirements-dev.lock", ("dev", "sandbox"))],
)
def test_the_lock_holds_everything_that_pyproject_asks_for(
    lock: str, extras: tuple[str, ...]
) -> None:
    versions = locked(lock)
    for need in required(*extras):
        version = versions.get(need.name.lower())
        assert version, f"{need.name} is not in {lock}: run `make lock`"
        assert need.specifier.contains(version), f"{need} but {lock} has {version}"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert len(locked(lock)) == len(re.findall(r"^[a-zA-Z].*==", text, re.M))
    assert "://" not in text


def test_what_runs_is_what_was_tested() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


def twice_named(sources: Iterable[Source]) -> dict[str, list[str]]:
    """Public classes of the product that bear the same name, with their files."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for source in sources:
        if source.within("tests", "bench", "integrations/sandbox"):
            continue
        for node in source.public():
            if isinstance(node, ast.ClassDef):
                files[node.name].append(source.path.as_posix())
    return {name: found for name, found in files.items() if len(found) > 1}


def test_no_name_of_a_public_class_means_two_things() -> None:
    # Who reads `Place` in one room and means that of another is wrong without noticing.
    assert twice_named(house()) == {}


def test_a_name_that_means_two_things_is_found_with_both_its_files() -> None:
    one, two = (Source.of(f"services/{room}/a.py", "class Place: ...") for room in ("crm", "ops"))
    assert twice_named([one, two]) == {"Place": ["services/crm/a.py", "services/ops/a.py"]}
    assert twice_named([one, Source.of("tests/a.py", "class Place: ...")]) == {}
