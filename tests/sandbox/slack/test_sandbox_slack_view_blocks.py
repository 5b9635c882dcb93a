"""Block Kit in modals and home tabs: every limit, one by one."""

from typing import Any

import pytest

from integrations.sandbox.slack.blockkit.surfaces import check_view
from tests.sandbox.slack.slack_stage import (
    button,
    field_of,
    modal,
    option,
    plain,
    section,
    text_input,
)


def view(*blocks: dict[str, Any], **more: Any) -> list[str]:
    return check_view(modal(*blocks, **more), "modal").texts()


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option("a")], **more}


def field(**element: Any) -> dict[str, Any]:
    return modal(field_of(element))


CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("Really?"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
CHOICES = [option("a"), option("b")]
GOOD_FIELDS = [
    {"type": "plain_text_input", "multiline": True, "initial_value": "x", "max_length": 10},
    {"type": "email_text_input", "initial_value": "a@b.example"},
    {"type": "url_text_input", "placeholder": plain("https://…")},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"},
    {"type": "rich_text_input"},
    select(placeholder=plain("Pick"), confirm=CONFIRM, initial_option=option("a")),
    {"type": "static_select", "option_groups": [{"label": plain("G"), "options": CHOICES}]},
    {"type": "multi_static_select", "options": CHOICES, "initial_options": [option("b")]},
    {"type": "external_select", "min_query_length": 0, "initial_option": option("z")},
    {"type": "multi_external_select", "max_selected_items": 3},
    {"type": "users_select", "initial_user": "U0ADA"},
    {"type": "multi_users_select", "initial_users": ["U0ADA"]},
    {"type": "conversations_select", "default_to_current_conversation": True},
    {"type": "channels_select"},
    {"type": "datepicker", "initial_date": "2026-11-21"},
    {"type": "timepicker", "initial_time": "09:30", "timezone": "Europe/Rome"},
    {"type": "datetimepicker", "initial_date_time": 1795000000},
    {"type": "checkboxes", "options": CHOICES, "initial_options": [option("a")]},
    {"type": "radio_buttons", "options": CHOICES, "initial_option": option("b")},
]


@pytest.mark.parametrize("element", GOOD_FIELDS, ids=lambda e: e["type"])
def test_every_input_the_product_may_use_is_taken(element: dict[str, Any]):
    assert view(field_of({"action_id": "a", **element})) == []


BAD_VIEWS = [
    ("title", modal(section("x"), title="t" * 25), "25"),
    ("empty title", modal(section("x"), title=""), "more than 0"),
    ("no title", {k: v for k, v in modal(section("x")).items() if k != "title"}, "title"),
    ("submit", modal(section("x"), submit=plain("s" * 25)), "25"),
    ("close", modal(section("x"), close=plain("c" * 25)), "25"),
    ("mrkdwn title", modal(section("x")) | {"title": {"type": "mrkdwn", "text": "t"}}, "mrkdwn"),
    ("private_metadata", modal(section("x"), private_metadata="p" * 3001), "3001"),
    ("callback_id", modal(section("x"), callback_id="c" * 256), "256"),
    ("no blocks", modal(), "no less than 1"),
    ("101 blocks", modal(*[{"type": "divider"}] * 101), "no more than 100"),
    ("input without submit", modal(text_input("a"), submit=None), "submit"),
    ("state sent back", modal(section("x"), state={"values": {}}), "state"),
    ("id sent back", modal(section("x"), id="V1", hash="1"), "additional property: id"),
    ("markdown in a view", modal({"type": "markdown", "text": "x"}), "unsupported"),
    ("table in a view", modal({"type": "table", "rows": []}), "unsupported"),
    ("label", modal(field_of({"type": "plain_text_input"}, label=plain("l" * 2001))), "2001"),
    ("hint", modal(field_of({"type": "plain_text_input"}, hint=plain("h" * 2001))), "2001"),
    (
        "mrkdwn label",
        modal(field_of({"type": "plain_text_input"}, label={"type": "mrkdwn", "text": "l"})),
        "mrkdwn",
    ),
    ("long initial", modal(text_input("a", initial_value="x" * 3001)), "3001"),
    (
        "initial over its maximum",
        modal(text_input("a", initial_value="abc", max_length=2)),
        "3 characters",
    ),
    ("max_length", modal(text_input("a", max_length=3001)), "3000"),
    ("min over max", modal(text_input("a", min_length=9, max_length=8)), "min_length"),
    ("button as input", modal(field_of(button("b"))), "unsupported type: button"),
    (
        "number without decimals word",
        modal(field_of({"type": "number_input"})),
        "is_decimal_allowed",
    ),
    (
        "number as a number",
        field(type="number_input", is_decimal_allowed=True, initial_value=3),
        "string",
    ),
    (
        "unknown trigger",
        modal(text_input("a", dispatch_action_config={"trigger_actions_on": ["on_blur"]})),
        "enum",
    ),
    (
        "two in focus",
        modal(text_input("a", focus_on_load=True), text_input("b", focus_on_load=True)),
        "focus_on_load",
    ),
]


@pytest.mark.parametrize(
    ("document", "said"), [bad[1:] for bad in BAD_VIEWS], ids=[bad[0] for bad in BAD_VIEWS]
)
def test_a_modal_slack_would_refuse_is_refused(document: dict[str, Any], said: str):
    problems = check_view(document, "modal").texts()
    assert any(said in problem for problem in problems), problems


def test_a_home_tab_has_no_buttons_of_a_modal():
    home = {"type": "home", "blocks": [section("x"), text_input("a")]}
    assert check_view(home, "home").texts() == []
    for name in ("title", "submit", "close"):
        assert name in check_view({**home, name: plain("x")}, "home").texts()[0]
