"""How a line gets into the ledger: checked, once for its key, never below zero."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import orjson
import structlog

from db import credits as table
from db.store.session import Session
from services.credits.entries import CreditEntry, entry_of
from services.errors import Conflict, Invalid
from services.phrases import Phrase

# Far below what a column holds, so that no sum of them overflows.
MOST = 10**12
LONGEST_KEY = 200
LONGEST_REASON = 500

BAD_AMOUNT = Phrase(
    "An amount of credits is a whole number from 1 to {most}.",
    "Un importo di crediti è un numero intero da 1 a {most}.",
)
BAD_KEY = Phrase(
    "The key of a booking has 1 to {longest} characters.",
    "La chiave di un’operazione ha da 1 a {longest} caratteri.",
)
BAD_REASON = Phrase(
    "Give a reason of at most {longest} characters.",
    "Indica un motivo di al massimo {longest} caratteri.",
)
OTHER_CONTENT = Phrase(
    "This was booked already with other values. Use a new key for another booking.",
    "Questa operazione è già stata registrata con altri valori. Usa una nuova chiave.",
)
TOO_FEW = Phrase(
    "There are not enough credits: {available} left.",
    "Crediti insufficienti: ne restano {available}.",
)

log = structlog.get_logger(__name__)


class NotEnoughCredits(Conflict):
    """The user has fewer credits left than that; nothing was posted."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a line changes each account by; zero together."""

    available: int = 0
    held: int = 0
    issued: int = 0
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be posted, `key` once in the ledger's whole life."""

    user_id: str
    kind: str
    amounts: Amounts
    key: str
    reason: str = ""
    hold_id: str = ""
    expires_at: datetime | None = None
    reverses: str = ""


def check_amount(amount: int) -> None:
    """Raises Invalid for what is no amount of credits."""
    if type(amount) is not int or not 0 < amount <= MOST:
        raise Invalid(BAD_AMOUNT, field="amount", most=MOST)


async def post(session: Session, line: Line, now: datetime) -> CreditEntry:
    """Post it, in the caller's transaction; a repeat gives the first line again.

    Raises Invalid, Conflict when the key was used for something else, and NotEnoughCredits, which
    leave the transaction as it was.
    """
    if not 0 < len(line.key) <= LONGEST_KEY:
        raise Invalid(BAD_KEY, field="key", longest=LONGEST_KEY)
    if len(line.reason) > LONGEST_REASON:
        raise Invalid(BAD_REASON, field="reason", longest=LONGEST_REASON)
    outcome, row = await table.post(session, _posting(line, now))
    if outcome == table.OTHER:
        raise Conflict(OTHER_CONTENT)
    if outcome == table.SHORT:
        account = await table.account(session, line.user_id)
        raise NotEnoughCredits(TOO_FEW, available=account.available if account else 0)
    if outcome == table.REPEAT:
        # Replies get lost: how often, is worth knowing.
        log.info("credits.repeated", kind=line.kind)
    return entry_of(row, repeated=outcome == table.REPEAT)


def _posting(line: Line, now: datetime) -> table.CreditPosting:
    amounts = line.amounts
    return table.CreditPosting(
        id=f"ctx_{uuid4().hex}",
        user_id=line.user_id,
        kind=line.kind,
        available=amounts.available,
        held=amounts.held,
        issued=amounts.issued,
        spent=amounts.spent,
        key=line.key,
        content=_digest(line),
        reason=line.reason,
        at=now,
        hold_id=line.hold_id,
        expires_at=line.expires_at,
        reverses=line.reverses,
    )


def _digest(line: Line) -> bytes:
    """Of what the key stands for; a hold's own id and end are made anew by each try."""
    amounts = line.amounts
    content = (
        *(line.user_id, line.kind, line.reason),
        *(amounts.available, amounts.held, amounts.issued, amounts.spent),
    )
    return hashlib.sha256(orjson.dumps(content)).digest()
