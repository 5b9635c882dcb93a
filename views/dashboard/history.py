"""What the audit log says of one thing."""

from services.audit import AuditRecord
from views.dashboard.kit.blocks import Cell, Column, Empty, Table, TableRow, Tone
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import history as say

TONES: dict[str, Tone] = {"refused": "warn", "failed": "bad", "dry_run": "quiet"}


def history(lines: tuple[AuditRecord, ...], reader: PageReader) -> Table:
    """The newest lines as a small table."""
    return Table(
        "history",
        reader(say.HISTORY),
        (Column(reader(say.WHAT)), Column(reader(say.WHO)), Column(reader(say.WHEN))),
        tuple(
            TableRow((Cell(one.action, mono=True), who(one), reader.since(one.at))) for one in lines
        ),
        Empty(reader(say.NOTHING)),
    )


def who(line: AuditRecord) -> Cell:
    """Whoever did it, by name where there is one."""
    operator = line.operator
    return Cell(operator.name or operator.id, note="" if operator.name else operator.kind)


def outcome(line: AuditRecord, reader: PageReader) -> Cell:
    """Nothing to see where it was simply done."""
    if line.outcome == "done":
        return Cell(reader(say.DONE))
    return Cell(reader(say.OUTCOMES[line.outcome]), tone=TONES[line.outcome])
