"""The keys of the one account, and what they used."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any

Json = dict[str, Any]
WORKSPACE = "5f0c1d2e-0000-4000-8000-000000000001"
SHOWN = 12  # characters of a secret in its label


@dataclass(slots=True)
class StoredKey:
    """One key; amounts in USD, `digest` instead of the secret, which is shown once."""

    hash: str
    name: str
    label: str
    digest: str
    number: int
    limit: float | None = None
    limit_reset: str | None = None
    include_byok: bool = False
    expires_at: str | None = None
    disabled: bool = False
    usage: float = 0.0
    period_usage: float = 0.0
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime | None = None

    def shown(self) -> Json:
        """The object `data` of every answer (contract A.1)."""
        spent = self.period_usage if self.limit_reset else self.usage
        return {
            "hash": self.hash,
            "name": self.name,
            "label": self.label,
            "disabled": self.disabled,
            "limit": self.limit,
            "limit_remaining": None if self.limit is None else round(self.limit - spent, 6),
            "limit_reset": self.limit_reset,
            "include_byok_in_limit": self.include_byok,
            "usage": self.usage,
            "usage_daily": self.period_usage,
            "usage_weekly": self.period_usage,
            "usage_monthly": self.period_usage,
            "byok_usage": 0,
            "byok_usage_daily": 0,
            "byok_usage_weekly": 0,
            "byok_usage_monthly": 0,
            "created_at": _moment(self.created_at),
            "updated_at": _moment(self.updated_at) if self.updated_at else None,
            "expires_at": self.expires_at,
            "creator_user_id": None,
            "workspace_id": WORKSPACE,
            "external_user": None,
            "last_used_at": None,
        }


class KeyStore:
    """Makes, finds and ends keys; the newest come first."""

    def __init__(self) -> None:
        self._keys: dict[str, StoredKey] = {}
        self._numbers = count(1)
        self.total_credits = 500.0

    def add(self, name: str, **options: Any) -> tuple[StoredKey, str]:
        """A new key and its secret; two of one name are two keys, as with the vendor."""
        secret = f"sk-or-v1-{secrets.token_hex(32)}"
        digest = sha256(secret.encode()).hexdigest()
        label = f"{secret[:SHOWN]}...{secret[-3:]}"
        key = StoredKey(digest, name, label, digest, next(self._numbers), **options)
        self._keys[key.hash] = key
        return key, secret

    def find(self, hash: str) -> StoredKey | None:
        """By its hash."""
        return self._keys.get(hash)

    def of_secret(self, secret: str) -> StoredKey | None:
        """By its secret."""
        return self._keys.get(sha256(secret.encode()).hexdigest())

    def remove(self, hash: str) -> bool:
        """Whether there was one."""
        return self._keys.pop(hash, None) is not None

    def clear(self) -> None:
        """None at all, as in a new account."""
        self._keys.clear()

    def newest_first(self, *, disabled: bool = True) -> list[StoredKey]:
        """All of them, or those that are switched on."""
        rows = sorted(self._keys.values(), key=lambda key: key.number, reverse=True)
        return [key for key in rows if disabled or not key.disabled]

    def used(self) -> float:
        """What all keys used, in USD."""
        return sum(key.usage for key in self._keys.values())


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
