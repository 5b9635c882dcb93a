"""The model itself: a Messages request in, its text out."""

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from integrations.sandbox.model.chatting import converse
from integrations.sandbox.model.dates import deadline
from integrations.sandbox.model.filling import fill
from integrations.sandbox.model.finding import (
    AMOUNT,
    COST,
    IMPACT,
    PAIN,
    ROADBLOCK,
    TOOLS,
    USED,
    VALUE,
    Findings,
    Said,
    find,
    starts_at,
)
from integrations.sandbox.model.letter import Letter, Writer
from integrations.sandbox.model.reading import Brief, is_placeholder, read_brief

MOST_ACTIONS = 12
NOTE_SENTENCES, MOST_TASKS = 2, 3
NO_TRANSCRIPT = "There is no transcript in this request, so there is nothing to follow up on."


def answer(request: Mapping[str, Any]) -> str:
    """The text of the answer: JSON of the asked schema, the e-mail as prose, else mere talk."""
    brief = read_brief(request)
    schema = _schema(request)
    if not brief.utterances:
        empty: dict[str, Any] = {"summary": NO_TRANSCRIPT, "language": brief.wishes.language}
        return converse(request) if schema is None else _json(fill(schema, empty))
    findings = find(brief)
    writer = Writer(brief, findings)
    letter = writer.letter()
    if schema is None:
        return f"{letter.subject}\n\n{letter.body}"
    return _json(fill(schema, _material(brief, findings, writer, letter)))


def _schema(request: Mapping[str, Any]) -> Mapping[str, Any] | None:
    form = (request.get("output_config") or {}).get("format") or {}
    return form.get("schema") if form.get("type") == "json_schema" else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _material(brief: Brief, findings: Findings, writer: Writer, letter: Letter) -> dict[str, Any]:
    """Everything the model can tell, under the names a schema is likely to use."""
    statements = [{"text": s.text, "lines": list(s.lines)} for s in letter.statements]
    note = _note(brief, findings, writer)
    return {
        "subject": letter.subject,
        "body": letter.body,
        "summary": writer.summary(),
        "action_items": [_action(brief, writer, said) for said in findings.promises[:MOST_ACTIONS]],
        "crm_note": note,
        "next_meeting": _next_meeting(brief, findings),
        "evidence": [s for s in statements if s["lines"]],
        "key_points": [p.text for said in findings.facts[:6] if (p := writer.point(said))],
        "language": brief.wishes.language,
        "lines": sorted({number for s in letter.statements for number in s.lines}),
        **note,
    }


def _action(brief: Brief, writer: Writer, said: Said) -> dict[str, Any]:
    today = brief.held.date() if brief.held else None
    text = writer.task(said)
    due = deadline(text, today)
    return {
        "text": text,
        "owner": "" if is_placeholder(said.speaker) else said.speaker,
        "due": due.isoformat() if due else "",
        "lines": [said.number],
        "quote": said.text,
    }


def _next_meeting(brief: Brief, findings: Findings) -> dict[str, Any] | None:
    agreement = findings.agreement
    if agreement is None:
        return None
    return {
        "starts_at": starts_at(agreement),
        "date": agreement.day.isoformat(),
        "time": agreement.at.isoformat("minutes") if agreement.at else "",
        "topic": brief.title,
        "subject": brief.title,
        "lines": list(agreement.lines),
        "agreed": True,
    }


def _note(brief: Brief, findings: Findings, writer: Writer) -> dict[str, str]:
    """The CRM note from what the guests said of themselves; a part nobody spoke of stays blank."""
    parts: dict[str, tuple[re.Pattern[str], ...]] = {
        "roadblocks": (ROADBLOCK,),
        "impact": (IMPACT, COST),
        "pain_points": (PAIN,),
        "tech_stack": (TOOLS, USED),
        "value": (VALUE, AMOUNT),
    }
    left = [said for said in findings.facts if said.speaker in brief.guests]
    note = {}
    for name, patterns in parts.items():
        fitting = [said for said in left if all(p.search(said.text) for p in patterns)]
        left = [said for said in left if said not in fitting]
        told = filter(None, (writer.report(said, n) for n, said in enumerate(fitting)))
        note[name] = " ".join(islice(told, NOTE_SENTENCES))
    owned = [said for said in findings.promises if not is_placeholder(said.speaker)]
    tasks = (f"{said.speaker}: {writer.task(said)}." for said in owned[:MOST_TASKS])
    return {**note, "next_steps": " ".join(tasks)}
