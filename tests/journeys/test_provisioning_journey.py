"""Provisioning by the real program: from Slack with a live card, and killed after every step."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

from sqlalchemy import text

from db.store.session import Database
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from services import Services
from services.actors import Operator
from services.users import NewUser
from tests.journeys.ledger import Ledger
from tests.journeys.provisioned import RECOVERY, has_all_once, provisioned
from tests.journeys.steps import message
from tests.kit.product import Product

OPS = "C0OPS"
ADMIN = Operator("admin_key", "k")
STEP = text("""
SELECT s.name FROM operation_steps AS s JOIN operations AS o ON o.id = s.operation_id
WHERE o.subject_id = :user AND s.name = :name FOR UPDATE OF s
""")
WAITERS = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
LOCKED_STEPS = ("confirmation", "profile", "credits", "mapping", "mirror", "active")


def new() -> NewUser:
    """Somebody nobody knows."""
    return NewUser(f"{uuid4().hex}@example.com")


async def blocked(database: Database, waiters: int) -> None:
    """Until so many wait for a lock."""
    async with asyncio.timeout(RECOVERY), database.sessions() as session:
        while (await session.execute(WAITERS)).scalar_one() < waiters:  # noqa: ASYNC110 - the fact is another process's
            await asyncio.sleep(0.1)


async def test_somebody_is_provisioned_from_slack_with_a_live_card(
    ada: Visitor, inside: Services, database: Database, sandbox: Sandbox
) -> None:
    asked = new()
    assert (await ada.command(f"/provision-user {asked.email} credits=100", OPS)).ok
    preview = await message(ada, "Provision this user?")
    assert preview.only_for_me
    assert await inside.users.accounts.of_email(asked.email) is None
    await ada.click("users.confirm")
    card = await message(ada, "has 100 credits", within=RECOVERY)
    assert not card.only_for_me
    user = await inside.users.accounts.of_email(asked.email)
    assert user is not None
    await has_all_once(inside, database, sandbox, user)


async def test_a_dry_run_gives_nothing_and_others_are_refused(
    ada: Visitor, sam: Visitor, inside: Services
) -> None:
    asked = new()
    await ada.command(f"/provision-user {asked.email} --dry-run", OPS)
    assert await message(ada, "Dry run")
    await ada.command(f"/provision-user {asked.email}", "C0GENERAL")
    assert await message(ada, "works in the ops channel only")
    await sam.command(f"/provision-user {asked.email}", OPS)
    assert await message(sam, "Only ops admins")
    assert await inside.users.accounts.of_email(asked.email) is None


async def test_what_cannot_be_provisioned_is_a_card_with_its_reason_and_retry_mends_it(
    ada: Visitor, inside: Services, database: Database, sandbox: Sandbox, ledger: Ledger
) -> None:
    ledger.plan(Fault("openrouter", "keys.create", "status", status=400))
    asked = new()
    await ada.command(f"/provision-user {asked.email}", OPS)
    await message(ada, "Provision this user?")
    await ada.click("users.confirm")
    assert await message(ada, "OpenRouter refused to make the key", within=RECOVERY)
    user = await inside.users.accounts.of_email(asked.email)
    assert user is not None
    assert user.status == "failed"
    await ada.click("operations.retry")
    assert await message(ada, "has 100 credits", within=RECOVERY)
    await has_all_once(inside, database, sandbox, user)


async def test_reconcile_tells_what_it_found(ada: Visitor) -> None:
    await ada.command("/provision-user reconcile", OPS)
    assert await message(ada, "The result comes to the channel")
    assert await message(ada, "Users, keys and credits compared", within=RECOVERY)


async def test_a_kill_within_any_step_leaves_credits_once_and_one_key(
    product: Product, inside: Services, database: Database, sandbox: Sandbox, ledger: Ledger
) -> None:
    # Each is held where it begins another step, which is after the step before it.
    hold = ledger.plan(Fault("supabase", "admin.users.get", "slow", seconds=2, times=8))
    users = [await inside.users.accounts.create_by_admin(ADMIN, new()) for _ in range(8)]
    asking = ledger.plan(Fault("openrouter", "keys.create", "slow", seconds=1, times=1))
    async with AsyncExitStack() as held:
        for user, name in zip(users, LOCKED_STEPS, strict=False):
            session = await held.enter_async_context(database.sessions())
            found = await session.execute(STEP, {"user": user.id, "name": name})
            assert found.scalars().all() == [name]
            held.push_async_callback(session.rollback)
        await ledger.spoiled(hold)
        # One asks OpenRouter at this moment; its key is made, and our write never is.
        await ledger.spoiled(asking)
        await blocked(database, len(LOCKED_STEPS))
        product.kill()
    await product.start()
    for user in users:
        await provisioned(inside, user)
    for user in users:
        await has_all_once(inside, database, sandbox, user)


async def test_an_answer_lost_by_the_wire_leaves_one_key(
    product: Product, inside: Services, database: Database, sandbox: Sandbox, ledger: Ledger
) -> None:
    ledger.plan(Fault("openrouter", "keys.create", "lost_reply"))
    user = await inside.users.accounts.create_by_admin(ADMIN, new())
    await provisioned(inside, user)
    await has_all_once(inside, database, sandbox, user)


async def test_a_burst_of_sign_ups_while_openrouter_refuses_every_other_time(
    product: Product, inside: Services, database: Database, sandbox: Sandbox, ledger: Ledger
) -> None:
    ledger.plan(Fault("openrouter", "keys.create", "busy", times=None))
    users = [await inside.users.accounts.create_by_admin(ADMIN, new()) for _ in range(60)]
    for user in users:
        await provisioned(inside, user, within=2 * RECOVERY)
    ledger.mend()
    for user in users:
        await has_all_once(inside, database, sandbox, user)
