"""Licenses in bulk: bad lines are told, good ones issued once, however often it is tried."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from db.store.session import Database
from services.actors import Actor
from services.errors import AWAY, Invalid, NotAllowed, NotFound, Temporary
from services.issuing.bulk import BULK_ISSUE, Manner
from services.issuing.bulk_uploads import Upload
from services.licensing.license_terms import LicenseSearch, Order
from services.operations import AGAIN, GO_ON, OVER, More, Place, Work
from tests.kit.license_desk import someone
from tests.kit.ops_desk import CHANNEL, HOME, OpsStage

HEADER = "email,plan,months,domain,name"
PLACE = Place(HOME, CHANNEL)
IN_SLACK = Manner(place=PLACE)


@pytest_asyncio.fixture
async def desk(jobs_database: Database) -> AsyncIterator[OpsStage]:
    """An admin's desk, on a database where nobody takes the jobs away."""
    desk = OpsStage(jobs_database)
    yield desk
    await desk.operations.live.close()


def csv(*lines: str) -> bytes:
    """A file of these lines."""
    return "\n".join((HEADER, *lines)).encode()


async def started(desk: OpsStage, data: bytes, manner: Manner = IN_SLACK) -> str:
    """A bulk issue that was confirmed."""
    return await desk.bulk.start(desk.operator, data, manner=manner)


async def finished(desk: OpsStage, data: bytes, manner: Manner = IN_SLACK) -> str:
    """A bulk issue whose job ran to its end."""
    bulk_id = await started(desk, data, manner)
    await desk.run(bulk_id)
    return bulk_id


async def held(desk: OpsStage, email: str) -> int:
    """How many licenses this customer has."""
    return len(await desk.stage.licenses.search(LicenseSearch(email)))


async def test_every_bad_line_is_told_by_number_and_reason(desk: OpsStage) -> None:
    good = someone()
    preview = await desk.bulk.read(
        csv(
            f"{good},pro,12,shop.example,Ann",
            "nobody,pro,12,,",
            f"{someone()},gold,12,,",
            f"{someone()},pro,,,",
            f"{someone()},pro,121,,",
            f"{someone()},founders,12,,",
            f"{someone()},pro,twelve,,",
            f"{someone()},pro,12,not a domain,",
            f"{someone()},pro,12,,Bob,surplus",
            f"{good.upper()}, PRO ,12,https://www.shop.example/,Somebody else",
        )
    )
    assert [line.state for line in preview.lines] == ["ok"] + ["bad"] * 9
    assert {line.number: line.reason[:24] for line in preview.bad} == {
        3: "That is not an e-mail ad",
        4: "There is no plan “gold”.",
        5: "Say for how many months:",
        6: "Say for how many months:",
        7: "“founders” is for life: ",
        8: "“twelve” is not a number",
        9: "That is not a domain. Wr",
        10: "More values than columns",
        11: "Same as line 2.",
    }


async def test_a_line_is_judged_as_a_single_order_is(desk: OpsStage) -> None:
    lines = [
        "A@Ünï.example,Pro, 12 ,HTTP://WWW.Straße.example:80/x, Ann   Lee",
        f"{someone()},founders,,,",
    ]
    preview = await desk.bulk.read(csv(*lines))
    for line, typed in zip(preview.lines, lines, strict=True):
        email, plan, months, domain, name = (value.strip() for value in typed.split(","))
        order = Order(email, plan, int(months) if months else None, domain, name)
        checked = await desk.stage.licenses.check(order)
        assert (line.email, line.plan, line.months, line.domain, line.name) == (
            checked.email,
            checked.plan,
            checked.months,
            checked.domain,
            checked.name,
        )


async def test_good_lines_are_issued_and_bad_ones_hold_nobody_up(desk: OpsStage) -> None:
    one, two = someone(), someone()
    bulk_id = await finished(desk, csv(f"{one},pro,12,,One", "bad,pro,12,,", f"{two},agency,1,,"))
    progress = await desk.bulk.progress(bulk_id)
    assert (progress.state, progress.issued, progress.bad, progress.waiting) == ("done", 2, 1, 0)
    results = await desk.bulk.results(bulk_id)
    assert [line.state for line in results] == ["issued", "bad", "issued"]
    assert [bool(line.license_id) for line in results] == [True, False, True]
    assert (await held(desk, one), await held(desk, two)) == (1, 1)
    assert desk.stage.letters == []
    assert [line.action for line in await desk.lines(bulk_id)] == ["bulk.upload", "bulk.issue"]


