"""Where an answer goes when the usual place is taken, gone, or not there."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from aiohttp import web
from slack_sdk.errors import SlackApiError

from db.store.session import Database
from handlers.slack import connections
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click
from handlers.slack.outbound.reach import code_of
from services import Services
from services.actors import Actor
from services.errors import Temporary
from tests.kit.door_listeners import TIRED, failing, simple
from tests.kit.door_stage import ADA, click, stage, submission, view

THIRD = {"root_view_id": "V1", "previous_view_id": "V2"}
AT_HOME = {"type": "home", "id": "V0HOME", "root_view_id": "V0HOME", "callback_id": ""}


async def push(turn: Turn, payload: Any) -> None:
    """A listener that shows one more modal."""
    await turn.push(simple("One more"))
    await turn.ack()


async def test_a_fourth_modal_takes_the_place_of_the_third(database: Database) -> None:
    async with stage(database) as s:
        s.listeners.action("press", push)
        s.listeners.view("form", push)
        await s.interact(click(view=view(**THIRD)))
        await s.settled()
        assert s.fake.named("views.push") == []
        assert s.fake.named("views.update")[0]["view_id"] == "V0FORM"
        answer = (await s.interact(submission(view=view(**THIRD)))).json
        assert answer["response_action"] == "update"


async def test_a_failure_on_the_third_modal_leaves_what_was_typed_there(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.listeners.action("press", failing(Temporary(TIRED)))
        await s.interact(click(view=view(**THIRD)))
        await s.settled()
        assert s.fake.named("views.update") == []
        assert s.fake.named("chat.postMessage")[0]["channel"] == ADA


async def test_from_the_home_tab_a_modal_opens_as_there_is_none_to_lie_on(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.listeners.action("press", push)
        await s.interact(click(view=view(**AT_HOME)))
        await s.settled()
        assert len(s.fake.named("views.open")) == 1
        assert s.fake.named("views.push") == []


async def test_disconnecting_on_the_home_tab_draws_the_home_tab(database: Database) -> None:
    drawn: list[Actor] = []

    async def nothing(actor: object) -> tuple[()]:
        return ()

    async def refresh(actor: Actor) -> None:
        drawn.append(actor)

    keys = SimpleNamespace(forget_fathom=nothing, health=nothing)

    async def press(turn: Turn, clicked: Click) -> None:
        services = SimpleNamespace(
            connections=SimpleNamespace(accounts=keys),
            people=turn.services.people,
            home=SimpleNamespace(refresh=refresh),
        )
        await connections.disconnect(replace(turn, services=cast(Services, services)), clicked)

    async with stage(database) as s:
        s.listeners.action("press", press)
        button = {"type": "button", "action_id": "press", "block_id": "b1", "value": "fathom"}
        await s.interact(click(actions=[button], view=view(**AT_HOME)))
        await s.settled()
        assert [one.member_id for one in drawn] == [ADA]
        assert s.fake.named("views.update") == []


async def test_a_response_url_out_of_reach_becomes_a_direct_message(database: Database) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(Temporary(TIRED), first_ack=True))
        await s.command(response_url="http://127.0.0.1:9/nobody")
        await s.settled()
        assert s.fake.named("chat.postMessage")[0]["channel"] == ADA


async def test_a_gateways_page_instead_of_slacks_answer_has_no_word(database: Database) -> None:
    async def page(request: web.Request) -> web.Response:
        broken = request.path.endswith("broken")
        kind = "application/json" if broken else "text/html"
        return web.Response(status=502, text="<h1>Bad gateway</h1>", content_type=kind)

    words = []
    async with stage(database, beside=[web.post("/api/users.{info}", page)]) as s:

        async def ask(turn: Turn, payload: Any) -> None:
            await turn.ack()
            for method in ("users.info", "users.broken"):
                try:
                    await turn.slack.api_call(method)
                except SlackApiError as error:
                    words.append(code_of(error))

        s.listeners.command("/go", ask)
        await s.command()
        await s.settled()
    assert words == ["", ""]
