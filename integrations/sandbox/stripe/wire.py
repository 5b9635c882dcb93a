"""What every call of the API passes: the key, the version, the parameters, idempotency, expansion,
pages of lists, and a request id."""

import hashlib
import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiohttp import web

from integrations.sandbox.kit.wire import Handler
from integrations.sandbox.stripe.errors import Json, StripeFault, error_body, invalid, missing
from integrations.sandbox.stripe.params import (
    EVERYWHERE,
    Kind,
    Shape,
    checked,
    integer,
    listed,
    read_form,
    text,
)
from integrations.sandbox.stripe.store import NOUNS, VERSION, Account

SECRET_KEY = "sk_test_sandbox51SeguitoStripeStandInKey0001"  # noqa: S105 (of the sandbox)
PUBLISHABLE_KEY = "pk_test_sandbox51SeguitoStripeStandInKey0001"
FORM = "application/x-www-form-urlencoded"
REQUEST_ID, IDEMPOTENCY = "Request-Id", "Idempotency-Key"
LONGEST_KEY = 255
PAGE, LARGEST_PAGE = 10, 100
PAGED: Mapping[str, Kind] = {"limit": integer, "starting_after": text, "ending_before": text}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its checked parameters, the ids in its path, and its own id."""

    given: Json
    path: Mapping[str, str]
    id: str
    key: str | None

    @property
    def asked(self) -> Json:
        """As events name it."""
        return {"id": self.id, "idempotency_key": self.key}


# Answers with an object of the store (or a list of them); anything else is a bug of the sandbox.
Answer = Callable[[Call], Json]


@dataclass(slots=True)
class _Kept:
    print: str
    reply: tuple[int, Json] | None = None


class Gate:
    """Guards every operation."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._kept: dict[str, _Kept] = {}

    def guarded(self, answer: Answer, shape: Shape | None = None) -> Handler:
        """The answer, for callers with the key who give parameters of this shape."""
        takes = {**(shape or {}), EVERYWHERE: listed(text)}

        async def guarded(request: web.Request) -> web.Response:
            headers = {REQUEST_ID: f"req_{uuid4().hex[:14]}", "Stripe-Version": VERSION}
            self._account.origin = str(request.url.origin())
            try:
                _authenticate(request)
                given = await _parameters(request)
                status, body = self._once(request, given, headers, answer, takes)
            except StripeFault as error:
                status, body = error.status, error.body()
            return web.json_response(body, status=status, headers=headers)

        return guarded

    def page(self, found: Iterable[Json], call: Call, kind: str, url: str) -> Json:
        """One page of objects that come newest first. StripeFault for a strange cursor."""
        limit = call.given.get("limit", PAGE)
        if not 1 <= limit <= LARGEST_PAGE:
            raise invalid(f"limit must be from 1 to {LARGEST_PAGE}", "limit")
        objects = list(found)
        after, before = call.given.get("starting_after"), call.given.get("ending_before")
        if after and before:
            raise invalid("You cannot parameterize by both starting_after and ending_before")
        ids = [one["id"] for one in objects]
        for param, cursor in (("starting_after", after), ("ending_before", before)):
            if cursor and cursor not in self._account.table(kind):
                raise missing(NOUNS.get(kind, kind), cursor, param)
        if before:
            objects = objects[: ids.index(before)] if before in ids else []
            return _page(objects[-limit:], len(objects) > limit, url)
        if after:
            objects = objects[ids.index(after) + 1 :] if after in ids else []
        return _page(objects[:limit], len(objects) > limit, url)

    def _once(
        self,
        request: web.Request,
        given: Json,
        headers: dict[str, str],
        answer: Answer,
        takes: Shape,
    ) -> tuple[int, Json]:
        """Runs it, or repeats what this key was answered (contract C.6)."""
        key = request.headers.get(IDEMPOTENCY) if request.method == "POST" else None
        seen = checked(given, takes)
        expand = seen.pop(EVERYWHERE, [])
        call = Call(seen, dict(request.match_info), headers[REQUEST_ID], key)
        if key is None:
            return _run(self._account, answer, call, expand)
        headers[IDEMPOTENCY] = key
        kept = self._known(key, _fingerprint(request, given))
        if kept.reply is not None:
            headers["Idempotent-Replayed"] = "true"
            return kept.reply
        try:
            kept.reply = _run(self._account, answer, call, expand)
        except StripeFault as error:
            # Refused before anything began is not kept; a declined card is.
            if error.kind != "card_error":
                del self._kept[key]
                raise
            kept.reply = (error.status, error.body())
        return kept.reply

    def _known(self, key: str, fingerprint: str) -> _Kept:
        if not key or len(key) > LONGEST_KEY:
            raise invalid(f"Idempotency keys are 1 to {LONGEST_KEY} characters")
        kept = self._kept.setdefault(key, _Kept(fingerprint))
        if kept.print != fingerprint:
            text = (
                "Keys for idempotent requests can only be used with the same parameters they were "
                f"first used with. Try using a key other than '{key}' if you meant to execute a "
                "different request."
            )
            raise StripeFault(400, text, kind="idempotency_error")
        return kept


def _run(account: Account, answer: Answer, call: Call, expand: list[str]) -> tuple[int, Json]:
    found = answer(call)
    written = account.expanded(found, expand)
    account.changed()
    return 200, written


def _fingerprint(request: web.Request, given: Json) -> str:
    said = json.dumps([request.method, request.path, given], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _authenticate(request: web.Request) -> None:
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    key = rest.strip() if kind == "Bearer" else ""
    if kind == "Basic":
        try:
            key = b64decode(rest).decode().partition(":")[0]
        except (NotBase64, UnicodeDecodeError):
            key = ""
    if not key:
        text = "You did not provide an API key."
        raise StripeFault(401, text)
    if key != SECRET_KEY:
        hidden = f"{key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:]}"
        raise StripeFault(401, f"Invalid API Key provided: {hidden}")
    version = request.headers.get("Stripe-Version", VERSION)
    if version != VERSION:
        raise invalid(f"Invalid Stripe API version: {version}. The sandbox speaks {VERSION}.")


async def _parameters(request: web.Request) -> Json:
    given = request.query_string
    if request.method == "POST":
        body = await request.text()
        if body and request.content_type != FORM:
            raise invalid(f"Requests are form-encoded: send {FORM}.")
        given = "&".join(part for part in (given, body) if part)
    return read_form(given)


def _page(objects: list[Json], more: bool, url: str) -> Json:
    return {"object": "list", "data": objects, "has_more": more, "url": url}


def refusal(status: int, code: str | None, message: str) -> dict[str, Any]:
    """The body of a planned failure."""
    kind = {401: "invalid_request_error", 402: "card_error", 429: "rate_limit_error"}.get(
        status, "api_error" if status >= 500 else "invalid_request_error"
    )
    return error_body(kind, message, code or "")
