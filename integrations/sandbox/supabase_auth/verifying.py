"""The link in an e-mail, and the six digits in it: both confirm once, within an hour."""

from urllib.parse import urlencode

from aiohttp import web

from integrations.sandbox.supabase_auth.errors import AuthError
from integrations.sandbox.supabase_auth.keys import Signer
from integrations.sandbox.supabase_auth.signing_up import (
    COLUMNS,
    OTP_LIFE,
    redirect_of,
    token_hash,
)
from integrations.sandbox.supabase_auth.store import AuthStore, User
from integrations.sandbox.supabase_auth.wire import (
    begin,
    email_of,
    issue,
    params,
    session_json,
    text,
)

STALE_LINK = "Email link is invalid or has expired"
STALE_CODE = "Token has expired or is invalid"
# RFC 6749's names of some statuses, as they stand in the address of a failure.
NAMES = {400: "invalid_request", 401: "unauthorized_client", 403: "access_denied"}
EITHER = ("signup", "magiclink")


class VerifyApi:
    """GET and POST /verify."""

    def __init__(self, store: AuthStore, signer: Signer) -> None:
        self._store, self._signer = store, signer

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """GET /verify, from the e-mail: back to the client, with a session or with the reason."""
        kind, token = request.query.get("type", ""), request.query.get("token", "")
        if not kind:
            raise AuthError(400, "validation_failed", "Verify requires a verification type")
        if not token:
            said = "Verify requires a token or a token hash"
            raise AuthError(400, "validation_failed", said)
        back = redirect_of(self._store, request)
        try:
            user = self._found(kind, token, STALE_LINK)
        except AuthError as error:
            return _see_other(f"{back.partition('#')[0]}#{_failure(error)}")
        session = session_json(self._store, self._signer, request, begin(self._store, user, "otp"))
        told = {
            **{name: session[name] for name in ("access_token", "expires_at", "expires_in")},
            "refresh_token": session["refresh_token"],
            "sb": "",
            "token_type": "bearer",
            "type": kind,
        }
        return _see_other(f"{back}#{urlencode(told)}")

    async def verify(self, request: web.Request) -> web.StreamResponse:
        """POST /verify: with the six digits and the address, or with the hash from the link."""
        body = await params(request)
        kind, token, given = (text(body, name) for name in ("type", "token", "token_hash"))
        if not kind:
            raise AuthError(400, "validation_failed", "Verify requires a verification type")
        if bool(token) == bool(given):
            said = "Verify requires either a token or a token hash"
            raise AuthError(400, "validation_failed", said)
        if given and (text(body, "email") or text(body, "redirect_to")):
            said = "Only the token_hash and type should be provided"
            raise AuthError(400, "validation_failed", said)
        if token:
            given = token_hash(email_of(text(body, "email")), token)
        user = self._found(kind, given, STALE_CODE if token else STALE_LINK)
        return issue(self._store, self._signer, request, begin(self._store, user, "otp"))

    def _found(self, kind: str, token: str, stale: str) -> User:
        """The user whose token it is, confirmed by it."""
        kinds = EITHER if kind == "email" else (kind,)
        if any(one not in COLUMNS for one in kinds):
            raise AuthError(400, "validation_failed", "Invalid email verification type")
        now = self._store.now()
        for column, sent in (COLUMNS[one] for one in kinds):
            user = self._store.by_token(column, token)
            if user is None:
                continue
            if user.is_banned(now):
                raise AuthError(403, "user_banned", "User is banned")
            if now > getattr(user, sent) + OTP_LIFE:
                raise AuthError(403, "otp_expired", stale)
            self._confirm(user, column)
            return user
        raise AuthError(403, "otp_expired", stale)

    def _confirm(self, user: User, column: str) -> None:
        setattr(user, column, "")
        if column == "email_change_token":
            user.email, user.new_email = user.new_email, ""
        if user.email_confirmed_at is None:
            user.confirm(self._store.now())
        user.updated_at = self._store.now()


def _see_other(address: str) -> web.Response:
    """To this very address: aiohttp's own redirect would write it anew."""
    return web.Response(status=303, headers={"Location": address})


def _failure(error: AuthError) -> str:
    told = {"error": NAMES.get(error.status, "server_error"), "error_code": error.code}
    return urlencode({**told, "error_description": error.message, "sb": ""})
