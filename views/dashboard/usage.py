"""The usage page: what all licenses ask of the models, and what it costs."""

from collections.abc import Callable
from dataclasses import dataclass

from services import formats
from services.reports import (
    HeatMap,
    Panel,
    Range,
    UsageLeader,
    UsageLeaders,
    UsageTotals,
    UsageTrend,
)
from views.dashboard import charts
from views.dashboard.charts import Chart, Figured, Series
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import (
    Cell,
    Column,
    Empty,
    Figure,
    Figures,
    PageBlock,
    Screen,
    Split,
    Table,
    TableRow,
)
from views.dashboard.kit.reader import PageReader
from views.dashboard.report_parts import (
    days_filter,
    drawn,
    export_buttons,
    label,
    listed,
    numbers,
    source,
    usd,
)
from views.words.dashboard import reports as say

PATH = "/admin/usage"
Measure = Callable[[UsageTotals], int]


@dataclass(frozen=True, slots=True)
class UsageParts:
    """What the page is drawn of; `weeks`: a bar is a week."""

    wanted: Range
    weeks: bool
    trend: Panel[UsageTrend]
    leaders: Panel[UsageLeaders]
    heat: Panel[HeatMap]


def page(parts: UsageParts, at: Address, reader: PageReader) -> Screen:
    """All of it, with files of the same rows."""
    exports = export_buttons("usage", reader(say.USAGE), at, reader)
    blocks: list[PageBlock] = [days_filter(at, parts.wanted, reader, weeks=parts.weeks)]
    if parts.trend.value is not None:
        blocks.append(_figures(parts.trend, parts.trend.value, reader))
    blocks.append(requests(parts.trend, reader, weeks=parts.weeks))
    blocks.append(_cost(parts.trend, reader, weeks=parts.weeks))
    leaders = listed(parts.leaders, reader, lambda found: _licenses(found, reader))
    customers = listed(parts.leaders, reader, lambda found: _customers(found, reader))
    models = listed(parts.trend, reader, lambda found: _models(found, reader))
    blocks.append(Split((models, leaders), (heat(parts.heat, reader), customers)))
    return Screen(reader(say.USAGE), tuple(blocks), reader(say.USAGE_LEAD), actions=exports)


def requests(panel: Panel[UsageTrend], reader: PageReader, *, weeks: bool) -> Chart:
    """Stacked by provider."""
    title = reader(say.REQUESTS_PER_WEEK if weeks else say.REQUESTS_PER_DAY)
    return drawn(
        panel,
        _words("requests", title, reader, reader.number, weeks=weeks),
        reader,
        lambda trend, words: charts.bars(
            _zoned(words, trend, reader),
            _labels(trend, reader),
            _series(trend, lambda used: used.requests),
            reader,
        ),
    )


def heat(panel: Panel[HeatMap], reader: PageReader) -> Chart:
    """Hours across, weekdays down."""

    def draw(found: HeatMap, words: Figured) -> Chart:
        hours = [f"{hour:02}:00" for hour in range(24)]
        rows = [
            Series(formats.weekday(number, reader.language), row)
            for number, row in enumerate(found.rows, start=1)
        ]
        noted = charts.noted(words, reader(say.HEAT_NOTE, zone=found.zone))
        return charts.heat(noted, hours, rows, reader)

    words = Figured(
        "heat",
        reader(say.HEAT),
        reader(say.HEAT_ABOUT),
        reader(say.HOUR),
        reader.number,
        empty=reader(say.NO_CALLS),
    )
    return drawn(panel, words, reader, draw)


