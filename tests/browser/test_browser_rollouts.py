"""SQL over twenty tenants in a real browser: to the end, halted, mended, and back."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest_asyncio
from playwright.async_api import Locator, expect

from bot.wiring.foundation import now
from db.store.session import Database
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from integrations.sandbox.supabase_management.vendor import SupabaseProjects
from services import Services
from services.actors import Operator
from services.tenants import DELETED, Tenant, Tenants, TenantTerms
from tests.browser.panel import Panel
from tests.kit.wired import foundation, wired

MANY = 20
PATIENCE_SECONDS = 240
PATIENCE_MS = PATIENCE_SECONDS * 1000
# The sandbox takes no press of a button that is not in the message any more.
DRAWN_ANEW = 409
FORM, BACK_FORM = "rollouts.form", "rollouts.roll_back_form"
# What a busy machine makes the form say; whoever reads it presses again.
LATE = re.compile("could not be read in time|Try again")
ADA = Operator("slack", "T0HOME:U0ADA", "Ada")
TABLE = "CREATE TABLE parcels (number int, customer text)"
INDEX = "CREATE UNIQUE INDEX parcels_number ON parcels (number)"
TWICE = "INSERT INTO parcels VALUES (7, 'Rossi'), (7, 'Bianchi')"
ONCE = "UPDATE parcels SET number = 8 WHERE customer = 'Bianchi'"
HAS_TABLE, HAS_INDEX = (
    f"SELECT to_regclass('{name}') IS NOT NULL" for name in ("parcels", "parcels_number")
)


@pytest_asyncio.fixture
async def inside(database: Database) -> AsyncIterator[Services]:
    """The same services in this process; what they start, the program runs."""
    async with wired(foundation(database)) as product:
        yield product.services


@pytest_asyncio.fixture
async def tenants(
    panel: Panel, sandbox: Sandbox, ada: Visitor, inside: Services, database: Database
) -> AsyncIterator[list[Tenant]]:
    """Twenty companies made by a click, in the order of their short names; gone afterwards."""
    before = {one.id async for one in inside.tenants.directory.every()}
    sandbox.of(SupabaseProjects).store.lasts = 0.2
    await in_ops(panel, sandbox, ada)
    pane = await panel.look_at("supabase_management")
    await pane.get_by_label("Companies that become tenants now").fill(str(MANY))
    await pane.get_by_role("button", name="Make tenants").click()
    await expect(pane).to_contain_text(f"{MANY} asked for", timeout=PATIENCE_MS)
    yield await ready(inside, before)
    await forget(inside, database, before)


async def in_ops(panel: Panel, sandbox: Sandbox, ada: Visitor) -> None:
    """Ada goes to the ops channel."""
    channel = next(c for c in sandbox.world.home.channels if c.is_ops)
    await panel.enter(ada.team.id, ada.id, channel.id)


async def ready(inside: Services, before: set[str]) -> list[Tenant]:
    """The new tenants, once all of them are ready."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            new = [one async for one in inside.tenants.directory.every() if one.id not in before]
            if len(new) >= MANY and all(one.is_usable for one in new):
                return sorted(new, key=lambda one: one.slug)
            await asyncio.sleep(0.3)


async def forget(inside: Services, database: Database, before: set[str]) -> None:
    """Delete the new tenants and their databases, without the days to take it back."""

    async def nobody_is_told(*_: object) -> None:
        return None

    terms = TenantTerms("supabase", "unused-", cool_off=timedelta(0))
    directory = Tenants(database, inside.operations, nobody_is_told, terms, now)
    new = [one async for one in directory.every() if one.id not in before]
    for one in new:
        await directory.delete(ADA, one.id, one.slug or one.id)
    async with asyncio.timeout(PATIENCE_SECONDS):
        for one in new:
            # The fact is another process's.
            while (await directory.get(one.id)).state != DELETED:  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.2)


@asynccontextmanager
async def database_of(inside: Services, tenant: Tenant) -> AsyncIterator[Any]:
    """A connection to the tenant's own database, as its people have one."""
    parts = await inside.tenants.directory.parts(tenant.id)
    connection = await asyncpg.connect(
        host=parts.address or parts.host,
        port=parts.port,
        user=parts.user,
        password=parts.password.get_secret_value(),
        database=parts.database,
    )
    try:
        yield connection
    finally:
        await connection.close()


async def held(inside: Services, tenants: list[Tenant], query: str) -> set[object]:
    """The different answers of all tenants' databases."""
    answers = set()
    for one in tenants:
        async with database_of(inside, one) as connection:
            answers.add(await connection.fetchval(query))
    return answers


async def asked(panel: Panel, version: str, up: str, down: str, tenants: list[Tenant]) -> Locator:
    """The form filled in and sent; the rollout's card once it was tried on copies."""
    await panel.command("/tenant-migrate")
    await expect(panel.modal(FORM)).to_be_visible()
    await panel.field("Version").fill(version)
    await panel.field("SQL (optional)").fill(up)
    await panel.field("SQL of the way back (optional)").fill(down)
    await panel.field("Only these tenants (optional)").fill(" ".join(one.slug for one in tenants))
    await panel.field("Tenant that goes first (optional)").fill(tenants[0].slug)
    await panel.field("Watch the first tenant for").fill("1h")
    await panel.field("Watch each wave for").fill("1s")
    await send(panel)
    card = panel.messages.filter(has_text=f"Rollout {version}").filter(has_text="proposed by")
    await expect(card).to_contain_text("Tried on a copy", timeout=PATIENCE_MS)
    return card


