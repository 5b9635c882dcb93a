"""The follow-ups' page: how many, what they cost, how they are changed, how soon they are used."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from services import formats
from services.reports import (
    ActionFigures,
    FollowUpCost,
    FollowUpDay,
    FollowUpOutcomes,
    Panel,
    Range,
)
from views.dashboard import charts
from views.dashboard.charts import Chart, Figured, Series
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import (
    Cell,
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
    problem,
    source,
    usd,
)
from views.words.dashboard import reports as say

PATH = "/admin/followups"
PERCENT = 100


@dataclass(frozen=True, slots=True)
class FollowUpParts:
    """What the page is drawn of; `weeks`: a bar is a week."""

    wanted: Range
    weeks: bool
    outcomes: Panel[FollowUpOutcomes]
    cost: Panel[FollowUpCost]
    actions: Panel[ActionFigures]


def page(parts: FollowUpParts, at: Address, reader: PageReader) -> Screen:
    """All of it, with files of the same rows."""
    exports = export_buttons("followups", reader(say.FOLLOWUPS), at, reader)
    blocks: list[PageBlock] = [days_filter(at, parts.wanted, reader, weeks=parts.weeks)]
    if parts.outcomes.value is not None:
        blocks.append(_figures(parts, parts.outcomes.value, reader))
    blocks.append(_bars(parts, reader))
    blocks.append(
        Split(
            (
                _rate(parts.outcomes, reader),
                listed(parts.cost, reader, lambda found: _models(found, reader)),
            ),
            (listed(parts.actions, reader, lambda found: _actions(found, reader)),),
        )
    )
    lead = reader(say.FOLLOWUPS_LEAD)
    return Screen(reader(say.FOLLOWUPS), tuple(blocks), lead, actions=exports)


def _figures(parts: FollowUpParts, found: FollowUpOutcomes, reader: PageReader) -> Figures:
    told, language = source(parts.outcomes, reader), reader.language
    share = formats.percent(found.used / max(1, found.written), language)
    slow = reader(say.NEVER)
    if found.slowest_tenth is not None:
        slow = reader(say.SLOW, time=_span(found.slowest_tenth, reader))
    return Figures(
        "figures",
        reader(say.FOLLOWUPS),
        (
            Figure(
                reader(say.WRITTEN),
                reader.number(found.written),
                reader(say.FAILED_WRITING, n=reader.number(found.failed)) if found.failed else "",
                source=told,
            ),
            Figure(
                reader(say.EDIT_RATE),
                formats.percent(found.edit_rate, language),
                reader(say.REGENERATED, n=reader.number(found.regenerated)),
                source=told,
            ),
            Figure(
                reader(say.USED),
                reader.number(found.used),
                reader(say.USED_NOTE, share=share),
                source=told,
            ),
            Figure(
                reader(say.TIME_TO_USE),
                "–" if found.median is None else _span(found.median, reader),
                slow,
                source=told,
            ),
            _cost(parts.cost, found.written, reader),
        ),
    )


def _cost(panel: Panel[FollowUpCost], written: int, reader: PageReader) -> Figure:
    name = reader(say.COST)
    if panel.value is None:
        return Figure(name, reader(say.UNKNOWN), problem(panel, reader), tone="warn")
    each = usd(panel.value.cost_micro // max(1, written), reader)
    note = reader(say.COST_EACH, each=each)
    return Figure(name, usd(panel.value.cost_micro, reader), note, source=source(panel, reader))


def _bars(parts: FollowUpParts, reader: PageReader) -> Chart:
    def draw(found: FollowUpOutcomes, words: Figured) -> Chart:
        groups = _groups(found.days, weeks=parts.weeks)
        used = tuple(sum(day.used for day in days) for days in groups.values())
        every = (sum(day.written for day in days) for days in groups.values())
        rest = tuple(count - done for count, done in zip(every, used, strict=True))
        labels = [label(first, reader) for first in groups]
        series = [Series(reader(say.AND_USED), used), Series(reader(say.NOT_USED), rest)]
        return charts.bars(words, labels, series, reader)

    title = reader(say.PER_DAY)
    head = reader(say.WEEK if parts.weeks else say.DAY)
    words = Figured("written", title, title, head, reader.number, empty=reader(say.NO_FOLLOWUPS))
    return drawn(parts.outcomes, words, reader, draw)


def _rate(panel: Panel[FollowUpOutcomes], reader: PageReader) -> Chart:
    """A week without follow-ups has no share: a gap."""

    def draw(found: FollowUpOutcomes, words: Figured) -> Chart:
        groups = _groups(found.days, weeks=True)
        shares = tuple(
            round(PERCENT * sum(day.edited for day in days) / written) if written else None
            for days in groups.values()
            for written in (sum(day.written for day in days),)
        )
        labels = [label(first, reader) for first in groups]
        return charts.lines(words, labels, [Series(reader(say.EDIT_RATE), shares)], reader)

    title = reader(say.RATE_PER_WEEK)
    words = Figured(
        "rate",
        title,
        title,
        reader(say.WEEK),
        lambda percent: formats.percent(percent / PERCENT, reader.language),
        empty=reader(say.NO_FOLLOWUPS),
    )
    return drawn(panel, words, reader, draw)


def _groups(days: tuple[FollowUpDay, ...], *, weeks: bool) -> dict[date, list[FollowUpDay]]:
    groups: dict[date, list[FollowUpDay]] = defaultdict(list)
    for one in days:
        groups[one.day - timedelta(days=one.day.weekday() if weeks else 0)].append(one)
    return groups


def _models(found: FollowUpCost, reader: PageReader) -> Table:
    rows = tuple(
        TableRow(
            (
                Cell(one.model),
                Cell(reader.number(one.versions)),
                Cell(reader.number(one.tokens)),
                Cell(
                    reader(say.NO_PRICE) if one.cost_micro is None else usd(one.cost_micro, reader)
                ),
            )
        )
        for one in found.models
    )
    columns = numbers(reader, say.MODEL, say.VERSIONS, say.TOKENS, say.COST)
    empty = Empty(reader(say.NO_COST), reader(say.NO_FOLLOWUPS))
    return Table("models", reader(say.COST_BY_MODEL), columns, rows, empty)


def _actions(found: ActionFigures, reader: PageReader) -> Table:
    rows = tuple(
        TableRow((Cell(_action(name, reader)), Cell(reader.number(done)), Cell(reader.number(bad))))
        for name, done, bad in found.actions
    )
    columns = numbers(reader, say.ACTION, say.DONE, say.FAILED_CALLS)
    empty = Empty(reader(say.NO_ACTIONS), reader(say.NO_FOLLOWUPS))
    return Table("actions", reader(say.ACTIONS), columns, rows, empty)


def _action(name: str, reader: PageReader) -> str:
    words = say.ACTION_NAMES.get(name)
    return reader(words) if words else name


def _span(time: timedelta, reader: PageReader) -> str:
    return formats.duration(time, reader.language)
