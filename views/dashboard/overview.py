"""The overview: whether all is well, in words, then the business in figures."""

from collections.abc import Set
from dataclasses import dataclass

from services import formats
from services.reports import (
    CustomerFigures,
    EndingLicenses,
    FleetFigures,
    Growth,
    HealthCheck,
    LastDay,
    LicenseFigures,
    Panel,
    PlanLicenses,
    Range,
    UsageTrend,
)
from views.dashboard import charts
from views.dashboard.charts import Chart, Figured, Series
from views.dashboard.kit.blocks import (
    Cell,
    Check,
    Checks,
    Column,
    Empty,
    Figure,
    Figures,
    PageBlock,
    PageButton,
    Screen,
    Split,
    Table,
    TableRow,
    Tone,
)
from views.dashboard.kit.reader import PageReader
from views.dashboard.report_parts import drawn, label, listed, problem, source
from views.dashboard.usage import requests
from views.words.dashboard import reports as say

PATH = "/admin"
TONES: dict[str, Tone] = {"good": "good", "warn": "warn", "bad": "bad"}


@dataclass(frozen=True, slots=True)
class OverviewParts:
    """What the page is drawn of; `answered` are the pages that there are."""

    wanted: Range
    health: Panel[tuple[HealthCheck, ...]]
    customers: Panel[CustomerFigures]
    licenses: Panel[LicenseFigures]
    last_day: Panel[LastDay]
    fleet: Panel[FleetFigures]
    trend: Panel[UsageTrend]
    growth: Panel[Growth]
    ending: Panel[EndingLicenses]
    answered: Set[str]


def page(parts: OverviewParts, reader: PageReader, more: tuple[PageBlock, ...] = ()) -> Screen:
    """All of it; `more` stands at the end."""
    checks = listed(parts.health, reader, lambda found: _checks(found, parts.answered, reader))
    figures = Figures(
        "now",
        reader(say.NOW),
        (
            _customers(parts.customers, reader),
            _licenses(parts.licenses, reader),
            _last_day(parts.last_day, reader),
            _fleet(parts, reader),
        ),
    )
    plans = listed(parts.licenses, reader, lambda found: _plans(found, reader))
    growth, ending = _growth(parts.growth, reader), _ending(parts.ending, reader)
    usage = requests(parts.trend, reader, weeks=False)
    blocks = (checks, figures, Split((usage, growth), (plans, ending)), *more)
    zone = parts.trend.value.zone if parts.trend.value else str(reader.zone)
    lead = reader(say.READ_AT, at=f"{reader.now.astimezone(reader.zone):%H:%M}", zone=zone)
    return Screen(reader(say.OVERVIEW), blocks, lead)


def _checks(found: tuple[HealthCheck, ...], answered: Set[str], reader: PageReader) -> Checks:
    return Checks(
        reader(say.HEALTH),
        tuple(
            Check(
                TONES[one.state],
                reader(one.name),
                one.text(reader.language),
                one.page if one.page in answered else "",
            )
            for one in found
        ),
    )


def _customers(panel: Panel[CustomerFigures], reader: PageReader) -> Figure:
    name, told = reader(say.CUSTOMERS), source(panel, reader)
    if panel.value is None:
        return _unknown(name, problem(panel, reader), reader)
    note = reader(say.SERVED, n=reader.number(panel.value.served))
    return Figure(name, reader.number(panel.value.total), note, "/admin/customers", told)


def _licenses(panel: Panel[LicenseFigures], reader: PageReader) -> Figure:
    name, told = reader(say.LICENSES), source(panel, reader)
    if panel.value is None:
        return _unknown(name, problem(panel, reader), reader)
    note = reader(say.ENDING, n=reader.number(panel.value.ending))
    at = "/admin/licenses?status=active"
    return Figure(name, reader.number(panel.value.active), note, at, told)


def _last_day(panel: Panel[LastDay], reader: PageReader) -> Figure:
    name, told = reader(say.LAST_DAY), source(panel, reader)
    if panel.value is None:
        return _unknown(name, problem(panel, reader), reader)
    note = reader(say.FAILED, n=reader.number(panel.value.failed))
    return Figure(name, reader.number(panel.value.requests), note, "/admin/usage", told)


def _fleet(parts: OverviewParts, reader: PageReader) -> Figure:
    name, panel, page = reader(say.TENANTS), parts.fleet, "/admin/tenants"
    if panel.value is None:
        return _unknown(name, problem(panel, reader), reader)
    ready, rollouts = (reader.number(n) for n in (panel.value.ready, panel.value.rollouts))
    note, href = reader(say.FLEET, ready=ready, n=rollouts), page if page in parts.answered else ""
    return Figure(name, reader.number(panel.value.tenants), note, href, source(panel, reader))


def _unknown(name: str, why: str, reader: PageReader) -> Figure:
    return Figure(name, reader(say.UNKNOWN), why, tone="warn")


def _growth(panel: Panel[Growth], reader: PageReader) -> Chart:
    def draw(found: Growth, words: Figured) -> Chart:
        labels = [label(day, reader) for day in found.days]
        series = [
            Series(reader(say.NEW_CUSTOMERS), found.customers),
            Series(reader(say.NEW_LICENSES), found.licenses),
        ]
        return charts.lines(words, labels, series, reader)

    title, day = reader(say.GROWTH), reader(say.DAY)
    words = Figured("growth", title, title, day, reader.number, empty=reader(say.NO_GROWTH))
    return drawn(panel, words, reader, draw)


def _ending(panel: Panel[EndingLicenses], reader: PageReader) -> Chart:
    def draw(found: EndingLicenses, words: Figured) -> Chart:
        labels = [label(week, reader) for week in found.weeks]
        rows = [
            Series(formats.weekday(day + 1, reader.language), tuple(e[day] for e in found.ends))
            for day in range(7)
        ]
        return charts.heat(words, labels, rows, reader)

    words = Figured(
        "ending",
        reader(say.ENDS),
        reader(say.ENDS_ABOUT),
        reader(say.WEEK),
        reader.number,
        empty=reader(say.NO_ENDS),
    )
    return drawn(panel, words, reader, draw)


def _plans(found: LicenseFigures, reader: PageReader) -> Table:
    labels = (say.ACTIVE, say.EXPIRED, say.STOPPED)
    columns = (
        Column(reader(say.PLAN)),
        *(Column(reader(one), numeric=True) for one in labels),
    )
    issue = PageButton(reader(say.ISSUE), href="/admin/licenses/new", style="primary")
    empty = Empty(reader(say.NO_PLANS), reader(say.NO_PLANS_TEXT), issue)
    rows = tuple(_plan(one, reader) for one in found.plans)
    return Table("plans", reader(say.PLANS), columns, rows, empty)


def _plan(one: PlanLicenses, reader: PageReader) -> TableRow:
    counts = (one.active, one.expired, one.suspended + one.cancelled)
    name = Cell(one.plan, href=f"/admin/licenses?plan={one.plan}")
    return TableRow((name, *(Cell(reader.number(count)) for count in counts)))
