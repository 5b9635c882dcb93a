"""What users have: granted, taken back, corrected, and read as a statement."""

import hashlib
from collections.abc import Iterable, Mapping

from db import credits as table
from db.store.session import Database, Session
from services.actors import Operator
from services.audit import Change, Facts, Subject, note
from services.credits.entries import Balance, CreditEntry, balance_of, entry_of
from services.credits.posting import Amounts, Line, check_amount, post
from services.email_address import mailbox_identity
from services.errors import Conflict, Invalid, NotFound
from services.pages import NO_PLACE, bounded
from services.phrases import Phrase
from services.ports import Clock

INITIAL = "Initial credits"
EXPORTED = 10_000
# What fits into a bigint.
LONGEST_PLACE = 18

UNKNOWN_ENTRY = Phrase(
    "There is no such entry in this user’s credits.",
    "Questo movimento non c’è tra i crediti di questo utente.",
)
NO_REQUEST = Phrase(
    "Credits are booked under a key of yours, so that they are never booked twice: send one.",
    "I crediti si registrano con una tua chiave, così non si registrano due volte: inviane una.",
)
NOT_REVERSIBLE = Phrase(
    "Only credits that were granted or spent can be corrected.",
    "Si possono correggere solo crediti concessi o spesi.",
)


class Credits:
    """Whole credits per user. Every change is a new line, posted once for its key.

    A repeat with the same key and the same values gives the first line again, for as long as the
    ledger lives; with other values it is a Conflict.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def balance(self, user_id: str) -> Balance:
        """What the user has; zero for somebody who never had any."""
        async with self._database.transaction() as session:
            return balance_of(await table.account(session, user_id))

    async def balances(self, user_ids: Iterable[str]) -> Mapping[str, Balance]:
        """What each of these users has; who never had any is left out."""
        async with self._database.transaction() as session:
            found = await table.accounts(session, user_ids)
        return {row.user_id: balance_of(row) for row in found}

    async def statement(
        self, user_id: str, *, after: str = "", limit: int = 50
    ) -> tuple[CreditEntry, ...]:
        """The newest lines first.

        `after` is the sequence of the page's before last line; raises Invalid when it is none.
        """
        if after and not (after.isascii() and after.isdigit() and len(after) <= LONGEST_PLACE):
            raise Invalid(NO_PLACE, field="cursor")
        before = int(after) if after else None
        async with self._database.transaction() as session:
            found = await table.lines(session, user_id, before=before, limit=bounded(limit))
        return tuple(map(entry_of, found))

    async def export(self, user_id: str) -> tuple[CreditEntry, ...]:
        """All lines, the newest first, 10,000 at most."""
        async with self._database.transaction() as session:
            found = await table.lines(session, user_id, before=None, limit=EXPORTED)
        return tuple(map(entry_of, found))

    async def grant(
        self, session: Session, user_id: str, amount: int, key: str, reason: str
    ) -> CreditEntry:
        """Give credits, in the caller's transaction.

        Raises Invalid, and Conflict when the key was used for something else.
        """
        check_amount(amount)
        amounts = Amounts(available=amount, issued=-amount)
        return await self._post(session, Line(user_id, table.GRANT, amounts, key, reason))

    async def grant_initial(
        self, session: Session, user_id: str, email: str, amount: int
    ) -> CreditEntry | None:
        """Give the credits of a sign-up, in the caller's transaction; a repeat gives none again.

        None when somebody had them already at this mailbox, however its address was written.
        """
        mailbox = hashlib.sha256(mailbox_identity(email).encode()).hexdigest()
        # Whatever the amount is by now, and whoever asks, a mailbox has them once.
        given = await table.line_of_key(session, key := f"initial:{mailbox}")
        if given is not None:
            return entry_of(given) if given.user_id == user_id else None
        try:
            return await self.grant(session, user_id, amount, key, INITIAL)
        except Conflict:
            return None

    async def take_back(
        self, session: Session, user_id: str, amount: int, key: str, reason: str
    ) -> CreditEntry:
        """Take credits that are not spent, in the caller's transaction.

        Raises Invalid, Conflict when the key was used for something else, and NotEnoughCredits.
        """
        check_amount(amount)
        amounts = Amounts(available=-amount, issued=amount)
        return await self._post(session, Line(user_id, table.TAKE_BACK, amounts, key, reason))

    async def adjust(
        self, operator: Operator, user_id: str, amount: int, reason: str
    ) -> CreditEntry:
        """Give credits, or take them back below zero, once for the operator's request.

        In the audit log. Raises Invalid, also without a request, Conflict when it was another
        one's, and NotEnoughCredits.
        """
        if not operator.request:
            raise Invalid(NO_REQUEST)
        key = f"{operator.kind}:{operator.id}:{operator.request}"
        async with self._database.transaction() as session:
            if amount < 0:
                entry = await self.take_back(session, user_id, -amount, key, reason)
            else:
                entry = await self.grant(session, user_id, amount, key, reason)
            if not entry.repeated:
                after: Facts = {"amount": amount, "balance": entry.balance, "reason": reason}
                action, about = f"credits.{entry.kind}", Subject("user", user_id)
                note(session, operator, action, about, Change(after=after))
        return entry

    async def reverse(
        self, session: Session, user_id: str, entry_id: str, reason: str
    ) -> CreditEntry:
        """Correct a grant or a settlement by its opposite, once, in the caller's transaction.

        Raises NotFound, Conflict for a line of another kind, and NotEnoughCredits.
        """
        row = await table.line(session, user_id, entry_id)
        if row is None:
            raise NotFound(UNKNOWN_ENTRY)
        if row.kind == table.GRANT:
            amounts = Amounts(available=-row.available, issued=-row.issued)
        elif row.kind == table.SETTLE and row.spent:
            amounts = Amounts(available=row.spent, spent=-row.spent)
        else:
            raise Conflict(NOT_REVERSIBLE)
        key = f"{entry_id}/reverse"
        line = Line(user_id, table.REVERSE, amounts, key, reason, reverses=entry_id)
        return await self._post(session, line)

    async def _post(self, session: Session, line: Line) -> CreditEntry:
        return await post(session, line, self._clock())
