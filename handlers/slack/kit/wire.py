"""Slack's payloads as they arrive: which kind one is, and whether it can be one at all."""

from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]

# What Bolt and our readers take for granted, by kind: a key, and what is under it.
GRANTED: Mapping[str, Mapping[str, type]] = {
    "command": {"command": str},
    "event": {"event": dict},
    "block_actions": {"actions": list, "user": dict},
    "block_suggestion": {"action_id": str, "user": dict},
    "view_submission": {"view": dict, "user": dict},
    "view_closed": {"view": dict, "user": dict},
    "shortcut": {"callback_id": str, "user": dict},
    "message_action": {"callback_id": str, "user": dict},
}
INSIDE: Mapping[str, Mapping[str, type]] = {
    "event": {"type": str},
    "actions": {"action_id": str},
    "view": {"id": str, "callback_id": str},
    "user": {"id": str},
}


def kind_of(body: Body) -> str:
    """Slack's name of the payload: its `type`, or `command`, or `event`."""
    if "command" in body:
        return "command"
    kind = body.get("type")
    if kind == "event_callback":
        return "event"
    return kind if isinstance(kind, str) else ""


def plausible(body: Body) -> bool:
    """Whether everything that is taken for granted of this kind is there; unknown kinds are."""
    granted = GRANTED.get(kind_of(body), {})
    return _has(body, granted) and all(_sound(body[key], INSIDE.get(key)) for key in granted)


def _sound(value: object, wanted: Mapping[str, type] | None) -> bool:
    if wanted is None:
        return True
    if isinstance(value, list):
        return bool(value) and _sound(value[0], wanted)
    return isinstance(value, Mapping) and _has(value, wanted)


def _has(body: Body, wanted: Mapping[str, type]) -> bool:
    return all(isinstance(body.get(key), kind) for key, kind in wanted.items())
