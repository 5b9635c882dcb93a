"""What OpenAI's chat completions refuse before the model reads anything (platform.md D.2)."""

import re
from collections.abc import Mapping
from typing import Any

from integrations.sandbox.model.chat_tools import check_order, check_tools
from integrations.sandbox.model.chat_wire import Refused

# specs: openai-openapi 2.3.0, CreateChatCompletionRequest
_KNOWN = """
    messages model audio frequency_penalty function_call functions logit_bias logprobs
    max_completion_tokens max_tokens metadata modalities n parallel_tool_calls prediction
    presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort response_format
    safety_identifier seed service_tier stop store stream stream_options temperature tool_choice
    tools top_logprobs top_p user verbosity web_search_options
"""
KNOWN = frozenset(_KNOWN.split())
ROLES = ("system", "developer", "user", "assistant", "tool", "function")
# Those which take `max_tokens` still, and any temperature.
OLDER_MODELS = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini")
# Reasoning is off unless asked for, and with it the limits on temperature.
QUIET_MODELS = ("gpt-5.4", "gpt-5.4-mini", "gpt-5.4-nano")
THINKING_MODELS = (
    "gpt-5.5",
    "gpt-5.6-sol",
    "gpt-5.6-terra",
    "gpt-5.6-luna",
    "gpt-6-astra",
    "gpt-6-sol",
    "gpt-6-luna",
    "gpt-6.1-sol",
    "gpt-6.1-terra",
)
MODELS = OLDER_MODELS + QUIET_MODELS + THINKING_MODELS
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
MOST_OUTPUT = 128_000
HOTTEST = 2
MOST_STOPS = 4
PICTURE = re.compile(r"https?://|data:image/(png|jpe?g|gif|webp)(;[^,]*)?;base64,", re.I)


def check_request(body: Mapping[str, Any]) -> None:
    """Raises Refused, in the vendor's words, for the first thing that is wrong."""
    unknown = sorted(set(body) - KNOWN)
    if unknown:
        raise Refused(400, f"Unrecognized request argument supplied: {unknown[0]}")
    check_model(body.get("model"))
    if "messages" not in body:
        raise _missing("messages")
    check_messages(body["messages"], ROLES)
    _check_limits(body)
    _check_sampling(body)
    check_stream(body, ("include_usage", "include_obfuscation"))
    check_format(body)
    check_tools(body)
    _check_stop(body.get("stop"))


def check_model(model: object) -> None:
    """Refused with 400 without a model, 404 for one that does not exist."""
    if not isinstance(model, str) or not model:
        raise Refused(400, "you must provide a model parameter")
    if model not in MODELS:
        text = f"The model `{model}` does not exist or you do not have access to it."
        raise Refused(404, text, code="model_not_found")


def check_messages(messages: object, roles: tuple[str, ...]) -> None:
    """Refused for messages that are none, or whose role or content is not known."""
    if not isinstance(messages, list):
        raise _wrong("messages", "an array of objects")
    if not messages:
        text = "Invalid 'messages': empty array. Expected an array with minimum length 1."
        raise Refused(400, text, param="messages", code="empty_array")
    for index, message in enumerate(messages):
        at = f"messages[{index}]"
        if not isinstance(message, dict):
            raise _wrong(at, "an object")
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
        raise _wrong("stream", "a boolean")
    if options is None:
        return
    if not body.get("stream"):
        text = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Refused(400, text, param="stream_options")
    if not isinstance(options, dict):
        raise _wrong("stream_options", "an object")
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
        raise _wrong("response_format.type", "'text', 'json_object' or 'json_schema'")
    if kind == "json_object" and "json" not in str(body["messages"]).lower():
        text = "'messages' must contain the word 'json' in some form, to use 'json_object'."
        raise Refused(400, text, param="messages")
    schema = form.get("json_schema") if kind == "json_schema" else {"name": "", "schema": {}}
    if not isinstance(schema, dict) or "name" not in schema or "schema" not in schema:
        raise _missing("response_format.json_schema")


