"""One license from Slack: shown, confirmed once, issued once, handed over once it can be."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from db.store.session import Database
from services.actors import Actor
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Temporary
from services.issuing.issuing import LICENSE_ISSUE, Typed
from services.licensing.license_terms import LicenseSearch
from services.ops.confirmations import LIFE, PendingCommand, Proposal
from tests.kit.license_desk import someone
from tests.kit.ops_desk import CHANNEL, HOME, OpsStage

JOBS = text("SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid = :job")


@pytest.fixture
def desk(jobs_database: Database) -> OpsStage:
    """An admin's desk, on a database where nobody takes the jobs away."""
    return OpsStage(jobs_database)


def typed(email: str, months: str = "12", plan: str = "pro", *, send_email: bool = False) -> Typed:
    """What an admin typed."""
    return Typed(email, plan, months, "", send_email)


async def proposed(desk: OpsStage, wish: Typed) -> Proposal:
    """A preview of this wish, shown to the admin."""
    preview = await desk.issuing.preview(wish)
    return await desk.issuing.propose(desk.admin, CHANNEL, preview)


async def jobs_of(desk: OpsStage, job_id: str) -> int:
    """How many jobs with this id there are."""
    async with desk.database.transaction() as session:
        return int((await session.execute(JOBS, {"job": job_id})).scalar_one())


async def test_a_preview_says_what_would_happen_and_writes_nothing(desk: OpsStage) -> None:
    email = someone()
    preview = await desk.issuing.preview(typed(email.upper()))
    assert (preview.order.email, preview.order.months, preview.customer) == (email, 12, None)
    assert preview.price_minor == 12 * preview.plan.price_minor
    assert preview.ends_at is not None
    assert preview.ends_at.year == desk.stage.now.year + 1
    assert await desk.stage.licenses.search(LicenseSearch(email)) == ()
    assert await desk.stage.customers.of_email(email) is None


async def test_a_known_customer_is_named(desk: OpsStage) -> None:
    email = someone()
    await desk.stage.issue(email=email)
    preview = await desk.issuing.preview(typed(email))
    assert preview.customer == email.partition("@")[0]


