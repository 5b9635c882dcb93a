"""The Google accounts of the cast: their grants, tokens, drafts and events."""

import json
import secrets
import time
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from integrations.sandbox.google.errors import google_error
from integrations.sandbox.google.events import cast_events
from integrations.sandbox.kit.world import World

# The id and the secret of the product's OAuth client.
CLIENT = ("100000000005-sandbox.apps.googleusercontent.example", "google-sandbox-secret")
TOKEN_LIFE = 3599.0  # seconds, as Google's token endpoint says
CODE_LIFE = 600.0  # seconds

SCOPE = "https://www.googleapis.com/auth/"
COMPOSE = frozenset({f"{SCOPE}gmail.compose", f"{SCOPE}gmail.modify", "https://mail.google.com/"})
EVENTS = frozenset({f"{SCOPE}calendar.events", f"{SCOPE}calendar", f"{SCOPE}calendar.events.owned"})
FREE_BUSY = frozenset(
    {f"{SCOPE}calendar.freebusy", f"{SCOPE}calendar", f"{SCOPE}calendar.readonly"}
)
KNOWN_SCOPES = (
    COMPOSE
    | EVENTS
    | FREE_BUSY
    | {"openid", "email", "profile", f"{SCOPE}userinfo.email", f"{SCOPE}userinfo.profile"}
)


@dataclass(slots=True)
class Grant:
    """One consent; it dies with `alive`. Times are of the monotonic clock."""

    email: str
    scopes: frozenset[str]
    refresh_token: str | None
    alive: bool = True
    access: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that was not exchanged yet."""

    grant: Grant
    redirect_uri: str
    challenge: str | None
    expires: float


@dataclass(slots=True)
class Draft:
    """A Gmail draft; `raw` is the message as it was sent to us."""

    id: str
    message_id: str
    thread_id: str
    raw: bytes
    updated_at: float


@dataclass(slots=True)
class GoogleAccounts:
    """What all Google endpoints share.

    `changed` tells whoever watches; `token_life` may be shortened, `rewrites_message_ids` makes
    Gmail replace the Message-ID of a draft by one of its own, as it does for some accounts.
    `meet_after`: how often a new event is read before its Meet room is there; None: it never is.
    `zones`: time zones of calendars that differ from their owners'.
    """

    world: World
    changed: Callable[[], None]
    token_life: float = TOKEN_LIFE
    rewrites_message_ids: bool = False
    meet_after: int | None = 0
    zones: dict[str, str] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    drafts: dict[str, dict[str, Draft]] = field(default_factory=dict)
    sent: dict[str, list[Draft]] = field(default_factory=dict)
    events: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def drafts_of(self, email: str) -> dict[str, Draft]:
        """One account's drafts by id, oldest first."""
        return self.drafts.setdefault(email, {})

    def send(self, email: str, draft_id: str) -> None:
        """What the owner does in Gmail: the draft is one no more, its conversation stays."""
        self.sent.setdefault(email, []).append(self.drafts_of(email).pop(draft_id))
        self.changed()

    def has_thread(self, email: str, thread_id: str) -> bool:
        """Whether there is such a conversation, of drafts or of what was sent."""
        known = (*self.drafts_of(email).values(), *self.sent.get(email, ()))
        return any(draft.thread_id == thread_id for draft in known)

    def events_of(self, email: str) -> dict[str, dict[str, Any]]:
        """One account's events by id: the cast's meetings, and what was added since."""
        calendar = self.events.setdefault(email, {})
        for event in cast_events(self.world, email):
            calendar.setdefault(event["id"], event)
        return calendar

    def zone_of(self, email: str) -> str:
        """The IANA zone of an account's calendar."""
        person = self.world.person_by_email(email)
        return self.zones.get(email) or (person.tz if person else "UTC")

    def readers_of(self, email: str) -> frozenset[str]:
        """Whose free/busy this account may see: its own, and its colleagues'."""
        person = self.world.person_by_email(email)
        team = self.world.workspace(person.workspace_id) if person else None
        return frozenset({email, *(one.email for one in (team.people if team else ()))})

    def issue(self, grant: Grant) -> str:
        """A fresh access token of a grant."""
        token = f"ya29.sandbox-{secrets.token_hex(16)}"
        grant.access[token] = time.monotonic() + self.token_life
        return token

    def grant_of(self, request: web.Request, allowed: Set[str] | None = None) -> Grant:
        """The living grant behind a request's bearer; 401 without one, 403 without the scope."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        grant = next((g for g in self.grants if token in g.access), None)
        if grant is None or not grant.alive or grant.access[token] <= time.monotonic():
            raise refused(401, "Request had invalid authentication credentials.")
        if allowed is not None and not grant.scopes & allowed:
            raise refused(403, "Request had insufficient authentication scopes.")
        return grant

    def by_token(self, token: str) -> Grant | None:
        """The living grant that issued an access or refresh token."""
        alive = (grant for grant in self.grants if grant.alive)
        return next(
            (g for g in alive if token and (token in g.access or token == g.refresh_token)), None
        )

    def expire(self, email: str) -> None:
        """Makes every access token of an account old, as an hour would."""
        for grant in self._of(email):
            grant.access = dict.fromkeys(grant.access, 0.0)

    def revoke(self, email: str) -> None:
        """Ends every grant of an account, as its owner can on Google's own pages."""
        for grant in self._of(email):
            grant.alive = False
        self.changed()

    def _of(self, email: str) -> list[Grant]:
        return [grant for grant in self.grants if grant.email == email]


def refused(status: int, message: str, reason: str | None = None) -> web.HTTPException:
    """A refusal in the shape of Google's JSON errors."""
    kinds: dict[int, type[web.HTTPException]] = {
        400: web.HTTPBadRequest,
        401: web.HTTPUnauthorized,
        403: web.HTTPForbidden,
        404: web.HTTPNotFound,
        409: web.HTTPConflict,
        410: web.HTTPGone,
    }
    text = json.dumps(google_error(status, reason, message))
    return kinds[status](text=text, content_type="application/json")
