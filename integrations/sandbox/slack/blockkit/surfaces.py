"""What a message, a modal and a home tab may hold as a whole."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from integrations.sandbox.slack.blockkit.blocks import (
    LONGEST_MARKDOWN,
    MESSAGE_BLOCK,
    VIEW_BLOCK,
)
from integrations.sandbox.slack.blockkit.checks import (
    Check,
    Json,
    Problems,
    boolean,
    literal,
    many,
    record,
    string,
)
from integrations.sandbox.slack.blockkit.objects import plain

MOST_MESSAGE_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
LONGEST_VIEW_WORD = 24  # title, submit, close

_ANY_VIEW: dict[str, Check] = {
    "private_metadata": string(3000, shortest=0),
    "callback_id": string(255, shortest=0),
    "external_id": string(255, shortest=0),
}
_MESSAGE_BLOCKS = many(MESSAGE_BLOCK, MOST_MESSAGE_BLOCKS, least=0)
_VIEW_BLOCKS = many(VIEW_BLOCK, MOST_VIEW_BLOCKS)
_MODAL = record(
    {"type": literal("modal"), "title": plain(LONGEST_VIEW_WORD), "blocks": _VIEW_BLOCKS},
    {
        **_ANY_VIEW,
        "submit": plain(LONGEST_VIEW_WORD),
        "close": plain(LONGEST_VIEW_WORD),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = record({"type": literal("home"), "blocks": _VIEW_BLOCKS}, _ANY_VIEW)


def check_message_blocks(blocks: Any, at: str = "/blocks") -> Problems:
    """Everything wrong with a message's blocks."""
    problems = Problems()
    _MESSAGE_BLOCKS(blocks, at, problems)
    if len(problems) == 0:
        _check_ids(blocks, at, problems)
        _check_message_sums(blocks, at, problems)
        _check_focus(blocks, at, problems, most=0)
    return problems


def check_view(view: Any, kind: str) -> Problems:
    """Everything wrong with a view; `kind` is "modal" or "home"."""
    problems = Problems()
    (_MODAL if kind == "modal" else _HOME)(view, "/view", problems)
    if len(problems) == 0:
        blocks = view["blocks"]
        _check_ids(blocks, "/view/blocks", problems)
        _check_focus(blocks, "/view/blocks", problems, most=1)
        has_input = any(block["type"] == "input" for block in blocks)
        if kind == "modal" and has_input and not view.get("submit"):
            problems.add("/view", "missing required field: submit (the view has input blocks)")
    return problems


def interactive(block: Json) -> Iterator[Json]:
    """The elements of a block which may carry an action_id."""
    if block["type"] in ("actions", "context_actions"):
        yield from block["elements"]
    elif block["type"] == "input":
        yield block["element"]
    elif block["type"] == "section":
        accessory = block.get("accessory")
        if accessory and accessory["type"] != "image":
            yield accessory


def _check_ids(blocks: list[Json], at: str, problems: Problems) -> None:
    named = Counter(block["block_id"] for block in blocks if block.get("block_id"))
    for block_id in (name for name, times in named.items() if times > 1):
        problems.add(at, f"`block_id` {block_id} already exists")
    for index, block in enumerate(blocks):
        actions = Counter(e["action_id"] for e in interactive(block) if e.get("action_id"))
        for action_id in (name for name, times in actions.items() if times > 1):
            problems.add(f"{at}/{index}", f"`action_id` {action_id} already exists in this block")


def _check_message_sums(blocks: list[Json], at: str, problems: Problems) -> None:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > LONGEST_MARKDOWN:
        problems.add(at, f"markdown must be less than {LONGEST_MARKDOWN + 1} characters in all")
    if sum(block["type"] == "table" for block in blocks) > 1:
        problems.add(at, "only one table allowed in a message")


def _check_focus(blocks: list[Json], at: str, problems: Problems, *, most: int) -> None:
    focused = [e for block in blocks for e in interactive(block) if e.get("focus_on_load")]
    if len(focused) > most:
        problems.add(at, f"no more than {most} elements may have focus_on_load")
