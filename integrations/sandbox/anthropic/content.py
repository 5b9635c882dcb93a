"""What the Messages API refuses of a conversation: its blocks, pictures, tools and their order."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Blocks = Sequence[Mapping[str, Any]]

USERS = ("text", "document", "image", "tool_result")
ASSISTANTS = ("text", "document", "tool_use")
RESULTS = ("text", "image")
SIGNATURES = {
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
LARGEST_PICTURE = 5 * 1024 * 1024  # bytes, in base64
ID = re.compile(r"[a-zA-Z0-9_-]+")
NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
CHOICES = ("auto", "any", "tool", "none")


class Invalid(Exception):
    """A request the API refuses, with its status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def blocks_of(content: object) -> list[dict[str, Any]]:
    """A content as its blocks: a mere text is one."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content) if isinstance(content, list) else []


def check_messages(messages: object) -> None:
    """Raises Invalid for messages that are none, in no order, or of blocks that are not known."""
    if not isinstance(messages, list) or not messages:
        raise Invalid(400, "messages: at least one message is required")
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ("user", "assistant"):
            raise Invalid(400, f"messages.{index}.role: Input should be 'user' or 'assistant'")
        known = USERS if message["role"] == "user" else ASSISTANTS
        check_content(message.get("content"), f"messages.{index}.content", known)
    if messages[0]["role"] != "user":
        raise Invalid(400, "messages: first message must use the user role")
    if messages[-1]["role"] == "assistant":
        raise Invalid(400, "This model does not support assistant message prefill.")
    _check_results(messages)


def check_content(content: object, where: str, known: Sequence[str] = ("text",)) -> None:
    """Raises Invalid for a content that is empty, or has blocks that are none or not `known`."""
    blocks = blocks_of(content)
    if not blocks:
        raise Invalid(400, f"{where}: Field required")
    for index, block in enumerate(blocks):
        _check_block(block, f"{where}.{index}", known)


def check_tools(body: Mapping[str, Any]) -> None:
    """Raises Invalid for tools that are none, a choice without any, or blocks of none."""
    tools, choice = body.get("tools"), body.get("tool_choice")
    kinds = {block.get("type") for message in body["messages"] for block in _blocks(message)}
    if not tools:
        if choice is not None:
            raise Invalid(400, "tool_choice: may only be specified while providing tools")
        if kinds & {"tool_use", "tool_result"}:
            text = "Requests which have `tool_use` or `tool_result` blocks must define tools."
            raise Invalid(400, f"messages: {text}")
        return
    for index, tool in enumerate(tools):
        schema = tool.get("input_schema")
        if not NAME.fullmatch(str(tool.get("name") or "")):
            raise Invalid(400, f"tools.{index}.name: String should match pattern {NAME.pattern!r}")
        if not isinstance(schema, dict) or schema.get("type") != "object":
            raise Invalid(400, f"tools.{index}.input_schema.type: Input should be 'object'")
    if choice is not None and choice.get("type") not in CHOICES:
        raise Invalid(400, f"tool_choice.type: Input should be one of {', '.join(CHOICES)}")


def _check_block(block: object, place: str, known: Sequence[str]) -> None:
    if not isinstance(block, dict) or block.get("type") not in known:
        raise Invalid(400, f"{place}.type: Input should be one of {', '.join(known)}")
    if block["type"] == "text" and not str(block.get("text") or "").strip():
        raise Invalid(400, f"{place}: text content blocks must contain non-whitespace text")
    if block["type"] == "image":
        _check_picture(block.get("source") or {}, f"{place}.image.source")
    if block["type"] == "tool_use":
        if not ID.fullmatch(str(block.get("id") or "")) or not block.get("name"):
            raise Invalid(400, f"{place}.tool_use.id: String should match pattern {ID.pattern!r}")
        if not isinstance(block.get("input"), dict):
            raise Invalid(400, f"{place}.tool_use.input: Input should be a valid dictionary")
    if block["type"] == "tool_result" and "content" in block:
        check_content(block["content"], f"{place}.tool_result.content", RESULTS)


def _check_picture(source: Mapping[str, Any], place: str) -> None:
    if source.get("type") == "url":
        if not str(source.get("url")).startswith("https://"):
            raise Invalid(400, f"{place}.url: Only HTTPS URLs are supported.")
        return
    kind, data = source.get("media_type"), source.get("data")
    if source.get("type") != "base64" or not isinstance(data, str):
        raise Invalid(400, f"{place}.type: Input should be 'base64' or 'url'")
    if kind not in SIGNATURES:
        raise Invalid(400, f"{place}.media_type: Input should be one of {', '.join(SIGNATURES)}")
    if len(data) > LARGEST_PICTURE:
        text = f"image exceeds 5 MB maximum: {len(data)} bytes > {LARGEST_PICTURE} bytes"
        raise Invalid(400, f"{place}.base64: {text}")
    try:
        picture = base64.b64decode(data, validate=True)
    except binascii.Error:
        raise Invalid(400, f"{place}.base64.data: invalid base64 data") from None
    if not SIGNATURES[kind].match(picture):
        raise Invalid(400, f"{place}.base64: Image does not match the media type {kind}")


def _check_results(messages: Sequence[Mapping[str, Any]]) -> None:
    """Every call is answered in the next message, before anything else; no other has an answer."""
    called: set[str] = set()
    for index, message in enumerate(messages):
        blocks = list(_blocks(message))
        answered = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
        if strange := [one for one in answered if one not in called]:
            text = f"unexpected `tool_use_id` found in `tool_result` blocks: {strange[0]}"
            raise Invalid(400, f"messages.{index}.content: {text}")
        first = [block["type"] for block in blocks[: len(answered)]]
        if called - set(answered) or first != ["tool_result"] * len(answered):
            text = "`tool_use` ids were found without `tool_result` blocks immediately after"
            raise Invalid(400, f"messages.{index - 1}: {text}: {', '.join(sorted(called))}")
        called = {block["id"] for block in blocks if block["type"] == "tool_use"}


def _blocks(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from blocks_of(message["content"])
