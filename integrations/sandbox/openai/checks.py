"""What OpenAI's chat completions refuse before the model reads anything (platform.md D.2)."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.model.chat_checks import (
    check_format,
    check_messages,
    check_number,
    check_stream,
    missing,
    wrong,
)
from integrations.sandbox.model.chat_tools import check_tools
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


def check_request(body: Mapping[str, Any]) -> None:
    """Raises Refused, in the vendor's words, for the first thing that is wrong."""
    unknown = sorted(set(body) - KNOWN)
    if unknown:
        raise Refused(400, f"Unrecognized request argument supplied: {unknown[0]}")
    check_model(body.get("model"))
    if "messages" not in body:
        raise missing("messages")
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
            raise wrong(name, "an integer")
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
