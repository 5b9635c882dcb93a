"""The shape which OpenAI and DeepSeek share: completions, their chunks, and their refusals."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

Json = dict[str, Any]

PIECE = 24  # characters a delta
DONE = "data: [DONE]\n\n"


class Refused(Exception):
    """A request the API refuses: its status and the fields of its `error`."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: Json = {"message": message, "type": kind, "param": param, "code": code}

    def response(self, headers: Mapping[str, str]) -> web.Response:
        """The refusal as it travels."""
        return web.json_response({"error": self.error}, status=self.status, headers=headers)


@dataclass(frozen=True, slots=True)
class Completion:
    """One finished answer; `head` are the fields every chunk repeats, `usage` None when withheld.

    `extra` are the fields one vendor adds to a message; `silent` the same for a delta that says
    something else.
    """

    head: Json
    text: str
    finish: str
    usage: Json | None
    reasoning: str = ""
    extra: Json | None = None
    tool: str = ""

    @property
    def call(self) -> Json:
        """The tool that is called, with `text` as its arguments."""
        name = f"call_{self.head['id'].replace('-', '')}"
        function = {"name": self.tool, "arguments": self.text}
        return {"id": name, "type": "function", "function": function}

    def whole(self) -> Json:
        """The body of an answer that is not streamed."""
        message = {"role": "assistant", "content": self.text, **(self.extra or {})}
        if self.tool:
            message |= {"content": None, "tool_calls": [self.call]}
        if self.reasoning:
            message["reasoning_content"] = self.reasoning
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish}
        body = {"object": "chat.completion", **self.head, "choices": [choice]}
        return body if self.usage is None else {**body, "usage": self.usage}


def pieces(text: str) -> Iterator[str]:
    """A text in the portions in which it is streamed."""
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]


def deltas(completion: Completion) -> Iterator[Json]:
    """What is said, or the tool that is called, piece by piece."""
    if not completion.tool:
        yield from ({"content": piece} for piece in pieces(completion.text))
        return
    call = completion.call
    opened = {**call, "index": 0, "function": {**call["function"], "arguments": ""}}
    yield {"tool_calls": [opened]}
    for piece in pieces(completion.text):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def chunk(completion: Completion, delta: Json, finish: str | None = None) -> Json:
    """One chunk of a stream with a choice in it."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {"object": "chat.completion.chunk", **completion.head, "choices": [choice]}


def with_usage(chunks: Sequence[Json], completion: Completion, *, asked: bool) -> list[Json]:
    """The chunks as `stream_options.include_usage` wants them: null in each, then the numbers."""
    if not asked:
        return list(chunks)
    told = [{**part, "usage": None} for part in chunks]
    if completion.usage is not None:
        last = {"object": "chat.completion.chunk", **completion.head, "choices": []}
        told.append({**last, "usage": completion.usage})
    return told


def event(document: Json) -> str:
    """One server-sent event without a name."""
    return f"data: {json.dumps(document, ensure_ascii=False, separators=(',', ':'))}\n\n"


async def read_object(request: web.Request, complaint: str) -> Json:
    """The request's JSON object. Refused with 400 and this complaint when there is none."""
    try:
        body = await request.json()
    except ValueError:
        raise Refused(400, complaint) from None
    if not isinstance(body, dict):
        raise Refused(400, complaint)
    return body
