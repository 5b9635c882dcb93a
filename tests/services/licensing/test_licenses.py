"""A license is issued once per request, never beyond the stock, and its key shown to few."""

import asyncio
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from db.store.session import Database, DatabaseUnavailable
from services.errors import Conflict, Invalid, NotFound
from services.licensing.customers import NewCustomer
from services.licensing.license_keys import canonical
from services.licensing.license_terms import Issued, LicenseSearch, Order
from services.licensing.plans import Stock
from tests.kit.license_desk import OPS, LicenseStage, someone

ROOT = Path(__file__).parents[3]


async def test_an_order_becomes_a_license_its_customer_and_lines_in_the_log(
    stage: LicenseStage,
) -> None:
    email = someone()
    order = Order(email.upper(), "PRO", 12, "https://www.Shop.example/", " Ada \n Byron ")
    issued = await stage.licenses.issue(OPS, order, uuid4().hex)
    made = issued.license
    assert (made.email, made.plan, made.status) == (email, "pro", "active")
    assert made.plan_version == (await stage.plans.find("pro")).version
    assert (made.domain, made.key_hint) == ("shop.example", issued.key[-4:])
    assert made.expires_at == datetime(2027, 11, 20, 12, tzinfo=UTC)
    assert canonical(issued.key) == issued.key
    customer = await stage.customers.find(made.customer_id)
    assert (customer.name, customer.status) == ("Ada Byron", "active")
    assert await stage.told(made.id) == ["licenses.issue"]
    assert await stage.told(made.customer_id) == ["customers.create"]
    assert [kind for kind, _ in stage.heard] == ["license.issued"]
    assert issued.key not in str(stage.heard)
    assert await stage.licenses.find(made.id) == made
    assert await stage.licenses.of_key(issued.key.lower()) == made


async def test_a_second_license_goes_to_the_same_customer_under_its_old_name(
    stage: LicenseStage,
) -> None:
    customer = await stage.customers.create(OPS, NewCustomer(someone(), "Ada"))
    order = Order(customer.email, "pro", 1, name="Somebody else")
    first = await stage.licenses.issue(OPS, order, uuid4().hex)
    second = await stage.licenses.issue(OPS, order, uuid4().hex)
    assert first.license.customer_id == second.license.customer_id == customer.id
    assert first.key != second.key
    assert (await stage.customers.find(customer.id)).name == "Ada"


async def test_the_same_request_at_once_and_later_gives_the_same_key(stage: LicenseStage) -> None:
    order, request = Order(someone(), "pro", 12), uuid4().hex
    issued = await asyncio.gather(*(stage.licenses.issue(OPS, order, request) for _ in range(20)))
    stage.wait(timedelta(days=40))
    issued.append(await stage.licenses.issue(OPS, order, request))
    assert len({(one.license.id, one.key) for one in issued}) == 1
    assert await stage.told(issued[0].license.id) == ["licenses.issue"]
    found = await stage.licenses.search(LicenseSearch(customer_id=issued[0].license.customer_id))
    assert len(found) == 1


async def test_a_request_id_is_not_taken_for_another_order(stage: LicenseStage) -> None:
    order, request = Order(someone(), "pro", 12), uuid4().hex
    await stage.licenses.issue(OPS, order, request)
    for other in (Order(someone(), "pro", 12), Order(order.email, "pro", 1)):
        with pytest.raises(Conflict):
            await stage.licenses.issue(OPS, other, request)


async def test_what_rolls_back_was_never_issued(stage: LicenseStage) -> None:
    name, email = await stage.limited(1), someone()

    class PowerCutError(Exception):
        """Ours."""

    async def cut_short() -> None:
        async with stage.database.transaction() as session:
            with stage.database.joined(session):
                await stage.licenses.issue(OPS, Order(email, name, None), uuid4().hex)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        await cut_short()
    assert await stage.plans.stock(name) == Stock(total=1, sold=0)
    assert await stage.customers.of_email(email) is None


@pytest.mark.process
@pytest.mark.parametrize(("moment", "sold"), [("before", 0), ("after", 1)])
async def test_a_process_killed_while_issuing_leaves_all_or_nothing(
    stage: LicenseStage, moment: str, sold: int
) -> None:
    name, request, email = await stage.limited(2), uuid4().hex, someone()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.kit.license_crash", stage.database.url),
        *(request, email, name, moment),
        cwd=ROOT,
    )
    assert await process.wait() == -signal.SIGKILL
    assert await stage.plans.stock(name) == Stock(total=2, sold=sold)
    assert (await stage.customers.of_email(email) is not None) == bool(sold)
    again = await stage.licenses.issue(OPS, Order(email, name, None), request)
    assert await stage.plans.stock(name) == Stock(total=2, sold=1)
    assert await stage.told(again.license.id) == ["licenses.issue"]
    assert await stage.licenses.of_key(again.key) == again.license


