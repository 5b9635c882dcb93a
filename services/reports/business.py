"""Customers and licenses in numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from db.reports import business as table
from db.store.session import Session
from services.clock import day_begins
from services.phrases import Phrase
from services.ports import Clock
from services.reports.days import ONE, days_between
from services.reports.panels import Panel, Panels
from services.reports.ranges import Range

SOON = timedelta(days=30)
WEEKS_AHEAD = 26

CUSTOMERS = Phrase(
    "All rows of customers; blocked ones by their status; those with at least one valid license.",
    "Tutte le righe dei clienti; i bloccati per stato; quelli con almeno una licenza valida.",
)
LICENSES = Phrase(
    "Licenses by plan. Active: neither suspended nor cancelled, and the end is not past, whatever "
    "the nightly timer has marked already.",
    "Licenze per piano. Attive: né sospese né annullate, con scadenza non passata, qualunque cosa "
    "abbia già segnato il timer notturno.",
)
FLEET = Phrase(
    "Tenants that are not deleted, and those ready for use; rollouts that are begun and not over.",
    "Tenant non eliminati e quelli pronti all’uso; rollout iniziati e non finiti.",
)
GROWTH = Phrase(
    "New customers by the day they were created, and licenses by the day they were issued.",
    "Nuovi clienti per giorno di creazione e licenze per giorno di emissione.",
)
ENDING = Phrase(
    "Ends of licenses that are neither suspended nor cancelled, by day, for the next 26 weeks.",
    "Scadenze delle licenze né sospese né annullate, per giorno, nelle prossime 26 settimane.",
)


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """How many there are; `served` of them hold a valid license."""

    total: int
    blocked: int
    served: int


@dataclass(frozen=True, slots=True)
class PlanLicenses:
    """A plan's licenses by how they stand; `ending` of the active ones end within 30 days."""

    plan: str
    active: int
    expired: int
    suspended: int
    cancelled: int
    ending: int


@dataclass(frozen=True, slots=True)
class LicenseFigures:
    """All plans, the one with the most active licenses first."""

    plans: tuple[PlanLicenses, ...]

    @property
    def active(self) -> int:
        """Of all plans."""
        return sum(plan.active for plan in self.plans)

    @property
    def ending(self) -> int:
        """Of all plans, within 30 days."""
        return sum(plan.ending for plan in self.plans)


@dataclass(frozen=True, slots=True)
class FleetFigures:
    """Tenants, how many of them are ready, and rollouts under way."""

    tenants: int
    ready: int
    rollouts: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Days, oldest first: customers who came, licenses that were issued."""

    days: tuple[date, ...]
    customers: tuple[int, ...]
    licenses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EndingLicenses:
    """Weeks from the present one on, by their Mondays; of each, ends from Monday to Sunday."""

    weeks: tuple[date, ...]
    ends: tuple[tuple[int, ...], ...]


class BusinessFigures:
    """Reads customers and licenses."""

    def __init__(self, panels: Panels, zone: ZoneInfo, clock: Clock) -> None:
        self._panels = panels
        self._zone = zone
        self._clock = clock

    async def customers(self) -> Panel[CustomerFigures]:
        """How many customers."""

        async def query(session: Session) -> CustomerFigures:
            return CustomerFigures(*await table.customers(session, self._clock()))

        return await self._panels.read(CUSTOMERS, ("customers", "licenses"), query)

    async def licenses(self) -> Panel[LicenseFigures]:
        """How many licenses, by plan."""
        now = self._clock()

        async def query(session: Session) -> LicenseFigures:
            rows = await table.licenses(session, now, now + SOON)
            return LicenseFigures(tuple(PlanLicenses(plan, *counts) for plan, counts in rows))

        return await self._panels.read(LICENSES, ("licenses",), query)

    async def fleet(self) -> Panel[FleetFigures]:
        """How many tenants, and what rolls over them."""

        async def query(session: Session) -> FleetFigures:
            return FleetFigures(*await table.fleet(session))

        return await self._panels.read(FLEET, ("tenants", "rollouts"), query)

    async def growth(self, wanted: Range) -> Panel[Growth]:
        """What came when."""
        days = tuple(days_between(wanted.first, wanted.last))
        bounds = [day_begins(day, self._zone) for day in (*days, wanted.last + ONE)]

        async def query(session: Session) -> Growth:
            customers = await table.joined(session, bounds)
            licenses = await table.issued(session, bounds)
            places = range(len(days))
            return Growth(
                days,
                tuple(customers.get(place, 0) for place in places),
                tuple(licenses.get(place, 0) for place in places),
            )

        return await self._panels.read(GROWTH, ("customers", "licenses"), query)

    async def ending(self) -> Panel[EndingLicenses]:
        """What ends when, from this week on."""
        today = self._clock().astimezone(self._zone).date()
        monday = today - today.weekday() * ONE
        last = monday + (7 * WEEKS_AHEAD - 1) * ONE
        bounds = [day_begins(day, self._zone) for day in days_between(monday, last + ONE)]

        async def query(session: Session) -> EndingLicenses:
            found = await table.ending(session, bounds)
            weeks = tuple(monday + 7 * n * ONE for n in range(WEEKS_AHEAD))
            ends = tuple(
                tuple(found.get(7 * week + day, 0) for day in range(7))
                for week in range(WEEKS_AHEAD)
            )
            return EndingLicenses(weeks, ends)

        return await self._panels.read(ENDING, ("licenses",), query)
