"""How Auth reads requests and writes users and sessions (contract B.4, specs auth-gotrue)."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from integrations.sandbox.kit.wire import FAULT, Handler
from integrations.sandbox.supabase_auth.errors import (
    AuthError,
    GatewayError,
    gateway_refusal,
    refusal,
)
from integrations.sandbox.supabase_auth.keys import SERVICE, Signer, bearer, role_of_key
from integrations.sandbox.supabase_auth.store import AuthStore, Session, User

LARGEST_BODY = 1 << 20  # bytes
HUGE = 8 << 20  # bytes; of the answer that is far too long
LONGEST_EMAIL = 255
LONGEST_PASSWORD = 72  # bytes, as bcrypt takes
MIXED = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(answer: Answer, *, keyless: bool = False, admin: bool = False) -> Handler:
    """Checks the project's key (the links in e-mails need none), and tells refusals."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        fault = request.get(FAULT)
        if fault is not None and fault.kind == "huge":
            return web.Response(body=b" " * HUGE, content_type="application/json")
        try:
            role = "" if keyless else role_of_key(request)
            if admin and role != SERVICE:
                raise AuthError(403, "not_admin", "User not allowed")
            return await answer(request)
        except GatewayError as error:
            return gateway_refusal(error)
        except AuthError as error:
            return refusal(error, request)

    return guarded


async def params(request: web.Request) -> Mapping[str, Any]:
    """The body as a JSON object. AuthError 413 and bad_json."""
    raw = await request.read()
    if len(raw) > LARGEST_BODY:
        message = f"Request body too large (max {LARGEST_BODY} bytes)"
        raise AuthError(413, "request_entity_too_large", message)
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise AuthError(400, "bad_json", f"Could not parse request body as JSON: {error}") from None
    if not isinstance(body, dict):
        kind = type(body).__name__
        raise AuthError(
            400, "bad_json", f"Could not parse request body as JSON: json: cannot unmarshal {kind}"
        )
    return body


def text(body: Mapping[str, Any], name: str) -> str:
    """A field that must be a text; "" without it. AuthError bad_json for another kind."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        said = f"json: cannot unmarshal into field .{name} of type string"
        raise AuthError(400, "bad_json", f"Could not parse request body as JSON: {said}")
    return value


def metadata(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A field that must be an object; {} without it."""
    value = body.get(name) or {}
    if not isinstance(value, dict):
        said = f"json: cannot unmarshal into field .{name} of type map[string]interface {{}}"
        raise AuthError(400, "bad_json", f"Could not parse request body as JSON: {said}")
    return dict(value)


def email_of(value: str) -> str:
    """The address in lower case. AuthError validation_failed for what is none."""
    if not value:
        raise AuthError(400, "validation_failed", "An email address is required")
    if len(value) > LONGEST_EMAIL:
        raise AuthError(400, "validation_failed", "An email address is too long")
    local, at, domain = value.partition("@")
    if not (local and at and "." in domain and value.isprintable() and " " not in value):
        said = "Unable to validate email address: invalid format"
        raise AuthError(400, "validation_failed", said)
    return value.lower()


def check_password(store: AuthStore, password: str) -> None:
    """AuthError for one that is too long or too weak."""
    if len(password.encode()) > LONGEST_PASSWORD:
        said = f"Password cannot be longer than {LONGEST_PASSWORD} characters"
        raise AuthError(400, "validation_failed", said)
    least = store.settings.password_length
    reasons: list[str] = []
    messages: list[str] = []
    if len(password.encode()) < least:
        reasons.append("length")
        messages.append(f"Password should be at least {least} characters.")
    if store.settings.password_mixed and not all(set(one) & set(password) for one in MIXED):
        reasons.append("characters")
        each = ", ".join(MIXED)
        messages.append(f"Password should contain at least one character of each: {each}.")
    if reasons:
        raise AuthError(422, "weak_password", " ".join(messages), reasons)


