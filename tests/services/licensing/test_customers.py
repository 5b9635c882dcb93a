"""Customers: one per address, found again, blocked with all they hold, and forgotten wholly."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
import pytest_asyncio

from db.store.session import Database
from services.errors import Conflict, Invalid, NotFound
from services.licensing.customers import BLOCKED, CustomerChanges, NewCustomer, called, email_of
from services.licensing.domains import Domain
from services.licensing.license_terms import LicenseSearch
from tests.kit.license_desk import OPS, LicenseStage, someone
from tests.kit.validation_desk import heard_until_now


@pytest_asyncio.fixture
async def stage(database: Database) -> LicenseStage:
    return LicenseStage(database)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        (" You@Example.COM ", "you@example.com"),
        ("a.b+c@sub.example.co.uk", "a.b+c@sub.example.co.uk"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("rhea@i❤.ws", "rhea@xn--i-7iq.ws"),
        ("\u200bada@shop.example\u00a0", "ada@shop.example"),
    ],
)
def test_an_address_is_lower_case_and_ascii(text: str, email: str) -> None:
    assert email_of(text) == email


@pytest.mark.parametrize(
    "text",
    [
        *("", "you", "@example.com", "you@", "you@example", "a@b@example.com", "a..b@example.com"),
        *("you@example.com\r\nBcc: all@example.com", "you@example.com\n", "<you@example.com>"),
        *("you,me@example.com", "a b@example.com", "ä@example.com", "you@-example.com"),
        *("a" * 65 + "@example.com", "a@" + "b" * 250 + ".com", "you@[127.0.0.1]", "you@8.8.8.8"),
        "ä" * 1_000_000,
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        email_of(text)
    assert refused.value.field == "email"


async def test_a_customer_is_kept_found_and_searched(stage: LicenseStage) -> None:
    email = someone()
    made = await stage.customers.create(OPS, NewCustomer(email.upper(), " Ada \n Byron ", " vip "))
    assert (made.email, made.name, made.notes, made.status) == (email, "Ada Byron", "vip", "active")
    assert await stage.customers.find(made.id) == made
    assert await stage.customers.of_email(f" {email.upper()}") == made
    assert await stage.customers.search(f"{email[:12]} BYRON") == (made,)
    assert await stage.customers.search(f"{email[:12]} %") == ()
    assert await stage.told(made.id) == ["customers.create"]


async def test_without_a_name_it_is_the_addresss_local_part(stage: LicenseStage) -> None:
    email = someone()
    made = await stage.customers.create(OPS, NewCustomer(email))
    assert made.name == email.partition("@")[0]


async def test_an_address_belongs_to_one_customer_only(stage: LicenseStage) -> None:
    email = someone()
    made = await asyncio.gather(
        *(stage.customers.create(OPS, NewCustomer(email)) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(one, Conflict) for one in made) == 7
    other = await stage.customers.create(OPS, NewCustomer(someone()))
    with pytest.raises(Conflict):
        await stage.customers.update(OPS, other.id, CustomerChanges(email=email))
    assert (await stage.customers.find(other.id)).email == other.email


async def test_pages_follow_one_another_without_gap(stage: LicenseStage) -> None:
    mark = someone()[:10]
    made = []
    for number in range(5):
        stage.wait(timedelta(seconds=number % 2))
        made.append(await stage.customers.create(OPS, NewCustomer(f"{mark}{number}@a.example")))
    pages, after = [], ""
    while page := await stage.customers.search(mark, limit=2, after=after):
        pages.extend(page)
        after = page[-1].id
    assert sorted(one.id for one in pages) == sorted(one.id for one in made)
    assert [one.created_at for one in pages] == sorted(
        (one.created_at for one in made), reverse=True
    )
    with pytest.raises(Invalid):
        await stage.customers.search(after="cus_gone")


async def test_a_change_is_audited_without_the_address(stage: LicenseStage) -> None:
    email, newer = someone(), someone()
    made = await stage.customers.create(OPS, NewCustomer(email, "Ada"))
    changed = await stage.customers.update(OPS, made.id, CustomerChanges(email=newer, name=""))
    assert (changed.email, changed.name) == (newer, newer.partition("@")[0])
    await stage.customers.update(OPS, made.id, CustomerChanges(email=newer))
    lines = await stage.lines(made.id)
    assert [line.action for line in lines] == ["customers.create", "customers.update"]
    assert '"changed":["email","name"]' in lines[1].after
    written = "".join(line.before + line.after for line in lines)
    assert email not in written
    assert newer not in written
    with pytest.raises(Invalid):
        await stage.customers.update(OPS, made.id, CustomerChanges(status="gone"))


async def test_blocking_tells_every_process_about_all_licenses(stage: LicenseStage) -> None:
    issued = await stage.issue()
    heard: list[str] = []
    connection = await asyncpg.connect(stage.database.url)
    await connection.add_listener("license_changed", lambda *told: heard.append(told[-1]))
    customer = issued.license.customer_id
    await stage.customers.update(OPS, customer, CustomerChanges(status=BLOCKED))
    await heard_until_now(connection, heard)
    await connection.close()
    assert len(heard) == 1
    with pytest.raises(Conflict):
        await stage.issue(email=issued.license.email)


async def test_a_deleted_customer_leaves_only_the_audit_log(stage: LicenseStage) -> None:
    issued = await stage.issue(domain="shop.example")
    held = issued.license
    await stage.sites.activate(held.id, Domain.read("shop.example"))
    window = "INSERT INTO usage_months VALUES ($1, '2026-11-01', 0, 0, 0, 0, 0, 0)"
    provider = "INSERT INTO provider_keys VALUES ($1, 'openai', 'sealed', 'hint', now())"
    connection = await asyncpg.connect(stage.database.url)
    await connection.execute(window, held.id)
    await connection.execute(provider, held.customer_id)
    await stage.customers.delete(OPS, held.customer_id)
    for table, owner in (("usage_months", held.id), ("provider_keys", held.customer_id)):
        left = f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%' || $1 || '%'"  # noqa: S608 - names from here
        assert await connection.fetchval(left, owner) == 0
    await connection.close()
    with pytest.raises(NotFound):
        await stage.customers.find(held.customer_id)
    with pytest.raises(NotFound):
        await stage.licenses.find(held.id)
    assert await stage.licenses.of_key(issued.key) is None
    assert await stage.sites.listed(held.id) == ()
    assert await stage.licenses.search(LicenseSearch(customer_id=held.customer_id)) == ()
    assert "customers.delete" in await stage.told(held.customer_id)
    with pytest.raises(NotFound):
        await stage.customers.delete(OPS, held.customer_id)
    again = await stage.issue(email=held.email)
    assert again.license.customer_id != held.customer_id


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("marta", "marta@shop.example", "Marta"),
        ("marta.de-rossi", "marta.de-rossi@shop.example", "Marta De Rossi"),
        ("olga+shop", "olga+shop@shop.example", "Olga"),
        ("Ada Byron", "ada@shop.example", "Ada Byron"),
        ("van Gogh", "vincent@shop.example", "van Gogh"),
        ("_", "_@shop.example", "_"),
    ],
)
def test_a_customer_is_called_as_names_are_written(name: str, email: str, expected: str) -> None:
    assert called(name, email) == expected
