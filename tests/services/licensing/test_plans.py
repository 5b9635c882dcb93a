"""Plans are data: versions never change, and the newest is for sale."""

import asyncio
from dataclasses import replace

import pytest

from services.errors import Invalid
from services.licensing.plans import PlanChanges, Plans, Stock
from tests.kit.license_desk import NOW, OPS, LicenseStage


async def test_the_four_plans_are_for_sale_from_the_start(stage: LicenseStage) -> None:
    names = ("starter", "pro", "agency", "founders")
    assert set(names) <= {plan.name for plan in await stage.plans.available()}
    four = [await stage.plans.find(name, 1) for name in names]
    starter, pro, agency, founders = four
    assert (starter.own_key, starter.ai_included, starter.max_sites) == (True, False, 1)
    assert (pro.ai_included, pro.monthly_requests, pro.max_sites) == (True, 1_000, 3)
    assert (agency.monthly_requests, agency.max_sites) == (5_000, None)
    assert "white_label" in agency.features
    assert (founders.lifetime, founders.monthly_requests) == (True, 2_000)
    assert all(plan.hourly_requests == 100 and plan.chats for plan in four)
    assert pro.providers == ("openai", "anthropic", "deepseek")
    assert pro.price(12) == 12 * pro.price_minor
    assert founders.price(None) == founders.price_minor


async def test_founders_are_limited_and_others_are_not(stage: LicenseStage) -> None:
    stock = await stage.plans.stock("founders")
    assert stock is not None
    assert stock.total == 500
    assert await stage.plans.stock("pro") is None


async def test_an_unknown_plan_is_refused_with_the_names_there_are(stage: LicenseStage) -> None:
    with pytest.raises(Invalid, match="starter") as refused:
        await stage.plans.find("platinum")
    assert refused.value.field == "plan"
    with pytest.raises(Invalid):
        await stage.plans.find("pro", 999)
    assert await stage.plans.find(" PRO ") == await stage.plans.find("pro")


async def test_a_revision_is_a_new_version_and_the_old_one_stays(stage: LicenseStage) -> None:
    name = await stage.limited(5)
    changes = PlanChanges(price_minor=2, monthly_requests=7, features=("ai",))
    revised = await stage.plans.revise(OPS, name, changes)
    assert (revised.version, revised.price_minor, revised.monthly_requests) == (2, 2, 7)
    assert revised.max_sites is None
    elsewhere = Plans(stage.database, lambda: NOW)
    assert await elsewhere.find(name) == revised
    assert (await elsewhere.find(name, 1)).price_minor == 1
    unlimited = await stage.plans.revise(OPS, name, PlanChanges(monthly_requests=None))
    assert unlimited == replace(revised, version=3, monthly_requests=None)
    lines = await stage.lines(name)
    assert [line.action for line in lines] == ["plans.revise"] * 2
    assert '"price_minor":1' in lines[0].before
    assert '"price_minor":2' in lines[0].after


async def test_changing_nothing_makes_no_version(stage: LicenseStage) -> None:
    name = await stage.limited(5)
    assert (await stage.plans.revise(OPS, name, PlanChanges(price_minor=1))).version == 1
    assert await stage.told(name) == []


async def test_revisions_at_once_follow_one_another(stage: LicenseStage) -> None:
    name = await stage.limited(5)
    prices = range(10, 18)
    revised = await asyncio.gather(
        *(stage.plans.revise(OPS, name, PlanChanges(price_minor=price)) for price in prices)
    )
    assert sorted(plan.version for plan in revised) == list(range(2, 10))


async def test_the_stock_changes_but_never_below_what_is_sold(stage: LicenseStage) -> None:
    name = await stage.limited(3)
    await stage.issue(name, None)
    await stage.issue(name, None)
    await stage.plans.revise(OPS, name, PlanChanges(stock=2))
    assert await stage.plans.stock(name) == Stock(total=2, sold=2)
    for plan, total in ((name, 1), ("pro", 10)):
        with pytest.raises(Invalid) as refused:
            await stage.plans.revise(OPS, plan, PlanChanges(stock=total))
        assert refused.value.field == "stock"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("price_minor", -2), ("currency", "euro"), ("display_name", " "), ("max_tokens", 0)),
        *(("providers", ("acme",)), ("providers", ()), ("models", ()), ("hourly_requests", 0)),
        *(("features", ("white label",)), ("max_sites", 0), ("monthly_requests", -2)),
    ],
)
async def test_terms_that_make_no_sense_are_refused_by_name(
    stage: LicenseStage, field: str, value: object
) -> None:
    with pytest.raises(Invalid) as refused:
        await stage.plans.revise(OPS, "pro", replace(PlanChanges(), **{field: value}))
    assert refused.value.field == field
    assert refused.value.sentence("it")
