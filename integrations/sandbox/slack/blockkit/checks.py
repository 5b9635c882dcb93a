"""The few kinds of check from which every rule of Block Kit is put together."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = dict[str, Any]


class Problems:
    """What is wrong with a payload, in Slack's words, each with its JSON pointer."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, pointer: str, text: str) -> None:
        """Note one problem at one place."""
        self._found.append((pointer, text))

    def __len__(self) -> int:
        return len(self._found)

    def texts(self) -> list[str]:
        """As in the `errors` list of an `invalid_blocks` answer."""
        return [f"{text} [json-pointer:{pointer}]" for pointer, text in self._found]

    def messages(self) -> list[str]:
        """As in `response_metadata.messages`."""
        return [f"[ERROR] {text}" for text in self.texts()]


# A check looks at a value, its JSON pointer, and notes what it finds wrong.
Check = Callable[[Any, str, Problems], None]


def string(longest: int, *, shortest: int = 1, pattern: str = "", hint: str = "") -> Check:
    """Text of `shortest` to `longest` characters, optionally of a certain form."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(at, "must be a string")
        elif len(value) > longest:
            problems.add(at, f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            problems.add(at, f"must be more than {shortest - 1} characters")
        elif pattern and not re.fullmatch(pattern, value):
            problems.add(at, hint or "does not match the expected format")

    return check


def whole(lowest: int, highest: int) -> Check:
    """An integer within bounds."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            problems.add(at, "must be an integer")
        elif not lowest <= value <= highest:
            problems.add(at, f"must be between {lowest} and {highest}")

    return check


def boolean(value: Any, at: str, problems: Problems) -> None:
    """True or false, not their spelling."""
    if not isinstance(value, bool):
        problems.add(at, "must be a boolean")


def literal(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if value not in allowed:
            problems.add(at, f"must be a valid enum value: {', '.join(allowed)}")

    return check


def many(item: Check, most: int, *, least: int = 1) -> Check:
    """A list of `least` to `most` items, each passing its own check."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add(at, "must be an array")
            return
        if len(value) > most:
            problems.add(at, f"no more than {most} items allowed")
        if len(value) < least:
            problems.add(at, f"no less than {least} items allowed")
        for index, member in enumerate(value):
            item(member, f"{at}/{index}", problems)

    return check


def record(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    rules: Iterable[Check] = (),
) -> Check:
    """An object with exactly these fields; `rules` look at the whole once its fields are sound."""
    fields = {**required, **(optional or {})}
    whole_rules = tuple(rules)

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(at, "must provide an object")
            return
        before = len(problems)
        for name in required:
            if value.get(name) is None:
                problems.add(at, f"missing required field: {name}")
        _check_fields(value, fields, at, problems)
        if len(problems) == before:
            for rule in whole_rules:
                rule(value, at, problems)

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` decides which check it must pass."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(at, "must provide an object")
        elif "type" not in value:
            problems.add(at, "missing required field: type")
        elif value["type"] not in kinds:
            problems.add(f"{at}/type", f"unsupported type: {value['type']}")
        else:
            kinds[value["type"]](value, at, problems)

    return check


def _check_fields(value: Json, fields: Mapping[str, Check], at: str, problems: Problems) -> None:
    for name, member in value.items():
        if name not in fields:
            problems.add(at, f"invalid additional property: {name}")
        elif member is not None:
            fields[name](member, f"{at}/{name}", problems)
