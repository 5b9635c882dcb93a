"""Webhooks at Fathom: one for each connected member, and none that nobody wants."""

import asyncio
from datetime import timedelta

from db.store.session import Database
from integrations.errors import AuthExpired, RefusedByVendor, Unreachable
from tests.kit.arrivals_desk import ArrivalsDesk, arrivals_desk
from tests.kit.waiting import until


async def test_a_saved_key_gets_one_webhook_whoever_saves_it_how_often(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.connect()
    assert [key for key, _ in desk.fathom.hooks.values()] == ["key-1"]
    assert desk.fathom.asked == 1
    [hook] = await desk.hooks()
    connection = await desk.connect()
    [(_, address)] = desk.fathom.hooks.values()
    assert address == (f"https://seguito.example/webhooks/fathom/{connection.id}?hook={hook.id}")


async def test_two_processes_at_once_make_one_webhook(desk: ArrivalsDesk) -> None:
    await desk.services.connections.accounts.save_fathom_key(desk.actor, "key-1")
    desk.fathom.gate.clear()
    hooks = desk.services.arrivals.hooks
    several = [asyncio.create_task(hooks.settle(*desk.owner)) for _ in range(4)]
    _, waiting = await asyncio.wait(several, return_when=asyncio.FIRST_COMPLETED)
    desk.fathom.gate.set()
    await asyncio.gather(*several)
    assert waiting
    assert len(desk.fathom.hooks) == desk.fathom.asked == 1


async def test_a_new_key_gets_a_new_webhook_and_the_old_one_goes_with_its_own_key(
    desk: ArrivalsDesk,
) -> None:
    await desk.connect("key-1")
    await desk.connect("key-2")
    assert desk.fathom.deleted == [("key-1", "wh_1")]
    assert [key for key, _ in desk.fathom.hooks.values()] == ["key-2"]


async def test_a_delete_that_failed_is_tried_again(desk: ArrivalsDesk) -> None:
    await desk.connect()
    await desk.services.connections.accounts.forget_fathom(desk.actor)
    desk.fathom.fails = [Unreachable("fathom", "503")]
    await desk.services.arrivals.hooks.settle(*desk.owner)
    assert desk.fathom.hooks
    assert desk.owner not in await desk.services.arrivals.hooks.unsettled()

    desk.now += timedelta(hours=1)
    assert desk.owner in await desk.services.arrivals.hooks.unsettled()
    await desk.services.arrivals.hooks.settle(*desk.owner)
    assert desk.fathom.hooks == {}
    assert await desk.hooks() == []


async def test_a_dead_key_does_not_keep_its_webhook_when_the_new_one_can_delete_it(
    desk: ArrivalsDesk,
) -> None:
    await desk.connect("key-1")
    desk.fathom.deleting_fails = [AuthExpired("fathom", "401")]
    await desk.connect("key-2")
    assert desk.fathom.deleted == [("key-2", "wh_1")]


async def test_a_reply_that_got_lost_leaves_a_webhook_nobody_listens_to(
    desk: ArrivalsDesk,
) -> None:
    desk.fathom.fails = [Unreachable("fathom", "the reply is lost")]
    await desk.connect()
    assert await desk.hooks() == []
    assert desk.owner not in await desk.services.arrivals.hooks.unsettled()
    desk.now += timedelta(minutes=2)
    assert desk.owner in await desk.services.arrivals.hooks.unsettled()
    await desk.services.arrivals.hooks.settle(*desk.owner)
    assert [hook.state for hook in await desk.hooks()] == ["active"]


async def test_a_plan_without_webhooks_is_asked_again_the_next_day_only(desk: ArrivalsDesk) -> None:
    desk.fathom.fails = [RefusedByVendor("fathom", "forbidden")]
    await desk.connect()
    desk.now += timedelta(hours=20)
    assert desk.owner not in await desk.services.arrivals.hooks.unsettled()
    desk.now += timedelta(hours=12)
    assert desk.owner in await desk.services.arrivals.hooks.unsettled()


async def test_a_process_that_died_while_making_one_holds_nobody_up(desk: ArrivalsDesk) -> None:
    await desk.services.connections.accounts.save_fathom_key(desk.actor, "key-1")
    desk.fathom.gate.clear()
    dying = asyncio.create_task(desk.services.arrivals.hooks.settle(*desk.owner))
    await until(lambda: desk.fathom.asked)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    desk.fathom.gate.set()

    desk.now += timedelta(minutes=3)
    assert desk.owner in await desk.services.arrivals.hooks.unsettled()
    await desk.services.arrivals.hooks.settle(*desk.owner)
    assert [hook.state for hook in await desk.hooks()] == ["active"]
    assert len(desk.fathom.hooks) == 1


async def test_an_uninstall_deletes_them_and_a_new_install_brings_them_back(
    desk: ArrivalsDesk,
) -> None:
    await desk.connect()
    desk.slack.gone = True
    assert desk.owner in await desk.services.arrivals.hooks.unsettled()
    await desk.services.arrivals.hooks.settle(*desk.owner)
    assert desk.fathom.hooks == {}
    assert desk.owner not in await desk.services.arrivals.hooks.unsettled()

    desk.slack.gone = False
    assert desk.owner in await desk.services.arrivals.hooks.unsettled()
    await desk.services.arrivals.hooks.settle(*desk.owner)
    assert len(desk.fathom.hooks) == 1


async def test_without_a_public_address_no_webhook_is_asked_for(database: Database) -> None:
    async with arrivals_desk(database, public_url="http://localhost:3000") as desk:
        await desk.connect()
        assert desk.fathom.asked == 0
        assert desk.owner not in await desk.services.arrivals.hooks.unsettled()
