"""What an imitated provider says, and how it behaves."""

import asyncio
from collections.abc import Awaitable, Callable

import orjson
from aiohttp import web

Play = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def streams(*chunks: bytes | float, cut: bool = False) -> Play:
    """These bytes one after the other, numbers are seconds of silence; `cut` drops the line."""

    async def play(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for chunk in chunks:
            if isinstance(chunk, float):
                await asyncio.sleep(chunk)
            else:
                await response.write(chunk)
        if cut and request.transport:
            request.transport.abort()
        return response

    return play


async def hangs(_: web.BaseRequest) -> web.StreamResponse:
    """No answer."""
    await asyncio.sleep(9)
    return web.Response()


async def drops(request: web.BaseRequest) -> web.StreamResponse:
    """The work is done, the answer gets lost."""
    assert request.transport
    request.transport.abort()
    return web.Response()


def completion(content: str = "Ciao", model: str = "gpt-5.4-mini", **usage: int) -> dict:
    """OpenAI's whole answer."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}}
    answer = {"id": "chatcmpl-1", "model": model, "choices": [choice]}
    return answer | ({"usage": usage} if usage else {})


def message(content: str = "Ciao") -> dict:
    """Anthropic's whole answer."""
    return {
        "id": "msg_1",
        "type": "message",
        "model": "claude-haiku-5-5",
        "content": [{"type": "text", "text": content}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 11, "output_tokens": 3},
    }


def piece(words: str) -> bytes:
    """One of OpenAI's chunks."""
    choice = {"index": 0, "delta": {"content": words}, "finish_reason": None}
    return b"data: " + orjson.dumps({"id": "c", "choices": [choice]}) + b"\n\n"


def usage(read: int, written: int) -> bytes:
    """OpenAI's event with the usage."""
    told = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return b"data: " + orjson.dumps({"id": "c", "choices": [], "usage": told}) + b"\n\n"


DONE = b"data: [DONE]\n\n"
