"""What the gateway declines, as the API's failures."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from handlers.http.context import language
from handlers.http.problems import Problem
from services.chats import ChatRefused


@contextmanager
def told_as_problems(request: web.Request) -> Iterator[None]:
    """A refusal inside the block becomes a Problem with its status, code and headers."""
    try:
        yield
    except ChatRefused as error:
        sentence = error.sentence(language(request))
        raise Problem(error.status, error.code, sentence, headers=error.headers) from error
