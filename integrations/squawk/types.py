"""What squawk says about a text of SQL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One piece of advice; `rule` is squawk's name of it, `line` and `column` count from 1."""

    rule: str
    message: str
    help: str
    line: int
    column: int
    level: str = "warning"


@dataclass(frozen=True, slots=True)
class LintWaiver:
    """A comment in the SQL that silences squawk; `rules` are empty when it silences all."""

    line: int
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LintReport:
    """What squawk found; with `missing` it did not run, and why: nothing was linted.

    `missing` is "", `no_program` (none for this platform), `too_slow` or `failed`.
    """

    findings: tuple[LintFinding, ...] = ()
    waivers: tuple[LintWaiver, ...] = ()
    missing: str = ""
