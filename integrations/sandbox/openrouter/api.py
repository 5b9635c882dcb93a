"""OpenRouter's keys and credits, strict (platform contract A): no idempotency, one showing."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aiohttp import web

from integrations.sandbox.kit.faults import Fault, FaultKind
from integrations.sandbox.kit.wire import FAULT
from integrations.sandbox.openrouter.checks import check_change, check_new
from integrations.sandbox.openrouter.errors import Refused
from integrations.sandbox.openrouter.store import Json, KeyStore, StoredKey

MANAGEMENT_KEY = "sk-or-v1-sandbox-management"
PAGE = 100
BUSY = FaultKind("busy", "429 every other time")

Handler = Callable[[web.Request], Awaitable[web.Response]]


class OpenRouterApi:
    """The handlers; `changed` is called whenever the account looks different."""

    def __init__(self, store: KeyStore, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed
        self._turns = count()

    def guarded(self, work: Handler) -> Handler:
        """The handler behind the management key; refusals become answers."""

        async def handler(request: web.Request) -> web.Response:
            try:
                if _bearer(request) != MANAGEMENT_KEY:
                    raise Refused(401, "Invalid management key")
                return await work(request)
            except Refused as refused:
                return refused.response()

        return handler

    async def create(self, request: web.Request) -> web.Response:
        """POST /keys: the only answer that holds the secret, beside `data`."""
        body = await _body(request)
        check_new(body)
        self._busy(request.get(FAULT))
        key, secret = self._store.add(
            body["name"],
            limit=body.get("limit"),
            limit_reset=body.get("limit_reset"),
            include_byok=bool(body.get("include_byok_in_limit")),
            expires_at=body.get("expires_at"),
        )
        self._changed()
        return web.json_response({"data": key.shown(), "key": secret}, status=201)

    async def list(self, request: web.Request) -> web.Response:
        """GET /keys: a hundred from `offset` on, the newest first; no total."""
        try:
            offset = int(request.query.get("offset", "0"))
        except ValueError:
            offset = -1
        if offset < 0:
            raise Refused(400, "offset: Expected a number from 0 on")
        everything = request.query.get("include_disabled", "").lower() == "true"
        rows = self._store.newest_first(disabled=everything)[offset : offset + PAGE]
        return web.json_response({"data": [key.shown() for key in rows]})

    async def get(self, request: web.Request) -> web.Response:
        """GET /keys/{hash}."""
        return web.json_response({"data": self._key(request).shown()})

    async def update(self, request: web.Request) -> web.Response:
        """PATCH /keys/{hash}: null clears a limit or a reset."""
        key, body = self._key(request), await _body(request)
        check_change(body)
        for name in ("name", "disabled", "limit", "limit_reset"):
            if name in body:
                setattr(key, name, body[name])
        key.include_byok = body.get("include_byok_in_limit", key.include_byok)
        key.updated_at = datetime.now(UTC)
        self._changed()
        return web.json_response({"data": key.shown()})

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE /keys/{hash}: a second time it is not found."""
        self._store.remove(self._key(request).hash)
        self._changed()
        return web.json_response({"deleted": True})

    async def credits(self, _request: web.Request) -> web.Response:
        """GET /credits of the account."""
        data = {"total_credits": self._store.total_credits, "total_usage": self._store.used()}
        return web.json_response({"data": data})

    async def current(self, request: web.Request) -> web.Response:
        """GET /key: of whatever key asks, and whether it may manage others."""
        secret = _bearer(request)
        key, manages = self._store.of_secret(secret), secret == MANAGEMENT_KEY
        if (key is None and not manages) or (key is not None and key.disabled):
            return Refused(401, "User not found.").response()
        return web.json_response({"data": _about(key, manages=manages)})

    def _busy(self, fault: Fault | None) -> None:
        if fault is not None and fault.kind == BUSY.name and next(self._turns) % 2 == 0:
            raise Refused(429, "Rate limit exceeded", retry_after=1)

    def _key(self, request: web.Request) -> StoredKey:
        key = self._store.find(request.match_info["hash"])
        if key is None:
            raise Refused(404, "API key not found")
        return key


def _about(key: StoredKey | None, *, manages: bool) -> Json:
    shown = key.shown() if key else {"label": "Management key", "limit": None, "usage": 0}
    left_out = ("hash", "name", "disabled", "created_at", "updated_at")
    return {
        **{name: value for name, value in shown.items() if name not in left_out},
        "is_free_tier": False,
        "is_management_key": manages,
        "is_provisioning_key": manages,
        "rate_limit": {"requests": -1, "interval": "10s", "note": "This field is deprecated."},
    }


def _bearer(request: web.Request) -> str:
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    return key if kind.lower() == "bearer" else ""


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "Invalid JSON body")
    return body