async def test_the_same_file_again_issues_nothing_twice(desk: OpsStage) -> None:
    emails = [someone() for _ in range(3)]
    data = csv(*(f"{email},pro,12,," for email in emails))
    first = await finished(desk, data)
    again = await desk.bulk.read(data.replace(b",", b";"))
    assert [line.state for line in again.lines] == ["known"] * 3
    second = await finished(desk, data)
    results = [await desk.bulk.results(one) for one in (first, second)]
    assert [line.state for line in results[1]] == ["known"] * 3
    assert [line.license_id for line in results[0]] == [line.license_id for line in results[1]]
    assert [await held(desk, email) for email in emails] == [1, 1, 1]


async def test_two_uploads_at_once_issue_each_line_once(desk: OpsStage) -> None:
    emails = [someone() for _ in range(20)]
    data = csv(*(f"{email},pro,12,," for email in emails))
    ids = await asyncio.gather(*(finished(desk, data) for _ in range(3)))
    done = [await desk.bulk.progress(one) for one in ids]
    assert sum(progress.issued for progress in done) == 20
    assert sum(progress.known for progress in done) == 40
    assert [await held(desk, email) for email in emails] == [1] * 20


async def test_two_processes_on_one_bulk_issue_each_line_once(desk: OpsStage) -> None:
    emails = [someone() for _ in range(20)]
    bulk_id = await started(desk, csv(*(f"{email},pro,12,," for email in emails)))
    await asyncio.gather(*(desk.take(bulk_id) for _ in range(3)))
    assert (await desk.bulk.progress(bulk_id)).issued == 20
    assert [await held(desk, email) for email in emails] == [1] * 20


async def test_what_sells_out_half_way_is_told_line_by_line(desk: OpsStage) -> None:
    plan = await desk.stage.limited(2)
    bulk_id = await finished(desk, csv(*(f"{someone()},{plan},,," for _ in range(4))))
    results = await desk.bulk.results(bulk_id)
    assert [line.state for line in results] == ["issued", "issued", "bad", "bad"]
    assert {line.reason for line in results[2:]} == {"“Limited” is sold out."}


async def test_emails_go_out_when_wished_once_for_each_license(desk: OpsStage) -> None:
    email = someone()
    data, manner = csv(f"{email},pro,12,,"), Manner(send_email=True, place=PLACE)
    bulk_id = await finished(desk, data, manner)
    await finished(desk, data, manner)
    license_id = (await desk.bulk.results(bulk_id))[0].license_id
    assert [(one.to, one.subject_id) for one in desk.stage.letters] == [(email, license_id)]


async def test_progress_is_drawn_at_most_every_second_and_its_end_always(desk: OpsStage) -> None:
    began = asyncio.get_running_loop().time()
    bulk_id = await finished(desk, csv(*(f"{someone()},pro,12,," for _ in range(120)), "x,pro,1,,"))
    seconds = asyncio.get_running_loop().time() - began
    assert (desk.cards[0].state, desk.cards[-1].state) == ("running", "done")
    assert len(desk.drawn) <= seconds + 2
    assert (desk.cards[-1].done, desk.cards[-1].total) == (121, 121)
    second = await started(desk, csv(*(f"{someone()},pro,12,," for _ in range(120))))
    taken = [await desk.take(second) for _ in range(3)]
    assert taken == [AGAIN, AGAIN, GO_ON]
    assert (await desk.bulk.progress(second)).issued == 120
    assert bulk_id != second


async def test_the_message_is_the_same_one_all_the_time(desk: OpsStage) -> None:
    await finished(desk, csv(f"{someone()},pro,12,,", "x,pro,1,,"))
    places = [card.message_ts for card in desk.cards]
    assert places == ["", *["1.1"] * (len(places) - 1)]
    assert [line.number for line in desk.drawn[-1][1]] == [3]


async def test_a_slack_that_is_away_holds_nothing_up_but_the_last_word(desk: OpsStage) -> None:
    desk.away = True
    bulk_id = await started(desk, csv(f"{someone()},pro,12,,"))
    with pytest.raises(Temporary):
        await desk.run(bulk_id)
    assert (await desk.bulk.progress(bulk_id)).issued == 1
    desk.away = False
    await desk.run(bulk_id)
    assert desk.cards[-1].state == "done"
    assert [line.action for line in await desk.lines(bulk_id)] == ["bulk.upload", "bulk.issue"]


async def test_a_job_that_gave_up_says_so_and_the_file_again_issues_the_rest(
    desk: OpsStage,
) -> None:
    emails = [someone() for _ in range(60)]
    data = csv(*(f"{email},pro,12,," for email in emails))
    bulk_id = await started(desk, data)
    await desk.take(bulk_id)
    operation = await desk.operation(bulk_id)
    await desk.operations.failed(operation.id, "1", "abc", Temporary(AWAY, vendor="PostgreSQL"))
    progress = await desk.bulk.progress(bulk_id)
    assert (progress.state, progress.issued, progress.waiting) == ("failed", 50, 10)
    assert progress.reference == "abc"
    second = await desk.bulk.progress(await finished(desk, data))
    assert (second.known, second.issued) == (50, 10)


