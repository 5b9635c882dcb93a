"""Places of a license: taken once, never more than the plan has, moved once a week."""

import asyncio
from datetime import timedelta

import pytest

from services.errors import Conflict, Invalid, NotFound
from services.licensing.domains import Domain
from services.licensing.eligibility import Code
from tests.kit.license_desk import NOW, LicenseStage

DAY = timedelta(days=1)


def domain(name: str) -> Domain:
    """Short, because it is written often."""
    return Domain.read(name)


async def hosts(stage: LicenseStage, license_id: str) -> list[str]:
    """The domains that hold a place."""
    return [site.domain for site in await stage.sites.listed(license_id)]


async def test_the_first_look_activates_and_the_second_writes_nothing(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    for _ in range(2):
        assert await stage.sites.activate(made.id, domain("www.a.example")) is Code.VALID
        stage.wait(DAY)
    assert await hosts(stage, made.id) == ["a.example"]
    assert (await stage.licenses.find(made.id)).activated_at == NOW
    assert await stage.told(made.id) == ["licenses.issue", "sites.activate"]
    assert [kind for kind, _ in stage.heard] == ["license.issued", "site.activated"]


async def test_fifty_domains_at_once_get_three_places(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    codes = await asyncio.gather(
        *(stage.sites.activate(made.id, domain(f"s{number}.example")) for number in range(50))
    )
    assert codes.count(Code.VALID) == 3
    assert codes.count(Code.SITE_LIMIT) == 47
    assert len(await hosts(stage, made.id)) == 3


async def test_one_domain_at_once_takes_one_place(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    tries = (stage.sites.activate(made.id, domain("a.example")) for _ in range(20))
    assert set(await asyncio.gather(*tries)) == {Code.VALID}
    assert await hosts(stage, made.id) == ["a.example"]


async def test_a_one_site_license_is_bound_to_its_first_domain(stage: LicenseStage) -> None:
    made = (await stage.issue("starter")).license
    assert await stage.sites.activate(made.id, domain("a.example")) is Code.VALID
    assert (await stage.licenses.find(made.id)).domain == "a.example"
    assert await stage.sites.activate(made.id, domain("b.example")) is Code.DOMAIN_MISMATCH


async def test_a_license_ordered_for_a_domain_waits_for_it(stage: LicenseStage) -> None:
    made = (await stage.issue("starter", domain="a.example")).license
    assert await stage.sites.activate(made.id, domain("b.example")) is Code.DOMAIN_MISMATCH
    assert await stage.sites.activate(made.id, domain("a.example")) is Code.VALID


async def test_free_hosts_are_never_written(stage: LicenseStage) -> None:
    made = (await stage.issue("starter")).license
    for name in ("localhost", "shop.test", "http://wordpress", "127.0.0.1", "a.kinsta.cloud"):
        assert await stage.sites.activate(made.id, domain(name)) is Code.VALID
    assert await hosts(stage, made.id) == []


async def test_a_copy_that_asks_first_takes_the_place_for_its_site(stage: LicenseStage) -> None:
    made = (await stage.issue("starter")).license
    for name in ("staging2.a.example", "a.example", "staging3.a.example"):
        assert await stage.sites.activate(made.id, domain(name)) is Code.VALID
    assert await hosts(stage, made.id) == ["a.example"]
    assert (await stage.licenses.find(made.id)).domain == "a.example"
    assert await stage.sites.activate(made.id, domain("dev.b.example")) is Code.DOMAIN_MISMATCH


async def test_a_license_is_bound_to_a_site_and_never_to_a_copy(stage: LicenseStage) -> None:
    made = (await stage.issue("starter", domain="staging.a.example")).license
    assert made.domain == "a.example"
    with pytest.raises(Invalid, match="needs no place"):
        await stage.issue("starter", domain="localhost")


async def test_an_agency_has_no_limit_and_its_subdomains_no_place(stage: LicenseStage) -> None:
    made = (await stage.issue("agency")).license
    for number in range(10):
        await stage.sites.activate(made.id, domain(f"s{number}.example"))
    assert await stage.sites.activate(made.id, domain("blog.s1.example")) is Code.VALID
    assert len(await hosts(stage, made.id)) == 10


async def test_a_released_place_is_taken_by_another_domain_and_then_rests_a_week(
    stage: LicenseStage,
) -> None:
    made = (await stage.issue("starter")).license
    await stage.sites.activate(made.id, domain("a.example"))
    await stage.sites.release(made.id, domain("a.example"))
    assert await hosts(stage, made.id) == []
    assert await stage.sites.activate(made.id, domain("b.example")) is Code.VALID
    with pytest.raises(Conflict, match="2026-11-27"):
        await stage.sites.release(made.id, domain("b.example"))
    assert await hosts(stage, made.id) == ["b.example"]
    stage.wait(7 * DAY)
    await stage.sites.release(made.id, domain("b.example"))
    assert await stage.sites.activate(made.id, domain("c.example")) is Code.VALID


async def test_places_rest_one_by_one(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    for name in ("a.example", "b.example", "c.example"):
        await stage.sites.activate(made.id, domain(name))
    for old, new in (("a.example", "d.example"), ("b.example", "e.example")):
        await stage.sites.release(made.id, domain(old))
        assert await stage.sites.activate(made.id, domain(new)) is Code.VALID
    for name in ("d.example", "e.example"):
        with pytest.raises(Conflict):
            await stage.sites.release(made.id, domain(name))
    await stage.sites.release(made.id, domain("c.example"))
    assert sorted(await hosts(stage, made.id)) == ["d.example", "e.example"]


async def test_coming_back_to_the_own_place_is_no_move(stage: LicenseStage) -> None:
    made = (await stage.issue("starter")).license
    for _ in range(3):
        await stage.sites.activate(made.id, domain("a.example"))
        await stage.sites.release(made.id, domain("a.example"))
    assert await hosts(stage, made.id) == []


async def test_going_to_and_fro_between_domains_is_a_move(stage: LicenseStage) -> None:
    made = (await stage.issue("starter")).license
    await stage.sites.activate(made.id, domain("a.example"))
    await stage.sites.release(made.id, domain("a.example"))
    await stage.sites.activate(made.id, domain("b.example"))
    assert await stage.sites.activate(made.id, domain("a.example")) is Code.DOMAIN_MISMATCH


async def test_releasing_what_holds_no_place_is_not_found(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    for name in ("a.example", "localhost"):
        with pytest.raises(NotFound):
            await stage.sites.release(made.id, domain(name))
    with pytest.raises(NotFound):
        await stage.sites.activate("lic_gone", domain("a.example"))


async def test_a_domain_ordered_but_never_used_may_be_given_up(stage: LicenseStage) -> None:
    made = (await stage.issue("starter", domain="a.example")).license
    await stage.sites.release(made.id, domain("a.example"))
    assert await stage.sites.activate(made.id, domain("b.example")) is Code.VALID
