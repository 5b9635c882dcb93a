"""What the credit ledger tells of itself: balances, lines and holds."""

from dataclasses import dataclass, field
from datetime import datetime

from db import credits as table

# A US cent.
MICRO_PER_CREDIT = 10_000


def credits_for(cost_micro: int) -> int:
    """Whole credits that pay for so many micro-dollars, a started one counted as whole."""
    return -(-cost_micro // MICRO_PER_CREDIT)


@dataclass(frozen=True, slots=True)
class Balance:
    """A user's whole credits: to spend now, set aside, and ever granted and spent."""

    available: int = 0
    held: int = 0
    granted: int = 0
    spent: int = 0


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """A line of a user's statement: `amount` changed what they can spend, to `balance`.

    `kind` is `grant`, `take_back`, `hold`, `settle`, `release`, `expire` or `reverse`; `spent` is
    what a `settle` came to.
    """

    id: str
    sequence: int
    at: datetime
    kind: str
    amount: int
    spent: int
    balance: int
    held: int
    reason: str
    hold_id: str
    # Posted before, with the same key: nothing happened now.
    repeated: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class CreditHold:
    """Credits set aside for something that is going on, until then."""

    id: str
    amount: int
    expires_at: datetime


def balance_of(row: table.CreditAccountRow | None) -> Balance:
    """The account as its owner sees it; zero before anything was posted."""
    if row is None:
        return Balance()
    return Balance(row.available, row.held, -row.issued, row.spent)


def entry_of(row: table.CreditTransactionRow, *, repeated: bool = False) -> CreditEntry:
    """A line as its owner reads it."""
    return CreditEntry(
        id=row.id,
        sequence=row.sequence,
        at=row.at,
        kind=row.kind,
        amount=row.available,
        spent=row.spent,
        balance=row.available_after,
        held=row.held_after,
        reason=row.reason,
        hold_id=row.hold_id,
        repeated=repeated,
    )
