"""Crono: envelopes that lie with 200, companies matched here, and tolerated generations."""

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from integrations.crono.client import Crono
from integrations.crono.types import CronoKeys
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import ClientOptions, client
from tests.integrations.fake_vendor import hangs, in_turn, says

KEYS = CronoKeys("pub_secret_1", "priv_secret_2")


def many(*rows):
    return says({"data": list(rows), "isSuccess": True, "errors": [], "total": len(rows)})


def failed(code, status=200):
    errors = [{"code": code, "message": "somebody's data"}]
    return says({"data": None, "isSuccess": False, "errors": errors}, status)


@pytest_asyncio.fixture
async def crono(vendor):
    async with client(f"{vendor.url}/crono", "crono") as http:
        yield Crono(http)


async def test_keys_are_checked_as_the_vendor_does(vendor, crono):
    vendor.answer = many({"id": 7}, {"id": "8"})
    assert await crono.check_keys(KEYS) is None
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("GET", "/crono/api/v1/Users")
    assert seen.headers["x-api-key"] == "pub_secret_1"
    assert seen.headers["x-api-secret"] == "priv_secret_2"


async def test_a_company_is_matched_by_its_exact_email_domain(vendor, crono):
    vendor.answer = many(
        {"objectId": "1", "name": "Acme Italia", "emailDomain": "acme.it"},
        {"objectId": "2", "name": "Acme", "emailDomain": "ACME.com", "website": None, "userId": 7},
        {"objectId": "3", "name": "Acme old", "website": "https://acme.com"},
    )
    [account] = await crono.accounts_for(KEYS, domain="acme.com", name="Acme")
    assert (account.id, account.name, account.website) == ("2", "Acme", "")
    assert vendor.seen[0].json == {"name": "Acme", "pagination": {"limit": 50, "offset": 0}}


@pytest.mark.parametrize(
    "website", ["https://www.acme.com/en?x=1", "acme.com", "HTTP://ACME.COM:443", "www.acme.com/"]
)
async def test_a_company_is_matched_by_its_website(vendor, crono, website):
    vendor.answer = many({"objectId": "3", "name": "Acme", "website": website, "userId": "7"})
    assert [one.id for one in await crono.accounts_for(KEYS, domain="acme.com", name="")] == ["3"]


async def test_of_two_companies_with_one_mail_domain_the_website_decides(vendor, crono):
    cold = {"objectId": "1", "emailDomain": "acme.com", "website": "https://cold.acme.com"}
    vendor.answer = many(cold, {**cold, "objectId": "2", "website": "https://www.acme.com"})
    assert [one.id for one in await crono.accounts_for(KEYS, domain="acme.com", name="Acme")] == [
        "2"
    ]


async def test_of_two_companies_that_nothing_tells_apart_both_are_told(vendor, crono):
    twin = {"objectId": "1", "emailDomain": "acme.com", "website": ""}
    vendor.answer = many(twin, {**twin, "objectId": "2"})
    found = await crono.accounts_for(KEYS, domain="acme.com", name="Acme")
    assert [one.id for one in found] == ["1", "2"]


async def test_a_company_of_another_name_is_found_by_its_domains_word(vendor, crono):
    vendor.answer = in_turn(many(), many({"objectId": "9", "emailDomain": "acme.co.uk"}))
    [account] = await crono.accounts_for(KEYS, domain="acme.co.uk", name="The Acme Company")
    assert account.id == "9"
    assert [seen.json["name"] for seen in vendor.seen] == ["The Acme Company", "acme"]


@pytest.mark.parametrize(
    ("domain", "beginning"), [("kestrelfreight.com", "kestr"), ("kes-trel.com", "kes")]
)
async def test_a_company_of_several_words_is_found_by_how_its_domain_begins(
    vendor, crono, domain, beginning
):
    vendor.answer = in_turn(many(), many({"objectId": "4", "emailDomain": domain}))
    assert [one.id for one in await crono.accounts_for(KEYS, domain=domain, name="")] == ["4"]
    assert [seen.json["name"] for seen in vendor.seen] == [domain.split(".")[0], beginning]


@pytest.mark.parametrize("website", ["http://[broken", "acme.com.evil.example", "shop.acme.com"])
async def test_a_likely_company_is_not_the_same_company(vendor, crono, website):
    vendor.answer = many({"objectId": "1", "name": "acme.com", "website": website})
    assert await crono.accounts_for(KEYS, domain="acme.com", name="Acme") == ()


async def test_no_domain_is_no_company_and_no_call(vendor, crono):
    assert await crono.accounts_for(KEYS, domain=" ", name="Acme") == ()
    assert vendor.seen == []


