"""The check-up of a member's connections: while it runs, and what it found."""

from services.connections import ConnectionHealth
from services.doctor import Finding
from services.people import Member
from views.kit import blocks as kit
from views.kit.text import bold, escape
from views.slack.connections import connection_blocks
from views.words import common
from views.words import connections as say

CHECKUP = "checkups.checkup"


def checking(member: Member) -> kit.View:
    """Seen at once, while every connection is tried."""
    return _modal(
        [kit.section(f":hourglass_flowing_sand: {common.LOADING(member.language)}")], member
    )


def checkup(
    findings: tuple[Finding, ...],
    health: tuple[ConnectionHealth, ...],
    member: Member,
    workspace: tuple[Finding, ...] = (),
) -> kit.View:
    """A line for each connection, and below the means to mend what does not work.

    `workspace` is what admins see of the whole workspace; nothing for others.
    """
    language = member.language
    works = all(one.fine for one in findings)
    blocks = [kit.section(say.DOCTOR_FINE(language))] if works else []
    blocks.append(kit.section(_lines(findings, language)))
    if not works:
        blocks += [kit.divider(), *connection_blocks(health, language)]
    if workspace:
        title = bold(say.DOCTOR_WORKSPACE(language))
        blocks += [kit.divider(), kit.section(f"{title}\n{_lines(workspace, language)}")]
    return _modal(blocks, member)


def _lines(findings: tuple[Finding, ...], language: str) -> str:
    return "\n".join(_line(finding, language) for finding in findings)


def _line(finding: Finding, language: str) -> str:
    symbol = ":white_check_mark:" if finding.fine else ":warning:"
    name = bold(say.VENDORS[finding.vendor])
    return f"{symbol} {name}: {escape(finding.sentence(language))}"


def _modal(blocks: list[kit.Block], member: Member) -> kit.View:
    language = member.language
    return kit.modal(CHECKUP, say.DOCTOR_TITLE(language), blocks, close=common.CLOSE(language))
