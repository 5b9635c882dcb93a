"""What the audit log says of one thing."""

from collections.abc import Mapping

import orjson

from services.audit import AuditRecord
from views.dashboard.kit.blocks import Cell, Column, Empty, Table, TableRow, Tone
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import history as say

# Digests are for machines.
LONGEST = 48
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
    """A badge where it was not simply done; a new word of a service is shown as it is."""
    if line.outcome == "done":
        return Cell(reader(say.DONE))
    known = say.OUTCOMES.get(line.outcome)
    text = reader(known) if known else line.outcome
    return Cell(text, tone=TONES.get(line.outcome, "quiet"))


def changes(line: AuditRecord) -> tuple[tuple[str, str, str], ...]:
    """What differs, field by field: name, before, after; "" for what was or is not there."""
    before, after = _facts(line.before), _facts(line.after)
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        (name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "") and name != "changed"
    )


def _facts(text: str) -> Mapping[str, str]:
    """A line's JSON object as texts."""
    found: Mapping[str, object] = orjson.loads(text) if text else {}
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if value is None:
        return ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
