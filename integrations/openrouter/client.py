"""The verbs we need of OpenRouter's API for keys (openrouter.ai/api/v1, contract A)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

import httpx

from integrations.errors import RefusedByVendor, Unreachable
from integrations.http import credential
from integrations.json_fields import Record, flag, moment, record, records, text
from integrations.openrouter.errors import NOT_FOUND, VENDOR, answer
from integrations.openrouter.types import AccountCredits, MadeKey, OpenRouterKey

PAGE = 100  # as many as one answer holds; there is neither a total nor a cursor
# Read twice, so that keys deleted meanwhile do not move others past us unseen.
OVERLAP = 10
MAX_PAGES = 1_000


@dataclass(frozen=True, slots=True)
class KeyWish:
    """A key to be made: its name, and its limit in USD (None: none) with its reset ("": never)."""

    name: str
    limit: Decimal | None = None
    limit_reset: str = ""


class OpenRouter:
    """Makes, reads, changes and deletes keys with the account's management key.

    Takes a client of `integrations.http.client`. Every call raises Unreachable, RateLimited,
    AuthExpired or RefusedByVendor, whose code is the limit that was hit (`openrouter_credits`),
    `not_found`, or OpenRouter's own word.
    """

    def __init__(self, http: httpx.AsyncClient, management_key: str) -> None:
        self._http = http
        self._key = management_key

    @property
    def ready(self) -> bool:
        """Whether there is a management key at all."""
        return bool(self._key)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def create(self, wish: KeyWish) -> MadeKey:
        """Make a key. Unreachable: it may be made all the same, so `named` before another try."""
        body: dict[str, object] = {"name": wish.name, "limit": _number(wish.limit)}
        if wish.limit_reset:
            body["limit_reset"] = wish.limit_reset
        said = await self._call("POST", "/keys", "keys.create", json=body)
        row = record(said.get("data"))
        # Beside `data` by the specification, inside it by the guide on rotation.
        secret, made = text(said, "key") or text(row, "key"), _key(row)
        if not secret or not made.hash:
            raise Unreachable(VENDOR, "made a key and did not show it")
        return MadeKey(made, secret)

    async def keys(self) -> tuple[OpenRouterKey, ...]:
        """Every key of the account, disabled ones too; all pages or an error, never a part."""
        found: dict[str, OpenRouterKey] = {}
        offset = 0
        for _ in range(MAX_PAGES):
            query = {"include_disabled": "true", "offset": str(offset)}
            said = await self._call("GET", "/keys", "keys.list", params=query)
            if not isinstance(said.get("data"), list):
                raise RefusedByVendor(VENDOR, "malformed", "a list without its keys")
            page = [key for row in records(said["data"]) if (key := _key(row)).hash]
            found.update((key.hash, key) for key in page)
            if len(page) < PAGE:
                return tuple(found.values())
            offset += PAGE - OVERLAP
        raise RefusedByVendor(VENDOR, "malformed", "pages without an end")

    async def named(self, name: str) -> tuple[OpenRouterKey, ...]:
        """The keys of exactly this name: there is no other way to find what a lost answer made."""
        return tuple(key for key in await self.keys() if key.name == name)

    async def get(self, hash: str) -> OpenRouterKey:
        """One key with its usage; raises RefusedByVendor `not_found`."""
        said = await self._call("GET", f"/keys/{hash}", "keys.get")
        return _key(record(said.get("data")))

    async def change(self, hash: str, changes: Mapping[str, object]) -> OpenRouterKey:
        """Change `limit` (Decimal or None), `limit_reset` or `disabled`; may be repeated."""
        body = {
            name: _number(value) if isinstance(value, Decimal) else value
            for name, value in changes.items()
        }
        said = await self._call("PATCH", f"/keys/{hash}", "keys.update", json=body)
        return _key(record(said.get("data")))

    async def delete(self, hash: str) -> None:
        """End the key for good; one that is gone already is as good."""
        try:
            await self._call("DELETE", f"/keys/{hash}", "keys.delete")
        except RefusedByVendor as error:
            if error.code != NOT_FOUND:
                raise

    async def credits(self) -> AccountCredits:
        """What the account has; zeros also for a key that may not ask, so judge no key by it."""
        data = record((await self._call("GET", "/credits", "credits")).get("data"))
        total, used = _amount(data, "total_credits"), _amount(data, "total_usage")
        return AccountCredits(total or Decimal(0), used or Decimal(0))

    async def check(self) -> None:
        """Return when our key may manage keys; raises RefusedByVendor `no_management_key`."""
        data = record((await self._call("GET", "/key", "key")).get("data"))
        if not (flag(data, "is_management_key") or flag(data, "is_provisioning_key")):
            raise RefusedByVendor(VENDOR, "no_management_key")

    async def key_ends(self) -> datetime | None:
        """When our own key ends (`expires_at` of `GET /key`); None for never."""
        data = record((await self._call("GET", "/key", "key")).get("data"))
        return moment(data, "expires_at")

    async def _call(
        self,
        method: str,
        path: str,
        operation: str,
        *,
        json: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Record:
        response = await self._http.request(
            method,
            path,
            json=json,
            params=params,
            headers={"Authorization": f"Bearer {credential(VENDOR, self._key)}"},
            extensions={"operation": operation},
        )
        return answer(response)


def _key(row: Record) -> OpenRouterKey:
    return OpenRouterKey(
        hash=text(row, "hash"),
        name=text(row, "name"),
        disabled=flag(row, "disabled"),
        limit=_amount(row, "limit"),
        limit_reset=text(row, "limit_reset"),
        remaining=_amount(row, "limit_remaining"),
        usage=_amount(row, "usage") or Decimal(0),
        created_at=moment(row, "created_at"),
        expires_at=moment(row, "expires_at"),
    )


def _amount(row: Record, name: str) -> Decimal | None:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
