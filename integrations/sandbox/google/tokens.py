"""Google's token, revocation and userinfo endpoints (contract D3, D4)."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from math import ceil
from urllib.parse import unquote_plus

from aiohttp import BasicAuth, web

from integrations.sandbox.google.accounts import CLIENT, GoogleAccounts, Grant


class TokenApi:
    """Exchanges codes and refresh tokens; a code works once."""

    def __init__(self, accounts: GoogleAccounts) -> None:
        self._accounts = accounts

    async def token(self, request: web.Request) -> web.Response:
        """POST /token with a form, as both grant types send it."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if _client(request, form) != CLIENT:
            return _refused("invalid_client", "Unauthorized", status=401)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._exchange(form)
        if kind == "refresh_token":
            return self._refresh(form)
        return _refused("unsupported_grant_type", f"Invalid grant_type: {kind}")

    async def revoke(self, request: web.Request) -> web.Response:
        """POST /revoke: either kind of token ends the whole grant."""
        form = await request.post()
        token = str(form.get("token") or request.query.get("token") or "")
        grant = self._accounts.by_token(token)
        if grant is None:
            return _refused("invalid_token", "Token expired or revoked")
        grant.alive = False
        self._accounts.changed()
        return web.json_response({})

    async def userinfo(self, request: web.Request) -> web.Response:
        """GET /userinfo of the account behind the bearer."""
        grant = self._accounts.grant_of(request)
        return web.json_response(self._claims(grant.email))

    def _exchange(self, form: Mapping[str, str]) -> web.Response:
        code = self._accounts.codes.pop(form.get("code", ""), None)
        if code is None or code.expires < time.monotonic():
            return _refused("invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != code.redirect_uri:
            return _refused("redirect_uri_mismatch", "Bad Request")
        if code.challenge and _challenge(form.get("code_verifier", "")) != code.challenge:
            return _refused("invalid_grant", "Invalid code verifier.")
        self._accounts.grants.append(code.grant)
        self._accounts.changed()
        reply = self._reply(code.grant)
        if code.grant.refresh_token:
            reply["refresh_token"] = code.grant.refresh_token
        return web.json_response(reply)

    def _refresh(self, form: Mapping[str, str]) -> web.Response:
        wanted = form.get("refresh_token", "")
        grant = next(
            (g for g in self._accounts.grants if wanted and g.refresh_token == wanted), None
        )
        if grant is None or not grant.alive:
            return _refused("invalid_grant", "Token has been expired or revoked.")
        return web.json_response(self._reply(grant))

    def _reply(self, grant: Grant) -> dict[str, object]:
        reply: dict[str, object] = {
            "access_token": self._accounts.issue(grant),
            "expires_in": ceil(self._accounts.token_life),
            "scope": " ".join(sorted(grant.scopes)),
            "token_type": "Bearer",
        }
        if "openid" in grant.scopes:
            reply["id_token"] = self._id_token(grant.email)
        return reply

    def _id_token(self, email: str) -> str:
        """A JWT with Google's claims; signed with the client's secret instead of Google's key."""
        client_id, client_secret = CLIENT
        now = int(time.time())
        claims = {
            "iss": "https://accounts.google.com",
            "aud": client_id,
            "azp": client_id,
            "iat": now,
            "exp": now + 3600,
            "jti": secrets.token_hex(8),
            **self._claims(email),
        }
        signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
        digest = hmac.digest(client_secret.encode(), signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    def _claims(self, email: str) -> dict[str, object]:
        person = self._accounts.world.person_by_email(email)
        subject = str(int(hashlib.sha256(email.encode()).hexdigest()[:16], 16))
        name = person.real_name if person else email
        return {"sub": subject, "email": email, "email_verified": True, "name": name}


def _client(request: web.Request, form: Mapping[str, str]) -> tuple[str, str]:
    """Id and secret from the form, or from HTTP Basic as Google's own library sends them."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        basic = BasicAuth.decode(f"{scheme} {encoded}")
    except ValueError:
        return "", ""
    return unquote_plus(basic.login), unquote_plus(basic.password)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _part(claims: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def _refused(error: str, description: str, *, status: int = 400) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=status)
