"""The table `profiles` as PostgREST serves it, and the trigger that fills it (contract B.5)."""

import asyncio
import json
import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiohttp import web

from integrations.sandbox.kit.wire import Handler
from integrations.sandbox.supabase_auth.errors import AuthError, GatewayError, gateway_refusal
from integrations.sandbox.supabase_auth.keys import ANON, SERVICE, USER, Signer, role_of_key
from integrations.sandbox.supabase_auth.store import AuthStore, User
from integrations.sandbox.supabase_auth.wire import Answer, stamp

Row = dict[str, Any]
# Columns, and the type that PostgreSQL would cast a value to.
COLUMNS: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "email": str,
    "full_name": str,
    "created_at": str,
    "updated_at": str,
    "openrouter_key_name": str,
    "openrouter_key_hash": str,
    "openrouter_key_limit": (int, float),
    "openrouter_provisioning_status": str,
}
OWNED = re.compile(r"(eq|is|not\.is|in)\.(.*)", re.DOTALL)
SETTINGS = ("select", "order", "limit", "offset", "on_conflict", "columns", "apikey")
MISSING = "PGRST204"


class RestError(Exception):
    """A refusal of PostgREST or of the PostgreSQL behind it."""

    def __init__(self, status: int, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "details": None, "hint": hint, "message": message}


