"""What the panel shows beside Slack: the outside world, the journal, and the faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from integrations.sandbox.crono.store import CronoStore
from integrations.sandbox.google.accounts import GoogleAccounts, Grant
from integrations.sandbox.google.mime import draft_view
from integrations.sandbox.kit.faults import KINDS, Faults, fault_from
from integrations.sandbox.kit.journal import Journal
from integrations.sandbox.kit.world import World
from integrations.sandbox.site.webhooks import SiteWebhooks
from integrations.sandbox.smtp.server import MailServer

FRESH = {"Cache-Control": "no-store"}
API = "/panel/api"


@dataclass(frozen=True, slots=True)
class Outside:
    """The vendors whose contents are shown."""

    world: World
    google: GoogleAccounts
    crono: CronoStore
    mail: MailServer
    webhooks: SiteWebhooks

    def as_json(self) -> dict[str, Any]:
        """Everything at once; the cast is small."""
        people = self.world.people
        return {
            "gmail": [{"email": p.email, "drafts": self._drafts(p.email)} for p in people],
            "calendar": [{"email": p.email, "events": self._events(p.email)} for p in people],
            "crono": {
                "accounts": list(self.crono.accounts.values()),
                "prospects": list(self.crono.prospects.values()),
                "deals": list(self.crono.deals.values()),
                "notes": list(self.crono.notes.values()),
                "tasks": list(self.crono.tasks.values()),
            },
            "mail": [mail.as_json() for mail in reversed(self.mail.mails)],
            "google_grants": [_grant_json(grant) for grant in self.google.grants],
            "fathom_keys": [
                {"person": p.id, "name": p.real_name, "key": p.fathom_key} for p in people
            ],
            "webhooks": self.webhooks.as_json(),
            "provider_keys": self._provider_keys(),
            "admin_key": self.world.credentials.admin_key,
            "crono_keys": {
                "public": self.world.credentials.crono_public_key,
                "private": self.world.credentials.crono_private_key,
            },
        }

    def _provider_keys(self) -> dict[str, str]:
        """What a customer with accounts of their own would paste; each vendor takes it."""
        keys = self.world.credentials
        ours = {
            "openai": keys.openai_key,
            "anthropic": keys.anthropic_key,
            "deepseek": keys.deepseek_key,
        }
        return {vendor: f"{key}-customer" for vendor, key in ours.items()}

    def _drafts(self, email: str) -> list[dict[str, Any]]:
        return [draft_view(d) for d in reversed(self.google.drafts_of(email).values())]

    def _events(self, email: str) -> list[dict[str, Any]]:
        events = self.google.events_of(email).values()
        shown = [{**event, "created": event["created"].isoformat()} for event in events]
        return sorted(shown, key=lambda event: str(event["start"].get("dateTime")), reverse=True)


class BesideSlack:
    """The handlers: three views, and what a visitor may do to the outside."""

    def __init__(self, journal: Journal, faults: Faults, outside: Outside) -> None:
        self._journal, self._faults, self._outside = journal, faults, outside

    async def outside(self, _: web.Request) -> web.Response:
        """GET outside."""
        return web.json_response(self._outside.as_json(), headers=FRESH)

    async def journal(self, request: web.Request) -> web.Response:
        """GET journal, perhaps only what came after a number."""
        after = request.query.get("after", "0")
        number = int(after) if after.isdecimal() else 0
        return web.json_response({"entries": self._journal.entries(number)}, headers=FRESH)

    async def faults(self, _: web.Request) -> web.Response:
        """GET faults: what is still planned, and the kinds there are."""
        known = {"faults": self._faults.as_json(), "kinds": KINDS}
        return web.json_response(known, headers=FRESH)

    async def plan(self, request: web.Request) -> web.Response:
        """POST faults: plans one."""
        try:
            fault = self._faults.add(fault_from(await _object(request)))
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"id": fault.id}, status=201)

    async def drop(self, request: web.Request) -> web.Response:
        """DELETE faults: all of them, or the one with `?id=`."""
        text = request.query.get("id", "")
        dropped = self._faults.remove(int(text) if text.isdecimal() else None)
        return web.json_response({"removed": dropped})

    async def grants(self, request: web.Request) -> web.Response:
        """POST grants `{email, do: expire|revoke}`: what an hour or the account's owner does."""
        body = await _object(request)
        google = self._outside.google
        acts = {"expire": google.expire, "revoke": google.revoke}
        act = acts.get(str(body.get("do")))
        if act is None:
            return web.json_response({"error": "do must be expire or revoke"}, status=400)
        act(str(body.get("email")))
        return web.json_response({"ok": True})


def routes(journal: Journal, faults: Faults, outside: Outside) -> list[web.RouteDef]:
    """The panel's paths beside those of its Slack."""
    beside = BesideSlack(journal, faults, outside)
    return [
        web.get(f"{API}/outside", beside.outside),
        web.get(f"{API}/journal", beside.journal),
        web.get(f"{API}/faults", beside.faults),
        web.post(f"{API}/faults", beside.plan),
        web.delete(f"{API}/faults", beside.drop),
        web.post(f"{API}/grants", beside.grants),
    ]


async def _object(request: web.Request) -> Mapping[str, Any]:
    body = await request.json()
    if not isinstance(body, dict):
        raise TypeError("the body must be a JSON object")
    return body


def _grant_json(grant: Grant) -> dict[str, Any]:
    return {"email": grant.email, "scopes": sorted(grant.scopes), "alive": grant.alive}
