"""Revenue and the comparison with Stripe over the API."""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, Field

from services.billing import Compared, RevenueBalance, RevenueMonth, rounded
from views.api.kit.wire import Query, optional_timestamp, timestamp

CURRENCY = Field(description="Currency code, ISO 4217", examples=["usd"])
MINOR = "in minor units"


class MonthQuery(Query):
    """Which month."""

    month: str = Field(
        "",
        pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$",
        description="Month as YYYY-MM, the present one without it",
        examples=["2026-11"],
    )


class RevenueBalanceAnswer(BaseModel):
    """Recurring revenue of a month at this moment."""

    currency: str = CURRENCY
    mrr: int = Field(description=f"Monthly recurring revenue {MINOR}", examples=[128_400])
    trial_mrr: int = Field(description=f"Amount that trials would pay, {MINOR}", examples=[29_900])
    committed_mrr: int = Field(
        description=f"MRR after known cancellations, {MINOR}", examples=[118_500]
    )


class MovementsAnswer(BaseModel):
    """A month's movements; start and movements give the end, but for rounding."""

    currency: str = CURRENCY
    closed: bool = Field(description="Whether it never changes any more", examples=[True])
    start: int = Field(description=f"MRR at the month's start {MINOR}", examples=[99_000])
    new: int = Field(description=f"First payments ever {MINOR}", examples=[29_900])
    reactivation: int = Field(description=f"Returned customers {MINOR}", examples=[9_900])
    expansion: int = Field(description=f"Larger totals {MINOR}", examples=[20_000])
    contraction: int = Field(description=f"Smaller totals {MINOR}", examples=[5_000])
    churn: int = Field(description=f"Lost customers {MINOR}", examples=[25_400])
    currency_moves: int = Field(
        description=f"Customers who changed currency {MINOR}, signed", examples=[0]
    )
    end: int = Field(description=f"MRR at the month's end {MINOR}", examples=[128_400])


class RevenueAnswer(BaseModel):
    """Revenue now and a month's movements, by currency."""

    zone: str = Field(description="Time zone of days and months", examples=["Europe/Rome"])
    month: str = Field(description="Month of the movements", examples=["2026-11"])
    now: list[RevenueBalanceAnswer] = Field(description="Revenue at this moment")
    movements: list[MovementsAnswer] = Field(description="Movements of the month")


class DriftAnswer(BaseModel):
    """A subscription that is otherwise here than at Stripe."""

    subscription_id: str = Field(description="Subscription at Stripe", examples=["sub_1Q"])
    kind: str = Field(
        description="`different`, `unknown_here` or `unknown_there`", examples=["different"]
    )
    customer_id: str = Field(description="Customer, empty for nobody's", examples=["cus_3d9f"])
    values: dict[str, list[str]] = Field(
        description="Fields that differ: here, and at Stripe",
        examples=[{"status": ["active", "canceled"]}],
    )
    repaired: bool = Field(description="Whether it was looked at again", examples=[False])


class ComparisonAnswer(BaseModel):
    """A comparison; only a complete one without drifts says that nothing differs."""

    state: str = Field(
        description="`complete`, `incomplete`, `running`, or `never`", examples=["complete"]
    )
    seen: int = Field(description="Subscriptions of Stripe's that were seen", examples=[250])
    note: str = Field(description="Reason why it is incomplete", examples=[""])
    began_at: str | None = Field(
        description="Begin of the comparison", examples=["2026-11-21T02:20:00Z"]
    )
    ended_at: str | None = Field(
        description="End of the comparison", examples=["2026-11-21T02:20:04Z"]
    )
    drifts: list[DriftAnswer] = Field(description="Subscriptions that differ")


def revenue_answer(
    zone: str, month: date, now: Mapping[str, RevenueBalance], figures: tuple[RevenueMonth, ...]
) -> RevenueAnswer:
    """Revenue as JSON; each sum is rounded once."""
    balances = [
        RevenueBalanceAnswer(
            currency=currency,
            mrr=rounded(of.mrr),
            trial_mrr=rounded(of.trial),
            committed_mrr=rounded(of.committed),
        )
        for currency, of in now.items()
    ]
    return RevenueAnswer(
        zone=zone,
        month=f"{month:%Y-%m}",
        now=balances,
        movements=[_movements(one) for one in figures],
    )


def comparison_answer(found: Compared | None) -> ComparisonAnswer:
    """A comparison as JSON; `never` for none."""
    if found is None:
        return ComparisonAnswer(
            state="never", seen=0, note="", began_at=None, ended_at=None, drifts=[]
        )
    return ComparisonAnswer(
        state=found.state,
        seen=found.seen,
        note=found.note,
        began_at=timestamp(found.began_at),
        ended_at=optional_timestamp(found.ended_at),
        drifts=[
            DriftAnswer(
                subscription_id=one.subscription_id,
                kind=one.kind,
                customer_id=one.customer_id,
                values={name: [here, there] for name, here, there in one.values},
                repaired=one.repaired,
            )
            for one in found.drifts
        ],
    )


def _movements(one: RevenueMonth) -> MovementsAnswer:
    moved = one.flows
    return MovementsAnswer(
        currency=one.currency,
        closed=one.closed,
        start=rounded(one.opening),
        new=rounded(moved.new),
        reactivation=rounded(moved.reactivation),
        expansion=rounded(moved.expansion),
        contraction=rounded(moved.contraction),
        churn=rounded(moved.churn),
        currency_moves=rounded(moved.currency),
        end=rounded(one.closing.mrr),
    )
