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
    findings: tuple[Finding, ...], health: tuple[ConnectionHealth, ...], member: Member
) -> kit.View:
    """A line for each connection, and below the means to mend what does not work."""
    language = member.language
    blocks = [kit.section("\n".join(_line(finding, language) for finding in findings))]
    if all(finding.fine for finding in findings):
        return _modal([kit.section(say.DOCTOR_FINE(language)), *blocks], member)
    return _modal([*blocks, kit.divider(), *connection_blocks(health, language)], member)


def _line(finding: Finding, language: str) -> str:
    symbol = ":white_check_mark:" if finding.fine else ":warning:"
    name = bold(say.VENDORS[finding.vendor])
    return f"{symbol} {name}: {escape(finding.sentence(language))}"


def _modal(blocks: list[kit.Block], member: Member) -> kit.View:
    language = member.language
    return kit.modal(CHECKUP, say.DOCTOR_TITLE(language), blocks, close=common.CLOSE(language))
