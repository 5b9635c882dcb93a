"""squawk cannot be silenced, and its absence is said."""

from pathlib import Path

from integrations.squawk.client import Squawk
from integrations.squawk.types import LintWaiver


async def test_comments_in_the_sql_silence_nothing_and_count_as_waivers() -> None:
    sql = (
        "-- squawk-ignore ban-drop-column, renaming-column\nALTER TABLE t DROP a;\n"
        "-- squawk-ignore-file\nCREATE INDEX i ON t (b);\n"
    )
    report = await Squawk().lint(sql, major=15)
    found = {(one.rule, one.line, one.column) for one in report.findings}
    assert {("ban-drop-column", 2, 15), ("require-concurrent-index-creation", 4, 1)} <= found
    first = LintWaiver(1, ("ban-drop-column", "renaming-column"))
    assert report.waivers == (first, LintWaiver(3))


async def test_what_the_runner_sets_and_matters_of_taste_are_left_out() -> None:
    report = await Squawk().lint("ALTER TABLE t ADD a int, ADD b varchar(9)", major=18)
    assert (report.findings, report.missing) == ((), "")


async def test_sql_it_cannot_read_is_not_called_fine() -> None:
    report = await Squawk().lint("hello world", major=15)
    assert (report.findings, report.missing) == ((), "failed")


async def test_without_its_program_nothing_is_linted_and_that_is_said(tmp_path: Path) -> None:
    report = await Squawk(tmp_path / "squawk").lint("-- squawk-ignore\nDROP TABLE t", major=15)
    assert (report.findings, report.missing) == ((), "no_program")
    assert report.waivers == (LintWaiver(1),)
