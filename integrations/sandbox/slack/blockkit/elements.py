"""Block Kit's interactive elements, and in which block each of them may stand."""

from collections.abc import Mapping

from integrations.sandbox.slack.blockkit import objects
from integrations.sandbox.slack.blockkit.checks import (
    Check,
    Json,
    Problems,
    boolean,
    literal,
    many,
    record,
    string,
    whole,
)
from integrations.sandbox.slack.blockkit.objects import (
    CONFIRM,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    RICH_OPTION,
    URL,
    initial_among_options,
    options_or_groups,
    plain,
)
from integrations.sandbox.slack.blockkit.richtext import RICH_TEXT

MOST_CHOICES = 10  # checkboxes, radio_buttons
MOST_OVERFLOW = 5
LONGEST_INPUT = 3000
MOST_FILES = 10

_ID = string(255)
_SMALL = string(75)
_DATE = string(10, pattern=r"\d{4}-\d{2}-\d{2}", hint="must be a date: YYYY-MM-DD")
_TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d", hint="must be a time: HH:mm")
_NUMBER = string(255, pattern=r"-?\d+(\.\d+)?", hint="must be a number in a string")
_COMMON: dict[str, Check] = {"action_id": _ID}
_ASKED: dict[str, Check] = {**_COMMON, "confirm": CONFIRM, "focus_on_load": boolean}
_MENU: dict[str, Check] = {**_ASKED, "placeholder": plain(150)}
_MULTI: dict[str, Check] = {**_MENU, "max_selected_items": whole(1, 100)}
_TYPED: dict[str, Check] = {
    **_COMMON,
    "placeholder": plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": objects.DISPATCH,
}


def _element(
    kind: str,
    required: Mapping[str, Check],
    optional: Mapping[str, Check],
    *rules: Check,
) -> tuple[str, Check]:
    return kind, record({"type": literal(kind), **required}, optional, rules)


def _lengths(value: Json, at: str, problems: Problems) -> None:
    low, high = value.get("min_length", 0), value.get("max_length", LONGEST_INPUT)
    if low > high:
        problems.add(at, "min_length must not be greater than max_length")
    initial = value.get("initial_value")
    if initial and len(initial) > high:
        problems.add(f"{at}/initial_value", f"must be less than {high + 1} characters")


def _numbers(value: Json, at: str, problems: Problems) -> None:
    low, high = value.get("min_value"), value.get("max_value")
    if low is not None and high is not None and float(low) > float(high):
        problems.add(at, "min_value must not be greater than max_value")


