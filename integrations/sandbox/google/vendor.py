"""Google as the sandbox knows it: sign-in, Gmail drafts and Calendar over the same accounts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from integrations.sandbox.google.accounts import CLIENT, GoogleAccounts
from integrations.sandbox.google.calendar import CalendarApi
from integrations.sandbox.google.consent import ConsentPages
from integrations.sandbox.google.errors import google_error
from integrations.sandbox.google.gmail import GmailApi
from integrations.sandbox.google.mime import draft_view
from integrations.sandbox.google.tokens import TokenApi
from integrations.sandbox.kit.plugin import Json, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage

AUTH = "/google/o/oauth2/v2/auth"
# The clients append the path of the discovery document to their root: /gmail + /gmail/v1/….
GMAIL = "/gmail/gmail/v1/users/{user}"
CALENDAR = "/gcal/calendar/v3"
COLOR = "#d9a321"
PANEL = Path(__file__).parent / "panel"


class Google(Vendor):
    """The sign-in: consent pages, tokens, and the grants that people gave."""

    name = "google"
    place = 80
    color = COLOR
    panel = PanelPart(PANEL / "grants.js")

    def __init__(self, accounts: GoogleAccounts) -> None:
        self.accounts = accounts
        self._pages, self._tokens = ConsentPages(accounts), TokenApi(accounts)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The sign-in's paths, and what the panel lets a grant's owner do."""
        pages, tokens = self._pages, self._tokens
        return [
            web.get(AUTH, pages.show, name="google:consent.show"),
            web.post(AUTH, pages.decide, name="google:consent.decide"),
            web.post("/google/token", tokens.token, name="google:token"),
            web.post("/google/revoke", tokens.revoke, name="google:revoke"),
            web.get("/google/userinfo", tokens.userinfo, name="google:userinfo"),
            web.post("/panel/api/grants", self.grants),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """The OAuth client and the sign-in's addresses."""
        client_id, client_secret = CLIENT
        return {
            "GOOGLE_CLIENT_ID": client_id,
            "GOOGLE_CLIENT_SECRET": client_secret,
            "GOOGLE_AUTH_URL": f"{origin}{AUTH}",
            "GOOGLE_TOKEN_URL": f"{origin}/google/token",
            "GOOGLE_REVOKE_URL": f"{origin}/google/revoke",
        }

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """OAuth's own (RFC 6749)."""
        return {"error": code or "server_error", "error_description": message}

    def contents(self) -> object:
        """Who has allowed what."""
        return [
            {"email": grant.email, "scopes": sorted(grant.scopes), "alive": grant.alive}
            for grant in self.accounts.grants
        ]

    async def grants(self, request: web.Request) -> web.Response:
        """POST grants `{email, do: expire|revoke}`: what an hour or the account's owner does."""
        body = await request.json()
        acts = {"expire": self.accounts.expire, "revoke": self.accounts.revoke}
        act = acts.get(str(body.get("do")))
        if act is None:
            return web.json_response({"error": "do must be expire or revoke"}, status=400)
        act(str(body.get("email")))
        return web.json_response({"ok": True})


class Gmail(Vendor):
    """The drafts."""

    name = "gmail"
    place = 20
    color = COLOR
    panel = PanelPart(PANEL / "gmail.js", tab="Gmail")

    def __init__(self, accounts: GoogleAccounts) -> None:
        self.accounts = accounts

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Gmail's paths."""
        api = GmailApi(self.accounts)
        return [
            web.get(f"{GMAIL}/profile", api.profile, name="gmail:profile"),
            web.post(f"{GMAIL}/drafts", api.create, name="gmail:drafts.create"),
            web.get(f"{GMAIL}/drafts", api.listing, name="gmail:drafts.list"),
            web.get(f"{GMAIL}/drafts/{{draft}}", api.read, name="gmail:drafts.get"),
            web.put(f"{GMAIL}/drafts/{{draft}}", api.update, name="gmail:drafts.update"),
            web.delete(f"{GMAIL}/drafts/{{draft}}", api.remove, name="gmail:drafts.delete"),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Its address."""
        return {"GMAIL_API_URL": f"{origin}/gmail"}

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """googleapis' own."""
        return google_error(status, code, message)

    def contents(self) -> object:
        """Everybody's drafts, newest first."""
        people = self.accounts.world.people
        return [{"email": p.email, "drafts": self._drafts(p.email)} for p in people]

    def _drafts(self, email: str) -> list[dict[str, Any]]:
        return [draft_view(d) for d in reversed(self.accounts.drafts_of(email).values())]


class Calendar(Vendor):
    """The calendars."""

    name = "calendar"
    place = 30
    color = COLOR
    panel = PanelPart(PANEL / "calendar.js", tab="Calendar", styles=("calendar.css",))

    def __init__(self, accounts: GoogleAccounts) -> None:
        self.accounts = accounts

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Calendar's paths."""
        api = CalendarApi(self.accounts)
        events = f"{CALENDAR}/calendars/{{calendar}}/events"
        return [
            web.get(events, api.listing, name="calendar:events.list"),
            web.post(events, api.insert, name="calendar:events.insert"),
            web.get(f"{events}/{{event}}", api.read, name="calendar:events.get"),
            web.delete(f"{events}/{{event}}", api.remove, name="calendar:events.delete"),
            web.post(f"{CALENDAR}/freeBusy", api.free_busy, name="calendar:freebusy.query"),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Its address."""
        return {"GOOGLE_CALENDAR_API_URL": f"{origin}/gcal"}

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """googleapis' own."""
        return google_error(status, code, message)

    def contents(self) -> object:
        """Everybody's events, latest first."""
        people = self.accounts.world.people
        return [{"email": p.email, "events": self._events(p.email)} for p in people]

    def _events(self, email: str) -> list[dict[str, Any]]:
        events = self.accounts.events_of(email).values()
        shown = [{**event, "created": event["created"].isoformat()} for event in events]
        return sorted(shown, key=lambda event: str(event["start"].get("dateTime")), reverse=True)


def vendors(stage: Stage) -> Sequence[Vendor]:
    """The three, sharing the accounts of the cast."""
    accounts = GoogleAccounts(stage.world, stage.changed)
    return [Google(accounts), Gmail(accounts), Calendar(accounts)]
