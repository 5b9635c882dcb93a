"""The nightly proof of the ledger: sums, balances, the chain of hashes, and the holds."""

from dataclasses import dataclass
from typing import Protocol

from db import credits as table
from db.store.session import Database
from services.actors import Operator
from services.audit import Subject, note

AT_ONCE = 200
# Enough to begin with; the first ones are named, the others counted.
NAMED = 10


@dataclass(frozen=True, slots=True)
class CreditBreach:
    """An account that does not prove; `broken` is any of `sum`, `balance`, `chain`, `holds`."""

    user_id: str
    broken: tuple[str, ...]


class BreachRoom(Protocol):
    """Where those who run the business read what they must know."""

    async def credits_broken(self, breaches: tuple[CreditBreach, ...], total: int) -> None:
        """These accounts do not prove, and so many in all; raises Temporary."""


class CreditProofs:
    """Reads all of the ledger, changes nothing."""

    def __init__(self, database: Database, room: BreachRoom) -> None:
        self._database = database
        self._room = room

    async def breaches(self, after: str = "") -> tuple[tuple[CreditBreach, ...], str]:
        """The next accounts' breaches, and where to go on; "" at the end."""
        async with self._database.transaction() as session:
            found = await table.prove(session, after=after, limit=AT_ONCE)
        last = found[-1].user_id if len(found) == AT_ONCE else ""
        return tuple(_breach(one) for one in found if not all(one[2:])), last

    async def rebuild(self, operator: Operator, user_id: str) -> None:
        """Set the balances to what the journal says; the journal itself is never touched."""
        async with self._database.transaction() as session:
            await table.rebuild(session, user_id)
            note(session, operator, "credits.rebuild", Subject("user", user_id))

    async def prove(self) -> int:
        """A step: prove every account, and tell the ops room of those that do not; how many."""
        named: list[CreditBreach] = []
        total, after = 0, ""
        while True:
            found, after = await self.breaches(after)
            total += len(found)
            named += found[: NAMED - len(named)]
            if not after:
                break
        if total:
            await self._room.credits_broken(tuple(named), total)
        return total


def _breach(proof: table.AccountProof) -> CreditBreach:
    found = {
        "sum": proof.zero,
        "balance": proof.balanced,
        "chain": proof.linked,
        "holds": proof.covered,
    }
    return CreditBreach(proof.user_id, tuple(name for name, whole in found.items() if not whole))