_BUTTON = dict(
    [
        _element(
            "button",
            {"text": plain(75)},
            {
                **_COMMON,
                "url": URL,
                "value": string(2000),
                "style": literal("primary", "danger"),
                "confirm": CONFIRM,
                "accessibility_label": _SMALL,
                "agent_prompt": string(4000),
                "agent_prompt_display": string(4000),
            },
        ),
        _element(
            "overflow",
            {"options": many(objects.OVERFLOW_OPTION, MOST_OVERFLOW)},
            {**_COMMON, "confirm": CONFIRM},
        ),
    ]
)
_MENUS = dict(
    [
        _element(
            "static_select",
            {},
            {
                **_MENU,
                "options": OPTIONS,
                "option_groups": OPTION_GROUPS,
                "initial_option": OPTION,
            },
            options_or_groups,
            initial_among_options,
        ),
        _element(
            "external_select",
            {},
            {**_MENU, "initial_option": OPTION, "min_query_length": whole(0, 100)},
        ),
        _element("users_select", {}, {**_MENU, "initial_user": _ID}),
        _element(
            "channels_select",
            {},
            {**_MENU, "initial_channel": _ID, "response_url_enabled": boolean},
        ),
        _element(
            "conversations_select",
            {},
            {
                **_MENU,
                "initial_conversation": _ID,
                "default_to_current_conversation": boolean,
                "response_url_enabled": boolean,
                "filter": objects.CONVERSATION_FILTER,
            },
        ),
    ]
)
_MULTI_MENUS = dict(
    [
        _element(
            "multi_static_select",
            {},
            {
                **_MULTI,
                "options": OPTIONS,
                "option_groups": OPTION_GROUPS,
                "initial_options": OPTIONS,
            },
            options_or_groups,
            initial_among_options,
        ),
        _element(
            "multi_external_select",
            {},
            {**_MULTI, "initial_options": OPTIONS, "min_query_length": whole(0, 100)},
        ),
        _element("multi_users_select", {}, {**_MULTI, "initial_users": many(_ID, 100)}),
        _element("multi_channels_select", {}, {**_MULTI, "initial_channels": many(_ID, 100)}),
        _element(
            "multi_conversations_select",
            {},
            {
                **_MULTI,
                "initial_conversations": many(_ID, 100),
                "default_to_current_conversation": boolean,
                "filter": objects.CONVERSATION_FILTER,
            },
        ),
    ]
)
_PICKERS = dict(
    [
        _element("datepicker", {}, {**_MENU, "initial_date": _DATE}),
        _element("timepicker", {}, {**_MENU, "initial_time": _TIME, "timezone": _SMALL}),
        _element(
            "checkboxes",
            {"options": many(RICH_OPTION, MOST_CHOICES)},
            {**_ASKED, "initial_options": many(RICH_OPTION, MOST_CHOICES)},
            initial_among_options,
        ),
        _element(
            "radio_buttons",
            {"options": many(RICH_OPTION, MOST_CHOICES)},
            {**_ASKED, "initial_option": RICH_OPTION},
            initial_among_options,
        ),
    ]
)
_MOMENT = dict(
    [
        _element(
            "datetimepicker",
            {},
            {**_ASKED, "initial_date_time": whole(10**9, 10**10 - 1)},
        )
    ]
)
_FIELDS = dict(
    [
        _element(
            "plain_text_input",
            {},
            {
                **_TYPED,
                "initial_value": string(LONGEST_INPUT, shortest=0),
                "multiline": boolean,
                "min_length": whole(0, LONGEST_INPUT),
                "max_length": whole(1, LONGEST_INPUT),
            },
            _lengths,
        ),
        _element("email_text_input", {}, {**_TYPED, "initial_value": string(255, shortest=0)}),
        _element("url_text_input", {}, {**_TYPED, "initial_value": string(3000, shortest=0)}),
        _element(
            "number_input",
            {"is_decimal_allowed": boolean},
            {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
            _numbers,
        ),
        _element(
            "file_input",
            {},
            {**_COMMON, "filetypes": many(string(30), 100), "max_files": whole(1, MOST_FILES)},
        ),
        _element("rich_text_input", {}, {**_TYPED, "initial_value": RICH_TEXT}),
    ]
)
_FEEDBACK_BUTTON = record(
    {"text": plain(75), "value": string(2000)}, {"accessibility_label": _SMALL}
)
CONTEXT_ACTIONS = dict(
    [
        _element(
            "feedback_buttons",
            {"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON},
            _COMMON,
        ),
        _element(
            "icon_button",
            {"icon": literal("trash"), "text": plain(75)},
            {
                **_COMMON,
                "value": string(2000),
                "confirm": CONFIRM,
                "accessibility_label": _SMALL,
                "visible_to_user_ids": many(_ID, 100),
            },
        ),
    ]
)
# Where each element may stand: the "works with block types" lines of its reference page.
IN_ACTIONS = {**_BUTTON, **_MENUS, **_PICKERS, **_MOMENT}
IN_SECTION = {**_BUTTON, **_MENUS, **_MULTI_MENUS, **_PICKERS}
IN_INPUT = {**_MENUS, **_MULTI_MENUS, **_PICKERS, **_MOMENT, **_FIELDS}
