"""Auth's admin API, for the secret key alone: users, and links without an e-mail."""

import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Any

from aiohttp import web

from integrations.sandbox.supabase_auth.errors import AuthError
from integrations.sandbox.supabase_auth.signing_up import COLUMNS, make_link, redirect_of
from integrations.sandbox.supabase_auth.store import AUDIENCE, AuthStore, User, sealed
from integrations.sandbox.supabase_auth.wire import (
    LONGEST_PASSWORD,
    check_password,
    email_of,
    metadata,
    params,
    text,
    user_json,
)

PAGE = 50
TAKEN = "A user with this email address has already been registered"
TOO_LONG = "bcrypt: password length exceeds 72 bytes"
UNITS = {"h": "hours", "m": "minutes", "s": "seconds"}
# What is called by these names has a user already, or no one.
OF_A_USER = ("recovery", "email_change_current", "email_change_new")


class AdminApi:
    """Everything under /admin; the guard has asked for the secret key."""

    def __init__(self, store: AuthStore) -> None:
        self._store = store

    async def listing(self, request: web.Request) -> web.StreamResponse:
        """GET /admin/users?page=&per_page=&filter=, the newest first."""
        try:
            page = int(request.query.get("page") or 1)
            size = int(request.query.get("per_page") or PAGE)
        except ValueError as error:
            said = f"Bad Pagination Parameters: {error}"
            raise AuthError(400, "validation_failed", said) from None
        words = request.query.get("filter", "")
        users = [one for one in self._store.users.values() if words in one.email]
        users.sort(key=lambda one: one.created_at, reverse=True)
        shown = users[(page - 1) * size : page * size]
        body = {"users": [user_json(one) for one in shown], "aud": AUDIENCE}
        return web.json_response(
            body, headers=_paging(request, page, ceil(len(users) / size), users)
        )

    async def create(self, request: web.Request) -> web.StreamResponse:
        """POST /admin/users: a bare user, no session, no e-mail; weak passwords are taken."""
        body = await params(request)
        if not text(body, "email"):
            said = "Cannot create a user without either an email or phone"
            raise AuthError(400, "validation_failed", said)
        email, password = email_of(text(body, "email")), text(body, "password")
        if self._store.by_email(email):
            raise AuthError(422, "email_exists", TAKEN)
        if password and text(body, "password_hash"):
            said = "Only a password or a password hash should be provided"
            raise AuthError(400, "validation_failed", said)
        if len(password.encode()) > LONGEST_PASSWORD:
            raise AuthError(400, "validation_failed", TOO_LONG)
        kept = sealed(password or secrets.token_urlsafe(48))
        user = User(email, kept, self._store.now(), metadata(body, "user_metadata"))
        user.id = _id(text(body, "id")) or user.id
        user.app_metadata |= metadata(body, "app_metadata")
        user.role = text(body, "role") or user.role
        self._ban(user, text(body, "ban_duration"))
        if body.get("email_confirm") is True:
            user.confirm(self._store.now())
        return web.json_response(user_json(self._store.add(user)))

    async def read(self, request: web.Request) -> web.StreamResponse:
        """GET /admin/users/{id}."""
        return web.json_response(user_json(self._user(request)))

    async def update(self, request: web.Request) -> web.StreamResponse:
        """PUT /admin/users/{id}: here the password's strength counts."""
        user, body = self._user(request), await params(request)
        password, email = text(body, "password"), text(body, "email")
        if password:
            check_password(self._store, password)
            user.password = sealed(password)
            self._store.log_out(user.id)
        if email:
            user.email = email_of(email)
        if body.get("email_confirm") is True:
            user.confirm(self._store.now())
        self._ban(user, text(body, "ban_duration"))
        user.role = text(body, "role") or user.role
        user.app_metadata |= metadata(body, "app_metadata")
        user.user_metadata |= metadata(body, "user_metadata")
        user.updated_at = self._store.now()
        self._store.changed()
        return web.json_response(user_json(user))

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """DELETE /admin/users/{id}: the row, its sessions and what refers to it."""
        self._store.remove(self._user(request))
        return web.json_response({})

    async def link(self, request: web.Request) -> web.StreamResponse:
        """POST /admin/generate_link: what an e-mail would have said, sent to nobody."""
        body = await params(request)
        kind, email = text(body, "type"), email_of(text(body, "email"))
        user = self._store.by_email(email)
        if user is None and kind == "magiclink":
            kind = "signup"
        if user is None and kind in OF_A_USER:
            raise AuthError(404, "user_not_found", "User with this email not found")
        if kind not in COLUMNS or kind == "email_change":
            said = f"Invalid email action link type requested: {kind}"
            raise AuthError(400, "validation_failed", said)
        if user is not None and kind in ("signup", "invite") and user.email_confirmed_at:
            raise AuthError(422, "email_exists", TAKEN)
        user = user or self._linked(kind, email, body)
        back = redirect_of(self._store, request, text(body, "redirect_to"))
        link, code, token = make_link(self._store, request, email, kind, back)
        column, sent = COLUMNS[kind]
        setattr(user, column, token)
        setattr(user, sent, self._store.now())
        told = {
            "action_link": link,
            "email_otp": code,
            "hashed_token": token,
            "verification_type": kind,
            "redirect_to": back,
        }
        return web.json_response({**user_json(user), **told})

    def _linked(self, kind: str, email: str, body: Mapping[str, Any]) -> User:
        """The user that a link for somebody new makes."""
        password = text(body, "password") or secrets.token_urlsafe(48)
        if kind == "signup":
            check_password(self._store, password)
        user = User(email, sealed(password), self._store.now(), metadata(body, "data"))
        user.invited_at = self._store.now() if kind == "invite" else None
        return self._store.add(user)

    def _user(self, request: web.Request) -> User:
        given = request.match_info["user"]
        try:
            wanted = str(uuid.UUID(given))
        except ValueError:
            raise AuthError(404, "validation_failed", "user_id must be an UUID") from None
        user = self._store.users.get(wanted)
        if user is None:
            raise AuthError(404, "user_not_found", "User not found")
        return user

    def _ban(self, user: User, duration: str) -> None:
        """Go's form of durations, or `none`."""
        if not duration:
            return
        if duration == "none":
            user.banned_until = None
            return
        parts = re.findall(r"(\d+)([hms])", duration)
        if "".join(f"{number}{unit}" for number, unit in parts) != duration:
            said = f'invalid format for ban duration: time: invalid duration "{duration}"'
            raise AuthError(400, "validation_failed", said)
        spans = (timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts)
        user.banned_until = self._store.now() + sum(spans, timedelta())


def _id(given: str) -> str:
    if not given:
        return ""
    try:
        return str(uuid.UUID(given))
    except ValueError:
        said = "ID must conform to the uuid v4 format"
        raise AuthError(400, "validation_failed", said) from None


def _paging(request: web.Request, page: int, pages: int, users: list[User]) -> dict[str, str]:
    last = request.rel_url.update_query(page=str(pages))
    links = [f'<{last}>; rel="last"']
    if page < pages:
        links.insert(0, f'<{request.rel_url.update_query(page=str(page + 1))}>; rel="next"')
    return {"Link": ", ".join(links), "X-Total-Count": str(len(users))}
