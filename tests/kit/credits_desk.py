"""What tests of credits share: users of their own, a clock set by hand, an ops room as a list."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import text

from db.store.session import Database
from services.credits import (
    Balance,
    CreditBreach,
    CreditEntry,
    CreditHolds,
    CreditProofs,
    Credits,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(slots=True)
class CreditsDesk:
    """The ledger over a real database; whoever is told of breaches is a list."""

    database: Database
    now: datetime = NOON
    told: list[CreditBreach] = field(default_factory=list)

    @property
    def accounts(self) -> Credits:
        return Credits(self.database, self.clock)

    @property
    def holds(self) -> CreditHolds:
        return CreditHolds(self.database, self.clock)

    @property
    def proofs(self) -> CreditProofs:
        return CreditProofs(self.database, self)

    def clock(self) -> datetime:
        return self.now

    async def credits_broken(self, breaches: tuple[CreditBreach, ...], total: int) -> None:
        self.told += breaches

    async def grant(self, user_id: str, amount: int, key: str = "", why: str = "") -> CreditEntry:
        async with self.database.transaction() as session:
            return await self.accounts.grant(session, user_id, amount, key or uuid4().hex, why)

    async def initial(self, user_id: str, email: str, amount: int = 100) -> CreditEntry | None:
        async with self.database.transaction() as session:
            return await self.accounts.grant_initial(session, user_id, email, amount)

    async def take_back(self, user_id: str, amount: int, key: str = "") -> CreditEntry:
        async with self.database.transaction() as session:
            return await self.accounts.take_back(session, user_id, amount, key or uuid4().hex, "")

    async def reverse(self, user_id: str, entry_id: str) -> CreditEntry:
        async with self.database.transaction() as session:
            return await self.accounts.reverse(session, user_id, entry_id, "a mistake")

    async def user(self, amount: int) -> str:
        user_id = str(uuid4())
        await self.grant(user_id, amount)
        return user_id

    async def left(self, user_id: str) -> int:
        return (await self.accounts.balance(user_id)).available

    async def balance(self, user_id: str) -> Balance:
        return await self.accounts.balance(user_id)

    async def broken(self, user_id: str) -> tuple[str, ...]:
        """What the proof says of this user; others may be other tests'."""
        self.told.clear()
        after = "-"
        while after:
            found, after = await self.proofs.breaches("" if after == "-" else after)
            self.told += found
        return next((one.broken for one in self.told if one.user_id == user_id), ())

    async def meddle(self, statement: str, **values: object) -> None:
        """Change a table past the program, as nobody should."""
        async with self.database.transaction() as session:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
            await session.execute(text(statement), values)
