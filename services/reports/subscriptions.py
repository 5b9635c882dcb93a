"""Who subscribes: the rows of the export, as many of them as a page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.reports import billing as table
from db.reports import exports as counting
from db.store.session import Session
from services.licensing import words_of
from services.phrases import Phrase
from services.reports.exports import COUNTED, ExportSize
from services.reports.panels import Panel, Panels

SHOWN = 50
TABLES = ("billing_subscriptions", "customers", "mrr_lines")
SOURCE = Phrase(
    "Subscriptions as Stripe had them when it was last asked; a month of each as it counted on "
    "the last day that is over.",
    "Gli abbonamenti come erano su Stripe all’ultima lettura; al mese, quanto contavano "
    "nell’ultimo giorno concluso.",
)


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """One subscription in the export's order of columns; amounts in minor units.

    `customer_id` is None for nobody's; `monthly` and `counted` (paying, trial) are None where it
    did not count on the last day; `status` is Stripe's word.
    """

    id: str
    customer_id: str | None
    email: str | None
    name: str | None
    plan: str
    status: str
    quantity: int
    amount: int | None
    currency: str
    interval: str
    monthly: int | None
    counted: str | None
    created_at: datetime
    trial_end: datetime | None
    period_end: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubscriptionLines:
    """The newest ones, and how many there are with these filters."""

    lines: tuple[SubscriptionLine, ...]
    size: ExportSize


class SubscriptionFigures:
    """Reads subscriptions with the filters of their page."""

    def __init__(self, panels: Panels) -> None:
        self._panels = panels

    async def newest(self, asked: Mapping[str, str]) -> Panel[SubscriptionLines]:
        """Those with every word of `q`, and of Stripe's `status`."""
        words = words_of(asked.get("q", ""))
        rows = table.subscriptions(table.SoughtSubscriptions(words, asked.get("status", "")))

        async def query(session: Session) -> SubscriptionLines:
            found = await table.first_rows(session, rows, SHOWN)
            count = await counting.count(session, rows, COUNTED + 1)
            size = ExportSize(min(count, COUNTED), count > COUNTED)
            return SubscriptionLines(tuple(SubscriptionLine(*row) for row in found), size)

        return await self._panels.read(SOURCE, TABLES, query)