async def test_two_hundred_at_once_never_oversell_the_founders(stage: LicenseStage) -> None:
    name = await stage.limited(50)
    other_process = LicenseStage(stage.database)

    async def buy(number: int) -> Issued | Conflict:
        shop = stage if number % 2 else other_process
        try:
            return await shop.issue(name, None)
        except Conflict as refused:
            return refused

    bought: list[Issued | Conflict] = []
    # The tests' pool has ten connections and waits ten seconds for one.
    for start in range(0, 200, 50):
        bought += await asyncio.gather(*(buy(start + number) for number in range(50)))
    assert sum(isinstance(one, Issued) for one in bought) == 50
    refused = [one for one in bought if isinstance(one, Conflict)]
    assert {one.sentence("en") for one in refused} == {"“Limited” is sold out."}
    assert await stage.plans.stock(name) == Stock(total=50, sold=50)


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order("nobody", "pro", 12), "email"),
        (Order("a@b.example", "gold", 12), "plan"),
        (Order("a@b.example", "pro", None), "months"),
        (Order("a@b.example", "pro", 0), "months"),
        (Order("a@b.example", "pro", 121), "months"),
        (Order("a@b.example", "founders", 12), "months"),
        (Order("a@b.example", "pro", 12, "not a domain"), "domain"),
        (Order("a@b.example", "pro", 12, key="CHA-1"), "key"),
    ],
)
async def test_an_order_that_cannot_be_is_refused_by_its_field(
    stage: LicenseStage, order: Order, field: str
) -> None:
    for verb in (stage.licenses.check(order), stage.licenses.issue(OPS, order, uuid4().hex)):
        with pytest.raises(Invalid) as refused:
            await verb
        assert refused.value.field == field


async def test_checking_an_order_writes_nothing(stage: LicenseStage) -> None:
    email = someone()
    checked = await stage.licenses.check(Order(f" {email.upper()}", " Pro", 3, "WWW.a.example:80"))
    assert checked == Order(email, "pro", 3, "a.example")
    assert await stage.customers.of_email(email) is None


async def test_a_lifetime_license_never_ends(stage: LicenseStage) -> None:
    name = await stage.limited(1)
    issued = await stage.issue(name, None)
    stage.wait(timedelta(days=36_500))
    found = await stage.licenses.find(issued.license.id)
    assert (found.expires_at, found.status) == (None, "active")


async def test_an_older_key_is_taken_over_once(stage: LicenseStage) -> None:
    older = "-".join(["CHA", *(uuid4().hex[:4].upper() for _ in range(4))])
    order = Order(someone(), "pro", 1, key=older.lower())
    issued = await stage.licenses.issue(OPS, order, uuid4().hex)
    assert issued.key == older
    assert await stage.licenses.of_key(older) == issued.license
    with pytest.raises(Conflict):
        await stage.licenses.issue(OPS, order, uuid4().hex)


async def test_the_key_is_not_in_the_database_as_people_read_it(stage: LicenseStage) -> None:
    issued = await stage.issue()
    connection = await asyncpg.connect(stage.database.url)
    row = await connection.fetchrow("SELECT * FROM licenses WHERE id = $1", issued.license.id)
    await connection.close()
    assert issued.key not in str(row)
    assert issued.key.encode() not in row["key"]


async def test_showing_the_key_is_audited(stage: LicenseStage) -> None:
    issued = await stage.issue()
    assert await stage.licenses.key(OPS, issued.license.id) == issued.key
    lines = await stage.lines(issued.license.id)
    assert lines[-1].action == "licenses.reveal"
    assert lines[-1].operator == OPS
    assert issued.key not in str(lines)
    with pytest.raises(NotFound):
        await stage.licenses.key(OPS, "lic_gone")


async def test_a_double_click_delivers_one_letter_and_a_later_wish_another(
    stage: LicenseStage,
) -> None:
    issued = await stage.issue()
    for _ in range(2):
        await stage.licenses.deliver(OPS, issued.license.id)
    assert [(one.kind, one.to) for one in stage.letters] == [
        ("license.delivery", issued.license.email)
    ]
    stage.wait(timedelta(minutes=5))
    await stage.licenses.deliver(OPS, issued.license.id)
    assert len(stage.letters) == 2
    for _ in range(2):
        await stage.licenses.deliver(OPS, issued.license.id, request_id="job-1")
    assert len(stage.letters) == 3


async def test_licenses_are_searched_by_words_plan_and_status_of_the_moment(
    stage: LicenseStage,
) -> None:
    short = (await stage.issue("starter", 1, "one.example")).license
    same = (await stage.issue("pro", 12, email=short.email)).license
    mine = LicenseSearch(words=short.email[:20])
    assert [one.id for one in await stage.licenses.search(mine)] == sorted(
        [short.id, same.id], reverse=True
    )
    only = LicenseSearch(words=f"{short.email[:20]} one.example")
    assert await stage.licenses.search(only) == (short,)
    customer = short.customer_id
    starter = await stage.licenses.search(LicenseSearch(customer_id=customer, plan="starter"))
    assert starter == (short,)
    stage.wait(timedelta(days=60))
    for status, expected in (("expired", short.id), ("active", same.id)):
        found = await stage.licenses.search(LicenseSearch(customer_id=customer, status=status))
        assert [(one.id, one.status) for one in found] == [(expected, status)]
    first = await stage.licenses.search(LicenseSearch(customer_id=customer, limit=1))
    rest = await stage.licenses.search(LicenseSearch(customer_id=customer, after=first[0].id))
    assert {first[0].id, *(one.id for one in rest)} == {short.id, same.id}


async def test_a_database_away_is_said_so_and_issues_nothing(stage: LicenseStage) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none", stage.database.vault, pool_size=1)
    elsewhere = LicenseStage(away)
    with pytest.raises(DatabaseUnavailable):
        await elsewhere.issue()
    await away.dispose()
