"""Whether the model calls a tool, and with what: the same for the same request."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.model.filling import fill

LEAST_WORD = 4  # letters; shorter words of a tool's name say nothing about what it is for

_NAME = re.compile(r"\b[A-Z]\w+")
_PARTS = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that may be called, with the JSON schema of its arguments."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool."""

    name: str
    arguments: Mapping[str, Any]


def call(tools: Sequence[Tool], choice: str, asked: str) -> Call | None:
    """What is called for the last words of the user, "" when a tool has just answered.

    `choice` is `auto` (a tool whose name is about what was asked), `none`, `any`, or a name.
    """
    about = asked.lower()
    fitting = [
        tool
        for tool in tools
        if any(len(w) >= LEAST_WORD and w.lower() in about for w in _PARTS.findall(tool.name))
    ]
    found = {"none": [], "auto": fitting if asked else [], "any": [*fitting, *tools]}
    chosen = found.get(choice, [tool for tool in tools if tool.name == choice])
    return _filled(chosen[0], asked) if chosen else None


def _filled(tool: Tool, asked: str) -> Call:
    """Texts among the arguments are the last name that was mentioned, else all that was asked."""
    named = _NAME.findall(asked)
    guess = dict.fromkeys(tool.schema.get("properties", {}), named[-1] if named else asked)
    return Call(tool.name, fill({"type": "object", **tool.schema}, guess))
