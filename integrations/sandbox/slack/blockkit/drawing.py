"""Blocks as Slack gives them back: every id present, every text object complete."""

import secrets
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.surfaces import interactive

_FILLED_IN = {"plain_text": ("emoji", True), "mrkdwn": ("verbatim", False)}


def drawn(blocks: list[Json]) -> list[Json]:
    """A deep copy with ids made up where the app gave none, as Slack does on each drawing."""
    result: list[Json] = [_completed(block) for block in blocks]
    for block in result:
        block.setdefault("block_id", _made_up_id())
        for element in interactive(block):
            element.setdefault("action_id", _made_up_id())
    return result


def completed_text(text: Any) -> Any:
    """A text object, or any other part of a payload, with Slack's defaults filled in."""
    return _completed(text)


def _completed(value: Any) -> Any:
    if isinstance(value, list):
        return [_completed(member) for member in value]
    if not isinstance(value, dict):
        return value
    copy = {name: _completed(member) for name, member in value.items() if member is not None}
    if copy.get("type") in _FILLED_IN and "text" in copy:
        name, default = _FILLED_IN[copy["type"]]
        copy.setdefault(name, default)
    return copy


def _made_up_id() -> str:
    return secrets.token_urlsafe(4)[:5]
