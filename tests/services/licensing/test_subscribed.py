"""A license by subscription: issued once, unpaid and back, and never past an operator."""

from datetime import timedelta

from services.licensing import Code, Facts, SubscribedLicenses, evaluate
from services.licensing.license_terms import License, months_after
from tests.kit.license_desk import NOW, OPS, LicenseStage, someone


async def bought(stage: LicenseStage) -> tuple[SubscribedLicenses, License]:
    """A license of the plan pro."""
    subscribed = SubscribedLicenses(stage.licenses)
    email = someone()
    async with stage.database.transaction() as session:
        first = await subscribed.issue(session, email, "pro", f"stripe:{email}")
        again = await subscribed.issue(session, email, "pro", f"stripe:{email}")
    assert first is not None
    assert first == again
    return subscribed, await stage.licenses.find(first)


async def follow(stage: LicenseStage, license_id: str, *, allowed: bool) -> str:
    """What billing says; the license's status then."""
    subscribed = SubscribedLicenses(stage.licenses)
    async with stage.database.transaction() as session:
        await subscribed.follow(session, license_id, "pro", allowed=allowed)
    return (await stage.licenses.find(license_id)).status


async def test_it_is_mailed_once_and_outlives_what_is_paid_by_a_month(stage: LicenseStage) -> None:
    subscribed, license = await bought(stage)
    assert [letter.subject_id for letter in stage.letters] == [license.id]
    assert license.expires_at == months_after(NOW, 1)
    async with stage.database.transaction() as session:
        assert await subscribed.renew(session, license.id, 12)
    assert (await stage.licenses.find(license.id)).expires_at == months_after(
        months_after(NOW, 1), 12
    )


async def test_unpaid_is_a_status_and_a_code_of_its_own(stage: LicenseStage) -> None:
    _, license = await bought(stage)
    assert await follow(stage, license.id, allowed=False) == "unpaid"
    assert await follow(stage, license.id, allowed=False) == "unpaid"
    facts = Facts(
        license_id=license.id,
        customer_id=license.customer_id,
        status="unpaid",
        expires_at=license.expires_at,
        activated_at=None,
        plan=await stage.plans.find("pro"),
        domain="",
        sites=(),
        used=0,
        tokens=0,
        resets_at=NOW + timedelta(days=10),
    )
    assert evaluate(facts, None, NOW).code is Code.PAYMENT_REQUIRED
    assert await follow(stage, license.id, allowed=True) == "active"


async def test_what_an_operator_suspended_no_payment_opens(stage: LicenseStage) -> None:
    _, license = await bought(stage)
    await stage.licenses.suspend(OPS, license.id, "abuse")
    assert await follow(stage, license.id, allowed=False) == "suspended"
    assert await follow(stage, license.id, allowed=True) == "suspended"


async def test_who_comes_back_gets_the_same_license(stage: LicenseStage) -> None:
    subscribed, license = await bought(stage)
    await follow(stage, license.id, allowed=False)
    async with stage.database.transaction() as session:
        earlier = await subscribed.earlier(session, license.customer_id, "pro")
    assert earlier is not None
    assert earlier.id == license.id
