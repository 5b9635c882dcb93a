"""The AI gateway's doors: our own form, and OpenAI's."""

import time
from contextlib import suppress

from aiohttp import web

from handlers.http.kit.context import license_key, licensed, services
from handlers.http.kit.endpoints import Endpoint, answer, read, routes_of
from handlers.http.kit.problems import Problem
from services.gateway import ChatRefused, Limits, Question
from views.api.gateway.chat import (
    ChatAnswer,
    ChatBody,
    CompletionAnswer,
    Model,
    ModelList,
    answer_headers,
    answer_json,
    broken_off,
    model_list,
    question,
    stream_headers,
)

# Pictures come in the body; no provider takes more.
LARGEST_CHAT = 32 * 1024 * 1024
FAILURES = (402, 403, 429, 502, 504)


async def chat(request: web.Request) -> web.StreamResponse:
    """Ask a model; the answer in our own form."""
    key, asked = await _asked(request, shows_usage=True)
    if asked.ask.stream:
        return await _streamed(request, key, asked)
    told = await services(request).gateway.chats.answer(key, asked)
    return web.Response(body=answer_json(told), headers=answer_headers(told.limits))


async def completions(request: web.Request) -> web.StreamResponse:
    """Ask a model; the answer in OpenAI's form, whoever gives it."""
    key, asked = await _asked(request, shows_usage=False)
    if asked.ask.stream:
        return await _streamed(request, key, asked)
    told = await services(request).gateway.chats.answer(key, asked)
    return web.Response(body=told.completion, headers=answer_headers(told.limits))


async def models(request: web.Request) -> web.Response:
    """What may be asked: the plan's models."""
    return answer(await _models(request))


async def model(request: web.Request) -> web.Response:
    """One of them."""
    name = request.match_info["id"]
    found = next((one for one in (await _models(request)).data if one.id == name), None)
    if found is None:
        message = f"Your plan has no model “{name}”. See GET /v1/models."
        raise Problem(404, "model_not_found", message, param="id")
    return answer(found)


async def _models(request: web.Request) -> ModelList:
    await licensed(request)
    return model_list(await services(request).gateway.chats.models(license_key(request)))


async def _asked(request: web.Request, *, shows_usage: bool) -> tuple[str, Question]:
    key = license_key(request)
    # Nobody else's body is worth reading.
    await licensed(request)
    body = await read(request, ChatBody, limit=LARGEST_CHAT, status=400)
    size = request.content.total_bytes
    asked = question(body, size=size, created=int(time.time()), shows_usage=shows_usage)
    return key, asked


async def _streamed(request: web.Request, key: str, asked: Question) -> web.StreamResponse:
    events = _Events(request)
    await services(request).gateway.chats.stream(key, asked, events)
    # A client that left needs no end.
    with suppress(ConnectionError):
        await events.response.write_eof()
    return events.response


class EventStream(web.StreamResponse):
    """A stream whose headers go out with its first events: one packet, and one wake-up less."""

    # aiohttp's own switch, with which its whole answers go out in one piece.
    _send_headers_immediately = False


class _Events:
    """The client as the gateway sees it; see `services.chats.Listener`."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self.response = EventStream()

    async def begin(self, limits: Limits) -> None:
        self.response = EventStream(headers=stream_headers(limits))
        await self.response.prepare(self._request)

    async def write(self, events: bytes) -> None:
        await self.response.write(events)

    async def fail(self, error: ChatRefused) -> None:
        await self.response.write(broken_off(error))

    def hang_up(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/chat",
        chat,
        "Ask a model",
        "gateway",
        "license",
        ChatBody,
        answers={200: (ChatAnswer, "text/event-stream")},
        errors=FAILURES,
        description="Counts against the hour and the month of the license; a failure is free. "
        "A body may have 32 MB.",
    ),
    Endpoint(
        "POST",
        "/v1/chat/completions",
        completions,
        "Ask a model in OpenAI’s form",
        "gateway",
        "license",
        ChatBody,
        answers={200: (CompletionAnswer, "text/event-stream")},
        errors=FAILURES,
        description="For OpenAI’s clients: this server as base URL, the license key as key.",
    ),
    Endpoint(
        "GET",
        "/v1/models",
        models,
        "List the plan’s models",
        "gateway",
        "license",
        answers={200: ModelList},
        errors=(403,),
        description="What OpenAI’s clients ask first; with every model its provider.",
    ),
    Endpoint(
        "GET",
        "/v1/models/{id}",
        model,
        "Look one of the plan’s models up",
        "gateway",
        "license",
        answers={200: Model},
        errors=(403,),
    ),
)


def routes() -> list[web.RouteDef]:
    """All of the doors."""
    return routes_of(ENDPOINTS)
