"""What an endpoint of the API says of itself, and how a body or a query is read as its model."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from handlers.http.kit.problems import HEADERS, Problem
from views.api.kit.openapi import Answers, DocumentedOperation

MAX_BYTES = 1024 * 1024
# Seconds for a body, and one more for so many bytes of it that have come.
PATIENCE = 10.0
SLOWEST = 16 * 1024
JSON = "application/json"
# What aiohttp takes a body for that does not say (RFC 9110, 8.3).
UNSAID = "application/octet-stream"
CONTENT_ENCODING = "Content-Encoding"
# What the validator says of a list's length beside the sentence that helps.
ASIDE = re.compile(r" after validation, not \d+")
# What to do, where the validator only says what is wrong.
ADVICE = {
    "missing": "This field is needed; send it",
    "extra_forbidden": "There is no such field; leave it out",
    "model_type": "This is not a JSON object; send one",
    "dict_type": "This is not a JSON object; send one",
}
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]
Auth = Literal["none", "license", "user", "admin"]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one address: how it is served, and what the OpenAPI document says of it.

    `answers` maps a status to a model (JSON), a media type such as `text/csv`, or several of them;
    what follows from `auth`, `body`, `query` and a `{part}` of the path (401, 413, 422, 404 …) is
    added by itself, as is 503. `errors` are further failures, `headers` names what may be sent,
    `accepts` media types beside JSON.
    """

    method: str
    path: str
    handler: Handle
    summary: str
    tag: str
    auth: Auth = "none"
    body: type[BaseModel] | None = None
    answers: Answers = field(default_factory=dict)
    description: str = ""
    query: type[BaseModel] | None = None
    errors: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    accepts: tuple[str, ...] = ()

    def operation(self) -> DocumentedOperation:
        """What the document says of it."""
        return DocumentedOperation(
            method=self.method,
            path=self.path,
            name=self.handler.__name__,
            summary=self.summary,
            description=self.description,
            tag=self.tag,
            auth=self.auth,
            body=self.body,
            accepts=self.accepts,
            query=self.query,
            headers=self.headers,
            answers=self.answers,
            errors=self.errors,
        )


def routes_of(endpoints: Iterable[Endpoint]) -> list[web.RouteDef]:
    """The routes of a feature's endpoints."""
    return [web.route(one.method, one.path, one.handler) for one in endpoints]


def answer(model: BaseModel, status: int = 200) -> web.Response:
    """The model as JSON."""
    body = model.model_dump_json().encode()
    return web.Response(body=body, status=status, content_type="application/json", headers=HEADERS)


async def read(
    request: web.Request, model: type[Model], *, limit: int = MAX_BYTES, status: int = 422
) -> Model:
    """The body as `model`; an empty body is an empty object.

    Raises Problem: 413 above `limit` bytes, 415 for what says that it is no JSON, 400 for what is
    none, `status` with one sentence about the first mistake.
    """
    raw = await read_bytes(request, limit=limit)
    kind = request.content_type
    if raw and kind not in (JSON, UNSAID) and not kind.endswith("+json"):
        raise Problem(415, "unknown_content", f"Send the body as {JSON}, not as {kind}.")
    if b"u0000" in raw and NUL.search(raw):
        raise Problem(400, "bad_request", "The body holds a NUL character; leave it out.")
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as error:
        raise _mistake(error, status) from error


def read_query(request: web.Request, model: type[Model]) -> Model:
    """The query as `model`; raises Problem 422 with one sentence about the first mistake."""
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        raise _mistake(error, 422) from error


async def read_bytes(
    request: web.Request, *, limit: int = MAX_BYTES, patience: float = PATIENCE
) -> bytes:
    """The body as it came.

    Raises Problem: 413 as soon as it is known to be above `limit` bytes, 408 when nothing comes for
    `patience` seconds and SLOWEST is not reached either, 400 when it breaks off.
    """
    if (raw := at_hand(request, limit=limit)) is not None:
        return raw
    if (request.content_length or 0) > limit:
        raise too_large(limit)
    try:
        return await _read_in_time(request, limit, patience)
    except TimeoutError as error:
        raise Problem(408, "too_slow", "The body did not arrive in time. Send it again.") from error
    except (web.RequestPayloadError, ConnectionError) as error:
        raise Problem(400, "broken_off", "The body broke off. Send it again.") from error


async def _read_in_time(request: web.Request, limit: int, patience: float) -> bytes:
    parts, size = [], 0
    began = asyncio.get_running_loop().time()
    async with asyncio.timeout_at(began + patience) as deadline:
        while part := await request.content.readany():
            size += len(part)
            if size > limit:
                raise too_large(limit)
            parts.append(part)
            deadline.reschedule(began + patience + size / SLOWEST)
    return b"".join(parts)


def at_hand(request: web.Request, *, limit: int) -> bytes | None:
    """The body if all of it is here already, as it nearly always is; None: see `read_bytes`."""
    content = request.content
    return content.read_nowait() if content.is_eof() and content.total_bytes <= limit else None


def refuse_encoding(request: web.Request) -> None:
    """Raises Problem 415 for a body that is not sent as it is; nothing of it is read."""
    if CONTENT_ENCODING in request.headers:
        told = ",".join(request.headers.getall(CONTENT_ENCODING)).lower().split(",")
        if any(one.strip() not in ("", "identity") for one in told):
            raise Problem(415, "unknown_encoding", "Send the body as it is, without compression.")


def too_large(limit: int) -> Problem:
    """The body is above `limit` bytes."""
    return Problem(413, "too_large", f"The body may have {limit // 1024} KB at most.")


def _mistake(error: ValidationError, status: int) -> Problem:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    said = ASIDE.sub("", first["msg"]).removeprefix("Value error, ").rstrip(".")
    message = ADVICE.get(first["type"], said)
    if first["type"] == "json_invalid":
        return Problem(400, "not_json", f"The body is not JSON: {message}.")
    name = ".".join(str(part) for part in first["loc"])
    return Problem(status, "invalid", f"{name}: {message}." if name else f"{message}.", param=name)
