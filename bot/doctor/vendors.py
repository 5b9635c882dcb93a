"""The doctor's look at the other vendors: each credential is tried where that sends nothing."""

from bot.doctor.finding import NOT_SET, WRONG, SettingFinding, tried, untried, wrong
from bot.doctor.stripe import check_stripe
from bot.doctor.tenants import check_tenants
from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from bot.wiring.vendors import Vendors, build_vendors
from integrations.crono.types import CronoKeys
from integrations.errors import AuthExpired
from integrations.google.oauth import GoogleSignIn
from integrations.http import client
from integrations.hubspot.client import HUBSPOT_VERSION
from integrations.providers.catalogue import check_key
from integrations.providers.types import ANTHROPIC, DEEPSEEK, OPENAI
from integrations.smtp.client import Mailer
from integrations.smtp.types import read_server

GOOGLE = (
    "google_client_id",
    "google_client_secret",
    "google_auth_url",
    "google_token_url",
    "google_revoke_url",
)
SIGNS = "supabase_jwt_secret"
OWN_KEYS = "workspaces save keys of their own, /seguito doctor tries them"
# No grant of Google's looks like it: a right client hears invalid_grant, a wrong one hears so.
NOBODYS_GRANT = "doctor"


async def check_vendors(settings: Settings) -> tuple[SettingFinding, ...]:
    """Meetings, CRM, models, Google, mail and sign-up."""
    vendors = build_vendors(settings, Metrics())
    try:
        return (
            await _fathom(settings, vendors),
            await _crono(settings, vendors),
            untried("hubspot_api_url", words=f"version {HUBSPOT_VERSION}; {OWN_KEYS}"),
            await _model(settings, ANTHROPIC, settings.anthropic_model),
            await _model(settings, OPENAI),
            await _model(settings, DEEPSEEK),
            await _google(settings, vendors.sign_in),
            untried(
                "gmail_api_url",
                "google_calendar_api_url",
                words="cannot be tried without somebody’s consent: /seguito doctor tries one’s own",
            ),
            await _openrouter(settings, vendors),
            await _mail(settings),
            *await _supabase(settings, vendors),
            *await check_stripe(settings, vendors.stripe),
            *await check_tenants(settings),
        )
    finally:
        await vendors.close()


async def _fathom(settings: Settings, vendors: Vendors) -> SettingFinding:
    names, key = ("fathom_api_key", "fathom_api_url"), settings.given("fathom_api_key")
    if not key:
        return untried(*names, words=f"{NOT_SET}; members save keys of their own")
    return await tried(*names, call=vendors.fathom.check_key(key))


async def _crono(settings: Settings, vendors: Vendors) -> SettingFinding:
    names = ("crono_public_key", "crono_private_key", "crono_api_url")
    keys = CronoKeys(*map(settings.given, names[:2]))
    if not keys.public:
        return untried(*names, words=f"{NOT_SET}; follow-ups do without the CRM")
    return await tried(*names, call=vendors.crono.check_keys(keys))


async def _model(settings: Settings, provider: str, model: str = "") -> SettingFinding:
    """`model`: the one that writes the drafts, of the only provider that is needed."""
    names = [f"{provider}_api_key", f"{provider}_base_url"]
    if model:
        names.append(f"{provider}_model")
    key = settings.given(names[0])
    if not key and model:
        return wrong(*names, words=NOT_SET)
    if not key:
        return untried(*names, words=f"{NOT_SET}; the gateway serves it with customers’ keys only")
    async with client(settings.given(names[1]), provider) as http:
        said = f"accepted, {model} is there" if model else "accepted"
        return await tried(*names, call=check_key(http, provider, key, model), words=said)


async def _google(settings: Settings, sign_in: GoogleSignIn) -> SettingFinding:
    if not settings.google_client_id:
        return untried(*GOOGLE, words=f"{NOT_SET}; without it nobody can connect Gmail")
    callback = f"{settings.base_url}/oauth/gmail/callback"
    said = f"accepted; the redirect URI {callback} must be registered there, which cannot be tried"
    return await tried(*GOOGLE, call=_known(sign_in), words=said)


async def _known(sign_in: GoogleSignIn) -> None:
    try:
        await sign_in.refresh(NOBODYS_GRANT)
    except AuthExpired:
        return


async def _openrouter(settings: Settings, vendors: Vendors) -> SettingFinding:
    names = ("openrouter_provisioning_key", "openrouter_api_url")
    if not vendors.openrouter.ready:
        return untried(*names, words=f"{NOT_SET}; users wait for their keys")
    return await tried(*names, call=vendors.openrouter.check(), words="accepted, may manage keys")


async def _supabase(settings: Settings, vendors: Vendors) -> tuple[SettingFinding, ...]:
    """The two keys, each where it is used."""
    public, secret = ("supabase_publishable_key", "supabase_url"), "supabase_secret_key"
    if not settings.supabase_url:
        words = f"{NOT_SET}; nobody can sign up"
        return (untried(*public, secret, SIGNS, words=words),)
    return (
        await tried(*public, call=vendors.auth.check_key()),
        await tried(secret, call=vendors.supabase.check_key()),
        await _signatures(settings, vendors),
    )


async def _signatures(settings: Settings, vendors: Vendors) -> SettingFinding:
    """Whether the tokens of signed-in users can be verified."""
    given = bool(settings.given(SIGNS))
    said = "set" if given else f"{NOT_SET}; the keys that the project publishes are enough"
    finding = await tried(SIGNS, call=vendors.tokens.check(), words=said)
    return finding if given or finding.result == WRONG else untried(SIGNS, words=said)


async def _mail(settings: Settings) -> SettingFinding:
    names, url = ("smtp_url", "email_from"), settings.given("smtp_url")
    if not url:
        return untried(*names, words=f"{NOT_SET}; e-mails wait until it is")
    server = read_server(url)
    said = f"{server.host} lets us in" if server.username else f"{server.host} answers"
    return await tried(*names, call=Mailer(server).check(settings.email_from), words=said)
