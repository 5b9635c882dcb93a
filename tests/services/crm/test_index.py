"""What is typed is found in the workspace's own copy of its CRM, and nowhere else."""

from uuid import uuid4

import pytest
import pytest_asyncio

from db.store.session import Database
from services.actors import Actor
from services.crm.entries import keep
from services.crm.index import CrmIndex, CrmQuery
from services.crm.port import Account, Contact, Deal

ACCOUNTS = (
    Account("a1", "Hartwell Logistics", ("hartwell.example",)),
    Account("a2", "Società Agricola Montefósco", ("montefosco.example", "shop.example")),
    Account("a3", "O'Neill & Søn", ("oneill.example",)),
)
CONTACTS = (
    Contact("c1", "Giulia Bertolini", ("g.bertolini@montefosco.example",), "CEO", "a2"),
    Contact("c2", "José Núñez", ("jose@hartwell.example", "jn@old.example"), "Buyer", "a1"),
    Contact("c3", "Marta D'Angelo", (), "", ""),
    Contact("c4", "Martina Rossi", ("martina@hartwell.example",), "", "a1"),
)
DEALS = (
    Deal("d1", "Rollout", "a1", "negotiation", "default"),
    Deal("d2", "Old rollout", "a1", "won", "default", closed=True, won=True),
)


@pytest.fixture
def ada() -> Actor:
    return Actor(f"T{uuid4().hex[:8]}", "U1")


@pytest_asyncio.fixture
async def index(database: Database, ada: Actor) -> CrmIndex:
    await fill(database, ada.workspace_id)
    return CrmIndex(database)


async def fill(database: Database, workspace_id: str) -> None:
    async with database.transaction() as session:
        await keep(session, workspace_id, "account", ACCOUNTS, seen=1)
        await keep(session, workspace_id, "contact", CONTACTS, seen=1)
        await keep(session, workspace_id, "deal", DEALS, seen=1)


async def names(index: CrmIndex, actor: Actor, words: str) -> list[str]:
    return [hit.name for hit in await index.search(actor, CrmQuery(words))]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("giu", "Giulia Bertolini"),
        ("BERTOL", "Giulia Bertolini"),
        ("nunez", "José Núñez"),
        ("José Nú", "José Núñez"),
        ("montefosco", "Società Agricola Montefósco"),
        ("societa montef", "Società Agricola Montefósco"),
        ("son", "O'Neill & Søn"),
        ("oneill", "O'Neill & Søn"),
        ("d'angelo", "Marta D'Angelo"),
        ("dangelo", "Marta D'Angelo"),
        ("jose@hart", "José Núñez"),
        ("jn@old.example", "José Núñez"),
        ("hartwell.ex", "Hartwell Logistics"),
        ("hartwell mart", "Martina Rossi"),
        ("m", "Marta D'Angelo"),
    ],
)
async def test_what_is_typed_is_found_by_name_address_and_company(
    index: CrmIndex, ada: Actor, typed: str, first: str
) -> None:
    assert (await names(index, ada, typed))[0] == first


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bertoloni", "Giulia Bertolini"),
        ("betrolini", "Giulia Bertolini"),
        ("brtolin", "Giulia Bertolini"),
        ("giulia bertlini", "Giulia Bertolini"),
        ("hartwel logstics", "Hartwell Logistics"),
        ("martna", "Martina Rossi"),
    ],
)
async def test_a_mistyped_name_is_found_all_the_same(
    index: CrmIndex, ada: Actor, typed: str, found: str
) -> None:
    assert found in await names(index, ada, typed)


async def test_exact_hits_come_before_what_is_merely_near(index: CrmIndex, ada: Actor) -> None:
    assert await names(index, ada, "marta") == ["Marta D'Angelo", "Martina Rossi"]


async def test_two_workspaces_never_mix(index: CrmIndex, ada: Actor, database: Database) -> None:
    stranger = Actor(f"{ada.workspace_id}x", "U1")
    assert await names(index, stranger, "giulia") == []
    assert await names(index, stranger, "betrolini") == []
    assert await index.account(stranger, "a1") is None
    assert await index.accounts(stranger, "hartwell.example") == ()
    await fill(database, stranger.workspace_id)
    assert await names(index, ada, "giulia") == ["Giulia Bertolini"]


@pytest.mark.parametrize(
    "typed", ["", " ", "'", "\\", "a' | b:*", "%", "_", "((", "!&|", "@", "x" * 500]
)
async def test_whatever_is_typed_breaks_nothing(index: CrmIndex, ada: Actor, typed: str) -> None:
    assert len(await index.search(ada, CrmQuery(typed))) <= 20


async def test_a_hit_says_title_and_company(index: CrmIndex, ada: Actor) -> None:
    [hit] = await index.search(ada, CrmQuery("nunez"))
    assert (hit.kind, hit.id, hit.title, hit.account, hit.email) == (
        "contact", "c2", "Buyer", "Hartwell Logistics", "jose@hartwell.example",
    )  # fmt: skip


async def test_one_company_only_when_it_is_asked_for(index: CrmIndex, ada: Actor) -> None:
    found = await index.search(ada, CrmQuery("mar", ("contact",), account_id="a1"))
    assert [hit.id for hit in found] == ["c4"]
    everyone = await index.search(ada, CrmQuery("", ("contact",), account_id="a1"))
    assert [hit.id for hit in everyone] == ["c2", "c4"]


async def test_a_renamed_company_is_found_with_its_people(
    index: CrmIndex, ada: Actor, database: Database
) -> None:
    async with database.transaction() as session:
        renamed = (Account("a1", "Zephyr Freight", ("zephyr.example",)),)
        await keep(session, ada.workspace_id, "account", renamed, seen=1)
    assert {hit.id for hit in await index.search(ada, CrmQuery("zephyr"))} == {"a1", "c2", "c4"}
    assert await index.accounts(ada, "hartwell.example") == ()
    assert [one.id for one in await index.accounts(ada, "zephyr.example")] == ["a1"]


async def test_open_deals_are_those_that_are_not_over(index: CrmIndex, ada: Actor) -> None:
    assert [deal.id for deal in await index.open_deals(ada, "a1")] == ["d1"]
    assert [one.id for one in await index.contacts(ada, "a1")] == ["c2", "c4"]


async def test_a_record_that_is_gone_is_offered_no_longer(index: CrmIndex, ada: Actor) -> None:
    await index.gone(ada, "account", "a2")
    assert "a2" not in {hit.id for hit in await index.search(ada, CrmQuery("societa"))}
    assert await index.accounts(ada, "shop.example") == ()
