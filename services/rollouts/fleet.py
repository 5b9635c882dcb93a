"""The tenants as rollouts see them: who is ready, how to reach each, and who must not go first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from integrations.databases import ConnectionParts


@dataclass(frozen=True, slots=True)
class FleetTenant:
    """One tenant; `parts` is None while it has no database. `state` is in the tenants' words.

    `price` is what it pays a month, in minor units; `internal` ones are our own.
    """

    id: str
    name: str
    state: str
    ready: bool
    parts: ConnectionParts | None = None
    price: int = 0
    internal: bool = False
    dunning: bool = False
    trial_ends_at: datetime | None = None
    gone: bool = False


class Fleet(Protocol):
    """Where the tenants are known."""

    async def all(self) -> tuple[FleetTenant, ...]:
        """Every tenant that was not deleted, whatever its state; without `parts`."""

    async def find(self, tenant_id: str) -> FleetTenant | None:
        """The tenant with its parts; None when there is none (any more)."""