def check_number(body: Mapping[str, Any], name: str, least: float, most: float) -> None:
    """Refused for a number that is none or out of bounds."""
    value = body.get(name)
    if value is None:
        return
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong(name, "a number")
    if not least <= value <= most:
        word = "below_min" if value < least else "above_max"
        text = f"Invalid '{name}': expected a value between {least} and {most}, but got {value}."
        raise Refused(400, text, param=name, code=f"decimal_{word}_value")


def _check_content(message: Mapping[str, Any], at: str) -> None:
    content = message.get("content")
    if content is None:
        if message["role"] != "assistant" or not _says_otherwise(message):
            raise _missing(at)
        return
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        raise _wrong(at, "a string or an array of content parts")
    for index, part in enumerate(content):
        _check_part(part, message["role"], f"{at}[{index}]")


def _says_otherwise(message: Mapping[str, Any]) -> bool:
    return any(message.get(name) for name in ("tool_calls", "refusal", "audio", "function_call"))


def _check_part(part: object, role: str, at: str) -> None:
    if not isinstance(part, dict):
        raise _wrong(at, "an object")
    kind = part.get("type")
    known = {"user": ("text", "image_url"), "assistant": ("text", "refusal")}.get(role, ("text",))
    if kind not in known:
        text = f"Invalid value: '{kind}'. Supported values here are: {', '.join(known)}."
        raise Refused(400, text, param=f"{at}.type", code="invalid_value")
    if kind != "image_url":
        if not isinstance(part.get(kind), str):
            raise _wrong(f"{at}.{kind}", "a string")
        return
    given = part.get("image_url")
    if not isinstance(given, dict) or not isinstance(given.get("url"), str):
        raise _wrong(f"{at}.image_url", "an object, but got another type instead")
    if not PICTURE.match(given["url"]):
        text = "Invalid 'url'. Expected a valid URL or a base64 data URL of an image."
        raise Refused(400, text, param=f"{at}.image_url.url", code="invalid_value")


def _check_stop(stop: object) -> None:
    if isinstance(stop, list) and len(stop) > MOST_STOPS:
        text = f"Invalid 'stop': array too long. Expected at most {MOST_STOPS}, got {len(stop)}."
        raise Refused(400, text, param="stop", code="array_above_max_length")


def _check_limits(body: Mapping[str, Any]) -> None:
    if "max_tokens" in body and body["model"] not in OLDER_MODELS:
        text = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead."
        )
        raise Refused(400, text, param="max_tokens", code="unsupported_parameter")
    for name in ("max_completion_tokens", "max_tokens"):
        limit = body.get(name)
        if limit is None:
            continue
        if not isinstance(limit, int) or isinstance(limit, bool):
            raise _wrong(name, "an integer")
        if limit < 1:
            text = f"Invalid '{name}': integer below minimum value. Expected a value >= 1."
            raise Refused(400, text, param=name, code="integer_below_min_value")
        if limit > MOST_OUTPUT:
            text = f"max_tokens is too large: {limit}. This model supports at most {MOST_OUTPUT}."
            raise Refused(400, text, param=name, code="invalid_value")


def _check_sampling(body: Mapping[str, Any]) -> None:
    check_number(body, "temperature", 0, HOTTEST)
    check_number(body, "top_p", 0, 1)
    effort = body.get("reasoning_effort")
    if effort is not None and (effort not in EFFORTS or body["model"] in OLDER_MODELS):
        text = f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model."
        raise Refused(400, text, param="reasoning_effort", code="unsupported_value")
    usual = "medium" if body["model"] in THINKING_MODELS else "none"
    for name in ("temperature", "top_p"):
        if (effort or usual) != "none" and body.get(name) not in (None, 1):
            text = (
                f"Unsupported value: '{name}' does not support {body[name]} with this model. "
                "Only the default (1) value is supported."
            )
            raise Refused(400, text, param=name, code="unsupported_value")
    if body.get("n") not in (None, 1):
        raise Refused(400, "Invalid 'n': the sandbox gives one choice.", param="n")


def _missing(name: str) -> Refused:
    text = f"Missing required parameter: '{name}'."
    return Refused(400, text, param=name, code="missing_required_parameter")


def _wrong(name: str, wanted: str) -> Refused:
    text = f"Invalid type for '{name}': expected {wanted}."
    return Refused(400, text, param=name, code="invalid_type")
