"""Form encoding as Stripe reads it, and which parameters an operation takes: unknown ones are
refused, values are typed."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from integrations.sandbox.stripe.errors import Json, invalid

Kind = Callable[[object, str], Any]
Shape = Mapping[str, Kind]

WORD = re.compile(r"[^\[\]]+|\[\]")
MOST_METADATA, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500
EVERYWHERE = "expand"


def read_form(text: str) -> Json:
    """`a[b][0][c]=x` as {"a": {"b": [{"c": "x"}]}}; `a[]=x` appends."""
    tree: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(tree, WORD.findall(name), value, name)
    return {name: _listed(value) for name, value in tree.items()}


def checked(given: Json, shape: Shape, at: str = "") -> Json:
    """The typed values. StripeFault `parameter_unknown` and the like."""
    unknown = [name for name in given if name not in shape]
    if unknown:
        names = [f"{at}[{name}]" if at else name for name in unknown]
        many = "s" if len(names) > 1 else ""
        text = f"Received unknown parameter{many}: {', '.join(names)}"
        raise invalid(text, names[0], "parameter_unknown")
    return {
        name: shape[name](value, f"{at}[{name}]" if at else name) for name, value in given.items()
    }


def needed(given: Json, *names: str) -> None:
    """StripeFault `parameter_missing` unless all are there."""
    for name in names:
        if given.get(name) in (None, "", [], {}):
            raise invalid(f"Missing required param: {name}.", name, "parameter_missing")


def text(value: object, at: str) -> str:
    """A string; "" unsets."""
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {value}", at)
    return value


def integer(value: object, at: str) -> int:
    """A whole number."""
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value):
        raise invalid(f"Invalid integer: {value}", at, "parameter_invalid_integer")
    return int(value)


def flag(value: object, at: str) -> bool:
    """true or false."""
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", at)
    return value == "true"


def one_of(*words: str) -> Kind:
    """One of these."""

    def read(value: object, at: str) -> str:
        if value not in words:
            listed = ", ".join(words)
            raise invalid(f"Invalid {at}: must be one of {listed}", at)
        return str(value)

    return read


def moment(value: object, at: str) -> int | str:
    """Seconds since 1970; "" unsets."""
    return "" if value == "" else integer(value, at)


def listed(kind: Kind) -> Kind:
    """An array of these; "" is the empty one."""

    def read(value: object, at: str) -> list[Any]:
        if value == "":
            return []
        if not isinstance(value, list):
            raise invalid("Invalid array", at)
        return [kind(item, f"{at}[{index}]") for index, item in enumerate(value)]

    return read


def inside(shape: Shape) -> Kind:
    """An object of these; "" unsets."""

    def read(value: object, at: str) -> Json | str:
        if value == "":
            return ""
        if not isinstance(value, dict):
            raise invalid("Invalid object", at)
        return checked(value, shape, at)

    return read


def metadata(value: object, at: str) -> dict[str, str]:
    """Strings by strings, within Stripe's limits; "" for the whole clears."""
    if value == "":
        return {}
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise invalid(f"Invalid {at}: must be strings by strings", at)
    if len(value) > MOST_METADATA or any(
        len(k) > LONGEST_KEY or len(v) > LONGEST_VALUE for k, v in value.items()
    ):
        raise invalid("Metadata is limited to 50 keys of 40 and values of 500 characters", at)
    return dict(value)


def ranged(value: object, at: str) -> Json:
    """A moment, or `gte`, `gt`, `lte`, `lt` of moments."""
    if isinstance(value, str):
        exact = integer(value, at)
        return {"gte": exact, "lte": exact}
    bounds = inside({name: integer for name in ("gte", "gt", "lte", "lt")})(value, at)
    return bounds if isinstance(bounds, dict) else {}


def _put(tree: Json, path: list[str], value: str, name: str) -> None:
    here: Json = tree
    for step in path[:-1]:
        here = here.setdefault(str(len(here)) if step == "[]" else step, {})
        if not isinstance(here, dict):
            raise invalid(f"Invalid request: {name} is given twice", name)
    last = path[-1] if path else ""
    here[str(len(here)) if last == "[]" else last] = value


def _listed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    items = {name: _listed(item) for name, item in value.items()}
    if items and all(name.isdecimal() for name in items):
        return [items[name] for name in sorted(items, key=int)]
    return items