async def send(panel: Panel) -> None:
    """Press until the SQL was read in time: on a busy machine the form may ask once more."""
    modal = panel.modal(FORM)
    late = modal.get_by_text(LATE)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await panel.submit()
        while await modal.count():
            if await late.count() and await panel.submit_button.is_enabled():
                await panel.submit()
            await asyncio.sleep(0.5)


async def press(panel: Panel, card: Locator, label: str, *, sure: bool = False) -> None:
    """A button of the card, and the yes to its question; again when it was just drawn anew."""
    yes = panel.page.get_by_role("alertdialog").get_by_role("button", name=label)
    buttons = [card.get_by_role("button", name=label), *([yes] if sure else [])]
    status = DRAWN_ANEW
    while status == DRAWN_ANEW:
        async with panel.page.expect_response("**/panel/api/action") as answered:
            for one in buttons:
                await one.click()
        status = (await answered.value).status


async def start(panel: Panel, card: Locator) -> None:
    """*Start*; then the first tenant is watched."""
    await press(panel, card, "Start", sure=True)
    await expect(card).to_contain_text("watching wave 1", timeout=PATIENCE_MS)
    await expect(card).to_contain_text("done: 1")


async def test_twenty_tenants_get_it_in_waves_halt_are_mended_and_go_back(
    panel: Panel, inside: Services, tenants: list[Tenant], complaints: list[str]
) -> None:
    first, second = f"a{uuid4().hex[:6]}", f"b{uuid4().hex[:6]}"
    card = await asked(panel, first, TABLE, "DROP TABLE parcels", tenants)
    await start(panel, card)
    assert await held(inside, tenants[:1], HAS_TABLE) == {True}
    assert await held(inside, tenants[1:], HAS_TABLE) == {False}
    await press(panel, card, "Watched enough")
    await expect(card).to_contain_text("finished", timeout=PATIENCE_MS)
    await expect(card).to_contain_text("20 of 20")
    assert await held(inside, tenants, HAS_TABLE) == {True}

    # Two parcels of one number, at one tenant only.
    broken = tenants[-1]
    async with database_of(inside, broken) as connection:
        await connection.execute(TWICE)
    halting = await asked(panel, second, INDEX, "DROP INDEX parcels_number", tenants)
    await start(panel, halting)
    await press(panel, halting, "Watched enough")
    await expect(halting).to_contain_text("halted", timeout=PATIENCE_MS)
    await expect(halting).to_contain_text(broken.slug)
    await expect(halting).to_contain_text("could not create unique index")
    async with database_of(inside, broken) as connection:
        await connection.execute(ONCE)
    await press(panel, halting, "Retry failed")
    await expect(halting).to_contain_text("finished", timeout=PATIENCE_MS)
    assert await held(inside, tenants, HAS_INDEX) == {True}
    await press(panel, halting, "Roll back")
    await expect(panel.modal(BACK_FORM)).to_be_visible()
    await panel.submit()
    await expect(halting).to_contain_text("rolled back: 20", timeout=PATIENCE_MS)
    assert await held(inside, tenants, HAS_INDEX) == {False}

    # The way back of the first one destroys: only who types the version goes it.
    await press(panel, card, "Roll back")
    await panel.submit()
    await expect(panel.modal(BACK_FORM).get_by_role("alert")).to_be_visible()
    await panel.field(f"Type {first}").fill(first)
    await panel.submit()
    await expect(card).to_contain_text("rolled back: 20", timeout=PATIENCE_MS)
    assert await held(inside, tenants, HAS_TABLE) == {False}
    # Chromium tells of every press that met a card which was just drawn anew.
    complaints[:] = [one for one in complaints if str(DRAWN_ANEW) not in one]


async def test_bad_sql_is_refused_at_its_field_with_line_and_column(
    panel: Panel, sandbox: Sandbox, ada: Visitor
) -> None:
    await in_ops(panel, sandbox, ada)
    await panel.command("/tenant-migrate")
    await expect(panel.modal(FORM)).to_be_visible()
    await panel.field("Version").fill(f"c{uuid4().hex[:6]}")
    await panel.field("SQL (optional)").fill("ALTER TABLE parcels\n  ADD COLUM weight int")
    refused = panel.modal(FORM).get_by_role("alert")
    await panel.submit()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await refused.count() == 0 or await refused.get_by_text(LATE).count():
            if await refused.count() and await panel.submit_button.is_enabled():
                await panel.submit()
            await asyncio.sleep(0.5)
    await expect(refused).to_contain_text("line 2")
    await expect(refused).to_contain_text("column 20")
    assert "int" in await panel.field("SQL (optional)").input_value()