def check_captcha(store: AuthStore, body: Mapping[str, Any], role: str) -> None:
    """AuthError captcha_failed without a token, where the project wants one; admins need none."""
    if not store.settings.captcha or role == SERVICE:
        return
    meta = body.get("gotrue_meta_security")
    token = str(meta.get("captcha_token") or "").strip() if isinstance(meta, dict) else ""
    if not token:
        said = "captcha protection: request disallowed (no captcha_token found)"
        raise AuthError(400, "captcha_failed", said)
    if token == "wrong":  # noqa: S105 — what stands for a token that was not accepted
        said = "captcha protection: request disallowed (invalid-input-response)"
        raise AuthError(400, "captcha_failed", said)


def session_json(
    store: AuthStore, signer: Signer, request: web.Request, session: Session
) -> dict[str, Any]:
    """A session as Auth answers it: its newest refresh token, and an access token of its own."""
    user, now = store.users[session.user_id], int(time.time())
    ends = now + store.settings.token_life
    claims = {
        "iss": f"{request.url.origin()}/supabase/auth/v1",
        "sub": user.id,
        "aud": user.aud,
        "exp": ends,
        "iat": now,
        "email": user.email,
        "phone": "",
        "app_metadata": user.app_metadata,
        "user_metadata": user.user_metadata,
        "role": user.role,
        "aal": "aal1",
        "amr": [{"method": session.method, "timestamp": int(session.created_at.timestamp())}],
        "session_id": session.id,
        "is_anonymous": False,
    }
    return {
        "access_token": signer.sign(claims),
        "token_type": "bearer",
        "expires_in": store.settings.token_life,
        "expires_at": ends,
        "refresh_token": session.tokens[-1].token,
        "user": user_json(user),
    }


def issue(store: AuthStore, signer: Signer, request: web.Request, session: Session) -> web.Response:
    """The answer with this session."""
    headers = {"sb-auth-user-id": session.user_id, "sb-auth-session-id": session.id}
    return web.json_response(session_json(store, signer, request, session), headers=headers)


def begin(store: AuthStore, user: User, method: str) -> Session:
    """A new session of the user."""
    now = store.now()
    user.last_sign_in_at = now
    session = Session(user.id, method, now)
    session.renew(now)
    store.sessions[session.id] = session
    store.changed()
    return session


def signed_in(store: AuthStore, signer: Signer, request: web.Request) -> tuple[User, Session]:
    """Whose access token came as bearer. AuthError for another one, an ended session, a ban."""
    claims = signer.claims(bearer(request))
    user = store.users.get(str(claims.get("sub")))
    if user is None:
        raise AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")
    session = store.sessions.get(str(claims.get("session_id")))
    if session is None:
        said = "Session from session_id claim in JWT does not exist"
        raise AuthError(403, "session_not_found", said)
    if user.is_banned(store.now()):
        raise AuthError(403, "user_banned", "User is banned")
    return user, session


def user_json(user: User) -> dict[str, Any]:
    """A user as Auth writes one: what is not known is left out."""
    times = {
        "email_confirmed_at": user.email_confirmed_at,
        "invited_at": user.invited_at,
        "confirmation_sent_at": user.confirmation_sent_at,
        "confirmed_at": user.email_confirmed_at,
        "recovery_sent_at": user.recovery_sent_at,
        "email_change_sent_at": user.email_change_sent_at,
        "last_sign_in_at": user.last_sign_in_at,
        "banned_until": user.banned_until,
    }
    return {
        "id": user.id,
        "aud": user.aud,
        "role": user.role,
        "email": user.email,
        "phone": "",
        **{name: stamp(at) for name, at in times.items() if at is not None},
        **({"new_email": user.new_email} if user.new_email else {}),
        "app_metadata": user.app_metadata,
        "user_metadata": user.user_metadata,
        "identities": [_identity(user)],
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.updated_at or user.created_at),
        "is_anonymous": False,
    }


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def seconds_left(since: datetime, gap: float, now: datetime) -> int:
    """Until something may be asked for again."""
    return int((since + timedelta(seconds=gap) - now).total_seconds())


def _identity(user: User) -> dict[str, Any]:
    said = {
        "email": user.email,
        "email_verified": user.email_confirmed_at is not None,
        "phone_verified": False,
        "sub": user.id,
    }
    return {
        "identity_id": user.identity_id,
        "id": user.id,
        "user_id": user.id,
        "identity_data": said,
        "provider": "email",
        "last_sign_in_at": stamp(user.created_at),
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.created_at),
        "email": user.email,
    }