async def test_a_limited_plan_says_how_many_are_left(desk: OpsStage) -> None:
    name = await desk.stage.limited(3)
    preview = await desk.issuing.preview(typed(someone(), "lifetime", name))
    assert (preview.stock_left, preview.ends_at, preview.order.months) == (3, None, None)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (typed("nobody"), "email"),
        (typed("a@b.example", plan="gold"), "plan"),
        (typed("a@b.example", "0"), "months"),
        (typed("a@b.example", "121"), "months"),
        (typed("a@b.example", ""), "months"),
        (typed("a@b.example", "1.5"), "months"),
        (typed("a@b.example", "-3"), "months"),
        (typed("a@b.example", "١٢"), "months"),
        (typed("a@b.example", "12", "founders"), "months"),
        (Typed("a@b.example", "pro", "12", "no domain"), "domain"),
    ],
)
async def test_what_cannot_be_issued_names_its_field(
    desk: OpsStage, wish: Typed, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.issuing.preview(wish)
    assert refused.value.field == field


async def test_a_dry_run_leaves_a_line_in_the_log_and_nothing_else(desk: OpsStage) -> None:
    email = someone()
    await desk.issuing.rehearse(desk.operator, typed(email))
    line = (await desk.lines(LICENSE_ISSUE))[-1]
    assert (line.operator, line.outcome) == (desk.operator, "dry_run")
    assert email not in line.after
    assert await desk.stage.licenses.search(LicenseSearch(email)) == ()


async def test_confirmed_twice_is_one_job(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    first = await desk.issuing.confirm(desk.admin, proposal.id)
    second = await desk.issuing.confirm(desk.admin, proposal.id)
    assert first.job_id == second.job_id == f"ops:{proposal.id}"
    assert await jobs_of(desk, first.job_id) == 1


async def test_a_preview_lives_a_quarter_of_an_hour(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    desk.stage.wait(LIFE)
    with pytest.raises(Conflict, match="too old"):
        await desk.issuing.confirm(desk.admin, proposal.id)
    assert await jobs_of(desk, proposal.job_id) == 0


async def test_a_yes_in_time_is_a_yes_later_as_well(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    await desk.issuing.confirm(desk.admin, proposal.id)
    desk.stage.wait(LIFE)
    assert (await desk.issuing.confirm(desk.admin, proposal.id)).job_id == proposal.job_id


async def test_a_cancelled_preview_cannot_be_confirmed_nor_the_other_way(desk: OpsStage) -> None:
    cancelled, confirmed = [await proposed(desk, typed(someone())) for _ in range(2)]
    await desk.issuing.withdraw(desk.admin, cancelled.id)
    await desk.issuing.withdraw(desk.admin, cancelled.id)
    with pytest.raises(Conflict, match="cancelled"):
        await desk.issuing.confirm(desk.admin, cancelled.id)
    await desk.issuing.confirm(desk.admin, confirmed.id)
    with pytest.raises(Conflict, match=f"ops:{confirmed.id}"):
        await desk.issuing.withdraw(desk.admin, confirmed.id)


@pytest.mark.parametrize("other", [Actor(HOME, "U0OTHER"), Actor("T0OTHER", "U0OTHER")])
async def test_another_persons_preview_is_not_there(desk: OpsStage, other: Actor) -> None:
    proposal = await proposed(desk, typed(someone()))
    with pytest.raises(NotFound):
        await desk.issuing.confirm(other, proposal.id)
    with pytest.raises(NotFound):
        await desk.issuing.withdraw(other, proposal.id)


async def test_who_is_no_admin_any_more_cannot_confirm_and_it_is_written_down(
    desk: OpsStage,
) -> None:
    former = Actor(HOME, "U0FORMER")
    command = PendingCommand("ops.issue", CHANNEL, "{}")
    proposal = await desk.proposals.keep(former, "Sam", command)
    with pytest.raises(NotAllowed):
        await desk.issuing.confirm(former, proposal.id)
    line = (await desk.lines(LICENSE_ISSUE))[-1]
    assert (line.operator.id, line.outcome) == (f"{HOME}:U0FORMER", "refused")


async def test_each_step_repeated_gives_the_same_license_and_one_email(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone(), send_email=True))
    await desk.issuing.confirm(desk.admin, proposal.id)
    ids = {await desk.issuing.issue(proposal.id) for _ in range(3)}
    desk.stage.wait(timedelta(minutes=5))
    await desk.issuing.issue(proposal.id)
    await desk.issuing.hand_over(proposal.id)
    await desk.issuing.hand_over(proposal.id)
    first, second = desk.receipts
    assert first == second
    assert {first.license_id} == ids
    assert [letter.subject_id for letter in desk.stage.letters] == [first.license_id]
    assert await desk.stage.licenses.key(desk.operator, first.license_id) == first.key


async def test_the_key_is_in_no_proposal_and_not_in_the_log(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    await desk.issuing.confirm(desk.admin, proposal.id)
    await desk.issuing.issue(proposal.id)
    await desk.issuing.hand_over(proposal.id)
    receipt = desk.receipts[0]
    kept = await desk.proposals.of_job(proposal.id)
    logged = await desk.lines(receipt.license_id)
    assert receipt.key not in kept.command.arguments
    assert logged
    assert all(receipt.key not in line.before + line.after for line in logged)
    assert {line.operator.id for line in logged} == {desk.operator.id}


async def test_without_slack_the_license_is_issued_and_the_receipt_waits(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    await desk.issuing.confirm(desk.admin, proposal.id)
    license_id = await desk.issuing.issue(proposal.id)
    desk.away = True
    with pytest.raises(Temporary):
        await desk.issuing.hand_over(proposal.id)
    desk.away = False
    await desk.issuing.hand_over(proposal.id)
    assert [receipt.license_id for receipt in desk.receipts] == [license_id]


async def test_sold_out_between_preview_and_job_is_told_and_written_down(desk: OpsStage) -> None:
    name = await desk.stage.limited(1)
    proposal = await proposed(desk, typed(someone(), "", name))
    await desk.stage.issue(name, None)
    await desk.issuing.confirm(desk.admin, proposal.id)
    with pytest.raises(Conflict) as sold_out:
        await desk.issuing.issue(proposal.id)
    await desk.issuing.failed(proposal.id, "abc", sold_out.value)
    assert desk.problems == ["“Limited” is sold out."]
    assert [line.outcome for line in await desk.lines(proposal.job_id)] == ["failed"]


async def test_a_receipt_nobody_can_be_given_is_written_down(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    await desk.issuing.confirm(desk.admin, proposal.id)
    await desk.issuing.issue(proposal.id)
    await desk.issuing.not_handed_over(proposal.id)
    (line,) = await desk.lines(proposal.job_id)
    assert (line.action, line.outcome) == ("licenses.receipt", "failed")
    assert desk.problems == []


async def test_old_proposals_are_forgotten(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    await desk.proposals.forget()
    assert (await desk.proposals.of_job(proposal.id)).id == proposal.id
    desk.stage.wait(timedelta(days=2, minutes=16))
    await desk.proposals.forget()
    with pytest.raises(NotFound):
        await desk.proposals.of_job(proposal.id)


async def test_two_clicks_at_once_are_one_job(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    clicks = (desk.issuing.confirm(desk.admin, proposal.id) for _ in range(8))
    jobs = {one.job_id for one in await asyncio.gather(*clicks)}
    assert jobs == {proposal.job_id}
    assert await jobs_of(desk, proposal.job_id) == 1


async def test_yes_and_no_at_once_is_one_of_the_two(desk: OpsStage) -> None:
    proposal = await proposed(desk, typed(someone()))
    outcomes = await asyncio.gather(
        desk.issuing.confirm(desk.admin, proposal.id),
        desk.issuing.withdraw(desk.admin, proposal.id),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, Conflict)]
    assert len(refused) == 1
    confirmed = not isinstance(outcomes[0], Conflict)
    assert await jobs_of(desk, proposal.job_id) == int(confirmed)
