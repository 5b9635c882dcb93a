"""Tools in the shape OpenAI and DeepSeek share: what is refused of them, and when one is called."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.sandbox.model.calling import Call, Tool, call
from integrations.sandbox.model.chat_wire import Refused

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
CHOICES = ("none", "auto", "required")


def check_tools(body: Mapping[str, Any]) -> None:
    """Refused for tools that are none, and for what needs tools where there are none."""
    tools = body.get("tools")
    if tools is None:
        for name in ("tool_choice", "parallel_tool_calls"):
            if body.get(name) is not None:
                text = f"Invalid value for '{name}': only allowed when 'tools' are specified."
                raise Refused(400, text, param=name)
        return
    if not tools:
        text = "Invalid 'tools': empty array. Expected an array with minimum length 1."
        raise Refused(400, text, param="tools", code="empty_array")
    for index, tool in enumerate(tools):
        function = tool.get("function") or {}
        if tool.get("type") != "function" or not NAME.fullmatch(str(function.get("name") or "")):
            text = f"Missing required parameter: 'tools[{index}].function.name'."
            raise Refused(400, text, param=f"tools[{index}]", code="missing_required_parameter")
    choice = body.get("tool_choice", "auto")
    names = {tool["function"]["name"] for tool in tools}
    if choice not in CHOICES if isinstance(choice, str) else _named(choice) not in names:
        raise Refused(400, "Tool choice not found in 'tools' parameter.", param="tool_choice")


def check_order(messages: Sequence[Mapping[str, Any]]) -> None:
    """Refused for an answer of a tool that was not called, and a call without its answer."""
    open_calls: list[str] = []
    for index, message in enumerate(messages):
        at = f"messages[{index}]"
        if message["role"] == "tool":
            if message.get("tool_call_id") not in open_calls:
                text = "'tool' must be a response to a preceding message with 'tool_calls'."
                raise Refused(400, f"Invalid parameter: {text}", param=f"{at}.role")
            open_calls.remove(message["tool_call_id"])
            continue
        _check_answered(open_calls, at)
        open_calls = [one["id"] for one in message.get("tool_calls") or ()]
    _check_answered(open_calls, "messages")


def called(body: Mapping[str, Any], asked: str) -> Call | None:
    """The tool that is called now, if any; `asked` is the text of the last message."""
    tools = [
        Tool(tool["function"]["name"], tool["function"].get("parameters") or {})
        for tool in body.get("tools") or ()
    ]
    choice = body.get("tool_choice") or "auto"
    chosen = _named(choice) if isinstance(choice, dict) else choice.replace("required", "any")
    is_answered = body["messages"][-1]["role"] == "tool"
    return call(tools, chosen, "" if is_answered else asked)


def _named(choice: object) -> str:
    function = choice.get("function") if isinstance(choice, dict) else None
    return str(function.get("name")) if isinstance(function, dict) else ""


def _check_answered(open_calls: Sequence[str], at: str) -> None:
    if open_calls:
        text = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            f"to each 'tool_call_id'. These had none: {', '.join(open_calls)}"
        )
        raise Refused(400, text, param=at)
