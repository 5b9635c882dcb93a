"""Block Kit's blocks, each with its limits, and which of them a surface takes."""

from integrations.sandbox.slack.blockkit.checks import (
    Check,
    Json,
    Problems,
    boolean,
    by_type,
    literal,
    many,
    record,
    string,
)
from integrations.sandbox.slack.blockkit.elements import (
    CONTEXT_ACTIONS,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
)
from integrations.sandbox.slack.blockkit.objects import ANY_TEXT, LONGEST_URL, URL, plain, rich
from integrations.sandbox.slack.blockkit.richtext import RICH_TEXT

LONGEST_MARKDOWN = 12_000
TABLE_ROWS = 100
TABLE_COLUMNS = 20

_ID: dict[str, Check] = {"block_id": string(255)}
_IMAGE_URL = string(LONGEST_URL, pattern=r"https?://\S+", hint="invalid image_url")
_SLACK_FILE = record({}, {"id": string(255), "url": URL})
_ALT = string(2000)


def _text_or_fields(value: Json, at: str, problems: Problems) -> None:
    if not value.get("text") and not value.get("fields"):
        problems.add(at, "missing required field: text or fields")


def _one_source(value: Json, at: str, problems: Problems) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        problems.add(at, "must provide either image_url or slack_file")


_IMAGE_ELEMENT = record(
    {"type": literal("image"), "alt_text": _ALT},
    {"image_url": _IMAGE_URL, "slack_file": _SLACK_FILE},
    (_one_source,),
)
_CONTEXT_TEXT = rich(ANY_TEXT)
_CELL = by_type(
    {
        "raw_text": record({"type": literal("raw_text"), "text": string(ANY_TEXT)}),
        "raw_number": record(
            {"type": literal("raw_number"), "text": string(255)}, {"value": lambda *_: None}
        ),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = record({}, {"align": literal("left", "center", "right"), "is_wrapped": boolean})


def _context_element(value: object, at: str, problems: Problems) -> None:
    is_image = isinstance(value, dict) and value.get("type") == "image"
    (_IMAGE_ELEMENT if is_image else _CONTEXT_TEXT)(value, at, problems)


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return record({"type": literal(kind), **required}, {**_ID, **optional})


_EVERYWHERE: dict[str, Check] = {
    "section": record(
        {"type": literal("section")},
        {
            **_ID,
            "text": rich(3000),
            "fields": many(rich(2000), 10),
            "accessory": by_type({**IN_SECTION, "image": _IMAGE_ELEMENT}),
            "expand": boolean,
        },
        (_text_or_fields,),
    ),
    "header": _block("header", {"text": plain(150)}, {}),
    "divider": _block("divider", {}, {}),
    "context": _block("context", {"elements": many(_context_element, 10)}, {}),
    "actions": _block("actions", {"elements": many(by_type(IN_ACTIONS), 25)}, {}),
    "image": record(
        {"type": literal("image"), "alt_text": _ALT},
        {**_ID, "image_url": _IMAGE_URL, "slack_file": _SLACK_FILE, "title": plain(2000)},
        (_one_source,),
    ),
    "rich_text": RICH_TEXT,
}
_INPUT = _block(
    "input",
    {"label": plain(2000), "element": by_type(IN_INPUT)},
    {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
)
_MESSAGE_ONLY: dict[str, Check] = {
    "markdown": _block("markdown", {"text": string(LONGEST_MARKDOWN)}, {}),
    "context_actions": _block(
        "context_actions", {"elements": many(by_type(CONTEXT_ACTIONS), 5)}, {}
    ),
    "table": _block(
        "table",
        {"rows": many(many(_CELL, TABLE_COLUMNS), TABLE_ROWS)},
        {"column_settings": many(_COLUMN, TABLE_COLUMNS)},
    ),
}
MESSAGE_BLOCK = by_type({**_EVERYWHERE, **_MESSAGE_ONLY})
VIEW_BLOCK = by_type({**_EVERYWHERE, "input": _INPUT})
