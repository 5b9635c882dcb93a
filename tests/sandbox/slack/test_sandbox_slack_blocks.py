"""Block Kit in messages: every limit, one by one."""

from typing import Any

import pytest

from integrations.sandbox.slack.blockkit.surfaces import check_message_blocks
from tests.sandbox.slack.slack_stage import actions, button, option, plain, section, text_input


def message(*blocks: dict[str, Any]) -> list[str]:
    return check_message_blocks(list(blocks)).texts()


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option("a")], **more}


def with_menu(**more: Any) -> dict[str, Any]:
    return section("x", accessory=select(**more))


def options(count: int) -> list[dict[str, Any]]:
    return [option(f"o{number}") for number in range(count)]


def confirming(**more: Any) -> dict[str, Any]:
    return actions(button("b", confirm={**CONFIRM, **more}))


CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("Really?"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
CHOICES = [option("a"), option("b")]
GOOD_MESSAGE_BLOCKS = [
    section("text", fields=[plain("f")], accessory=button("b", style="danger", confirm=CONFIRM)),
    {"type": "header", "text": plain("Head")},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [
            {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "i"},
            {"type": "mrkdwn", "text": "*hi*"},
        ],
    },
    actions(button("x"), {"type": "overflow", "action_id": "more", "options": CHOICES}),
    {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "i", "title": plain("t")},
    {"type": "markdown", "text": "# hello"},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "link", "url": "https://x.example", "text": "l"}],
                    }
                ],
            },
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "fb",
                "positive_button": {"text": plain("Good"), "value": "g"},
                "negative_button": {"text": plain("Bad"), "value": "b"},
            },
            {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "del"},
        ],
    },
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "a"}]],
        "column_settings": [{"align": "right"}],
    },
]


@pytest.mark.parametrize("block", GOOD_MESSAGE_BLOCKS, ids=lambda b: b["type"])
def test_every_block_the_product_may_use_is_taken(block: dict[str, Any]):
    assert message(block) == []


BAD_MESSAGES = [
    ("section text", [section("x" * 3001)], "3001"),
    ("empty text", [section("")], "more than 0"),
    ("nothing in a section", [{"type": "section"}], "text or fields"),
    ("eleven fields", [section("x", fields=[plain("f")] * 11)], "no more than 10"),
    ("long field", [section("x", fields=[plain("f" * 2001)])], "2001"),
    ("header", [{"type": "header", "text": plain("x" * 151)}], "151"),
    ("header mrkdwn", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported"),
    ("unknown field", [section("x", colour="red")], "additional property: colour"),
    ("unknown block", [{"type": "alert"}], "unsupported type: alert"),
    ("no type", [{"text": plain("x")}], "required field: type"),
    (
        "emoji in mrkdwn",
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        "emoji",
    ),
    (
        "verbatim in plain",
        [{"type": "section", "text": {**plain("x"), "verbatim": True}}],
        "verbatim",
    ),
    ("26 buttons", [actions(*[button(f"b{n}") for n in range(26)])], "no more than 25"),
    ("no buttons", [actions()], "no less than 1"),
    ("button text", [actions(button("b", "x" * 76))], "76"),
    ("button value", [actions(button("b", value="x" * 2001))], "2001"),
    ("button url", [actions(button("b", url="not a url"))], "url"),
    ("button style", [actions(button("b", style="green"))], "enum"),
    ("action_id", [actions(button("b" * 256))], "256"),
    ("twice the same action_id", [actions(button("b"), button("b"))], "already exists"),
    ("twice the same block_id", [actions(button("b")), actions(button("c"))], "already exists"),
    (
        "11 context elements",
        [{"type": "context", "elements": [plain("x")] * 11}],
        "no more than 10",
    ),
    (
        "six overflow options",
        [actions({"type": "overflow", "options": options(6)})],
        "no more than 5",
    ),
    ("101 options", [with_menu(options=options(101))], "no more than 100"),
    ("no options", [with_menu(options=[])], "no less than 1"),
    ("option text", [with_menu(options=[option("a", "x" * 76)])], "76"),
    ("option value", [with_menu(options=[option("v" * 151, "a")])], "151"),
    (
        "option description",
        [with_menu(options=[{**option("a"), "description": plain("d" * 76)}])],
        "76",
    ),
    (
        "mrkdwn option",
        [with_menu(options=[{"text": {"type": "mrkdwn", "text": "a"}, "value": "a"}])],
        "unsupported type: mrkdwn",
    ),
    ("initial not offered", [with_menu(initial_option=option("z"))], "among the options"),
    (
        "initial with other text",
        [with_menu(initial_option=option("a", "Other"))],
        "among the options",
    ),
    ("options and groups", [with_menu(option_groups=[])], "no less than 1"),
    (
        "neither options nor groups",
        [section("x", accessory={"type": "static_select"})],
        "either options",
    ),
    ("11 checkboxes", [actions({"type": "checkboxes", "options": options(11)})], "no more than 10"),
    ("placeholder", [with_menu(placeholder=plain("p" * 151))], "151"),
    ("confirm title", [confirming(title=plain("t" * 101))], "101"),
    ("confirm text", [confirming(text=plain("t" * 301))], "301"),
    ("confirm button", [confirming(deny=plain("t" * 31))], "31"),
    ("confirm without deny", [confirming(deny=None)], "deny"),
    ("bad date", [actions({"type": "datepicker", "initial_date": "21.11.2026"})], "date"),
    ("bad time", [actions({"type": "timepicker", "initial_time": "25:00"})], "time"),
    (
        "datetimepicker in a section",
        [section("x", accessory={"type": "datetimepicker"})],
        "unsupported",
    ),
    ("multi menu in actions", [actions({"type": "multi_users_select"})], "unsupported"),
    ("text input in actions", [actions({"type": "plain_text_input"})], "unsupported"),
    ("input in a message", [text_input("a")], "unsupported type: input"),
    ("image without alt", [{"type": "image", "image_url": "https://x.example/i.png"}], "alt_text"),
    ("image without source", [{"type": "image", "alt_text": "i"}], "image_url"),
    ("markdown sum", [{"type": "markdown", "text": "x" * 7000}] * 2, "12001"),
    (
        "two tables",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2,
        "one table",
    ),
    (
        "101 rows",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101}],
        "no more than 100",
    ),
    (
        "21 columns",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}],
        "no more than 20",
    ),
    ("51 blocks", [{"type": "divider"}] * 51, "no more than 50"),
    (
        "six context actions",
        [
            {
                "type": "context_actions",
                "elements": [{"type": "icon_button", "icon": "trash", "text": plain("x")}] * 6,
            }
        ],
        "no more than 5",
    ),
    (
        "rich text style",
        [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "x", "style": {"big": True}}],
                    }
                ],
            }
        ],
        "big",
    ),
    ("focus in a message", [with_menu(focus_on_load=True)], "focus_on_load"),
    ("block_id", [section("x", block_id="b" * 256)], "256"),
    ("number as text", [section("x", accessory=button("b", value=7))], "must be a string"),
]


@pytest.mark.parametrize(
    ("blocks", "said"), [bad[1:] for bad in BAD_MESSAGES], ids=[bad[0] for bad in BAD_MESSAGES]
)
def test_a_message_slack_would_refuse_is_refused(blocks: list[dict[str, Any]], said: str):
    problems = message(*blocks)
    assert any(said in problem for problem in problems), problems


def test_the_same_action_id_in_two_blocks_is_allowed():
    rows = [actions(button("pick"), block_id=f"row{n}") for n in range(3)]
    assert message(*rows) == []
