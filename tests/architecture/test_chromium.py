"""The browser is found, fetched, or missed in one sentence."""

from pathlib import Path

import pytest
from chromium import Need, NoBrowser, Way, answers, provide, welcome


def program(path: Path, body: str = "echo Chromium 1.0") -> Path:
    """An executable that stands for a browser."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def need(*places: Path) -> Need:
    """A need for a browser that may be at these places."""
    return Need("BROWSER", ("--version",), ("browser", "fonts"), lambda _: iter(places))


def bringing(path: Path, taken: list[tuple[str, ...]]) -> Way:
    """A way that writes a browser to `path` and remembers what it was asked for."""

    def go(packages: tuple[str, ...]) -> None:
        taken.append(packages)
        program(path)

    return Way("by hand", lambda: True, go)


def failing(_: tuple[str, ...]) -> None:
    """A way that ends badly."""
    raise OSError("no network")


def test_a_browser_that_is_here_is_used_and_nothing_is_fetched(tmp_path: Path) -> None:
    here = program(tmp_path / "a")
    taken: list[tuple[str, ...]] = []
    found = provide({}, (need(tmp_path / "none", here),), (bringing(tmp_path / "b", taken),))
    assert found == {"BROWSER": str(here)}
    assert taken == []


def test_the_browser_that_is_wished_for_wins(tmp_path: Path) -> None:
    here, wish = program(tmp_path / "a"), program(tmp_path / "b")
    assert provide({"BROWSER": str(wish)}, (need(here),), ()) == {"BROWSER": str(wish)}


def test_a_wish_that_does_not_start_is_told_and_not_overruled(tmp_path: Path) -> None:
    here = program(tmp_path / "a")
    with pytest.raises(NoBrowser, match="BROWSER=/nowhere does not start"):
        provide({"BROWSER": "/nowhere"}, (need(here),), ())


def test_an_empty_shell_of_a_browser_is_passed_over(tmp_path: Path) -> None:
    assert not answers(program(tmp_path / "snap", "echo please install the snap; exit 1"), ())
    assert not answers(program(tmp_path / "mute", "exit 0"), ())
    assert not answers(tmp_path, ())


def test_the_next_way_is_tried_when_one_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken: list[tuple[str, ...]] = []
    unfit = Way("never", lambda: False, failing)
    ways = (unfit, Way("badly", lambda: True, failing), bringing(tmp_path / "a", taken))
    assert provide({}, (need(tmp_path / "a"),), ways) == {"BROWSER": str(tmp_path / "a")}
    assert taken == [("browser", "fonts")]
    told = capsys.readouterr().err
    assert "no network" in told
    assert "never" not in told


def test_only_what_is_missing_is_fetched(tmp_path: Path) -> None:
    taken: list[tuple[str, ...]] = []
    driver = Need("DRIVER", (), ("library",), lambda _: iter([tmp_path / "d"]))
    browser = need(program(tmp_path / "a"))
    provide({}, (browser, driver), (bringing(tmp_path / "d", taken),))
    assert taken == [("library",)]


def test_no_browser_at_all_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser, match="set CHROMIUM=/path/to/chromium"):
        provide({}, (need(tmp_path / "none"),), (Way("badly", lambda: True, failing),))


def test_what_is_only_welcome_is_fetched_like_the_browser(tmp_path: Path) -> None:
    taken: list[tuple[str, ...]] = []
    found = welcome({}, (need(tmp_path / "a"),), (bringing(tmp_path / "a", taken),))
    assert found == {"BROWSER": str(tmp_path / "a")}


def test_what_is_only_welcome_may_be_missing_and_that_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert welcome({}, (need(tmp_path / "none"),), ()) == {}
    assert "Not here: BROWSER" in capsys.readouterr().err
