"""The programs the tests start are found, fetched, or missed in one sentence."""

from dataclasses import replace
from pathlib import Path

import pytest
from chromium import BROWSER, PHP, Need, NotHere, Way, answers, provide


def program(path: Path, body: str = "echo Chromium 1.0") -> Path:
    """An executable that stands for a browser."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def need(*places: Path) -> Need:
    """A need for a browser that may be at these places."""
    return Need(
        "a browser", "BROWSER", ("--version",), ("browser", "fonts"), lambda _: iter(places)
    )


def bringing(path: Path, taken: list[tuple[str, ...]]) -> Way:
    """A way that writes a browser to `path` and remembers what it was asked for."""

    def go(packages: tuple[str, ...]) -> None:
        taken.append(packages)
        program(path)

    return Way("by hand", lambda _: True, go)


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
    with pytest.raises(NotHere, match="BROWSER=/nowhere does not start"):
        provide({"BROWSER": "/nowhere"}, (need(here),), ())


def test_an_empty_shell_of_a_browser_is_passed_over(tmp_path: Path) -> None:
    assert not answers(program(tmp_path / "snap", "echo please install the snap; exit 1"), ())
    assert not answers(program(tmp_path / "mute", "exit 0"), ())
    assert not answers(tmp_path, ())


def test_the_next_way_is_tried_when_one_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken: list[tuple[str, ...]] = []
    unfit = Way("never", lambda _: False, failing)
    ways = (unfit, Way("badly", lambda _: True, failing), bringing(tmp_path / "a", taken))
    assert provide({}, (need(tmp_path / "a"),), ways) == {"BROWSER": str(tmp_path / "a")}
    assert taken == [("browser", "fonts")]
    told = capsys.readouterr().err
    assert "no network" in told
    assert "never" not in told


def test_only_what_is_missing_is_fetched(tmp_path: Path) -> None:
    taken: list[tuple[str, ...]] = []
    driver = Need("a driver", "DRIVER", (), ("library",), lambda _: iter([tmp_path / "d"]))
    browser = need(program(tmp_path / "a"))
    provide({}, (browser, driver), (bringing(tmp_path / "d", taken),))
    assert taken == [("library",)]


def test_a_way_is_only_asked_for_what_it_can_bring(tmp_path: Path) -> None:
    taken: list[tuple[str, ...]] = []
    other = Need("another", "OTHER", (), ("other",), lambda _: iter([tmp_path / "o"]))
    browser = need(tmp_path / "a")
    first = Way("the one", lambda one: one is other, bringing(tmp_path / "o", taken).go)
    second = Way("the other", lambda one: one is browser, bringing(tmp_path / "a", taken).go)
    assert set(provide({}, (browser, other), (first, second))) == {"BROWSER", "OTHER"}
    assert taken == [("other",), ("browser", "fonts")]


def test_what_cannot_be_had_is_one_clear_sentence(tmp_path: Path) -> None:
    badly = Way("badly", lambda _: True, failing)
    with pytest.raises(NotHere) as told:
        provide({}, (need(tmp_path / "none"),), (badly,))
    sentence = "The tests need a browser: install it, or set BROWSER=/path/to/it."
    assert str(told.value) == sentence


def test_all_that_is_missing_is_told_at_once() -> None:
    nowhere = [replace(one, places=lambda _: iter(())) for one in (BROWSER, PHP)]
    with pytest.raises(NotHere) as told:
        provide({}, tuple(nowhere), ())
    assert str(told.value) == (
        "The tests need Chromium and PHP 8 with sodium (php-cli): "
        "install them, or set CHROMIUM=/path/to/it and PHP=/path/to/it."
    )


@pytest.mark.parametrize("body", ["exit 255", "echo"])
def test_a_php_without_sodium_or_too_old_is_none(body: str, tmp_path: Path) -> None:
    assert not answers(program(tmp_path / "php", body), PHP.proof)