def _figures(panel: Panel[UsageTrend], trend: UsageTrend, reader: PageReader) -> Figures:
    used, told = trend.total, source(panel, reader)
    calls = used.requests + used.failed
    each = usd(used.cost_micro // max(1, used.requests), reader)
    tokens = reader(
        say.TOKENS_NOTE,
        input=reader.number(used.input_tokens),
        output=reader.number(used.output_tokens),
    )
    estimated = reader(say.ESTIMATED, n=reader.number(used.estimated)) if used.estimated else ""
    share = formats.percent(used.failed / max(1, calls), reader.language)
    return Figures(
        "figures",
        reader(say.USAGE),
        (
            Figure(reader(say.REQUESTS), reader.number(used.requests), estimated, source=told),
            Figure(reader(say.TOKENS), _short(used.tokens, reader), tokens, source=told),
            Figure(
                reader(say.COST),
                usd(used.cost_micro, reader),
                reader(say.COST_NOTE, each=each),
                source=told,
            ),
            Figure(reader(say.FAILED_CALLS), share, reader(say.FAILED_NOTE), source=told),
        ),
    )


def _short(number: int, reader: PageReader) -> str:
    return formats.compact(number, reader.language)


def _cost(panel: Panel[UsageTrend], reader: PageReader, *, weeks: bool) -> Chart:
    title = reader(say.COST_PER_WEEK if weeks else say.COST_PER_DAY)

    def draw(trend: UsageTrend, words: Figured) -> Chart:
        values = tuple(bar.total.cost_micro for bar in trend.bars)
        line = Series(reader(say.COST), values)
        return charts.lines(_zoned(words, trend, reader), _labels(trend, reader), [line], reader)

    words = _words("cost", title, reader, lambda micro: usd(micro, reader), weeks=weeks)
    return drawn(panel, words, reader, draw)


def _words(id: str, title: str, reader: PageReader, told: charts.Told, *, weeks: bool) -> Figured:
    head = reader(say.WEEK if weeks else say.DAY)
    return Figured(id, title, title, head, told, empty=reader(say.NO_CALLS))


def _zoned(words: Figured, trend: UsageTrend, reader: PageReader) -> Figured:
    return charts.noted(words, reader(say.ZONE, zone=trend.zone))


def _labels(trend: UsageTrend, reader: PageReader) -> list[str]:
    return [label(bar.first, reader) for bar in trend.bars]


def _series(trend: UsageTrend, measure: Measure) -> list[Series]:
    return [
        Series(name or "–", tuple(measure(bar.parts[number]) for bar in trend.bars))
        for number, name in enumerate(trend.providers)
    ]


def _models(trend: UsageTrend, reader: PageReader) -> Table:
    rows = tuple(
        TableRow(
            (
                Cell(model or "–", note=provider),
                Cell(reader.number(used.requests)),
                Cell(reader.number(used.tokens)),
                Cell(usd(used.cost_micro, reader)),
            )
        )
        for provider, model, used in trend.models
        if model
    )
    labels = (say.MODEL, say.REQUESTS, say.TOKENS, say.COST)
    return Table("models", reader(say.MODELS), numbers(reader, *labels), rows, _nobody(reader))


def _licenses(found: UsageLeaders, reader: PageReader) -> Table:
    rows = tuple(
        TableRow(
            (
                _leader(one, "/admin/licenses", reader),
                Cell(one.plan or "–"),
                Cell(reader.number(one.used.tokens)),
                Cell(usd(one.used.cost_micro, reader)),
            )
        )
        for one in found.licenses
    )
    names = (Column(reader(say.LICENSE)), Column(reader(say.PLAN)))
    columns = (*names, *numbers(reader, say.LICENSE, say.TOKENS, say.COST)[1:])
    return Table("licenses", reader(say.TOP_LICENSES), columns, rows, _nobody(reader))


def _customers(found: UsageLeaders, reader: PageReader) -> Table:
    rows = tuple(
        TableRow((_leader(one, "/admin/customers", reader), Cell(usd(one.used.cost_micro, reader))))
        for one in found.customers
    )
    columns = numbers(reader, say.CUSTOMER, say.COST)
    return Table("customers", reader(say.TOP_CUSTOMERS), columns, rows, _nobody(reader))


def _leader(one: UsageLeader, path: str, reader: PageReader) -> Cell:
    if not one.name:
        return Cell(one.id, note=reader(say.DELETED))
    return Cell(one.name, href=f"{path}/{one.id}")


def _nobody(reader: PageReader) -> Empty:
    return Empty(reader(say.NOBODY), reader(say.NO_CALLS))
