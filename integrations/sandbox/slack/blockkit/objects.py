"""Block Kit's composition objects: texts, options, groups, confirm dialogs, filters."""

from typing import Any

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

# Figures: specs/slack-limits.json (slack_sdk 3.47 class constants and docs.slack.dev).
LONGEST_OPTION_TEXT = 75
LONGEST_OPTION_VALUE = 150
LONGEST_URL = 3000
MOST_OPTIONS = 100
ANY_TEXT = 3000

URL = string(LONGEST_URL, pattern=r"https?://\S+|mailto:\S+|slack://\S+", hint="invalid url")


def plain(longest: int, *, shortest: int = 1) -> Check:
    """A plain_text object."""
    return by_type({"plain_text": _plain(longest, shortest)})


def rich(longest: int) -> Check:
    """A plain_text or mrkdwn object."""
    mrkdwn = record(
        {"type": literal("mrkdwn"), "text": string(longest)},
        {"verbatim": boolean},
    )
    return by_type({"plain_text": _plain(longest, 1), "mrkdwn": mrkdwn})


def _plain(longest: int, shortest: int) -> Check:
    return record(
        {"type": literal("plain_text"), "text": string(longest, shortest=shortest)},
        {"emoji": boolean},
    )


CONFIRM = record(
    {"title": plain(100), "text": rich(300), "confirm": plain(30), "deny": plain(30)},
    {"style": literal("primary", "danger")},
)

_VALUE = string(LONGEST_OPTION_VALUE)
# Menus show plain text only; check boxes and radio buttons may show formatted text.
OPTION = record(
    {"text": plain(LONGEST_OPTION_TEXT), "value": _VALUE},
    {"description": plain(LONGEST_OPTION_TEXT)},
)
RICH_OPTION = record(
    {"text": rich(LONGEST_OPTION_TEXT), "value": _VALUE},
    {"description": rich(LONGEST_OPTION_TEXT)},
)
OVERFLOW_OPTION = record(
    {"text": plain(LONGEST_OPTION_TEXT), "value": _VALUE},
    {"description": plain(LONGEST_OPTION_TEXT), "url": URL},
)
OPTIONS = many(OPTION, MOST_OPTIONS)
OPTION_GROUP = record({"label": plain(75), "options": OPTIONS})
OPTION_GROUPS = many(OPTION_GROUP, 100)

DISPATCH = record(
    {},
    {"trigger_actions_on": many(literal("on_enter_pressed", "on_character_entered"), 2, least=1)},
)
CONVERSATION_FILTER = record(
    {},
    {
        "include": many(literal("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def options_or_groups(value: Json, at: str, problems: Problems) -> None:
    """A static menu has either options or option_groups."""
    if ("options" in value) == ("option_groups" in value):
        problems.add(at, "must provide either options or option_groups")


def initial_among_options(value: Json, at: str, problems: Problems) -> None:
    """What is chosen at first must equal one of the options: the same value and text."""
    offered = [bare(option) for option in offered_options(value)]
    initial = value.get("initial_options") or [value.get("initial_option")]
    for option in initial:
        if option is not None and bare(option) not in offered:
            problems.add(at, "initial_option(s) must be among the options")


def offered_options(value: Json) -> list[Json]:
    """The options of a static menu, those in groups included."""
    options = list(value.get("options") or ())
    for group in value.get("option_groups") or ():
        options += group["options"]
    return options


def bare(value: Any) -> Any:
    """A composition object without the fields which Slack fills in by itself."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in ("emoji", "verbatim")}
    return value
