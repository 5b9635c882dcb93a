"""What DeepSeek's chat completions refuse before the model reads anything (platform.md D.3)."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.model.chat_checks import (
    check_format,
    check_messages,
    check_number,
    check_stream,
)
from integrations.sandbox.model.chat_tools import check_tools
from integrations.sandbox.model.chat_wire import Refused

_KNOWN = """
    messages model thinking reasoning_effort frequency_penalty presence_penalty max_tokens
    response_format stop stream stream_options temperature top_p tools tool_choice logprobs
    top_logprobs
"""
KNOWN = frozenset(_KNOWN.split())
ROLES = ("system", "user", "assistant", "tool")
# deepseek-chat and deepseek-reasoner went off on 2026-07-24; the older flash names are routed.
MODELS = ("deepseek-flash", "deepseek-v4-pro")
BLIND = "deepseek-v4-pro"
ROUTED = ("deepseek-v4-flash", "deepseek-v4-flash-vision-exp")
MOST_OUTPUT = 384_000
HOTTEST = 2


def check_request(body: Mapping[str, Any]) -> None:
    """Raises Refused, in the vendor's words, for the first thing that is wrong."""
    unknown = sorted(set(body) - KNOWN)
    if unknown:
        raise _unreadable(f"unknown field `{unknown[0]}`")
    for name in ("model", "messages"):
        if name not in body:
            raise _unreadable(f"missing field `{name}`")
    if body["model"] not in MODELS + ROUTED:
        raise Refused(400, "Model Not Exist", code="invalid_request_error")
    check_messages(body["messages"], ROLES)
    _check_limit(body.get("max_tokens"))
    _check_thinking(body.get("thinking"))
    check_number(body, "temperature", 0, HOTTEST)
    check_number(body, "top_p", 0, 1)
    check_stream(body, ("include_usage",))
    _check_format(body)
    check_tools(body)
    _check_pictures(body)


def _check_format(body: Mapping[str, Any]) -> None:
    check_format(body)
    if (body.get("response_format") or {}).get("type") == "json_schema":
        text = "This response_format type is unavailable now"
        raise Refused(400, text, code="invalid_request_error")


def _check_pictures(body: Mapping[str, Any]) -> None:
    """The larger model does not see."""
    contents = [message.get("content") for message in body["messages"]]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    if body["model"] == BLIND and any(part["type"] == "image_url" for part in parts):
        raise _unreadable("messages: unknown variant `image_url`, expected `text`")


def _check_limit(limit: object) -> None:
    if limit is None:
        return
    is_number = isinstance(limit, int) and not isinstance(limit, bool)
    if not (is_number and limit in range(1, MOST_OUTPUT + 1)):
        text = f"Invalid max_tokens value, the valid range of max_tokens is [1, {MOST_OUTPUT}]"
        raise Refused(400, text, code="invalid_request_error")


def _check_thinking(thinking: object) -> None:
    if thinking is None:
        return
    if not isinstance(thinking, dict) or thinking.get("type") not in ("enabled", "disabled"):
        raise _unreadable("thinking: unknown variant, expected `enabled` or `disabled`")


def _unreadable(what: str) -> Refused:
    text = f"Failed to deserialize the JSON body into the target type: {what}"
    return Refused(422, text, code="invalid_request_error")
