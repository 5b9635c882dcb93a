"""A customer's web site that holds a license key: what it asks the product, byte for byte."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, web

from integrations.sandbox.kit.journal import Exchange, Journal
from integrations.sandbox.site.webhooks import SiteWebhooks

PATIENCE = ClientTimeout(total=120.0, connect=5.0)
# The page is told in headers: a refusal is a result here and no error in the browser's console.
STATUS, HEADERS = "X-Site-Status", "X-Site-Headers"
CUT = b"\n[the connection was cut]"


class NoSuchCall(Exception):
    """The panel asked for something a site does not do; says what."""


class Unsendable(Exception):
    """No header can carry the key; a sentence for the person who pasted it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request of the site to the product."""

    method: str
    path: str
    key: str
    body: Mapping[str, Any] | None = None


def question(fields: Mapping[str, Any]) -> Question:
    """From the panel's form: `call` is validate, chat, usage or limits. NoSuchCall, Unsendable."""
    key = str(fields.get("key") or "").strip()
    if not key.isprintable() or not key.isascii():
        raise Unsendable("No license key has such characters: paste it again.")
    call = fields.get("call")
    if call == "validate":
        return Question("POST", "/api/validate", key, _given(domain=fields.get("domain")))
    if call == "chat":
        return Question("POST", "/api/chat", key, _chat(fields))
    if call == "usage":
        return Question("GET", "/api/usage", key)
    if call == "limits":
        return Question("GET", "/api/limits/check", key)
    raise NoSuchCall("call must be validate, chat, usage or limits")


class SiteClient:
    """Asks the product at `app_url` and hands the answer on as it comes."""

    def __init__(self, app_url: str, journal: Journal, webhooks: SiteWebhooks) -> None:
        self._app_url, self._journal, self._webhooks = app_url, journal, webhooks
        self._session: ClientSession | None = None

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """POST ask: the answer's bytes, its status and headers in headers of ours."""
        try:
            asked = question(await request.json())
        except Unsendable as error:
            return _unanswered(str(error))
        except (NoSuchCall, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        begun = time.perf_counter()
        try:
            answer = await self._http().request(
                asked.method,
                f"{self._app_url}{asked.path}",
                headers={"X-License-Key": asked.key} if asked.key else {},
                json=asked.body,
            )
        except (ClientError, TimeoutError) as error:
            self._write_down(asked, 0, begun, {}, b"")
            return _unanswered(f"The product does not answer: {type(error).__name__}")
        async with answer:
            relayed, body = await _relay(request, answer)
        self._write_down(asked, answer.status, begun, dict(answer.headers), body)
        return relayed

    async def trust(self, request: web.Request) -> web.Response:
        """POST secret: check webhooks with it from now on."""
        try:
            self._webhooks.trust(str((await request.json()).get("secret") or "").strip())
        except ValueError as error:
            return web.json_response({"ok": False, "error": str(error)})
        return web.json_response({"ok": True})

    async def close(self) -> None:
        """Give its connections back."""
        if self._session is not None:
            await self._session.close()

    def _http(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(timeout=PATIENCE, auto_decompress=True)
        return self._session

    def _write_down(
        self, asked: Question, status: int, begun: float, headers: Mapping[str, str], body: bytes
    ) -> None:
        mask = self._journal.mask
        kind = next((v for n, v in headers.items() if n.lower() == "content-type"), "")
        self._journal.record(
            Exchange(
                direction="out",
                vendor="site",
                method=asked.method,
                path=asked.path,
                status=status,
                ms=(time.perf_counter() - begun) * 1000,
                request={"body": asked.body},
                response={"headers": mask.headers(headers), "body": mask.readable(body, kind)},
            )
        )


def _unanswered(text: str) -> web.Response:
    return web.Response(text=text, headers={STATUS: "0", HEADERS: "{}"})


async def _relay(request: web.Request, answer: ClientResponse) -> tuple[web.StreamResponse, bytes]:
    """Passes the bytes on as they come; says so in the text when they break off."""
    told = {STATUS: str(answer.status), HEADERS: json.dumps(dict(answer.headers))}
    relayed = web.StreamResponse(headers={**told, "Cache-Control": "no-store"})
    relayed.content_type = "text/plain"
    relayed.charset = "utf-8"
    await relayed.prepare(request)
    body = bytearray()
    try:
        async for piece in answer.content.iter_any():
            body += piece
            await relayed.write(piece)
    except ConnectionError:
        # The page was closed; the product sees the site hang up.
        return relayed, bytes(body)
    except (ClientError, TimeoutError):
        body += CUT
        await relayed.write(CUT)
    return relayed, bytes(body)


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _chat(fields: Mapping[str, Any]) -> dict[str, Any]:
    said = {"role": "user", "content": str(fields.get("message") or "")}
    wished = _given(provider=fields.get("provider"), model=fields.get("model"))
    return {"messages": [said], **wished, "stream": bool(fields.get("stream"))}
