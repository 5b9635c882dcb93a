"""Subscriptions as billing keeps them, written directly, and a clock that is set by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import text

from db.billing.subscriptions import StripeInvoiceRow, StripeSubscriptionRow
from db.store.session import Database
from services.billing.revenue import Revenue

ROME = ZoneInfo("Europe/Rome")
TABLES = "mrr_days, mrr_lines, mrr_movements, mrr_months, mrr_closings"


@dataclass
class RevenueStage:
    """A database of its own: figures are of the whole business."""

    database: Database
    now: datetime = datetime(2026, 10, 1, 12, tzinfo=UTC)
    currency: str = "usd"
    made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.revenue = Revenue(self.database, ROME, lambda: self.now)

    async def subscribe(self, customer: str, amount: int = 9_900, **more: object) -> str:
        """A subscription, active by the month unless said otherwise."""
        price = {
            "id": "price_1",
            "amount": amount,
            "currency": self.currency,
            "interval": more.pop("interval", "month"),
            "interval_count": 1,
        }
        items = [{"id": "si_1", "price": price, "quantity": more.pop("quantity", 1)}]
        discounts = more.pop("discounts", [])
        row = StripeSubscriptionRow(
            **{
                "id": f"sub_{uuid4().hex}",
                "family": "platform",
                "plan": "professional",
                "status": "active",
                "currency": price["currency"],
                "created_at": self.now,
                "customer_id": customer,
                "price_id": "price_1",
                "quantity": 1,
                "seen_look": 1,
                "snapshot": orjson.dumps({"items": items, "discounts": discounts}).decode(),
                **more,
            }
        )
        async with self.database.transaction() as session:
            session.add(row)
        return row.id

    async def change(self, subscription_id: str, **fields: object) -> None:
        """As Stripe says it is now."""
        amount = fields.pop("amount", None)
        async with self.database.transaction() as session:
            row = await session.get_one(StripeSubscriptionRow, subscription_id)
            for name, value in fields.items():
                setattr(row, name, value)
            if amount is not None:
                kept = orjson.loads(row.snapshot)
                kept["items"][0]["price"]["amount"] = amount
                row.snapshot = orjson.dumps(kept).decode()

    async def invoice(self, subscription_id: str, customer: str, **fields: object) -> None:
        """One that is paid unless said otherwise."""
        row = StripeInvoiceRow(
            **{
                "id": f"in_{uuid4().hex}",
                "subscription_id": subscription_id,
                "customer_id": customer,
                "status": "paid",
                "amount_due": 9_900,
                "amount_paid": 9_900,
                "created_at": self.now,
                **fields,
            }
        )
        async with self.database.transaction() as session:
            session.add(row)

    async def pass_days(self, days: int) -> int:
        """Let days go by, one snapshot each."""
        taken = 0
        for _ in range(days):
            self.now += timedelta(days=1)
            taken += await self.revenue.take()
        return taken

    async def execute(self, statement: str) -> None:
        """SQL of somebody who means to change history."""
        async with self.database.transaction() as session:
            await session.execute(text(statement))
