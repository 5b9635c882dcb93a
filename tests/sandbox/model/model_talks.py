"""Meetings as the model's stand-in is sent them, and what it answers."""

import json
from datetime import date
from typing import Any

from integrations.sandbox.kit.meetings import add_cast
from integrations.sandbox.kit.world import World, empty_world
from integrations.sandbox.model.answering import answer
from tests.sandbox.outside_stage import FIRST_ID, NOON

WEDNESDAY = date(2026, 11, 18)
TEXT = {"type": "string"}
LINES = {"type": "array", "items": {"type": "integer"}}


def closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def listed(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": closed(**properties)}


NEXT = closed(starts_at=TEXT, topic=TEXT, lines=LINES)
SCHEMA = closed(
    subject=TEXT,
    body=TEXT,
    summary=TEXT,
    action_items=listed(text=TEXT, owner=TEXT, due=TEXT, lines=LINES),
    crm_note=closed(tech_stack=TEXT, pain_points=TEXT, impact=TEXT, value=TEXT, roadblocks=TEXT),
    next_meeting={"anyOf": [NEXT, {"type": "null"}]},
    evidence=listed(text=TEXT, lines=LINES),
)


def cast_world() -> World:
    """A world with the cast's meetings in it."""
    world = empty_world(NOON)
    add_cast(world)
    return world


def asked_of(document: list[str], wishes: str) -> dict[str, Any]:
    """What the model answers about a document."""
    content = [
        {"type": "text", "text": "\n".join(document)},
        {"type": "text", "text": wishes},
    ]
    request = {
        "messages": [{"role": "user", "content": content}],
        "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
    }
    return dict(json.loads(answer(request)))


def talk(*said: str, wishes: str = "", guests: tuple[str, ...] = ("Bo Berg",)) -> dict[str, Any]:
    """What the model answers about a meeting of Ada's on a Wednesday in which this was said."""
    document = [
        "Title: Alpha: kick-off",
        f"Held: {WEDNESDAY:%A %Y-%m-%d} 10:00",
        "Recorded by: Ada Whitfield <ada@home.example> (inside the company)",
        *(f"Guest: {name} <x@acme.example> (outside the company)" for name in guests),
        "<transcript>",
        *(f"[{number}] 00:00:01 {line}" for number, line in enumerate(said, 1)),
        "</transcript>",
    ]
    return asked_of(document, f"Sender: Ada Whitfield\n{wishes}")


def write(world: World, number: int, wishes: str = "") -> dict[str, Any]:
    """What the model answers about a meeting of the cast."""
    meeting = next(m for m in world.meetings if m.recording_id == FIRST_ID + number)
    side = {True: "outside", False: "inside"}
    document = [
        f"Title: {meeting.title}",
        f"Held: {meeting.started_at:%A %Y-%m-%d %H:%M}",
        f"Recorded by: {meeting.owner.real_name} <x@y> (inside the company)",
        *(
            f"Guest: {g.name} <{g.email}> ({side[g.is_external]} the company)"
            for g in meeting.guests
        ),
        "<transcript>",
        *(f"[{n}] 00:00:01 {line.speaker}: {line.text}" for n, line in enumerate(meeting.lines, 1)),
        "</transcript>",
    ]
    return asked_of(document, f"Sender: {meeting.owner.real_name}\n{wishes}")
