"""Every way out of the house: the vendors' clients."""

from dataclasses import dataclass

from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from bot.wiring.databases import build_tenant_vendors
from bot.wiring.foundation import now
from bot.wiring.webhooks import webhook_reach
from integrations.claude.client import Claude
from integrations.crono.client import Crono
from integrations.fathom.client import Fathom
from integrations.google.calendar import GoogleCalendar
from integrations.google.client import Google
from integrations.google.oauth import GoogleSignIn
from integrations.http import ClientOptions, client
from integrations.hubspot.client import HubSpot
from integrations.jwks.types import Issuer
from integrations.jwks.verifier import TokenVerifier
from integrations.openrouter.client import OpenRouter
from integrations.postgres_grammar.client import PostgresGrammar
from integrations.slack_openid.client import SlackOpenId
from integrations.stripe.client import Stripe
from integrations.supabase.client import Supabase
from integrations.supabase.proxy import AuthProxy
from integrations.supabase_management.client import SupabaseManagement
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_sites.client import TenantSites
from integrations.webhooks.client import WebhookClient
from services.tenants import DatabaseProviders


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
    openrouter: OpenRouter
    stripe: Stripe
    supabase: Supabase
    auth: AuthProxy
    tokens: TokenVerifier
    slack_openid: SlackOpenId
    webhooks: WebhookClient
    management: SupabaseManagement
    tenant_connections: TenantConnections
    databases: DatabaseProviders
    sites: TenantSites
    grammar: PostgresGrammar

    async def close(self) -> None:
        """Give connections and threads back."""
        await self.fathom.close()
        await self.crono.close()
        await self.hubspot.close()
        await self.claude.close()
        self.sign_in.close()
        self.google.close()
        await self.openrouter.close()
        await self.stripe.close()
        await self.supabase.close()
        await self.auth.close()
        await self.tokens.close()
        await self.slack_openid.close()
        await self.webhooks.close()
        await self.management.close()
        await self.sites.close()
        await self.grammar.close()


def build_vendors(settings: Settings, metrics: Metrics) -> Vendors:
    """Built once per process; nothing connects yet."""
    options = ClientOptions(observe=metrics.vendor)
    tenants = build_tenant_vendors(settings, options)
    google = Google(settings.gmail_api_url, settings.google_calendar_api_url, options=options)
    return Vendors(
        fathom=Fathom(client(settings.fathom_api_url, "fathom", options)),
        crono=Crono(client(settings.crono_api_url, "crono", options)),
        hubspot=HubSpot(client(settings.hubspot_api_url, "hubspot", options)),
        claude=Claude(
            settings.anthropic_api_key.get_secret_value(),
            settings.anthropic_base_url,
            settings.anthropic_model,
            options=options,
            meter=metrics.tokens,
        ),
        sign_in=GoogleSignIn(
            settings.google_client_id,
            settings.google_client_secret.get_secret_value(),
            settings.google_auth_url,
            settings.google_token_url,
            settings.google_revoke_url,
            options=options,
        ),
        google=google,
        calendar=GoogleCalendar(google),
        openrouter=OpenRouter(
            client(settings.openrouter_api_url, "openrouter", options),
            settings.openrouter_provisioning_key.get_secret_value(),
        ),
        stripe=Stripe(
            client(settings.stripe_api_url, "stripe", options),
            settings.stripe_secret_key.get_secret_value(),
        ),
        supabase=Supabase(
            client(settings.supabase_url, "supabase", options),
            settings.supabase_secret_key.get_secret_value(),
        ),
        auth=AuthProxy(settings.supabase_url, settings.supabase_publishable_key, options),
        tokens=TokenVerifier(
            client(settings.supabase_url, "supabase", options), _supabase_tokens(settings), now
        ),
        slack_openid=_slack_openid(settings, options),
        webhooks=WebhookClient(webhook_reach(settings), options),
        management=tenants.management,
        tenant_connections=tenants.connections,
        databases=tenants.databases,
        sites=TenantSites(settings.tenant_health_url, options),
        grammar=PostgresGrammar(),
    )


def _supabase_tokens(settings: Settings) -> Issuer:
    """The access tokens of the project's users, signed by Auth."""
    return Issuer(
        "supabase",
        f"{settings.supabase_url.rstrip('/')}/auth/v1",
        "authenticated",
        "/auth/v1/.well-known/jwks.json",
        settings.supabase_jwt_secret.get_secret_value(),
    )


def _slack_openid(settings: Settings, options: ClientOptions) -> SlackOpenId:
    """Sign in with Slack; its tokens are for our app and signed by Slack's own keys."""
    origin, client_id = settings.slack_url.rstrip("/"), settings.slack_client_id
    issuer = Issuer("slack", origin, client_id, "/openid/connect/keys")
    return SlackOpenId(
        client(settings.slack_api_url, "slack", options),
        TokenVerifier(client(origin, "slack", options), issuer, now),
        client_id,
        settings.slack_client_secret.get_secret_value(),
        origin,
    )
