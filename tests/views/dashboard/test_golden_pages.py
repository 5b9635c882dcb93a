"""Report pages as their readers were last shown them, word by word, in both languages.

After a wanted change run this file with `UPDATE_GOLDEN=1`, and read the difference in
`tests/views/dashboard/golden` as an admin would.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from html import unescape
from pathlib import Path

import pytest

from services.billing import Compared, Drift, RevenueBalance, RevenueMonth
from services.billing.mrr import Flows
from services.phrases import Phrase
from services.reports import (
    ActionFigures,
    CustomerFigures,
    EndingLicenses,
    ExportSize,
    FleetFigures,
    FollowUpCost,
    FollowUpDay,
    FollowUpOutcomes,
    Growth,
    HealthCheck,
    HeatMap,
    LastDay,
    LicenseFigures,
    ModelCost,
    MonthRevenue,
    MonthTotals,
    Panel,
    PlanLicenses,
    Range,
    ReportMonth,
    Source,
    SubscriptionLine,
    SubscriptionLines,
    UsageBar,
    UsageLeader,
    UsageLeaders,
    UsageTotals,
    UsageTrend,
)
from views.dashboard import billing, followups, months, overview, usage
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import Screen
from views.dashboard.kit.reader import PageReader
from views.dashboard.kit.render import region

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
NOW = datetime(2026, 11, 28, 14, 2, tzinfo=UTC)
DAYS = Range(date(2026, 11, 27), date(2026, 11, 28))
ROME = "Europe/Rome"
SOURCE = Source(Phrase("Counted rows.", "Righe contate."), ("rows",), NOW)
WELL = HealthCheck(Phrase("Mail", "Posta"), "good", Phrase("All sent.", "Tutto inviato."))
USED = UsageTotals(120, 3, 90_000, 21_000, 1_250_000, 2)
Drawn = Callable[[PageReader], Screen]


def follow_ups(reader: PageReader) -> Screen:
    days = (FollowUpDay(DAYS.first, 4, 1, 3), FollowUpDay(DAYS.last, 6, 2, 4))
    spent = timedelta(minutes=4), timedelta(hours=2)
    parts = followups.FollowUpParts(
        DAYS,
        False,
        Panel(FollowUpOutcomes(days, 10, 3, 2, 1, 7, 1, *spent), SOURCE),
        Panel(FollowUpCost((ModelCost("claude-sonnet-5-5", 12, 90_000, 410_000),)), SOURCE),
        Panel(ActionFigures((("gmail", 7, 0), ("note", 2, 1))), SOURCE),
    )
    return followups.page(parts, Address(followups.PATH), reader)


def usages(reader: PageReader) -> Screen:
    bars = (UsageBar(DAYS.first, (USED, USED)), UsageBar(DAYS.last, (USED, UsageTotals())))
    models = (("openai", "gpt-5.4-mini", USED), ("anthropic", "claude-haiku-5-5", USED))
    trend = UsageTrend(DAYS, ROME, ("openai", "anthropic"), bars, models)
    leader = UsageLeader("lic_1", "info@acme.example", "pro", USED)
    gone = UsageLeader("cus_9", "", "", USED)
    parts = usage.UsageParts(
        DAYS,
        False,
        Panel(trend, SOURCE),
        Panel(UsageLeaders((leader,), (leader, gone)), SOURCE),
        Panel(HeatMap(ROME, ((0, 4) + (1,) * 22,) * 7), SOURCE),
    )
    return usage.page(parts, Address(usage.PATH), reader)


def overviews(reader: PageReader) -> Screen:
    days, bars = (DAYS.first, DAYS.last), (UsageBar(DAYS.first, (USED,)),)
    plans = LicenseFigures((PlanLicenses("pro", 40, 3, 1, 2, 5),))
    parts = overview.OverviewParts(
        wanted=DAYS,
        health=Panel((WELL,), SOURCE),
        customers=Panel(CustomerFigures(120, 2, 98), SOURCE),
        licenses=Panel(plans, SOURCE),
        last_day=Panel(LastDay(NOW, (5,) * 24, 1), SOURCE),
        fleet=Panel(FleetFigures(9, 8, 1), SOURCE),
        trend=Panel(UsageTrend(DAYS, ROME, ("openai",), bars, ()), SOURCE),
        growth=Panel(Growth(days, (1, 2), (2, 3)), SOURCE),
        ending=Panel(EndingLicenses(days, ((0, 1) + (0,) * 5,) * 2), SOURCE),
        answered=frozenset(),
    )
    revenue = MonthRevenue("usd", 800_000, 99_00, 0, 200_00, 0, 99_00, 0, 820_000, 59_800, 790_100)
    totals = MonthTotals(3_000, 12, 900_000, 210_000, 12_500_000, 118, 9, 96, 11, 42, (revenue,))
    listed = (
        ReportMonth(date(2026, 10, 1), None, None, ""),
        ReportMonth(date(2026, 9, 1), totals, datetime(2026, 10, 2, 9, tzinfo=UTC), "Ada"),
    )
    return overview.page(parts, reader, (months.months(listed, reader),))


def month(first: date, *, closed: bool) -> RevenueMonth:
    moved = Flows(new=Fraction(29_900), expansion=Fraction(20_000), churn=Fraction(9_900))
    closing = RevenueBalance(Fraction(850_125, 3), Fraction(29_900), Fraction(250_000))
    return RevenueMonth(first, "usd", closing.mrr - moved.net, moved, closing, closed=closed)


ACME = SubscriptionLine(
    id="sub_1",
    customer_id="cus_1",
    email="billing@acme.example",
    name="Acme & Söhne",
    plan="professional",
    status="active",
    quantity=1,
    amount=299_000,
    currency="usd",
    interval="year",
    monthly=24_917,
    counted="paying",
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
    trial_end=None,
    period_end=None,
    ends_at=None,
)


def billings(reader: PageReader) -> Screen:
    tries = replace(ACME, id="sub_2", status="trialing", counted="trial", interval="month")
    lines = (
        ACME,
        replace(tries, amount=9_900, monthly=9_900),
        replace(ACME, id="sub_3", status="past_due", ends_at=NOW, quantity=3),
        replace(ACME, id="sub_4", status="canceled", monthly=None, counted=None, email=None),
        replace(ACME, id="sub_5", plan="", status="new word", name=None, email=None, amount=None),
    )
    drift = Drift("sub_9", "different", "cus_9", (("status", "active", "past_due"),))
    parts = billing.BillingParts(
        ready=True,
        zone=ROME,
        now={"usd": RevenueBalance(Fraction(850_125, 3), Fraction(29_900), Fraction(250_000))},
        today=NOW.date(),
        month=(month(date(2026, 11, 1), closed=False),),
        closed=(month(date(2026, 10, 1), closed=True), month(date(2026, 9, 1), closed=True)),
        subscriptions=Panel(SubscriptionLines(lines, ExportSize(76, False)), SOURCE),
        compared=Compared("cmp_1", "complete", 76, "", NOW, NOW, (drift,)),
    )
    return billing.page(parts, Address(billing.PATH), reader)


def nothing_sold(reader: PageReader) -> Screen:
    nobody = Panel(SubscriptionLines((), ExportSize(0, False)), SOURCE)
    parts = billing.BillingParts(False, ROME, {}, NOW.date(), (), (), nobody, None)
    return billing.page(parts, Address(billing.PATH), reader)


PAGES: Mapping[str, Drawn] = {
    "overview": overviews,
    "usage": usages,
    "followups": follow_ups,
    "billing": billings,
    "billing.empty": nothing_sold,
}


def words_of(screen: Screen, reader: PageReader) -> str:
    """What a screen reader would say of the page, a line for each piece of text."""
    html = region(screen.blocks, reader)
    actions = [button.name or button.label for button in screen.actions]
    named = re.sub(r'<(?:a|button)[^>]* aria-label="([^"]*)"[^>]*>[^<]*', r"\n[\1]\n", html)
    pieces = (" ".join(piece.split()) for piece in re.sub(r"<[^>]+>", "\n", named).splitlines())
    body = "\n".join(unescape(piece) for piece in pieces if piece)
    return "\n".join([f"# {screen.title}", *(f"[{one}]" for one in actions), body, ""])


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_report_page_says_what_was_approved(name: str, language: str) -> None:
    reader, file = PageReader(language, NOW), GOLDEN / f"{name}.{language}.txt"
    said = words_of(PAGES[name](reader), reader)
    if UPDATE:
        file.write_text(said, encoding="utf-8")
    assert file.exists(), f"{file.name} is missing: see the docstring of this file"
    assert said == file.read_text(encoding="utf-8")


def test_every_golden_page_is_of_a_page_that_there_is() -> None:
    assert {file.name.rsplit(".", 2)[0] for file in GOLDEN.iterdir()} == PAGES.keys()
