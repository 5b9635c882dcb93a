"""Supabase as the sandbox knows it: Auth with its e-mails, and `profiles` over PostgREST."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web

from integrations.sandbox.kit.faults import FaultKind
from integrations.sandbox.kit.plugin import Json, Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.supabase_auth.admin import AdminApi
from integrations.sandbox.supabase_auth.errors import CODE, legacy_body
from integrations.sandbox.supabase_auth.keys import PUBLISHABLE, SECRET, Signer
from integrations.sandbox.supabase_auth.profiles import ProfilesApi
from integrations.sandbox.supabase_auth.signing_in import SignInApi
from integrations.sandbox.supabase_auth.signing_up import SignUpApi
from integrations.sandbox.supabase_auth.store import AuthStore
from integrations.sandbox.supabase_auth.verifying import VerifyApi
from integrations.sandbox.supabase_auth.wire import guarded, user_json

ROOT = "/supabase"
AUTH, REST = f"{ROOT}/auth/v1", f"{ROOT}/rest/v1"
PANEL = Path(__file__).parent / "panel"
COLOR = "#3ecf8e"
# What Auth says where nobody plans a word of their own.
CODES = {429: "over_request_rate_limit", 504: "request_timeout"}


class SupabaseAuth(Vendor):
    """GoTrue behind the project's gateway."""

    name = "supabase"
    place = 62
    color = COLOR
    fault_kinds = (FaultKind("huge", "Answer of 8 MB"),)
    open_headers = frozenset({CODE, "x-supabase-api-version", "x-total-count", "origin"})
    secret_fields = frozenset({"captcha_token", "token_hash", "hashed_token", "email_otp"})
    panel = PanelPart(PANEL / "supabase.js", tab="Supabase", styles=("supabase.css",))

    def __init__(self, store: AuthStore, signer: Signer, profiles: ProfilesApi) -> None:
        self.store, self.signer, self.profiles = store, signer, profiles

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Auth's paths, and what the panel lets the project's owner do."""
        up, into = SignUpApi(self.store, self.signer), SignInApi(self.store, self.signer)
        verify, admin = VerifyApi(self.store, self.signer), AdminApi(self.store)
        users, one = f"{AUTH}/admin/users", f"{AUTH}/admin/users/{{user}}"
        asked = (
            (web.post, f"{AUTH}/signup", up.sign_up, "signup"),
            (web.post, f"{AUTH}/recover", up.recover, "recover"),
            (web.post, f"{AUTH}/resend", up.resend, "resend"),
            (web.post, f"{AUTH}/token", into.token, "token"),
            (web.post, f"{AUTH}/logout", into.log_out, "logout"),
            (web.get, f"{AUTH}/user", into.user, "user.get"),
            (web.put, f"{AUTH}/user", into.update, "user.update"),
            (web.post, f"{AUTH}/verify", verify.verify, "verify"),
        )
        administered = (
            (web.get, users, admin.listing, "admin.users.list"),
            (web.post, users, admin.create, "admin.users.create"),
            (web.get, one, admin.read, "admin.users.get"),
            (web.put, one, admin.update, "admin.users.update"),
            (web.delete, one, admin.delete, "admin.users.delete"),
            (web.post, f"{AUTH}/admin/generate_link", admin.link, "admin.generate_link"),
        )
        # Followed by browsers, and fetched by whoever verifies: without any key.
        follow, keys = guarded(verify.follow, keyless=True), f"{AUTH}/.well-known/jwks.json"
        return [
            *(way(path, guarded(go), name=f"supabase:{n}") for way, path, go, n in asked),
            *(
                way(path, guarded(go, admin=True), name=f"supabase:{n}")
                for way, path, go, n in administered
            ),
            web.get(f"{AUTH}/verify", follow, name="supabase:verify.follow"),
            web.get(keys, self.jwks, name="supabase:jwks"),
            web.get(f"{AUTH}/settings", guarded(self.public), name="supabase:settings"),
            web.get(f"{AUTH}/health", self.health, name="supabase:health"),
            web.post("/panel/api/supabase/settings", self.switch),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """The project's address and keys."""
        return {
            "SUPABASE_URL": f"{origin}{ROOT}",
            "SUPABASE_PUBLISHABLE_KEY": PUBLISHABLE,
            "SUPABASE_SECRET_KEY": SECRET,
        }

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """Auth's own, as without a version header."""
        return legacy_body(status, code or CODES.get(status, "unexpected_failure"), message)

    def error_response(
        self, status: int, code: str | None = None, retry_after: float | None = None
    ) -> web.Response:
        """With the code in the header, too."""
        response = super().error_response(status, code, retry_after)
        response.headers[CODE] = code or CODES.get(status, "unexpected_failure")
        return response

    def contents(self) -> object:
        """How the project is set; its users, e-mails and rows of `profiles`, newest first."""
        return {
            "settings": self.store.settings.as_json(),
            "users": [user_json(one) for one in reversed(self.store.users.values())],
            "mails": [mail.as_json() for mail in reversed(self.store.mails)],
            "profiles": list(reversed(self.profiles.rows.values())),
        }

    def account_keys(self) -> Sequence[Key]:
        """The project's two."""
        return [
            Key("Supabase", "publishable key", PUBLISHABLE),
            Key("Supabase", "secret key", SECRET),
        ]

    async def jwks(self, _: web.Request) -> web.Response:
        """GET /.well-known/jwks.json."""
        return web.json_response(
            self.signer.jwks(), headers={"Cache-Control": "public, max-age=600"}
        )

    async def health(self, _: web.Request) -> web.Response:
        """GET /health."""
        about = "GoTrue is a user registration and authentication API"
        return web.json_response({"version": "sandbox", "name": "GoTrue", "description": about})

    async def public(self, _: web.Request) -> web.Response:
        """GET /settings: what clients may know of the project."""
        known = self.store.settings
        told = {
            "external": {"anonymous_users": False, "email": True, "phone": False},
            "disable_signup": not known.signups,
            "mailer_autoconfirm": not known.confirm_email,
            "phone_autoconfirm": False,
            "sms_provider": "",
            "saml_enabled": False,
        }
        return web.json_response(told)

    async def switch(self, request: web.Request) -> web.Response:
        """POST settings `{name: value}`: what the project's owner sets in the dashboard."""
        try:
            for name, value in (await request.json()).items():
                self.store.settings.change(name, value)
        except (ValueError, AttributeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        self.store.changed()
        return web.json_response(self.store.settings.as_json())


class SupabaseRest(Vendor):
    """PostgREST over the project's database."""

    name = "postgrest"
    place = 63
    color = COLOR

    def __init__(self, profiles: ProfilesApi) -> None:
        self.profiles = profiles

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The one table."""
        api, path = self.profiles, f"{REST}/profiles"
        return [
            web.get(path, api.guarded(api.read), name="postgrest:profiles.read"),
            web.post(path, api.guarded(api.write), name="postgrest:profiles.write"),
        ]

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """PostgREST's own."""
        return {"code": code or "PGRST000", "details": None, "hint": None, "message": message}

    async def close(self) -> None:
        """No trigger comes any more."""
        self.profiles.close()


def vendors(stage: Stage) -> Sequence[Vendor]:
    """The two, over one project."""
    signer, store = Signer(), AuthStore(stage.changed)
    profiles = ProfilesApi(store, signer)
    return [SupabaseAuth(store, signer, profiles), SupabaseRest(profiles)]
