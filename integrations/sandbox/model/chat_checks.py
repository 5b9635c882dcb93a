"""What APIs of OpenAI's shape refuse alike: messages, streams, formats and numbers."""

import re
from collections.abc import Mapping
from typing import Any

from integrations.sandbox.model.chat_tools import check_order
from integrations.sandbox.model.chat_wire import Refused

PICTURE = re.compile(r"https?://|data:image/(png|jpe?g|gif|webp)(;[^,]*)?;base64,", re.I)


def check_messages(messages: object, roles: tuple[str, ...]) -> None:
    """Refused for messages that are none, or whose role or content is not known."""
    if not isinstance(messages, list):
        raise wrong("messages", "an array of objects")
    if not messages:
        text = "Invalid 'messages': empty array. Expected an array with minimum length 1."
        raise Refused(400, text, param="messages", code="empty_array")
    for index, message in enumerate(messages):
        at = f"messages[{index}]"
        if not isinstance(message, dict):
            raise wrong(at, "an object")
        if message.get("role") not in roles:
            text = (
                f"Invalid value: '{message.get('role')}'. Supported values are: {', '.join(roles)}."
            )
            raise Refused(400, text, param=f"{at}.role", code="invalid_value")
        _check_content(message, f"{at}.content")
    check_order(messages)


def check_stream(body: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refused for options of a stream where there is none, or which are not known."""
    options = body.get("stream_options")
    if not isinstance(body.get("stream", False), bool):
        raise wrong("stream", "a boolean")
    if options is None:
        return
    if not body.get("stream"):
        text = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Refused(400, text, param="stream_options")
    if not isinstance(options, dict):
        raise wrong("stream_options", "an object")
    for name in sorted(set(options) - set(known)):
        raise Refused(
            400,
            f"Unknown parameter: 'stream_options.{name}'.",
            param=f"stream_options.{name}",
            code="unknown_parameter",
        )


def check_format(body: Mapping[str, Any]) -> None:
    """Refused for a response format that is not one, or JSON that nobody asked for in words."""
    form = body.get("response_format")
    if form is None:
        return
    kind = form.get("type") if isinstance(form, dict) else None
    if kind not in ("text", "json_object", "json_schema"):
        raise wrong("response_format.type", "'text', 'json_object' or 'json_schema'")
    if kind == "json_object" and "json" not in str(body["messages"]).lower():
        text = "'messages' must contain the word 'json' in some form, to use 'json_object'."
        raise Refused(400, text, param="messages")
    schema = form.get("json_schema") if kind == "json_schema" else {"name": "", "schema": {}}
    if not isinstance(schema, dict) or "name" not in schema or "schema" not in schema:
        raise missing("response_format.json_schema")


def check_number(body: Mapping[str, Any], name: str, least: float, most: float) -> None:
    """Refused for a number that is none or out of bounds."""
    value = body.get(name)
    if value is None:
        return
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong(name, "a number")
    if not least <= value <= most:
        word = "below_min" if value < least else "above_max"
        text = f"Invalid '{name}': expected a value between {least} and {most}, but got {value}."
        raise Refused(400, text, param=name, code=f"decimal_{word}_value")


def missing(name: str) -> Refused:
    """For a parameter that is not there."""
    text = f"Missing required parameter: '{name}'."
    return Refused(400, text, param=name, code="missing_required_parameter")


def wrong(name: str, wanted: str) -> Refused:
    """For a parameter of another type than `wanted`."""
    text = f"Invalid type for '{name}': expected {wanted}."
    return Refused(400, text, param=name, code="invalid_type")


def _check_content(message: Mapping[str, Any], at: str) -> None:
    content = message.get("content")
    if content is None:
        if message["role"] != "assistant" or not _says_otherwise(message):
            raise missing(at)
        return
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        raise wrong(at, "a string or an array of content parts")
    for index, part in enumerate(content):
        _check_part(part, message["role"], f"{at}[{index}]")


def _says_otherwise(message: Mapping[str, Any]) -> bool:
    return any(message.get(name) for name in ("tool_calls", "refusal", "audio", "function_call"))


def _check_part(part: object, role: str, at: str) -> None:
    if not isinstance(part, dict):
        raise wrong(at, "an object")
    kind = part.get("type")
    known = {"user": ("text", "image_url"), "assistant": ("text", "refusal")}.get(role, ("text",))
    if kind not in known:
        text = f"Invalid value: '{kind}'. Supported values here are: {', '.join(known)}."
        raise Refused(400, text, param=f"{at}.type", code="invalid_value")
    if kind != "image_url":
        if not isinstance(part.get(kind), str):
            raise wrong(f"{at}.{kind}", "a string")
        return
    given = part.get("image_url")
    if not isinstance(given, dict) or not isinstance(given.get("url"), str):
        raise wrong(f"{at}.image_url", "an object, but got another type instead")
    if not PICTURE.match(given["url"]):
        text = "Invalid 'url'. Expected a valid URL or a base64 data URL of an image."
        raise Refused(400, text, param=f"{at}.image_url.url", code="invalid_value")
