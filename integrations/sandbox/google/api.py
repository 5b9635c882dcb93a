"""Google on one screen: sign-in, tokens, Gmail drafts and Calendar (contract D)."""

from aiohttp import web

from integrations.sandbox.google.accounts import GoogleAccounts
from integrations.sandbox.google.calendar import CalendarApi
from integrations.sandbox.google.consent import ConsentPages
from integrations.sandbox.google.gmail import GmailApi
from integrations.sandbox.google.tokens import TokenApi
from integrations.sandbox.kit.faults import Faults
from integrations.sandbox.kit.journal import Journal
from integrations.sandbox.kit.world import World

AUTH = "/google/o/oauth2/v2/auth"
# The clients append the path of the discovery document to their root: /gmail + /gmail/v1/….
GMAIL = "/gmail/gmail/v1/users/{user}"
CALENDAR = "/gcal/calendar/v3"


def routes(
    world: World, journal: Journal, faults: Faults, accounts: GoogleAccounts | None = None
) -> list[web.RouteDef]:
    """All paths of Google."""
    accounts = accounts or GoogleAccounts(world, announce=journal.announce)
    return [*_sign_in(accounts), *_gmail(accounts), *_calendar(accounts)]


def _sign_in(accounts: GoogleAccounts) -> list[web.RouteDef]:
    pages, tokens = ConsentPages(accounts), TokenApi(accounts)
    return [
        web.get(AUTH, pages.show, name="google:consent.show"),
        web.post(AUTH, pages.decide, name="google:consent.decide"),
        web.post("/google/token", tokens.token, name="google:token"),
        web.post("/google/revoke", tokens.revoke, name="google:revoke"),
        web.get("/google/userinfo", tokens.userinfo, name="google:userinfo"),
    ]


def _gmail(accounts: GoogleAccounts) -> list[web.RouteDef]:
    api = GmailApi(accounts)
    return [
        web.get(f"{GMAIL}/profile", api.profile, name="gmail:profile"),
        web.post(f"{GMAIL}/drafts", api.create, name="gmail:drafts.create"),
        web.get(f"{GMAIL}/drafts", api.listing, name="gmail:drafts.list"),
        web.get(f"{GMAIL}/drafts/{{draft}}", api.read, name="gmail:drafts.get"),
        web.put(f"{GMAIL}/drafts/{{draft}}", api.update, name="gmail:drafts.update"),
        web.delete(f"{GMAIL}/drafts/{{draft}}", api.remove, name="gmail:drafts.delete"),
    ]


def _calendar(accounts: GoogleAccounts) -> list[web.RouteDef]:
    api = CalendarApi(accounts)
    events = f"{CALENDAR}/calendars/{{calendar}}/events"
    return [
        web.get(events, api.listing, name="calendar:events.list"),
        web.post(events, api.insert, name="calendar:events.insert"),
        web.get(f"{events}/{{event}}", api.read, name="calendar:events.get"),
        web.delete(f"{events}/{{event}}", api.remove, name="calendar:events.delete"),
        web.post(f"{CALENDAR}/freeBusy", api.free_busy, name="calendar:freebusy.query"),
    ]
