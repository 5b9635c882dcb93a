"""What a license is good for depends on its facts, the domain and the time, and on nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.licensing import licenses as table
from services.licensing import eligibility
from services.licensing.domains import Domain
from services.licensing.eligibility import DETAILS, Code, Eligibility, Facts, evaluate, status_at
from services.licensing.plan_terms import Plan

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PLAN = Plan(
    name="pro",
    version=1,
    display_name="Pro",
    price_minor=2900,
    currency="EUR",
    features=("ai",),
    monthly_requests=1_000,
    max_sites=3,
    ai_included=True,
    own_key=False,
    providers=("openai",),
    models=("gpt-5.4-mini",),
    max_tokens=4_096,
    hourly_requests=100,
    lifetime=False,
)
ONE_SITE = replace(PLAN, max_sites=1)
AGENCY = replace(PLAN, max_sites=None, features=("ai", "subdomains"))
FACTS = Facts(
    license_id="lic_1",
    customer_id="cus_1",
    status="active",
    expires_at=NOW + timedelta(days=30),
    activated_at=None,
    plan=PLAN,
    domain="",
    sites=(),
    used=0,
    tokens=0,
    resets_at=datetime(2026, 12, 1, tzinfo=UTC),
)
SHOP = Domain.read("shop.example")


def code(facts: Facts | None, domain: Domain | None = None) -> Code:
    """The code alone."""
    return evaluate(facts, domain, NOW).code


@pytest.mark.parametrize("status", ["ACTIVE", "EXPIRED", "SUSPENDED", "CANCELLED"])
def test_a_status_is_judged_by_the_word_it_is_stored_under(status: str) -> None:
    assert getattr(eligibility, status) == getattr(table, status)


def test_a_running_license_is_valid_without_any_domain() -> None:
    assert evaluate(FACTS, None, NOW) == Eligibility(True, Code.VALID)


def test_an_unknown_key_is_not_found() -> None:
    assert evaluate(None, SHOP, NOW) == Eligibility(False, Code.NOT_FOUND)


def test_the_end_itself_is_over_and_the_second_before_is_not() -> None:
    assert code(replace(FACTS, expires_at=NOW)) is Code.EXPIRED
    assert code(replace(FACTS, expires_at=NOW + SECOND)) is Code.VALID
    assert code(replace(FACTS, expires_at=None)) is Code.VALID


def test_a_stored_mark_never_overrules_the_clock() -> None:
    assert status_at("expired", NOW + SECOND, NOW) == "active"
    assert status_at("active", NOW, NOW) == "expired"
    assert status_at("suspended", NOW - SECOND, NOW) == "suspended"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(FACTS, status="cancelled", expires_at=NOW - SECOND), Code.CANCELLED),
        (replace(FACTS, status="suspended", expires_at=NOW - SECOND), Code.SUSPENDED),
        (replace(FACTS, blocked=True), Code.SUSPENDED),
        (replace(FACTS, key_expires_at=NOW), Code.NOT_FOUND),
        (replace(FACTS, key_expires_at=NOW + SECOND), Code.VALID),
    ],
)
def test_the_graver_reason_is_told(facts: Facts, expected: Code) -> None:
    assert code(facts, SHOP) is expected


def test_a_new_domain_with_room_is_to_be_activated_and_a_known_one_is_not() -> None:
    assert evaluate(FACTS, SHOP, NOW) == Eligibility(True, Code.VALID, activates=True)
    known = replace(FACTS, sites=("shop.example",))
    assert evaluate(known, SHOP, NOW) == Eligibility(True, Code.VALID)


def test_the_domain_it_was_ordered_for_keeps_its_place() -> None:
    ordered = replace(FACTS, plan=ONE_SITE, domain="shop.example")
    assert evaluate(ordered, SHOP, NOW).activates
    assert code(ordered, Domain.read("other.example")) is Code.DOMAIN_MISMATCH
    full = replace(FACTS, domain="mine.example", sites=("a.example", "b.example"))
    assert code(full, SHOP) is Code.SITE_LIMIT


def test_a_full_plan_refuses_another_site_and_never_a_free_one() -> None:
    full = replace(FACTS, sites=("a.example", "b.example", "c.example"))
    assert evaluate(full, SHOP, NOW) == Eligibility(False, Code.SITE_LIMIT)
    assert code(full, Domain.read("b.example")) is Code.VALID
    assert code(full, Domain.read("localhost")) is Code.VALID


def test_staging_copies_are_free_beside_their_own_site_only() -> None:
    bound = replace(FACTS, plan=ONE_SITE, sites=("shop.example",))
    for copy in ("staging2.shop.example", "dev-blog.shop.example", "shop.test.shop.example"):
        assert evaluate(bound, Domain.read(copy), NOW) == Eligibility(True, Code.VALID)
    for other in ("dev.other.example", "shop.test.other.example", "staging-shop.example"):
        assert code(bound, Domain.read(other)) is Code.DOMAIN_MISMATCH
    assert code(bound, Domain.read("shop.kinsta.cloud")) is Code.VALID


def test_subdomains_are_sites_of_their_own_but_for_agencies() -> None:
    blog = Domain.read("blog.shop.example")
    assert evaluate(replace(FACTS, sites=("shop.example",)), blog, NOW).activates
    agency = replace(FACTS, plan=AGENCY, sites=("shop.example",))
    assert evaluate(agency, blog, NOW) == Eligibility(True, Code.VALID)
    assert evaluate(agency, Domain.read("other.example"), NOW).activates


def test_a_used_up_month_leaves_the_license_standing() -> None:
    used = replace(FACTS, used=1_000)
    assert evaluate(used, SHOP, NOW) == Eligibility(True, Code.QUOTA_EXCEEDED, activates=True)
    assert code(replace(FACTS, used=999)) is Code.VALID
    assert code(replace(used, resets_at=NOW)) is Code.VALID
    assert code(replace(used, plan=replace(PLAN, monthly_requests=None))) is Code.VALID
    elsewhere = replace(used, plan=ONE_SITE, sites=("a.example",))
    assert code(elsewhere, SHOP) is Code.DOMAIN_MISMATCH


def test_every_code_says_what_it_means_in_both_languages() -> None:
    assert set(DETAILS) == set(Code)
    told = Eligibility(False, Code.EXPIRED)
    assert told.detail == told.sentence("en") != told.sentence("it")
