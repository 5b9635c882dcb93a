"""The whole program on one screen: settings → database → clients → services."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from db.store.session import Database
from db.store.vault import Vault
from handlers.slack.outbound.messenger import SlackMessenger
from handlers.slack.outbound.reach import Clients
from integrations.claude.client import Claude
from integrations.crono.client import Crono
from integrations.crono.types import CronoKeys
from integrations.fathom.client import Fathom
from integrations.google.client import Google
from integrations.google.oauth import GoogleSignIn
from integrations.http import ClientOptions, client
from services import Services
from services.actors import Actor
from services.connections import Connections, Gmail, Outside, SharedKeys, SignIns
from services.crm import Crm
from services.doctor import Checkups
from services.followups import (
    Author,
    FollowUpDisplay,
    FollowUps,
    Mailbox,
    Mails,
    Sources,
    Templates,
    Writing,
)
from services.meetings import Meetings
from services.people import Members


@dataclass(frozen=True, slots=True)
class Vendors:
    """Every way out of the house; closed together at the end."""

    fathom_http: httpx.AsyncClient
    crono_http: httpx.AsyncClient
    claude: Claude
    sign_in: GoogleSignIn
    google: Google

    async def close(self) -> None:
        """Give connections and threads back."""
        await self.fathom_http.aclose()
        await self.crono_http.aclose()
        await self.claude.close()
        self.sign_in.close()
        self.google.close()


def build_vendors(settings: Settings, metrics: Metrics) -> Vendors:
    """The vendors' clients; nothing connects yet."""
    terms = ClientOptions(observe=metrics.vendor)
    return Vendors(
        fathom_http=client(settings.fathom_api_url, "fathom", terms),
        crono_http=client(settings.crono_api_url, "crono", terms),
        claude=Claude(
            settings.anthropic_api_key.get_secret_value(),
            settings.anthropic_base_url,
            settings.anthropic_model,
            terms=terms,
            meter=metrics.tokens,
        ),
        sign_in=GoogleSignIn(
            settings.google_client_id,
            settings.google_client_secret.get_secret_value(),
            settings.google_auth_url,
            settings.google_token_url,
            settings.google_revoke_url,
            terms=terms,
        ),
        google=Google(settings.gmail_api_url, settings.google_calendar_api_url, terms=terms),
    )


def build_database(settings: Settings, url: str) -> Database:
    """The database behind `url`, with the vault that opens its secrets."""
    return Database(url, Vault(settings.keys()))


def build_services(
    settings: Settings,
    database: Database,
    vendors: Vendors,
    clients: Clients,
    licensing: Mapping[str, Any],
) -> Services:
    """Everything the doors may call; `licensing` are the parts of bot/wiring/licensing.py."""
    fathom, crono = Fathom(vendors.fathom_http), Crono(vendors.crono_http)
    messenger = SlackMessenger(clients)
    members = Members(database, messenger, now)
    stage = FollowUpDisplay(database, members, messenger)
    connections = Connections(database, fathom, _shared_keys(settings), now)
    signins = SignIns(database, settings.base_url, signing_key(settings), now)
    outside = Outside(vendors.sign_in, signins, settings.base_url)
    gmail = Gmail(database, connections, members, outside, messenger, now)
    meetings = Meetings(database, fathom, connections, now)
    templates = Templates(database, _is_admin(settings), now)
    crm = Crm(crono)
    sources = Sources(meetings, members, connections, crm, fathom)
    return Services(
        members=members,
        connections=connections,
        checkups=Checkups(connections, gmail, crm),
        signins=signins,
        gmail=gmail,
        meetings=meetings,
        followups=FollowUps(database, meetings, templates, stage, now),
        writing=Writing(database, sources, Author(vendors.claude), stage, now),
        mails=Mails(database, Mailbox(gmail, vendors.google), members, stage, now),
        templates=templates,
        **licensing,
    )


def now() -> datetime:
    """The clock of the program."""
    return datetime.now(UTC)


def signing_key(settings: Settings) -> bytes:
    """The key that signs links, derived from the newest encryption key."""
    newest = next(iter(settings.keys().values()))
    return hmac.new(newest, b"seguito: signed links", hashlib.sha256).digest()


def _shared_keys(settings: Settings) -> SharedKeys:
    public = settings.crono_public_key.get_secret_value()
    private = settings.crono_private_key.get_secret_value()
    return SharedKeys(
        workspace_id=settings.slack_ops_team_id,
        admins=settings.admins,
        fathom=settings.fathom_api_key.get_secret_value(),
        crono=CronoKeys(public, private) if public and private else None,
    )


def _is_admin(settings: Settings) -> Callable[[Actor], bool]:
    def is_admin(actor: Actor) -> bool:
        home = actor.workspace_id == settings.slack_ops_team_id
        return home and actor.member_id in settings.admins

    return is_admin
