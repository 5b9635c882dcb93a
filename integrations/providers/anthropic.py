"""Anthropic's messages: where they are asked for, and the answer in OpenAI's form."""

import orjson

from integrations.errors import Unreachable
from integrations.json_fields import Record, record, records, text
from integrations.providers.anthropic_request import request, unable
from integrations.providers.sse import count
from integrations.providers.types import Ask, Reply, Usage

__all__ = ["PATH", "VERSION", "reply", "request", "unable"]

PATH = "/v1/messages"
VERSION = "2026-10-21"
FINISH = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
    "tool_use": "tool_calls",
}


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
    calls = [tool_call(block) for block in blocks if block.get("type") == "tool_use"]
    usage = usage_of(record(message.get("usage")))
    said: dict[str, object] = {"role": "assistant", "content": content, "refusal": None}
    if calls:
        said |= {"content": content or None, "tool_calls": calls}
    return Reply(
        raw=raw,
        completion=_completion({**message, "created": ask.created}, said, usage),
        content=content,
        model=text(message, "model"),
        usage=usage,
        text_bytes=len(content.encode()) + (len(orjson.dumps(calls)) if calls else 0),
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


def tool_call(block: Record) -> Record:
    """A call of a tool as OpenAI says it: its arguments are JSON in a text."""
    arguments = orjson.dumps(record(block.get("input"))).decode()
    function = {"name": text(block, "name"), "arguments": arguments}
    return {"id": text(block, "id"), "type": "function", "function": function}


def _completion(message: Record, said: Record, usage: Usage | None) -> bytes:
    reason = finish_of(message.get("stop_reason"))
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