async def test_a_cancel_is_heard_between_two_lines_and_a_retry_issues_the_rest(
    desk: OpsStage,
) -> None:
    bulk_id = await started(desk, csv(*(f"{someone()},pro,12,," for _ in range(30))))
    operation = await desk.operation(bulk_id)
    work = await desk.operations._begin(operation.id, "1", "issue")
    assert isinstance(work, Work)

    async def report(done: int, total: int) -> bool:
        if done == 3:
            await desk.operations.cancel(desk.operator, operation.id)
        return await work.report(done, total)

    assert await desk.bulk_run.issue(replace(work, report=report)) == More()
    assert await desk.take(bulk_id) == OVER
    stopped = await desk.bulk.progress(bulk_id)
    assert (stopped.state, stopped.issued) == ("failed", 3)
    assert "It was cancelled." in stopped.problem
    await desk.operations.retry(desk.operator, operation.id)
    await desk.run(bulk_id)
    done = await desk.bulk.progress(bulk_id)
    assert (done.state, done.issued, done.problem) == ("done", 30, "")


async def test_a_bulk_without_a_place_in_slack_is_drawn_nowhere(desk: OpsStage) -> None:
    await finished(desk, csv(f"{someone()},pro,12,,"), Manner())
    assert desk.drawn == []


async def test_what_is_not_there_is_said_to_be_missing(desk: OpsStage) -> None:
    with pytest.raises(NotFound):
        await desk.bulk.progress("bulk_x")
    with pytest.raises(NotFound):
        await desk.bulk.results("bulk_x")


async def test_a_preview_nobody_confirms_is_forgotten_with_its_addresses(desk: OpsStage) -> None:
    upload = Upload(pasted=csv(f"{someone()},pro,12,,").decode())
    _, proposal = await desk.uploads.propose(desk.admin, CHANNEL, upload)
    assert len(await desk.bulk.results(proposal.id)) == 1
    assert await desk.operations.of_subject(BULK_ISSUE, proposal.id) is None
    desk.stage.wait(timedelta(days=1, seconds=1))
    await desk.bulk.forget()
    with pytest.raises(NotFound):
        await desk.bulk.results(proposal.id)


async def test_a_deleted_customer_is_gone_from_the_lines_as_well(desk: OpsStage) -> None:
    email = someone()
    data = csv(f"{email},pro,12,,")
    bulk_id = await finished(desk, data)
    customer = await desk.stage.customers.of_email(email)
    assert customer is not None
    await desk.stage.customers.delete(desk.operator, customer.id)
    assert await desk.bulk.results(bulk_id) == ()
    assert [line.state for line in (await desk.bulk.read(data)).lines] == ["ok"]


@pytest.mark.parametrize(
    "upload", [Upload(), Upload(file_id="F1", pasted="x"), Upload(file_id="F2"), Upload(pasted="x")]
)
async def test_an_upload_that_cannot_be_used_is_refused(desk: OpsStage, upload: Upload) -> None:
    desk.files["F2"] = b"PK\x03\x04"
    with pytest.raises(Invalid) as refused:
        await desk.uploads.propose(desk.admin, CHANNEL, upload)
    assert refused.value.field == "csv"


async def test_only_admins_see_the_bad_lines(desk: OpsStage) -> None:
    bulk_id = await finished(desk, csv("x,pro,1,,"))
    assert [line.number for line in await desk.uploads.bad(desk.admin, bulk_id)] == [2]
    with pytest.raises(NotAllowed):
        await desk.uploads.bad(Actor(HOME, f"U{uuid4().hex}"), bulk_id)


async def test_of_five_thousand_lines_each_bad_one_is_told_and_each_good_one_issued_once(
    desk: OpsStage,
) -> None:
    host = someone().replace("@", ".")
    kinds = (
        "{n}@{host},pro,12,,",
        "nobody-{n},pro,12,,",
        "{n}@{host},gold,12,,",
        "{n}@{host},pro,{n},,",
        "{n}@{host},pro,12,bad domain,",
        "0@{host},pro,12,,",
    )
    good, bad = 150, 4_850
    made = [kinds[0].format(n=n, host=host) for n in range(good)]
    made += [kinds[1 + n % 5].format(n=n + 1_000, host=host) for n in range(bad)]
    data = csv(*made)
    bulk_id = await finished(desk, data)
    progress = await desk.bulk.progress(bulk_id)
    assert (progress.total, progress.issued, progress.bad) == (good + bad, good, bad)
    told = await desk.bulk.results(bulk_id, "bad")
    assert [line.number for line in told] == list(range(good + 2, good + bad + 2))
    assert all(line.reason for line in told)
    again = await desk.bulk.progress(await finished(desk, data))
    assert (again.issued, again.known, again.bad) == (0, good, bad)
