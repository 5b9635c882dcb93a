"""Runs squawk where nothing but our own settings can speak to it."""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from integrations.squawk.types import LintFinding, LintReport, LintWaiver

PATIENCE = timedelta(seconds=10)
LONGEST_ANSWER = 2 * 1024 * 1024
MOST_FINDINGS = 200
# Of taste; about what the runner sets or our own grammar decides.
TASTE = "prefer-"
OTHERS_TASK = frozenset(
    {
        *("require-lock-timeout", "require-statement-timeout", "require-timeout-settings"),
        *("ban-concurrent-index-creation-in-transaction", "transaction-nesting"),
    }
)
UNREAD = "syntax-error"
IGNORE = re.compile(r"squawk-ignore(?P<file>-file)?[ \t]*(?P<rules>[a-z][a-z, \t-]*)?", re.I)
# Of the same length, so that lines and columns stay what they are.
SILENCED = ("squawk-ignore", "squawk-ignorx")


class Squawk:
    """squawk's program, as its wheel puts it beside Python."""

    def __init__(self, program: Path | None = None) -> None:
        """`program`: another one than the wheel's."""
        self._program = program or _found()

    async def lint(self, sql: str, *, major: int) -> LintReport:
        """All that it says of this SQL on that major version, whatever the SQL asks it to ignore.

        Comments that would silence it are reported as waivers and have no effect.
        """
        waivers = tuple(_waivers(sql))
        if self._program is None:
            return LintReport(waivers=waivers, missing="no_program")
        try:
            answer = await self._run(self._program, sql, major)
        except TimeoutError:
            return LintReport(waivers=waivers, missing="too_slow")
        except OSError:
            return LintReport(waivers=waivers, missing="no_program")
        return _report(answer, waivers)

    async def _run(self, program: Path, sql: str, major: int) -> bytes:
        asked = re.sub(SILENCED[0], SILENCED[1], sql, flags=re.I).encode()
        # It reads `.squawk.toml` of its working directory or any parent: an empty one, and our own.
        with TemporaryDirectory(prefix="seguito-lint-") as folder:
            settings = Path(folder) / "settings.toml"
            settings.touch()
            child = await asyncio.create_subprocess_exec(
                program,
                *("--config", settings, "--reporter", "json", "--assume-in-transaction"),
                *("--pg-version", str(major), "--stdin-filepath", "migration.sql"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=folder,
                env={"PATH": os.defpath},
            )
            try:
                async with asyncio.timeout(PATIENCE.total_seconds()):
                    return (await child.communicate(asked))[0]
            finally:
                with suppress(ProcessLookupError):
                    child.kill()


def _found() -> Path | None:
    beside = Path(sys.executable).parent / "squawk"
    if beside.exists():
        return beside
    known = shutil.which("squawk")
    return Path(known) if known else None


def _waivers(sql: str) -> Iterator[LintWaiver]:
    for found in IGNORE.finditer(sql):
        line = sql.count("\n", 0, found.start()) + 1
        rules = [] if found["file"] else re.split(r"[,\s]+", found["rules"] or "")
        yield LintWaiver(line, tuple(rule for rule in rules if rule))


def _report(answer: bytes, waivers: tuple[LintWaiver, ...]) -> LintReport:
    try:
        rows = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except ValueError:
        rows = None
    if not isinstance(rows, list):
        return LintReport(waivers=waivers, missing="failed")
    findings = tuple(_finding(row) for row in rows if _counts(str(row["rule_name"])))
    unread = any(row["rule_name"] == UNREAD for row in rows)
    return LintReport(findings[:MOST_FINDINGS], waivers, "failed" if unread else "")


def _counts(rule: str) -> bool:
    return not (rule.startswith(TASTE) or rule in OTHERS_TASK or rule == UNREAD)


def _finding(row: dict[str, Any]) -> LintFinding:
    # Its lines and columns count from 0.
    return LintFinding(
        rule=str(row["rule_name"]),
        message=str(row["message"]),
        help=str(row["help"] or ""),
        line=int(row["line"]) + 1,
        column=int(row["column"]) + 1,
        level=str(row["level"]).lower(),
    )
