"""Pages of figures when there is nothing, when a part could not be read, and in Italian."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest

from services.phrases import Phrase
from services.reports import (
    ActionFigures,
    CustomerFigures,
    EndingLicenses,
    FleetFigures,
    FollowUpCost,
    FollowUpOutcomes,
    Growth,
    HeatMap,
    LastDay,
    LicenseFigures,
    Panel,
    Range,
    Source,
    UsageBar,
    UsageLeaders,
    UsageTotals,
    UsageTrend,
)
from views.dashboard import followups, overview, usage
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import Screen
from views.dashboard.kit.reader import PageReader
from views.dashboard.kit.render import region

NOW = datetime(2026, 11, 28, 14, 2, tzinfo=UTC)
DAYS = Range(date(2026, 11, 27), date(2026, 11, 28))
SOURCE = Source(Phrase("Counted rows.", "Righe contate."), ("rows",), NOW)
BROKEN = Phrase("It broke ({reference}).", "Si è rotto ({reference}).")
NOTHING = UsageTotals()


def shown(screen: Screen, reader: PageReader) -> str:
    """What a reader sees of the page's body."""
    text = re.sub(r"<[^>]+>", " ", region(screen.blocks, reader))
    return " ".join(unescape(text).split())


def trend(*bars: UsageBar, providers: tuple[str, ...] = ()) -> UsageTrend:
    return UsageTrend(DAYS, "Europe/Rome", providers, bars, ())


def usage_parts(found: Panel[UsageTrend]) -> usage.UsageParts:
    leaders = Panel(UsageLeaders((), ()), SOURCE)
    return usage.UsageParts(DAYS, False, found, leaders, Panel(HeatMap("UTC", ((0,),) * 7), SOURCE))


def overview_parts(customers: Panel[CustomerFigures]) -> overview.OverviewParts:
    days = (DAYS.first, DAYS.last)
    return overview.OverviewParts(
        wanted=DAYS,
        health=Panel((), SOURCE),
        customers=customers,
        licenses=Panel(LicenseFigures(()), SOURCE),
        last_day=Panel(LastDay(NOW, (0,) * 24, 0), SOURCE),
        fleet=Panel(FleetFigures(2, 1, 0), SOURCE),
        trend=Panel(trend(), SOURCE),
        growth=Panel(Growth(days, (0, 0), (0, 0)), SOURCE),
        ending=Panel(EndingLicenses(days, ((0,) * 7,) * 2), SOURCE),
        answered=frozenset(),
    )


def test_a_part_that_failed_says_so_and_the_others_stay() -> None:
    reader = PageReader("en", NOW)
    broken: Panel[CustomerFigures] = Panel(None, SOURCE, BROKEN, "abc123")
    text = shown(overview.page(overview_parts(broken), reader), reader)
    assert "It broke (abc123)." in text
    assert "Active licenses" in text


def test_an_empty_house_says_what_will_be_there() -> None:
    reader = PageReader("en", NOW)
    screen = overview.page(overview_parts(Panel(CustomerFigures(0, 0, 0), SOURCE)), reader)
    text = shown(screen, reader)
    assert "Issue the first one" in text
    assert "They appear as soon as a site asks" in text
    assert '<svg class="drawing"' not in region(screen.blocks, reader)


def test_a_chart_tells_the_range_the_extremes_and_the_zone() -> None:
    reader = PageReader("en", NOW)
    bars = (
        UsageBar(DAYS.first, (UsageTotals(requests=120), UsageTotals(requests=1))),
        UsageBar(DAYS.last, (UsageTotals(requests=480), NOTHING)),
    )
    found = Panel(trend(*bars, providers=("openai", "anthropic")), SOURCE)
    text = shown(usage.page(usage_parts(found), Address("/admin/usage"), reader), reader)
    assert "Requests per day, 27 Nov to 28 Nov: from 121 to 480, highest at 28 Nov." in text
    assert "Days of Europe/Rome" in text
    assert "Counted rows. Tables: rows. Read at 28 Nov 2026, 14:02." in text


def test_usage_that_could_not_be_read_keeps_its_filters_and_says_why() -> None:
    reader = PageReader("it", NOW)
    broken: Panel[UsageTrend] = Panel(None, SOURCE, BROKEN, "abc123")
    text = shown(usage.page(usage_parts(broken), Address("/admin/usage"), reader), reader)
    assert "Si è rotto (abc123)." in text
    assert "Periodo" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "They begin with /followup in Slack."), ("it", "Iniziano con /followup in Slack.")],
)
def test_no_follow_ups_say_how_they_begin(language: str, words: str) -> None:
    reader = PageReader(language, NOW)
    outcomes = FollowUpOutcomes((), 0, 0, 0, 0, 0, 0, None, None)
    parts = followups.FollowUpParts(
        DAYS,
        False,
        Panel(outcomes, SOURCE),
        Panel(FollowUpCost(()), SOURCE),
        Panel(ActionFigures(()), SOURCE),
    )
    assert words in shown(followups.page(parts, Address("/admin/followups"), reader), reader)


def test_files_of_the_page_have_its_filters_and_say_how_they_are_written() -> None:
    reader = PageReader("it", NOW)
    at = Address("/admin/usage", {"days": "90", "after": "x"})
    first, second = usage.page(usage_parts(Panel(trend(), SOURCE)), at, reader).actions
    assert first.href == "/admin/exports/usage.csv?days=90"
    assert second.href == "/admin/exports/usage.xlsx?days=90"
    assert "punto e virgola" in first.name
