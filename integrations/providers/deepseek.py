"""DeepSeek's chat completions: OpenAI's form with a few names of its own.

Its stream has comments while a request waits, `reasoning_content` beside `content`, and counts
cached input as `prompt_cache_hit_tokens`: OpenAI's meter and reader know all three.
"""

import orjson

from integrations.providers.openai import OpenAIMeter, reply, streaming
from integrations.providers.sse import table
from integrations.providers.types import Ask, Target

__all__ = ["PATH", "OpenAIMeter", "reply", "request", "unable"]

PATH = "/chat/completions"
TAKEN = frozenset(
    {"temperature", "top_p", "stop", "tools", "tool_choice", "response_format", "thinking"}
    | {"presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "reasoning_effort"}
)


def request(ask: Ask, target: Target) -> bytes:
    """The body of POST /chat/completions: `max_tokens`, and `system` for `developer`."""
    messages = [
        {**message, "role": "system"} if message.get("role") == "developer" else message
        for message in ask.messages
    ]
    body: dict[str, object] = {"model": target.model, "messages": messages}
    body |= {name: value for name, value in ask.options.items() if name in TAKEN}
    body["max_tokens"] = target.max_tokens
    return orjson.dumps(body | streaming(ask))


def unable(ask: Ask) -> str:
    """The field this provider cannot serve; "" when it can do everything."""
    if table(ask.options.get("response_format")).get("type") == "json_schema":
        return "response_format"
    return "logit_bias" if ask.options.get("logit_bias") else ""
