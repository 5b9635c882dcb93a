"""An admin's browser without a screen: cookies, pages, forms as they were drawn."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from uuid import uuid4

import pytest_asyncio
from aiohttp import FormData

from handlers.http.dashboard.kit.guard import SESSION
from services.actors import Operator
from services.admins import Device
from tests.handlers.http.conftest import Api

OURS = {"Sec-Fetch-Site": "same-origin"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass(frozen=True)
class Seen:
    """An answer, read."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def to(self) -> str:
        """Where it leads on."""
        return self.headers.get("Location", "")

    def says(self, words: str) -> bool:
        """Whether a reader finds these words on it."""
        return words in unescape(re.sub(r"<[^>]+>", "", self.text))


class Screenless:
    """One browser. `cookies` are what it keeps."""

    def __init__(self, api: Api, operator: Operator) -> None:
        self.api = api
        self.operator = operator
        self.cookies: dict[str, str] = {}

    async def enter(self) -> None:
        """A session, as signing in makes one."""
        signed = await self.api.services.admins.sessions.begin(self.operator, Device("", "test"))
        self.cookies[SESSION] = signed.token

    async def get(self, path: str, **headers: str) -> Seen:
        """A page."""
        return await self._call("GET", path, headers)

    async def post(
        self, path: str, data: dict[str, str] | FormData, headers: dict[str, str] | None = None
    ) -> Seen:
        """A form as it is, without anything that was drawn."""
        return await self._call("POST", path, OURS if headers is None else headers, data)

    async def submit(self, page: str, path: str, **typed: str) -> Seen:
        """The form for `path` on that page, filled in."""
        seen = await self.get(page)
        assert seen.status == 200, seen.text
        return await self.post(path, {**drawn(seen, path), **typed})

    async def _call(
        self, method: str, path: str, headers: dict[str, str], data: object = None
    ) -> Seen:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**headers, "Cookie": jar}
        # The client has a jar of its own, shared by all browsers.
        self.api.client.session.cookie_jar.clear()
        async with self.api.client.request(
            method, path, headers=sent, data=data, allow_redirects=False
        ) as answer:
            for line in answer.headers.getall("Set-Cookie", ()):
                self._keep(SimpleCookie(line))
            return Seen(answer.status, dict(answer.headers), await answer.text())

    def _keep(self, given: SimpleCookie) -> None:
        for name, morsel in given.items():
            self.cookies.pop(name, None)
            if morsel.value:
                self.cookies[name] = morsel.value


def drawn(seen: Seen, path: str) -> dict[str, str]:
    """The hidden fields of the form that posts to `path`."""
    form = re.search(rf'<form[^>]*action="{re.escape(path)}".*?</form>', seen.text, re.S)
    assert form, f"no form for {path}"
    return {name: unescape(value) for name, value in HIDDEN.findall(form[0])}


def somebody() -> Operator:
    """A local admin's name, nobody else's."""
    name = f"ada-{uuid4().hex[:8]}"
    return Operator("admin", name, name)


@pytest_asyncio.fixture(loop_scope="session")
async def admin(api: Api) -> AsyncIterator[Screenless]:
    """Somebody who is signed in with a password of theirs."""
    operator = somebody()
    await api.services.admins.local.create(operator.id, "a long enough password")
    browser = Screenless(api, operator)
    await browser.enter()
    yield browser
