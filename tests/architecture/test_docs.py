"""What the pages say is there is there."""

import re
from pathlib import Path

import pytest
import yaml
from env_example import names, settings
from pydantic import SecretStr
from source import ROOT

from services.licensing.eligibility import Code

README_LINES = 150
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.M))
BENCHES = {f"bench-{path.stem.replace('_', '-')}" for path in (ROOT / "bench").glob("*.py")}
SETTING = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`")
MAKE = re.compile(r"`(?:[A-Z]+=\S+ )?make ([a-z][a-z-]*)")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
COMMAND = re.compile(r"python -m bot ([a-z][a-z-]*)")
DEPLOYS = [ROOT / name for name in ("Procfile", "render.yaml", "Makefile")]
# Socket Mode needs no public address, which is what one deploys for.
NOT_DEPLOYED = {"SLACK_APP_TOKEN"}
# Variables of the Makefile and of the tests, which nobody sets to run the product, and answers.
NOT_SETTINGS = {"PLAYWRIGHT_NODEJS_PATH", *Code}

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix()
)


def fences(text: str) -> str:
    """The text inside code fences, as if each line stood in backticks."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.S)
    return "\n".join(f"`{line}`" for block in blocks for line in block.splitlines())


@every_page
def test_every_make_target_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    assert set(MAKE.findall(text + fences(text))) <= TARGETS | BENCHES


@every_page
def test_every_setting_a_page_names_exists(page: Path) -> None:
    assert set(SETTING.findall(page.read_text())) <= names() | NOT_SETTINGS


@every_page
def test_every_file_a_page_links_to_exists(page: Path) -> None:
    links = LINK.findall(page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", [*PAGES, *DEPLOYS], ids=lambda page: page.name)
def test_every_command_a_page_names_exists(page: Path) -> None:
    program = (ROOT / "bot" / "__main__.py").read_text()
    commands = set(re.findall(r"""\badd\("([a-z-]+)\"""", program))
    assert set(COMMAND.findall(page.read_text())) <= commands


def test_every_picture_is_shown_somewhere() -> None:
    linked = {Path(link).name for page in PAGES for link in LINK.findall(page.read_text())}
    pictures = (path for path in (ROOT / "docs" / "images").rglob("*") if path.is_file())
    assert {path.name for path in pictures} <= linked


def test_the_readme_is_read_in_one_sitting() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= README_LINES


def test_a_deploy_sets_every_setting_without_a_good_default() -> None:
    blueprint = yaml.safe_load((ROOT / "render.yaml").read_text())
    web, worker = ({one["key"] for one in service["envVars"]} for service in blueprint["services"])
    empty = {
        name.upper()
        for name, info in settings().model_fields.items()
        if info.default in ("", SecretStr(""))
    }
    assert web == empty - NOT_DEPLOYED | {"EMBEDDED_WORKER"}
    assert worker == web - {"EMBEDDED_WORKER"}


def test_a_deploy_restarts_only_what_a_restart_mends() -> None:
    blueprint = yaml.safe_load((ROOT / "render.yaml").read_text())
    paths = {one["healthCheckPath"] for one in blueprint["services"] if one["type"] == "web"}
    assert paths == {"/health/live"}
    assert "/health/live" in (ROOT / "Dockerfile").read_text()


def test_no_process_of_the_procfile_ends_by_itself() -> None:
    # Honcho and foreman stop all when one ends, a `release` that is done included.
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert lines == [f"{name}: python -m bot {name} --migrate" for name in ("web", "worker")]


def test_every_decision_has_its_four_parts_and_its_number() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in decisions] == [
        f"{number:04}" for number in range(1, len(decisions) + 1)
    ]
    for page in decisions:
        text = page.read_text().lower()
        missing = [part for part in ("context", "decision", "consequences") if part not in text]
        assert not missing, f"{page.name} lacks {missing}"


def test_every_target_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text()
    silent = {
        name for name in TARGETS - {"ready"} if not re.search(rf"^{name}:.*## \S", makefile, re.M)
    }
    assert silent == set()
    assert makefile.index("\nhelp:") == min(makefile.index(f"\n{name}:") for name in TARGETS)


def test_a_sample_page_gives_up_its_targets_settings_and_links() -> None:
    page = "Run `make sandbox`, set `PUBLIC_URL`, see [it](docs/a.md).\n```sh\nmake test\n```\n"
    assert MAKE.findall(page + fences(page)) == ["sandbox", "test"]
    assert SETTING.findall(page) == ["PUBLIC_URL"]
    assert LINK.findall(page) == ["docs/a.md"]
