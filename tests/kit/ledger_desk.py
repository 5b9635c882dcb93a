"""What tests of the ledger share: claims, meters, and a look at the rows themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from asyncpg import Record

from db.gateway.ledger import HoldRequest, Rows
from db.store.asyncpg_pool import AsyncpgPool
from services.gateway.ledger import Claim, Ledger, Metered

HOURLY = 100


def new_license() -> str:
    return f"lic_{uuid4().hex}"


def claim(license_id: str, **changes: object) -> Claim:
    values = {"request_id": uuid4(), "license_id": license_id, "hourly": HOURLY, **changes}
    return Claim(**values)  # type: ignore[arg-type]  # a test's own names


def ask(license_id: str, **changes: object) -> HoldRequest:
    values = {
        "id": uuid4(),
        "license_id": license_id,
        "hourly": HOURLY,
        "monthly": None,
        "budget_micro": None,
        "estimate_micro": 0,
        **changes,
    }
    return HoldRequest(**values)  # type: ignore[arg-type]  # a test's own names


def metered(**changes: object) -> Metered:
    values = {
        "provider": "openai",
        "model": "gpt-5.4-mini",
        "input_tokens": 10,
        "output_tokens": 5,
        "cached_tokens": 0,
        "cost_micro": 7,
        "price_version": "2026-11",
        **changes,
    }
    return Metered(**values)  # type: ignore[arg-type]  # a test's own names


@dataclass(frozen=True, slots=True)
class Desk:
    """A ledger of its own on connections of its own, as a process has."""

    hot: AsyncpgPool
    rows: Rows
    ledger: Ledger

    @classmethod
    def at(cls, url: str) -> "Desk":
        hot = AsyncpgPool(url)
        rows = Rows(hot)
        return cls(hot, rows, Ledger(rows))

    async def close(self) -> None:
        await self.ledger.close()
        await self.hot.close()

    async def state(self, request_id: UUID) -> str:
        sql = """
            SELECT state FROM gateway_requests WHERE id = $1
            UNION ALL SELECT 'held' FROM usage_months WHERE calls ? $1::text
        """
        states = [str(row["state"]) for row in await self.hot.fetch(sql, request_id)]
        # Nothing is held and ended at the same time.
        assert len(states) <= 1
        return states[0] if states else ""

    async def month(self, license_id: str) -> Record:
        (row,) = await self.hot.fetch(
            "SELECT * FROM usage_months WHERE license_id = $1", license_id
        )
        return row

    async def days(self, license_id: str) -> list[Record]:
        return await self.hot.fetch(
            "SELECT * FROM usage_days WHERE license_id = $1 ORDER BY day, provider, model",
            license_id,
        )

    async def hits(self, license_id: str) -> list[datetime]:
        found = await self.hot.fetch(
            "SELECT hits FROM usage_months WHERE license_id = $1 AND hits <> '{}'", license_id
        )
        # The hour is in one month's row only.
        assert len(found) <= 1
        return list(found[0]["hits"]) if found else []
