"""The tenants as rollouts see them: who is ready, how to reach each, and who must not go first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from integrations.databases import ConnectionParts
from services.rollouts.waves import Candidate


@dataclass(frozen=True, slots=True)
class FleetTenant:
    """One tenant; `parts` is None while it has no database. `state` is in the tenants' words.

    `price` is what it pays a month, in minor units of `currency`; `dunning`: its payer owes us;
    `trial_ends_at` is the end of a trial that still runs. `internal` ones are our own.
    """

    id: str
    name: str
    state: str
    ready: bool
    parts: ConnectionParts | None = None
    price: int = 0
    currency: str = ""
    internal: bool = False
    dunning: bool = False
    trial_ends_at: datetime | None = None
    gone: bool = False

    def candidate(self, *, fit: bool) -> Candidate:
        """What the choice of a canary asks of it; `fit` is what was seen of its database."""
        return Candidate(
            tenant_id=self.id,
            price=self.price,
            currency=self.currency,
            internal=self.internal,
            dunning=self.dunning,
            trial_ends_at=self.trial_ends_at,
            fit=fit,
        )


class Fleet(Protocol):
    """Where the tenants are known."""

    async def all(self) -> tuple[FleetTenant, ...]:
        """Every tenant that was not deleted, whatever its state; without `parts` and payers."""

    async def paying(self) -> tuple[FleetTenant, ...]:
        """The same, with how the payer of each stands."""

    async def find(self, tenant_id: str) -> FleetTenant | None:
        """The tenant with its parts, who pays unasked; None when there is none (any more)."""


class PayerStanding(Protocol):
    """How a customer stands as a payer; fields as those of `FleetTenant`."""

    @property
    def dunning(self) -> bool:
        """Whether they owe us."""

    @property
    def trial_ends_at(self) -> datetime | None:
        """When their trial ends, if one runs."""

    @property
    def price(self) -> int:
        """A month, in minor units; 0 while nothing is paid."""

    @property
    def currency(self) -> str:
        """Of the price, "" without one."""


class PayerStandings(Protocol):
    """Where it is known who pays."""

    async def standings(self, customer_ids: Sequence[str]) -> Mapping[str, PayerStanding]:
        """Those of these customers who are known, by their ids."""