class ProfilesApi:
    """GET and POST /rest/v1/profiles."""

    def __init__(self, store: AuthStore, signer: Signer) -> None:
        self._store, self._signer = store, signer
        self.rows: dict[str, Row] = {}
        self._late: dict[str, asyncio.TimerHandle] = {}
        store.on_insert.append(self._insert)
        store.on_delete.append(self._delete)

    def guarded(self, answer: Answer) -> Handler:
        """Tells refusals as PostgREST does."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await answer(request)
            except GatewayError as error:
                return gateway_refusal(error)
            except RestError as error:
                return web.json_response(error.body, status=error.status)

        return guarded

    async def read(self, request: web.Request) -> web.StreamResponse:
        """GET: `select`, `eq`, `is`, `in`, `order`, `limit`, `offset`; each sees what is theirs."""
        role, owner = self._caller(request)
        found = [row for row in self.rows.values() if role == SERVICE or row["id"] == owner]
        for name, condition in request.query.items():
            if name not in SETTINGS:
                found = [row for row in found if _holds(row, name, condition)]
        column, _, way = request.query.get("order", "created_at.asc").partition(".")
        _known(column)
        found.sort(key=lambda row: str(row[column]), reverse=way.startswith("desc"))
        offset, limit = (int(request.query.get(one, 0)) for one in ("offset", "limit"))
        shown = found[offset : offset + limit] if limit else found[offset:]
        selected = request.query.get("select", "*")
        names = list(COLUMNS) if selected == "*" else selected.split(",")
        for name in names:
            _known(name)
        return web.json_response([{name: row[name] for name in names} for row in shown])

    async def write(self, request: web.Request) -> web.StreamResponse:
        """POST: an insert, or with `Prefer: resolution=…` an upsert on the primary key."""
        role, owner = self._caller(request)
        wishes = {one.strip() for one in request.headers.get("Prefer", "").split(",")}
        if (target := request.query.get("on_conflict", "id")) != "id":
            said = (
                "there is no unique or exclusion constraint matching the ON CONFLICT specification"
            )
            raise RestError(400 if target in COLUMNS else 404, "42P10", said)
        given = await _rows(request)
        fresh = [row for row in given if row.get("id") not in self.rows]
        for row in given:
            self._check(row, role, owner)
        merges = "resolution=merge-duplicates" in wishes
        ignores = "resolution=ignore-duplicates" in wishes
        if len(fresh) < len(given) and not (merges or ignores):
            said = 'duplicate key value violates unique constraint "profiles_pkey"'
            raise RestError(409, "23505", said)
        for row in given:
            if row in fresh or merges:
                self._put(row, bulk="missing=default" not in wishes and len(given) > 1)
        self._store.changed()
        status = 201 if fresh else 200
        if "return=representation" not in wishes:
            return web.Response(status=status)
        return web.json_response([self.rows[row["id"]] for row in given], status=status)

    def _caller(self, request: web.Request) -> tuple[str, str]:
        """Role and, of a signed-in user, their id. RestError 42501 where nothing is granted."""
        role, owner = role_of_key(request), ""
        token = request.headers.get("Authorization", "").partition(" ")[2]
        if token and token != request.headers.get("apikey"):
            try:
                claims = self._signer.claims(token)
            except AuthError as error:
                raise RestError(401, "PGRST301", "No suitable key or wrong key type") from error
            role, owner = str(claims.get("role")), str(claims.get("sub"))
        if not self._store.settings.granted or role == ANON:
            grant = f"GRANT SELECT ON public.profiles TO {role};"
            hint = f"Grant the required privileges to the current role with: {grant}"
            said = "permission denied for table profiles"
            raise RestError(401 if role == ANON else 403, "42501", said, hint)
        return role, owner

    def _check(self, row: Row, role: str, owner: str) -> None:
        for name, value in row.items():
            _known(name)
            if value is not None and not isinstance(value, COLUMNS[name]):
                said = f'invalid input syntax for column "{name}": "{value}"'
                raise RestError(400, "22P02", said)
        if role == USER and row.get("id") != owner:
            said = 'new row violates row-level security policy for table "profiles"'
            raise RestError(403, "42501", said)
        if row.get("id") is None:
            said = 'null value in column "id" of relation "profiles" violates not-null constraint'
            raise RestError(400, "23502", said)
        try:
            uuid.UUID(row["id"])
        except ValueError:
            said = f'invalid input syntax for type uuid: "{row["id"]}"'
            raise RestError(400, "22P02", said) from None
        if row["id"] not in self._store.users:
            said = 'insert or update on table "profiles" violates foreign key constraint '
            raise RestError(409, "23503", f'{said}"profiles_id_fkey"')

    def _put(self, row: Row, *, bulk: bool) -> None:
        """Columns that are named are written; of a new row the others have their defaults."""
        kept = self.rows.get(row["id"])
        if kept is None:
            # In a bulk insert an absent column becomes NULL unless `missing=default`.
            created = None if bulk else stamp(self._store.now())
            kept = self.rows[row["id"]] = {**dict.fromkeys(COLUMNS), "created_at": created}
        kept.update(row)

    def _insert(self, user: User) -> None:
        """The trigger on auth.users; late, it leaves a row alone that is there already."""
        delay = self._store.settings.profile_delay
        if not delay:
            return self._trigger(user)
        loop = asyncio.get_running_loop()
        self._late[user.id] = loop.call_later(
            timedelta(seconds=delay).total_seconds(), self._trigger, user
        )

    def _trigger(self, user: User) -> None:
        self._late.pop(user.id, None)
        if user.id in self._store.users and user.id not in self.rows:
            self._put({"id": user.id, "email": user.email}, bulk=False)
            self._store.changed()

    def _delete(self, user: User) -> None:
        """ON DELETE CASCADE."""
        self.rows.pop(user.id, None)
        if late := self._late.pop(user.id, None):
            late.cancel()

    @property
    def pending(self) -> int:
        """Of how many users the trigger is still to come."""
        return len(self._late)

    def trigger_now(self) -> int:
        """Let every late trigger come at this moment; how many came."""
        late = [self._store.users[user_id] for user_id in self._late]
        for user in late:
            self._late[user.id].cancel()
            self._trigger(user)
        return len(late)

    def close(self) -> None:
        """No trigger comes any more."""
        for late in self._late.values():
            late.cancel()


async def _rows(request: web.Request) -> list[Row]:
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise RestError(400, "PGRST102", "Empty or invalid json") from None
    given = body if isinstance(body, list) else [body]
    if not all(isinstance(row, dict) for row in given):
        raise RestError(400, "PGRST102", "Empty or invalid json")
    if len({frozenset(row) for row in given}) > 1:
        raise RestError(400, "PGRST102", "All object keys must match")
    return given


def _known(name: str) -> None:
    if name not in COLUMNS:
        said = f"Could not find the '{name}' column of 'profiles' in the schema cache"
        raise RestError(400, MISSING, said)


def _holds(row: Row, name: str, condition: str) -> bool:
    _known(name)
    found = OWNED.fullmatch(condition)
    if not found:
        said = f'"failed to parse filter ({condition})" (line 1, column 1)'
        raise RestError(400, "PGRST100", said)
    operator, value = found[1], found[2]
    if operator == "eq":
        return str(row[name]) == value
    if operator == "in":
        return str(row[name]) in value.strip("()").split(",")
    return (row[name] is None) == (operator == "is")
