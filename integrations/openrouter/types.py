"""What OpenRouter knows of the keys it made for us, in our words."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OpenRouterKey:
    """A key without its secret; `hash` is its id. Amounts are USD.

    `limit` None is none; `limit_reset` is `daily`, `weekly`, `monthly`, another word or "" for
    never; `remaining` may be below zero, since calls at the same moment overshoot.
    """

    hash: str
    name: str
    disabled: bool = False
    limit: Decimal | None = None
    limit_reset: str = ""
    remaining: Decimal | None = None
    usage: Decimal = Decimal(0)
    created_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def left(self) -> Decimal | None:
        """What may still be spent until the next reset, never below zero; None without a limit.

        Not limit minus usage: that counts over the key's whole life.
        """
        return None if self.remaining is None else max(self.remaining, Decimal(0))


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key with its secret, which is shown this once."""

    key: OpenRouterKey
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountCredits:
    """What was paid into the account and what all its keys used, in USD."""

    total: Decimal
    used: Decimal
