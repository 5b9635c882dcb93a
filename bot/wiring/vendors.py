"""Every way out of the house: the vendors' clients."""

from dataclasses import dataclass

from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from bot.wiring.webhooks import webhook_reach
from integrations.claude.client import Claude
from integrations.crono.client import Crono
from integrations.fathom.client import Fathom
from integrations.google.calendar import GoogleCalendar
from integrations.google.client import Google
from integrations.google.oauth import GoogleSignIn
from integrations.http import ClientOptions, client
from integrations.hubspot.client import HubSpot
from integrations.supabase.client import Supabase
from integrations.supabase.proxy import AuthProxy
from integrations.webhooks.client import WebhookClient


@dataclass(frozen=True, slots=True)
class Vendors:
    """Closed together at the end."""

    fathom: Fathom
    crono: Crono
    hubspot: HubSpot
    claude: Claude
    sign_in: GoogleSignIn
    google: Google
    calendar: GoogleCalendar
    supabase: Supabase
    auth: AuthProxy
    webhooks: WebhookClient

    async def close(self) -> None:
        """Give connections and threads back."""
        await self.fathom.close()
        await self.crono.close()
        await self.hubspot.close()
        await self.claude.close()
        self.sign_in.close()
        self.google.close()
        await self.supabase.close()
        await self.auth.close()
        await self.webhooks.close()


def build_vendors(settings: Settings, metrics: Metrics) -> Vendors:
    """Built once per process; nothing connects yet."""
    terms = ClientOptions(observe=metrics.vendor)
    google = Google(settings.gmail_api_url, settings.google_calendar_api_url, terms=terms)
    return Vendors(
        fathom=Fathom(client(settings.fathom_api_url, "fathom", terms)),
        crono=Crono(client(settings.crono_api_url, "crono", terms)),
        hubspot=HubSpot(client(settings.hubspot_api_url, "hubspot", terms)),
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
        google=google,
        calendar=GoogleCalendar(google),
        supabase=Supabase(
            client(settings.supabase_url, "supabase", terms),
            settings.supabase_secret_key.get_secret_value(),
        ),
        auth=AuthProxy(settings.supabase_url, settings.supabase_publishable_key, terms),
        webhooks=WebhookClient(webhook_reach(settings), terms),
    )
