"""Auth's admin API and PostgREST with the secret key: look-ups, users, the mirror of `profiles`.

Sources: supabase/auth `internal/api/admin.go`, PostgREST's documentation; contracts/platform.md B.
"""

from collections.abc import Mapping

import httpx
from pydantic import JsonValue

from integrations.errors import RefusedByVendor
from integrations.http import SAFE, credential
from integrations.json_fields import Record, document, moment, record, records, text
from integrations.supabase.errors import VENDOR, check
from integrations.supabase.types import AuthUser

USERS = "/auth/v1/admin/users"
PROFILES = "/rest/v1/profiles"
PAGE = 200
MOST_PAGES = 25
ABSENT = frozenset({"user_not_found", "404"})
MERGE = {"Prefer": "resolution=merge-duplicates,missing=default,return=minimal"}


class Supabase:
    """The project as its owner sees it.

    Takes a client of `integrations.http.client`, whose base URL is the project's. Every call raises
    Unreachable, RateLimited, AuthExpired or RefusedByVendor with Supabase's or PostgreSQL's code.
    """

    def __init__(self, http: httpx.AsyncClient, secret_key: str) -> None:
        self._http = http
        self._secret_key = secret_key

    async def close(self) -> None:
        """Give connections back."""
        await self._http.aclose()

    async def check_key(self) -> None:
        """Return when the secret key is accepted."""
        await self._get("check_key", USERS, {"page": "1", "per_page": "1"})

    async def user(self, user_id: str) -> AuthUser | None:
        """The user with this id; None when there is none, as of an id that only looked like one."""
        try:
            answer = await self._get("admin.users.get", f"{USERS}/{user_id}", {})
        except RefusedByVendor as error:
            if error.code in ABSENT:
                return None
            raise
        return _user(answer)

    async def user_by_email(self, email: str) -> AuthUser | None:
        """The user with exactly this address, in any case.

        Auth's `filter` finds parts of addresses (LIKE), so what it finds is compared here.
        """
        wanted = email.strip().lower()
        for page in range(1, MOST_PAGES + 1):
            query = {"page": str(page), "per_page": str(PAGE), "filter": wanted}
            answer = await self._get("admin.users.list", USERS, query)
            rows = records(answer.get("users"))
            found = next((row for row in rows if text(row, "email").lower() == wanted), None)
            if found is not None:
                return _user(found)
            if len(rows) < PAGE:
                return None
        return None

    async def create_user(self, email: str, user_id: str, password: str = "") -> AuthUser:
        """A confirmed user with this id (UUID), no e-mail sent; Auth makes a password without one.

        Refused `email_exists` when the address is taken. A lost answer is looked up by the id.
        """
        body: dict[str, object] = {"email": email, "id": user_id, "email_confirm": True}
        response = await self._http.post(
            USERS,
            json={**body, "password": password} if password else body,
            headers=self._headers(),
            extensions={"operation": "admin.users.create"},
        )
        check(response)
        return _user(document(VENDOR, response.content))

    async def delete_user(self, user_id: str) -> None:
        """The user and what hangs on them; also when they are gone already."""
        response = await self._http.delete(
            f"{USERS}/{user_id}",
            headers=self._headers(),
            extensions={"operation": "admin.users.delete", **SAFE},
        )
        try:
            check(response)
        except RefusedByVendor as error:
            if error.code not in ABSENT:
                raise

    async def upsert(self, row: Mapping[str, JsonValue]) -> None:
        """Insert the row of `profiles` with this `id`, or write these columns of it.

        Refused `42501` without the grants, `23503` for a user who does not exist, `PGRST204` and
        `PGRST205` without the column or the table. May be repeated.
        """
        response = await self._http.post(
            PROFILES,
            params={"on_conflict": "id"},
            json=dict(row),
            headers={**self._headers(), **MERGE},
            extensions={"operation": "profiles.write", **SAFE},
        )
        check(response)

    async def _get(self, operation: str, path: str, query: Mapping[str, str]) -> Record:
        response = await self._http.get(
            path, params=query, headers=self._headers(), extensions={"operation": operation}
        )
        check(response)
        return document(VENDOR, response.content)

    def _headers(self) -> Mapping[str, str]:
        # An sb_secret_ key is no JWT: as a bearer it would be refused (contract B.3).
        return {"apikey": credential(VENDOR, self._secret_key)}


def _user(answer: Record) -> AuthUser:
    row = record(answer)
    if not text(row, "id"):
        raise RefusedByVendor(VENDOR, "malformed", "a user without an id")
    confirmed = moment(row, "email_confirmed_at", "confirmed_at")
    return AuthUser(
        text(row, "id"), text(row, "email").lower(), confirmed, moment(row, "created_at")
    )
