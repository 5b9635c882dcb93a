"""Streams as the providers write them, for tests that cut them anywhere."""

import orjson

OPENAI_ID = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "gpt-5.4-mini"}


def data(value: object) -> bytes:
    """One event."""
    return b"data: " + orjson.dumps(value) + b"\n\n"


def piece(words: str, **more: object) -> dict:
    """One of OpenAI's chunks."""
    choice = {"index": 0, "delta": {"content": words}, "finish_reason": None}
    return OPENAI_ID | {"choices": [choice], "usage": None} | more


def openai_usage(**usage: object) -> bytes:
    """The event before the last."""
    return data(OPENAI_ID | {"choices": [], "usage": usage})


OPENAI = b"".join(
    [
        data(OPENAI_ID | {"choices": [{"index": 0, "delta": {"role": "assistant"}}]}),
        data(piece('Ciao "usage": {} è')),
        data(piece("\n\ndata: [DONE]\\")),
        data(piece(' {"error": {"x": 1}}')),
        openai_usage(
            prompt_tokens=20,
            completion_tokens=7,
            total_tokens=27,
            prompt_tokens_details={"cached_tokens": 12},
        ),
        b"data: [DONE]\n\n",
    ]
)

DEEPSEEK = b"".join(
    [
        b": keep-alive\n\n",
        data(OPENAI_ID | {"choices": [{"index": 0, "delta": {"reasoning_content": "Mm, so"}}]}),
        b"\n: keep-alive\n\n",
        data(piece("Hello")),
        data(
            OPENAI_ID
            | {
                "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}],
                "usage": {
                    "prompt_tokens": 30,
                    "completion_tokens": 9,
                    "prompt_cache_hit_tokens": 10,
                    "prompt_cache_miss_tokens": 20,
                },
            }
        ),
        b"data: [DONE]\n\n",
    ]
)


def event(kind: str, **fields: object) -> bytes:
    """One of Anthropic's events."""
    return f"event: {kind}\n".encode() + data({"type": kind} | fields)


def words(text: str) -> bytes:
    """A piece of Anthropic's text."""
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


ANTHROPIC_START = event(
    "message_start",
    message={
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-5-5",
        "content": [],
        "usage": {
            "input_tokens": 5,
            "cache_creation_input_tokens": 100,
            "cache_read_input_tokens": 1000,
            "output_tokens": 1,
        },
    },
)
ANTHROPIC = b"".join(
    [
        ANTHROPIC_START,
        event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        event("ping"),
        words("Ciao è "),
        words('"quoted"\n\n'),
        event("content_block_stop", index=0),
        event(
            "message_delta",
            delta={"stop_reason": "max_tokens", "stop_sequence": None},
            usage={"output_tokens": 12},
        ),
        event("message_stop"),
    ]
)
