"""Sign-in, refresh with rotation, sign-out, and the signed-in user's own data."""

from datetime import timedelta

from aiohttp import web

from integrations.sandbox.supabase_auth.errors import AuthError
from integrations.sandbox.supabase_auth.keys import Signer, role_of_key
from integrations.sandbox.supabase_auth.signing_up import send
from integrations.sandbox.supabase_auth.store import AuthStore, fits, sealed
from integrations.sandbox.supabase_auth.wire import (
    begin,
    check_captcha,
    check_password,
    email_of,
    issue,
    metadata,
    params,
    signed_in,
    text,
    user_json,
)

INVALID = "Invalid login credentials"
NOT_FOUND = "Invalid Refresh Token: Refresh Token Not Found"
# A token that was just replaced may be sent once more: two tabs refresh at one moment.
REUSE_INTERVAL = timedelta(seconds=10)
SHORTEST_TOKEN = 12
SCOPES = ("", "global", "local", "others")


class SignInApi:
    """POST /token and /logout, GET and PUT /user."""

    def __init__(self, store: AuthStore, signer: Signer) -> None:
        self._store, self._signer = store, signer

    async def token(self, request: web.Request) -> web.StreamResponse:
        """POST /token?grant_type=password|refresh_token."""
        grant = request.query.get("grant_type")
        if grant == "password":
            return await self._password(request)
        if grant == "refresh_token":
            return await self._refresh(request)
        raise AuthError(400, "invalid_credentials", "unsupported_grant_type")

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """POST /logout?scope=global|local|others."""
        user, session = signed_in(self._store, self._signer, request)
        scope = request.query.get("scope", "")
        if scope not in SCOPES:
            said = f'Unsupported logout scope "{scope}"'
            raise AuthError(400, "validation_failed", said)
        if scope == "local":
            self._store.log_out(user.id, only=session.id)
        else:
            self._store.log_out(user.id, keep=session.id if scope == "others" else "")
        self._store.changed()
        return web.Response(status=204)

    async def user(self, request: web.Request) -> web.StreamResponse:
        """GET /user."""
        return web.json_response(user_json(signed_in(self._store, self._signer, request)[0]))

    async def update(self, request: web.Request) -> web.StreamResponse:
        """PUT /user: metadata, password, or another address, which must be confirmed."""
        user, session = signed_in(self._store, self._signer, request)
        body = await params(request)
        password, email = text(body, "password"), text(body, "email")
        if email:
            email = email_of(email)
        if password:
            check_password(self._store, password)
            if fits(password, user.password):
                said = "New password should be different from the old password."
                raise AuthError(422, "same_password", said)
        if email and email != user.email and self._store.by_email(email):
            said = "A user with this email address has already been registered"
            raise AuthError(422, "email_exists", said)
        if password:
            user.password = sealed(password)
            user.recovery_token = user.confirmation_token = ""
            self._store.log_out(user.id, keep=session.id)
        user.user_metadata |= metadata(body, "data")
        if email and email != user.email:
            user.new_email = email
            send(self._store, request, user, "email_change")
        user.updated_at = self._store.now()
        self._store.changed()
        return web.json_response(user_json(user))

    async def _password(self, request: web.Request) -> web.StreamResponse:
        body = await params(request)
        check_captcha(self._store, body, role_of_key(request))
        if text(body, "email") and text(body, "phone"):
            said = "Only an email address or phone number should be provided on login."
            raise AuthError(400, "validation_failed", said)
        if text(body, "phone"):
            raise AuthError(422, "phone_provider_disabled", "Phone logins are disabled")
        if not text(body, "email"):
            raise AuthError(400, "validation_failed", "missing email or phone")
        user = self._store.by_email(text(body, "email"))
        if user is None:
            raise AuthError(400, "invalid_credentials", INVALID)
        if user.is_banned(self._store.now()):
            raise AuthError(400, "user_banned", "User is banned")
        if not fits(text(body, "password"), user.password):
            raise AuthError(400, "invalid_credentials", INVALID)
        if user.email_confirmed_at is None:
            raise AuthError(400, "email_not_confirmed", "Email not confirmed")
        session = begin(self._store, user, "password")
        return issue(self._store, self._signer, request, session)

    async def _refresh(self, request: web.Request) -> web.StreamResponse:
        given = text(await params(request), "refresh_token")
        if len(given) < SHORTEST_TOKEN:
            raise AuthError(400, "validation_failed", "Refresh token is not valid")
        found = self._store.refresh_token(given)
        if found is None:
            raise AuthError(400, "refresh_token_not_found", NOT_FOUND)
        session, token = found
        now = self._store.now()
        if self._store.users[session.user_id].is_banned(now):
            raise AuthError(400, "user_banned", "Invalid Refresh Token: User Banned")
        active = session.tokens[-1]
        if not token.revoked:
            token.revoked, token.updated_at = True, now
            session.renew(now, token.token)
        elif active.revoked or active.parent != token.token:
            # Neither the newest nor the one before it, whose successor may have got lost.
            if now > token.updated_at + REUSE_INTERVAL:
                for one in session.tokens:
                    one.revoked = True
                said = "Invalid Refresh Token: Already Used"
                raise AuthError(400, "refresh_token_already_used", said)
            active.revoked = True
            session.renew(now, token.token)
        self._store.changed()
        return issue(self._store, self._signer, request, session)
