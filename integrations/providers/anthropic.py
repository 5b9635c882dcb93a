"""Anthropic's messages: the request in its own form, its answer and stream in OpenAI's.

Version 2026-10-21 refuses sampling parameters altogether, so `temperature` and `top_p` stay behind.
"""

import re

import orjson

from integrations.errors import Unreachable
from integrations.providers.sse import count
from integrations.providers.types import Ask, Reply, Target, Usage
from integrations.wire import Record, record, records, text

PATH = "/v1/messages"
VERSION = "2026-10-21"
# What has no counterpart that means the same.
UNABLE = ("tools", "tool_choice", "response_format", "logprobs", "logit_bias")
SYSTEM_ROLES = ("system", "developer")
FINISH = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}
DATA_URL = re.compile(r"data:(?P<type>image/[\w.+-]+);base64,(?P<bytes>.+)", re.DOTALL)


def request(ask: Ask, target: Target) -> bytes:
    """The body of POST /v1/messages: system messages move to the top."""
    said = [message for message in ask.messages if message.get("role") not in SYSTEM_ROLES]
    told = [message for message in ask.messages if message.get("role") in SYSTEM_ROLES]
    system = "\n\n".join(filter(None, (_words(message.get("content")) for message in told)))
    body: dict[str, object] = {"model": target.model, "max_tokens": target.max_tokens}
    body["messages"] = [
        {"role": message.get("role"), "content": _content(message.get("content"))}
        for message in said
    ]
    if system:
        body["system"] = system
    stop = ask.options.get("stop")
    if stop:
        body["stop_sequences"] = [stop] if isinstance(stop, str) else stop
    if ask.stream:
        body["stream"] = True
    return orjson.dumps(body)


def unable(ask: Ask) -> str:
    """The field this provider cannot serve; "" when it can do everything."""
    return next((name for name in UNABLE if ask.options.get(name)), "")


def reply(provider: str, raw: bytes, ask: Ask) -> Reply:
    """A whole answer, with its completion in OpenAI's form; raises Unreachable when it is none."""
    try:
        message = record(orjson.loads(raw))
    except orjson.JSONDecodeError:
        raise Unreachable(provider, "the answer is not JSON") from None
    if not isinstance(message.get("content"), list):
        raise Unreachable(provider, "the answer is not a message")
    blocks = records(message.get("content"))
    content = "".join(text_of(block) for block in blocks if block.get("type") == "text")
    usage = usage_of(record(message.get("usage")))
    return Reply(
        raw=raw,
        completion=_completion({**message, "created": ask.created}, content, usage),
        content=content,
        model=text(message, "model"),
        usage=usage,
        text_bytes=len(content.encode()),
    )


def usage_of(usage: Record) -> Usage | None:
    """The vendor counts uncached, cache-writing and cached input apart; all of it was read."""
    fresh, written = count(usage, "input_tokens"), count(usage, "output_tokens")
    if fresh is None or written is None:
        return None
    cached = count(usage, "cache_read_input_tokens") or 0
    kept = count(usage, "cache_creation_input_tokens") or 0
    return Usage(fresh + cached + kept, written, cached, kept)


def openai_usage(usage: Usage) -> Record:
    """A usage as OpenAI says it."""
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
    }


def finish_of(reason: object) -> str:
    """OpenAI's word for why the model stopped."""
    return FINISH.get(str(reason), "stop")


def text_of(block: Record) -> str:
    """A block's text as it is: its spaces are the model's."""
    words = block.get("text")
    return words if isinstance(words, str) else ""


def _words(content: object) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(filter(None, map(text_of, records(content))))


def _content(content: object) -> object:
    if not isinstance(content, list):
        return content
    return [_part(part) for part in records(content)]


def _part(part: Record) -> Record:
    if part.get("type") != "image_url":
        return {"type": "text", "text": text_of(part)}
    url = text(record(part.get("image_url")), "url")
    found = DATA_URL.fullmatch(url)
    if found is None:
        return {"type": "image", "source": {"type": "url", "url": url}}
    source = {"type": "base64", "media_type": found["type"], "data": found["bytes"]}
    return {"type": "image", "source": source}


def _completion(message: Record, content: str, usage: Usage | None) -> bytes:
    reason = finish_of(message.get("stop_reason"))
    said = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": reason}
    answer: dict[str, object] = {
        "id": text(message, "id"),
        "object": "chat.completion",
        "created": message.get("created"),
        "model": text(message, "model"),
        "choices": [choice],
    }
    if usage:
        answer["usage"] = openai_usage(usage)
    return orjson.dumps(answer)
