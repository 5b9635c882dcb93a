"""What may follow what: months by the calendar, suspensions, rotations, transfers, and refusals."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from services.errors import Conflict, Invalid, NotFound
from services.licensing.customers import BLOCKED, CustomerChanges, NewCustomer
from services.licensing.license_keys import digest
from services.licensing.license_terms import Order, months_after
from services.licensing.plans import PlanChanges
from tests.kit.license_desk import NOW, OPS, LicenseStage, someone
from tests.kit.validation_desk import heard_until_now
from tests.kit.wired import PEPPER

Verb = Callable[[LicenseStage, str], Awaitable[object]]
VERBS: dict[str, Verb] = {
    "renew": lambda stage, one: stage.licenses.renew(OPS, one, 1),
    "suspend": lambda stage, one: stage.licenses.suspend(OPS, one, "unpaid"),
    "reinstate": lambda stage, one: stage.licenses.reinstate(OPS, one),
    "cancel": lambda stage, one: stage.licenses.cancel(OPS, one),
    "rotate": lambda stage, one: stage.licenses.rotate(OPS, one),
    "transfer": lambda stage, one: stage.licenses.transfer(OPS, one, someone()),
}


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-03-31", 3, "2026-06-30"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-11-30", 120, "2036-11-30"),
    ],
)
def test_months_are_those_of_the_calendar(start: str, months: int, end: str) -> None:
    noon = timedelta(hours=12)
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC) + noon
    assert months_after(begin, months) == datetime.fromisoformat(end).replace(tzinfo=UTC) + noon


async def test_a_running_license_is_renewed_from_its_end(stage: LicenseStage) -> None:
    made = (await stage.issue(months=1)).license
    renewed = await stage.licenses.renew(OPS, made.id, 2)
    assert renewed.expires_at == datetime(2027, 2, 20, 12, tzinfo=UTC)
    assert await stage.told(made.id) == ["licenses.issue", "licenses.renew"]
    assert [kind for kind, _ in stage.heard] == ["license.issued", "license.renewed"]


async def test_an_expired_license_is_renewed_from_now(stage: LicenseStage) -> None:
    made = (await stage.issue(months=1)).license
    stage.wait(timedelta(days=100))
    assert (await stage.licenses.find(made.id)).status == "expired"
    renewed = await stage.licenses.renew(OPS, made.id, 1)
    assert renewed.status == "active"
    assert renewed.expires_at == months_after(stage.now, 1)


async def test_a_renewal_is_on_todays_terms_of_the_plan(stage: LicenseStage) -> None:
    made = (await stage.issue("starter", 1)).license
    revised = await stage.plans.revise(OPS, "starter", PlanChanges(price_minor=901))
    assert (await stage.licenses.find(made.id)).plan_version == made.plan_version
    renewed = await stage.licenses.renew(OPS, made.id, 1)
    assert renewed.plan_version == revised.version == made.plan_version + 1
    await stage.plans.revise(OPS, "starter", PlanChanges(price_minor=900))


async def test_a_lifetime_license_cannot_be_renewed(stage: LicenseStage) -> None:
    made = (await stage.issue(await stage.limited(1), None)).license
    with pytest.raises(Conflict):
        await stage.licenses.renew(OPS, made.id, 1)


async def test_a_suspension_ends_where_the_calendar_is(stage: LicenseStage) -> None:
    made = (await stage.issue(months=1)).license
    suspended = await stage.licenses.suspend(OPS, made.id, " not \n paid ")
    assert (suspended.status, suspended.reason) == ("suspended", "not paid")
    reinstated = await stage.licenses.reinstate(OPS, made.id)
    assert (reinstated.status, reinstated.reason) == ("active", "")
    await stage.licenses.suspend(OPS, made.id, "")
    stage.wait(timedelta(days=60))
    assert (await stage.licenses.reinstate(OPS, made.id)).status == "expired"
    lines = await stage.lines(made.id)
    assert '"status":"active"' in lines[1].before
    assert '"status":"suspended"' in lines[1].after
    assert '"reason":"not paid"' in lines[1].after


@pytest.mark.parametrize("verb", VERBS)
async def test_nothing_follows_a_cancellation(stage: LicenseStage, verb: str) -> None:
    made = (await stage.issue()).license
    assert (await stage.licenses.cancel(OPS, made.id, "refund")).status == "cancelled"
    heard = len(stage.heard)
    with pytest.raises(Conflict):
        await VERBS[verb](stage, made.id)
    assert await stage.told(made.id) == ["licenses.issue", "licenses.cancel"]
    assert len(stage.heard) == heard


@pytest.mark.parametrize("verb", ["renew", "suspend"])
async def test_a_suspended_license_is_first_reinstated(stage: LicenseStage, verb: str) -> None:
    made = (await stage.issue()).license
    await stage.licenses.suspend(OPS, made.id, "")
    with pytest.raises(Conflict):
        await VERBS[verb](stage, made.id)


async def test_only_a_suspended_license_is_reinstated(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    with pytest.raises(Conflict):
        await stage.licenses.reinstate(OPS, made.id)


@pytest.mark.parametrize("verb", VERBS)
async def test_a_license_that_is_not_there_is_not_found(stage: LicenseStage, verb: str) -> None:
    with pytest.raises(NotFound):
        await VERBS[verb](stage, "lic_gone")


async def test_a_rotated_key_works_beside_the_new_one_for_a_while(stage: LicenseStage) -> None:
    issued = await stage.issue()
    rotated = await stage.licenses.rotate(OPS, issued.license.id, timedelta(days=2))
    assert rotated.key != issued.key
    assert rotated.license.old_key_until == NOW + timedelta(days=2)
    assert await stage.licenses.of_key(issued.key) == rotated.license
    assert await stage.licenses.of_key(rotated.key) == rotated.license
    assert await stage.licenses.key(OPS, issued.license.id) == rotated.key
    stage.wait(timedelta(days=2))
    assert await stage.licenses.of_key(issued.key) is None
    assert await stage.licenses.of_key(rotated.key) is not None


async def test_without_overlap_the_old_key_ends_at_once(stage: LicenseStage) -> None:
    issued = await stage.issue()
    await stage.licenses.rotate(OPS, issued.license.id)
    assert await stage.licenses.of_key(issued.key) is None


async def test_a_second_rotation_ends_the_oldest_key(stage: LicenseStage) -> None:
    issued = await stage.issue()
    week = timedelta(days=7)
    second = await stage.licenses.rotate(OPS, issued.license.id, week)
    third = await stage.licenses.rotate(OPS, issued.license.id, week)
    assert await stage.licenses.of_key(issued.key) is None
    assert await stage.licenses.of_key(second.key) == await stage.licenses.of_key(third.key)


@pytest.mark.parametrize("overlap", [timedelta(days=31), timedelta(seconds=-1)])
async def test_an_overlap_has_its_limits(stage: LicenseStage, overlap: timedelta) -> None:
    made = (await stage.issue()).license
    with pytest.raises(Invalid):
        await stage.licenses.rotate(OPS, made.id, overlap)


async def test_a_license_moves_to_a_customer_old_or_new(stage: LicenseStage) -> None:
    issued = await stage.issue()
    email = someone()
    moved = await stage.licenses.transfer(OPS, issued.license.id, email.upper())
    assert moved.email == email
    assert moved.customer_id != issued.license.customer_id
    assert await stage.licenses.of_key(issued.key) == moved
    with pytest.raises(Conflict):
        await stage.licenses.transfer(OPS, moved.id, email)
    with pytest.raises(Invalid):
        await stage.licenses.transfer(OPS, moved.id, "nobody")
    blocked = await stage.customers.create(OPS, NewCustomer(someone()))
    await stage.customers.update(OPS, blocked.id, CustomerChanges(status=BLOCKED))
    with pytest.raises(Conflict):
        await stage.licenses.transfer(OPS, moved.id, blocked.email)


async def test_a_budget_is_set_and_taken_away(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    limited = await stage.licenses.limit_budget(OPS, made.id, 5_000_000)
    assert limited.budget_micro == 5_000_000
    assert (await stage.licenses.limit_budget(OPS, made.id, None)).budget_micro is None
    with pytest.raises(Invalid):
        await stage.licenses.limit_budget(OPS, made.id, -1)


async def test_of_two_suspensions_at_once_one_is_refused(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    tries = (stage.licenses.suspend(OPS, made.id, str(number)) for number in range(5))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in outcomes) == 4
    assert (await stage.told(made.id)).count("licenses.suspend") == 1


async def test_every_change_is_told_to_all_processes_under_every_key(stage: LicenseStage) -> None:
    issued = await stage.issue()
    heard: list[str] = []
    connection = await asyncpg.connect(stage.database.url)
    await connection.add_listener("license_changed", lambda *told: heard.append(str(told[-1])))
    rotated = await stage.licenses.rotate(OPS, issued.license.id, timedelta(days=1))
    old, new = (digest(PEPPER, one.key).hex() for one in (issued, rotated))
    await stage.licenses.suspend(OPS, issued.license.id, "")
    last = await stage.licenses.rotate(OPS, issued.license.id)
    await heard_until_now(connection, heard)
    await connection.close()
    assert sorted(heard) == sorted([new, old, new, old, old, new, digest(PEPPER, last.key).hex()])


async def test_a_repeated_request_changes_a_license_once(stage: LicenseStage) -> None:
    made = (await stage.issue(months=1)).license
    asked = replace(OPS, request="renewal-7")
    first = await stage.licenses.renew(asked, made.id, 2)
    assert await stage.licenses.renew(asked, made.id, 2) == first
    both = await asyncio.gather(
        *(stage.licenses.renew(replace(OPS, request="renewal-8"), made.id, 1) for _ in range(5))
    )
    assert {one.expires_at for one in both} == {months_after(first.expires_at or stage.now, 1)}
    assert (await stage.told(made.id)).count("licenses.renew") == 2


async def test_a_repeat_gets_the_first_answer_whatever_happened_since(stage: LicenseStage) -> None:
    order, asked = Order(someone(), "pro", 12), replace(OPS, request="order-1")
    issued = await stage.licenses.issue(asked, order, "http:order-1")
    first = await stage.licenses.rotate(asked, issued.license.id)
    await stage.licenses.rotate(replace(OPS, request="second"), issued.license.id)
    await stage.licenses.cancel(OPS, issued.license.id)
    assert await stage.licenses.rotate(asked, issued.license.id) == first
    assert await stage.licenses.issue(asked, order, "http:order-1") == issued


async def test_what_failed_may_be_tried_again_with_its_word(stage: LicenseStage) -> None:
    made, asked = (await stage.issue()).license, replace(OPS, request="later")
    with pytest.raises(Conflict):
        await stage.licenses.reinstate(asked, made.id)
    await stage.licenses.suspend(OPS, made.id, "unpaid")
    assert (await stage.licenses.reinstate(asked, made.id)).status == "active"


async def test_an_answer_is_kept_for_a_month_and_not_beyond_its_customer(
    stage: LicenseStage,
) -> None:
    made, other = (await stage.issue()).license, (await stage.issue()).license
    for license in (made, other):
        await stage.licenses.renew(replace(OPS, request="kept"), license.id, 1)
    await stage.customers.delete(OPS, other.customer_id)
    assert await answers(stage, made.id, other.id) == [made.id]
    stage.wait(timedelta(days=29))
    await stage.licenses.forget_answers()
    assert await answers(stage, made.id) == [made.id]
    stage.wait(timedelta(days=2))
    await stage.licenses.forget_answers()
    assert await answers(stage, made.id) == []


async def answers(stage: LicenseStage, *license_ids: str) -> list[str]:
    """Which of the licenses have an answer that is kept."""
    connection = await asyncpg.connect(stage.database.url)
    try:
        rows = await connection.fetch(
            "SELECT subject_id FROM idempotent_requests WHERE subject_id = ANY($1)", license_ids
        )
        return [row["subject_id"] for row in rows]
    finally:
        await connection.close()


async def test_a_repeated_rotation_gives_the_key_it_made(stage: LicenseStage) -> None:
    made = (await stage.issue()).license
    asked = replace(OPS, request="lost-reply")
    keys = [(await stage.licenses.rotate(asked, made.id)).key for _ in range(2)]
    assert keys[0] == keys[1]
    # The same word of somebody else is another request.
    other = replace(OPS, id="someone else", request="lost-reply")
    assert (await stage.licenses.rotate(other, made.id)).key != keys[0]
