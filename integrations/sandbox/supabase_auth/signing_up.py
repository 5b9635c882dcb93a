"""Sign-up, and the e-mails that Auth sends: confirmation, recovery, a changed address."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from integrations.sandbox.supabase_auth.errors import AuthError
from integrations.sandbox.supabase_auth.keys import Signer, role_of_key
from integrations.sandbox.supabase_auth.store import AuthMail, AuthStore, User, sealed
from integrations.sandbox.supabase_auth.wire import (
    begin,
    check_captcha,
    check_password,
    email_of,
    issue,
    metadata,
    params,
    seconds_left,
    text,
    user_json,
)

OTP_LIFE = timedelta(hours=1)
# Of each kind of e-mail: the columns of its token and of when it was sent.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "signup": ("confirmation_token", "confirmation_sent_at"),
    "invite": ("confirmation_token", "confirmation_sent_at"),
    "recovery": ("recovery_token", "recovery_sent_at"),
    "magiclink": ("recovery_token", "recovery_sent_at"),
    "email_change": ("email_change_token", "email_change_sent_at"),
}


class SignUpApi:
    """POST /signup, /recover and /resend."""

    def __init__(self, store: AuthStore, signer: Signer) -> None:
        self._store, self._signer = store, signer

    async def sign_up(self, request: web.Request) -> web.StreamResponse:
        """POST /signup: a session, a bare user, or a look-alike of one (contract B.4)."""
        body = await params(request)
        check_captcha(self._store, body, role_of_key(request))
        if not text(body, "email") and not text(body, "phone"):
            said = "Anonymous sign-ins are disabled"
            raise AuthError(422, "anonymous_provider_disabled", said)
        email = self._checked(body)
        user = self._store.by_email(email)
        if user is not None and user.email_confirmed_at is not None:
            return self._repeated(email, metadata(body, "data"))
        if user is None:
            user = self._new(email, text(body, "password"), metadata(body, "data"))
        if not self._store.settings.confirm_email:
            user.confirm(self._store.now())
            session = begin(self._store, user, "password")
            return issue(self._store, self._signer, request, session)
        try:
            send(self._store, request, user, "signup")
        except AuthError:
            if not user.confirmation_sent_at:
                # Auth rolls the whole sign-up back when its e-mail cannot leave.
                self._store.remove(user)
            raise
        shown = user_json(user)
        if user.invited_at:
            shown |= {"user_metadata": {}, "identities": []}
        return web.json_response(shown)

    async def recover(self, request: web.Request) -> web.StreamResponse:
        """POST /recover: {} whether the address is known or not."""
        body = await params(request)
        check_captcha(self._store, body, role_of_key(request))
        if not text(body, "email"):
            said = "Password recovery requires an email"
            raise AuthError(400, "validation_failed", said)
        user = self._store.by_email(email_of(text(body, "email")))
        if user is not None:
            send(self._store, request, user, "recovery")
        return web.json_response({})

    async def resend(self, request: web.Request) -> web.StreamResponse:
        """POST /resend: the e-mail of a sign-up or of a changed address once more."""
        body = await params(request)
        check_captcha(self._store, body, role_of_key(request))
        kind = text(body, "type")
        if kind not in ("signup", "email_change"):
            said = "Missing one of these types: signup, email_change, sms, phone_change"
            raise AuthError(400, "validation_failed", said)
        if not text(body, "email"):
            said = "Type provided requires an email address"
            raise AuthError(400, "validation_failed", said)
        user = self._store.by_email(email_of(text(body, "email")))
        waits = user is not None and (
            user.email_confirmed_at is None if kind == "signup" else bool(user.new_email)
        )
        if user is not None and waits:
            send(self._store, request, user, kind)
        return web.json_response({})

    def _checked(self, body: Mapping[str, Any]) -> str:
        if not self._store.settings.signups:
            raise AuthError(422, "signup_disabled", "Signups not allowed for this instance")
        if not text(body, "password"):
            raise AuthError(400, "validation_failed", "Signup requires a valid password")
        check_password(self._store, text(body, "password"))
        if text(body, "email") and text(body, "phone"):
            said = "Only an email address or phone number should be provided on signup."
            raise AuthError(400, "validation_failed", said)
        if text(body, "phone"):
            raise AuthError(400, "phone_provider_disabled", "Phone signups are disabled")
        return email_of(text(body, "email"))

    def _new(self, email: str, password: str, data: dict[str, Any]) -> User:
        data = {**data, "email": email, "email_verified": False, "phone_verified": False}
        user = User(email, sealed(password), self._store.now(), data)
        user.user_metadata["sub"] = user.id
        return self._store.add(user)

    def _repeated(self, email: str, data: dict[str, Any]) -> web.Response:
        """A confirmed address: refused, or, where that would tell who is here, a fake."""
        if not self._store.settings.confirm_email:
            raise AuthError(422, "user_already_exists", "User already registered")
        now = self._store.now()
        fake = User(email, b"", now, data, role="", confirmation_sent_at=now)
        return web.json_response({**user_json(fake), "identities": []})


def send(store: AuthStore, request: web.Request, user: User, kind: str) -> None:
    """Send one e-mail. AuthError 429 too soon after the last one, or above the project's quota."""
    column, sent = COLUMNS[kind]
    now, last = store.now(), getattr(user, sent)
    if last is not None and (left := seconds_left(last, store.settings.email_gap, now)) > 0:
        said = f"For security purposes, you can only request this after {left} seconds."
        raise AuthError(429, "over_email_send_rate_limit", said)
    store.count_mail(now)
    to = user.new_email if kind == "email_change" else user.email
    link, code, token = make_link(store, request, to, kind)
    setattr(user, column, token)
    setattr(user, sent, now)
    store.mails.append(AuthMail(len(store.mails) + 1, now, to, kind, link, code))
    store.changed()


def make_link(
    store: AuthStore, request: web.Request, to: str, kind: str, redirect: str = ""
) -> tuple[str, str, str]:
    """A link that confirms, its six digits, and the token's hash."""
    code = f"{secrets.randbelow(10**6):06}"
    token = token_hash(to, code)
    back = redirect or redirect_of(store, request)
    query = urlencode({"token": token, "type": kind, "redirect_to": back})
    return f"{request.url.origin()}/supabase/auth/v1/verify?{query}", code, token


def token_hash(to: str, code: str) -> str:
    """What is kept of six digits."""
    return hashlib.sha224(f"{to}{code}".encode()).hexdigest()


def redirect_of(store: AuthStore, request: web.Request, given: str = "") -> str:
    """Where a link leads in the end: as asked where that is allowed, else the site, silently."""
    site = site_url(request)
    asked = given or request.headers.get("redirect_to") or request.query.get("redirect_to", "")
    for one in (asked, request.headers.get("Referer", "")):
        if one and _is_allowed(store, one, site):
            return one
    return site


def site_url(request: web.Request) -> str:
    """The project's Site URL: the example client."""
    return f"{request.url.origin()}/room"


def _is_allowed(store: AuthStore, address: str, site: str) -> bool:
    try:
        asked, base = urlsplit(address), urlsplit(site)
        same = (asked.hostname, asked.scheme) == (base.hostname, base.scheme)
    except ValueError:
        return False
    listed = any(address.startswith(one) for one in store.settings.allowed_redirects)
    return same or asked.hostname in ("127.0.0.1", "localhost") or listed