async def test_a_search_turns_pages_until_a_short_one(vendor, crono):
    full = many(*({"objectId": str(n), "name": "x"} for n in range(50)))
    vendor.answer = in_turn(full, many({"objectId": "51", "emailDomain": "acme.com"}))
    assert [one.id for one in await crono.accounts_for(KEYS, domain="acme.com", name="x")] == ["51"]
    assert [seen.json["pagination"]["offset"] for seen in vendor.seen] == [0, 50]


async def test_a_search_without_end_is_ended(vendor, crono):
    vendor.answer = many(*({"objectId": str(n), "name": "x"} for n in range(50)))
    assert len(await crono.prospects(KEYS, "a1")) == 200


async def test_contacts_are_read_in_either_form(vendor, crono):
    vendor.answer = many(
        {"objectId": "p1", "name": "Zoë Q", "email": "Zoe@Acme.com", "accountId": "a1"},
        {"objectId": "p2", "firstName": "Bo", "lastName": "Li", "title": None},
        {"name": "without id"},
    )
    zoe, bo = await crono.prospects(KEYS, "a1")
    assert (zoe.name, zoe.email, zoe.account_id) == ("Zoë Q", "zoe@acme.com", "a1")
    assert (bo.name, bo.email, bo.title) == ("Bo Li", "", "")
    assert vendor.seen[0].path == "/crono/api/v1/Prospects/search"


async def test_only_open_deals_are_deals(vendor, crono):
    vendor.answer = many(
        {
            "objectId": "d1",
            "name": "Pilot",
            "active": True,
            "isWon": False,
            "isClosed": False,
            "amount": 12000.10,
            "closeDate": "2026-12-31T00:00:00.1234567Z",
            "stage": "appointmentscheduled",
        },
        {"objectId": "d2", "isClosed": True},
        {"objectId": "d3", "isWon": True},
        {"objectId": "d4", "active": False},
        {"objectId": "d5", "amount": None},
    )
    pilot, bare = await crono.open_deals(KEYS, "a1")
    assert (pilot.amount_cents, pilot.stage) == (1_200_010, "appointmentscheduled")
    assert pilot.closes_at.date().isoformat() == "2026-12-31"
    assert (bare.amount_cents, bare.closes_at, bare.name) == (None, None, "")


async def test_notes_come_newest_first(vendor, crono):
    vendor.answer = many(
        {"objectId": "n1", "description": "old", "createdDate": "2026-01-01T00:00:00"},
        {"objectId": "n2", "description": "gone", "active": False},
        {"objectId": "n3", "description": "new", "createdDate": "2026-11-01T00:00:00Z"},
        {"objectId": "n4", "description": "undated"},
    )
    first, second = await crono.last_notes(KEYS, "a1", limit=2)
    assert (first.text, second.text) == ("new", "old")
    assert first.created_at == datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (failed("EntityNotFound"), RefusedByVendor, "EntityNotFound"),
        (failed("HubspotTokenExpired"), RefusedByVendor, "HubspotTokenExpired"),
        (failed("NotAllowedWithCurrentPlan", 403), RefusedByVendor, "NotAllowedWithCurrentPlan"),
        (failed("ApiKeysMissing"), AuthExpired, None),
        (failed("ApiKeysMissing", 400), AuthExpired, None),
        (failed("InternalError"), Unreachable, None),
        (says({"data": None, "isSuccess": False, "errors": None}), RefusedByVendor, "GenericError"),
        (says({"something": "else"}), RefusedByVendor, "GenericError"),
        (says({}, 401), AuthExpired, None),
        (says(b"", 403), RefusedByVendor, "Forbidden"),
        (says(b"nonsense", 418), RefusedByVendor, "418"),
        (says(b"nonsense", 200), Unreachable, None),
        (says({}, 503), Unreachable, None),
        (says({}, 429), RateLimited, None),
    ],
)
async def test_each_failure_becomes_one_of_four(vendor, crono, answer, kind, code):
    vendor.answer = answer
    with pytest.raises(kind) as caught:
        await crono.check_keys(KEYS)
    assert code is None or caught.value.code == code
    assert "secret" not in str(caught.value)
    assert "somebody" not in str(caught.value)


async def test_an_envelope_without_a_verdict_but_with_data_counts_as_success(vendor, crono):
    vendor.answer = says({"data": [{"objectId": "p1", "name": "Bo"}]})
    assert len(await crono.prospects(KEYS, "a1")) == 1


async def test_a_search_is_sent_again_after_a_500(vendor, crono):
    vendor.answer = in_turn(says({}, 500), many({"objectId": "p1", "name": "Bo"}))
    assert len(await crono.prospects(KEYS, "a1")) == 1


async def test_a_search_that_hangs_ends_at_the_deadline(vendor):
    vendor.answer = hangs
    async with client(vendor.url, "crono", ClientOptions(timedelta(seconds=0.1))) as http:
        with pytest.raises(Unreachable):
            await Crono(http).prospects(KEYS, "a1")


def test_keys_do_not_show_themselves():
    assert "secret" not in repr(KEYS)
