"""Gmail's drafts and profile, strict to the discovery document gmail.v1."""

import base64
import binascii
import secrets
import time
from collections.abc import Mapping, Set
from typing import Any

from aiohttp import web

from integrations.sandbox.google import mime
from integrations.sandbox.google.accounts import COMPOSE, Draft, GoogleAccounts, refused

STANDARD = frozenset({"alt", "key", "fields", "prettyPrint", "quotaUser", "access_token"})
FORMATS = ("minimal", "full", "raw", "metadata")
USUAL_PAGE, LARGEST_PAGE = 100, 500
LARGEST_MESSAGE = 36_700_160  # bytes, from the discovery document


class GmailApi:
    """The handlers of one Gmail."""

    def __init__(self, accounts: GoogleAccounts) -> None:
        self._accounts = accounts

    async def profile(self, request: web.Request) -> web.Response:
        """GET users/me/profile."""
        email, drafts = self._mailbox(request, frozenset())
        return web.json_response(
            {
                "emailAddress": email,
                "messagesTotal": len(drafts),
                "threadsTotal": len({draft.thread_id for draft in drafts.values()}),
                "historyId": "1",
            }
        )

    async def create(self, request: web.Request) -> web.Response:
        """POST drafts."""
        email, drafts = self._mailbox(request, frozenset())
        raw, thread = await self._message(request)
        message_id = secrets.token_hex(8)
        if thread and not self._accounts.has_thread(email, thread):
            raise refused(404, "Requested entity was not found.")
        draft = Draft(
            id=f"r{secrets.randbelow(10**18):018}",
            message_id=message_id,
            thread_id=thread or message_id,
            raw=self._stored(raw),
            updated_at=time.time(),
        )
        drafts[draft.id] = draft
        self._accounts.changed()
        return web.json_response(mime.draft_json(draft, "minimal"))

    async def listing(self, request: web.Request) -> web.Response:
        """GET drafts, newest first; `q` knows rfc822msgid:, subject:, to: and plain words."""
        known = frozenset({"maxResults", "pageToken", "q", "includeSpamTrash"})
        _, drafts = self._mailbox(request, known)
        limit = _whole(request.query.get("maxResults"), USUAL_PAGE)
        start = _whole(request.query.get("pageToken"), 0)
        if not 1 <= limit <= LARGEST_PAGE:
            raise refused(400, "Invalid value for maxResults.")
        found = [
            d for d in reversed(drafts.values()) if mime.answers(d, request.query.get("q", ""))
        ]
        page = found[start : start + limit]
        reply: dict[str, Any] = {"resultSizeEstimate": len(found)}
        if page:
            reply["drafts"] = [mime.draft_stub(draft) for draft in page]
        if start + limit < len(found):
            reply["nextPageToken"] = str(start + limit)
        return web.json_response(reply)

    async def read(self, request: web.Request) -> web.Response:
        """GET drafts/{id} in a format."""
        _, drafts = self._mailbox(request, frozenset({"format"}))
        form = request.query.get("format", "full")
        if form not in FORMATS:
            raise refused(400, f"Invalid value at 'format': {form}")
        return web.json_response(mime.draft_json(_one(drafts, request), form))

    async def update(self, request: web.Request) -> web.Response:
        """PUT drafts/{id}: replaces the message, which gets a new id."""
        _, drafts = self._mailbox(request, frozenset())
        draft = _one(drafts, request)
        raw, _ = await self._message(request)
        draft.raw, draft.message_id = self._stored(raw), secrets.token_hex(8)
        draft.updated_at = time.time()
        self._accounts.changed()
        return web.json_response(mime.draft_json(draft, "minimal"))

    async def remove(self, request: web.Request) -> web.Response:
        """DELETE drafts/{id}: at once and for ever."""
        _, drafts = self._mailbox(request, frozenset())
        del drafts[_one(drafts, request).id]
        self._accounts.changed()
        return web.Response(status=204)

    def _mailbox(self, request: web.Request, known: Set[str]) -> tuple[str, dict[str, Draft]]:
        grant = self._accounts.grant_of(request, COMPOSE)
        unknown = {name for name in request.query if not name.startswith("$")} - known - STANDARD
        if unknown:
            raise refused(400, f'Unknown name "{sorted(unknown)[0]}": Cannot bind query parameter.')
        if request.match_info["user"] not in ("me", grant.email):
            raise refused(403, f"Delegation denied for {grant.email}")
        return grant.email, self._accounts.drafts_of(grant.email)

    async def _message(self, request: web.Request) -> tuple[bytes, str | None]:
        """The raw message and the thread of a draft body; unknown names are refused."""
        body = await _object(request)
        message = body.get("message")
        _only(body, {"id", "message"}, "")
        if not isinstance(message, dict):
            raise refused(400, "Missing draft message")
        _only(message, {"raw", "threadId", "id", "labelIds", "payload"}, " at 'draft.message'")
        raw = _decoded(message.get("raw"))
        if len(raw) > LARGEST_MESSAGE:
            raise refused(400, "Message too large.")
        return raw, message.get("threadId")

    def _stored(self, raw: bytes) -> bytes:
        return mime.with_own_message_id(raw) if self._accounts.rewrites_message_ids else raw


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise refused(400, "Invalid JSON payload received.", "parseError") from None
    if not isinstance(body, dict):
        raise refused(400, "Invalid JSON payload received.", "parseError")
    return body


def _only(body: Mapping[str, Any], names: Set[str], where: str) -> None:
    unknown = set(body) - names
    if unknown:
        name = sorted(unknown)[0]
        raise refused(400, f'Invalid JSON payload received. Unknown name "{name}"{where}')


def _decoded(raw: object) -> bytes:
    """base64url with or without padding; plain base64 is refused as Gmail refuses it."""
    text = raw if isinstance(raw, str) else ""
    try:
        if not text or set("+/") & set(text):
            raise ValueError
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise refused(400, "Invalid value for ByteString: raw") from None


def _one(drafts: Mapping[str, Draft], request: web.Request) -> Draft:
    draft = drafts.get(request.match_info["draft"])
    if draft is None:
        raise refused(404, "Requested entity was not found.")
    return draft


def _whole(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal():
        raise refused(400, f"Invalid value: {text}")
    return int(text)
