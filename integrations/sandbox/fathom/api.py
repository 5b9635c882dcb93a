"""Fathom's external API v1, as contract A describes it: strict where the vendor is."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from integrations.sandbox.fathom import wire
from integrations.sandbox.fathom.hooks import Hooks
from integrations.sandbox.kit.rates import RateLimiter
from integrations.sandbox.kit.wire import Handler
from integrations.sandbox.kit.world import Meeting, Person, World

GLOBAL_LIMIT = 60  # calls in 60 s for one user (contract A2)
HEAVY_LIMIT = 30  # transcript, summary, and lists that include them
MEMBER = web.RequestKey("fathom_member", Person)

LIST_FLAGS = frozenset(
    {
        "include_action_items",
        "include_crm_matches",
        "include_highlights",
        "include_summary",
        "include_transcript",
    }
)
LIST_QUERY = LIST_FLAGS | {
    "calendar_invitees_domains[]",
    "calendar_invitees_domains_type",
    "created_after",
    "created_before",
    "cursor",
    "meeting_type",
    "recorded_by[]",
    "teams[]",
}
WEBHOOK_FLAGS = tuple(sorted(LIST_FLAGS - {"include_highlights"}))
TRIGGERS = frozenset(
    {
        "my_recordings",
        "shared_external_recordings",
        "my_shared_with_team_recordings",
        "shared_team_recordings",
    }
)


class FathomApi:
    """The handlers, and each user's calls of the last minute."""

    def __init__(self, world: World, hooks: Hooks, *, enforce_limits: bool) -> None:
        self._world = world
        self._limits = RateLimiter(enforced=enforce_limits)
        self.webhooks = hooks.all

    def light(self, handler: Handler) -> Handler:
        """A handler behind the credential and the global bucket."""
        return self._guarded(handler, lambda request: False)

    def heavy(self, handler: Handler) -> Handler:
        """A handler behind the credential and the heavy bucket."""
        return self._guarded(handler, lambda request: True)

    def listing(self, handler: Handler) -> Handler:
        """The list of meetings is heavy when it includes a summary or a transcript."""
        costly = ("include_summary", "include_transcript")
        return self._guarded(
            handler, lambda request: any(request.query.get(n) == "true" for n in costly)
        )

    async def meetings(self, request: web.Request) -> web.Response:
        """GET /meetings: newest first, ten a page, an opaque cursor."""
        wire.only_known(request, LIST_QUERY)
        flags = frozenset(n for n in LIST_FLAGS if wire.read_flag(request, n))
        if "Authorization" in request.headers and flags & {"include_summary", "include_transcript"}:
            raise wire.refused(400, "include_summary and include_transcript need an API key")
        chosen = wire.matching(request, self._world.meetings_of(request[MEMBER]))
        page, cursor = wire.page_of(chosen, request.query.get("cursor"))
        return web.json_response(
            {
                "limit": wire.PAGE,
                "next_cursor": cursor,
                "items": [wire.meeting_json(meeting, flags) for meeting in page],
            }
        )

    async def summary(self, request: web.Request) -> web.Response:
        """GET /recordings/{id}/summary."""
        meeting = self._recording(request)
        return wire.callback(request) or web.json_response({"summary": wire.summary_json(meeting)})

    async def transcript(self, request: web.Request) -> web.Response:
        """GET /recordings/{id}/transcript."""
        meeting = self._recording(request)
        return wire.callback(request) or web.json_response(
            {"transcript": wire.transcript_json(meeting)}
        )

    async def teams(self, request: web.Request) -> web.Response:
        """GET /teams."""
        wire.only_known(request, {"cursor"})
        names = sorted({p.team for p in self._colleagues(request) if p.team})
        return wire.directory([{"name": n, "created_at": self._opening()} for n in names])

    async def members(self, request: web.Request) -> web.Response:
        """GET /team_members, perhaps of one team."""
        wire.only_known(request, {"cursor", "team"})
        team = request.query.get("team")
        people = [p for p in self._colleagues(request) if p.team and team in (None, p.team)]
        return wire.directory(
            [{"name": p.real_name, "email": p.email, "created_at": self._opening()} for p in people]
        )

    async def types(self, request: web.Request) -> web.Response:
        """GET /meeting_types."""
        wire.only_known(request, {"cursor"})
        names = sorted({m.meeting_type for m in self._world.meetings if m.meeting_type})
        opening = self._opening()
        return wire.directory(
            [{"name": n, "status": "active", "created_at": opening} for n in names]
        )

    async def users(self, request: web.Request) -> web.Response:
        """GET /users belongs to Fathom's admins, and nobody in the cast is one."""
        raise wire.refused(403, "only account admins may list users")

    async def subscribe(self, request: web.Request) -> web.Response:
        """POST /webhooks: at least one include must be true, no other key is allowed."""
        body = await wire.read_body(request)
        wire.check_webhook(body, WEBHOOK_FLAGS, TRIGGERS)
        webhook: dict[str, Any] = {
            "id": f"wh_{secrets.token_hex(8)}",
            "url": body["destination_url"],
            "secret": f"whsec_{wire.base64_secret()}",
            "created_at": wire.stamp(datetime.now(UTC)),
            "triggered_for": body["triggered_for"],
            **{name: bool(body.get(name, False)) for name in WEBHOOK_FLAGS},
        }
        self.webhooks[webhook["id"]] = {**webhook, "owner": request[MEMBER].id}
        return web.json_response(webhook, status=201)

    async def unsubscribe(self, request: web.Request) -> web.Response:
        """DELETE /webhooks/{id}."""
        webhook = self.webhooks.get(request.match_info["webhook"])
        if webhook is None or webhook["owner"] != request[MEMBER].id:
            raise wire.refused(404, "no such webhook")
        del self.webhooks[webhook["id"]]
        return web.Response(status=204)

    def _guarded(self, handler: Handler, is_heavy: Callable[[web.Request], bool]) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            member = self._member(request)
            request[MEMBER] = member
            bucket, limit = ("heavy", HEAVY_LIMIT) if is_heavy(request) else ("all", GLOBAL_LIMIT)
            count = self._limits.count(f"{member.id}:{bucket}", limit)
            if count.exceeded:
                error = wire.refused(429, "too many requests")
                error.headers.update(count.headers(with_retry=True))
                raise error
            response = await handler(request)
            response.headers.update(count.headers())
            return response

        return guarded

    def _member(self, request: web.Request) -> Person:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        key = request.headers.get("X-Api-Key") or bearer
        member = self._world.person_by_fathom_key(key)
        if member is None:
            raise wire.refused(401, "missing or invalid credential")
        return member

    def _recording(self, request: web.Request) -> Meeting:
        wire.only_known(request, {"destination_url"})
        wanted = request.match_info["recording"]
        if not wanted.isdecimal():
            raise wire.refused(400, "recording_id must be an integer")
        for meeting in self._world.meetings_of(request[MEMBER]):
            if meeting.recording_id == int(wanted):
                return meeting
        raise wire.refused(404, "recording not found")

    def _colleagues(self, request: web.Request) -> tuple[Person, ...]:
        workspace = self._world.workspace(request[MEMBER].workspace_id)
        return workspace.people if workspace else ()

    def _opening(self) -> str:
        return wire.stamp(self._world.started_at.replace(month=1, day=2))
