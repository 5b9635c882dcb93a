"""Pages in the browser: good or bad, each with the same protection, and no way to a traceback."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from handlers import http
from handlers.http.kit.pages import HEADERS
from services.actors import Actor
from services.connections.signins import BAD_LINK, SignIns
from services.errors import NotAllowed
from tests.handlers.http.conftest import Api

Browser = TestClient[web.Request, web.Application]


class Links:
    """Knows no link at all, and one that breaks."""

    async def holder(self, state: str) -> None:
        """Nobody's."""

    async def owner(self, state: str) -> Actor:
        """Nobody's."""
        if state == "broken":
            raise RuntimeError("secret detail")
        raise NotAllowed(BAD_LINK)


@pytest_asyncio.fixture
async def browser(api: Api) -> AsyncIterator[Browser]:
    """A browser before the HTTP door."""
    app = web.Application()
    connections = replace(api.services.connections, signins=cast(SignIns, Links()))
    http.register(app, replace(api.services, connections=connections))
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(("state", "status"), [("old", 403), ("broken", 500)])
async def test_a_page_about_a_failure_is_protected_like_any_other(
    browser: Browser, state: str, status: int
) -> None:
    answer = await browser.get("/oauth/gmail/start", params={"state": state})
    assert answer.status == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "secret detail" not in await answer.text()


@pytest.mark.parametrize("cookie", ["é", "\udcff", "x" * 64, ""])
async def test_a_cookie_that_is_not_ours_is_turned_away(browser: Browser, cookie: str) -> None:
    answer = await browser.get(
        "/oauth/gmail/callback",
        params={"state": "a.b", "code": "c"},
        headers={"Cookie": f"seguito-oauth={cookie}"},
    )
    assert answer.status == 403


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("pages.css", 200),
        ("a" * 300, 404),
        ("a" * 6_000, 404),
        ("", 404),
        ("%00", 404),
        ("../page.py", 404),
        ("%2e%2e%2fpage.py", 404),
        ("colors.css/x", 404),
    ],
)
async def test_only_files_of_ours_are_served(browser: Browser, name: str, status: int) -> None:
    assert (await browser.get(URL(f"/static/{name}", encoded=True))).status == status
