"""Fills any JSON schema from named material; what it has no word for stays empty."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
Material = Mapping[str, Any]

# Other names under which a schema may ask for the same thing.
NAMES = {
    "text": ("description", "task", "action", "what", "statement", "sentence", "content", "claim"),
    "owner": ("assignee", "who", "owner_name", "responsible", "speaker"),
    "due": ("due_date", "deadline", "by", "due_on", "when"),
    "lines": ("line_numbers", "evidence_lines", "supporting_lines", "transcript_lines", "sources"),
    "starts_at": ("start", "starts", "datetime", "start_time", "date_time", "start_at"),
    "date": ("day", "on"),
    "topic": ("about", "purpose", "reason"),
    "subject": ("email_subject", "subject_line", "title"),
    "body": ("email", "email_body", "message", "draft", "body_text", "answer", "reply"),
    "summary": ("recap", "overview", "abstract"),
    "action_items": ("actions", "tasks", "commitments", "todos", "to_dos"),
    "evidence": ("statements", "claims", "citations", "quotes"),
    "key_points": ("points", "discussed", "topics", "highlights", "facts"),
    "next_meeting": ("follow_up_meeting", "meeting", "proposed_meeting"),
    "crm_note": ("note", "crm"),
    "language": ("lang", "locale"),
}
_KNOWN_AS = {other: name for name, others in NAMES.items() for other in others}
_EMPTY: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "null": None}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def fill(schema: Schema, material: Material) -> Any:
    """A value of this schema. Every property is given, required or not."""
    return _value(schema, material, schema, material)


def _value(schema: Schema, given: Any, root: Schema, around: Material) -> Any:
    schema = _resolved(schema, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return _choice(schema["enum"], given)
    if "anyOf" in schema or "oneOf" in schema:
        options = schema.get("anyOf") or schema["oneOf"]
        return _union([_resolved(option, root) for option in options], given, root, around)
    if "allOf" in schema:
        return _value(_merged(schema["allOf"], root), given, root, around)
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        options = [{**schema, "type": one} for one in kind]
        return _union(options, given, root, around)
    return _typed(kind, schema, given, root, around)


def _typed(kind: str, schema: Schema, given: Any, root: Schema, around: Material) -> Any:
    if kind == "object":
        inner = given if isinstance(given, Mapping) else around if given is None else {}
        return {
            name: _value(part, _found(name, inner), root, inner)
            for name, part in schema.get("properties", {}).items()
        }
    if kind == "array":
        items = list(_items(given))[: schema.get("maxItems")]
        return [_value(schema.get("items", {"type": "string"}), i, root, _as_map(i)) for i in items]
    if kind == "string":
        return _text(given, schema.get("format"))
    if kind == "boolean":
        return bool(given)
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return given if is_number else _EMPTY.get(kind)


def _union(options: list[Schema], given: Any, root: Schema, around: Material) -> Any:
    """Null when nothing is known, else the first alternative that can hold what is."""
    nullable = any(option.get("type") == "null" for option in options)
    if nullable and given in (None, "", [], {}):
        return None
    fitting = [o for o in options if o.get("type") != "null" and _fits(o, given)]
    others = [o for o in options if o.get("type") != "null"]
    return _value((fitting or others or [{"type": "null"}])[0], given, root, around)


def _fits(option: Schema, given: Any) -> bool:
    if option.get("format") == "date" and not _ISO_DATE.match(str(given)):
        return False
    kinds = {"string": str, "array": list | tuple, "object": Mapping, "integer": int}
    wanted = kinds.get(str(option.get("type")))
    return wanted is not None and isinstance(given, wanted)


def _found(name: str, material: Material) -> Any:
    key = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    for candidate in (key, _KNOWN_AS.get(key, key)):
        if candidate in material:
            return material[candidate]
    if key.endswith(("_lines", "_evidence")) and "lines" in material:
        return material["lines"]
    return None


def _items(given: Any) -> Iterator[Any]:
    if isinstance(given, list | tuple):
        yield from given
    elif isinstance(given, str) and given:
        yield given


def _as_map(item: Any) -> Material:
    return item if isinstance(item, Mapping) else {}


def _text(given: Any, form: str | None) -> str:
    if isinstance(given, Mapping):
        given = given.get("text") or " ".join(str(v) for v in given.values() if isinstance(v, str))
    if isinstance(given, list | tuple):
        given = "\n".join(_text(item, None) for item in given)
    text = "" if given is None else str(given)
    if form == "date":
        match = _ISO_DATE.search(text)
        return match.group() if match else "1970-01-01"
    return text


def _choice(options: list[Any], given: Any) -> Any:
    if given in options:
        return given
    return None if None in options else options[0]


def _resolved(schema: Schema, root: Schema) -> Schema:
    for _ in range(8):  # references to references are rare, endless ones a mistake
        path = schema.get("$ref")
        if not path:
            break
        target: Any = root
        for part in str(path).removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def _merged(parts: list[Schema], root: Schema) -> Schema:
    merged: dict[str, Any] = {}
    for part in parts:
        merged.update(_resolved(part, root))
    return merged
