"""The panel's API: what the page reads, and gestures as it sends them."""

import asyncio
import json
from typing import Any

import aiohttp

from tests.sandbox.slack.slack_stage import (
    GENERAL,
    HOME,
    OPS,
    Stage,
    actions,
    button,
    field_of,
    modal,
    option,
    section,
    stage,
    text_input,
)

ADA = {"team": HOME, "user": "U0ADA"}


async def get(s: Stage, what: str, **query: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"{s.url}/panel/api/{what}", params={**ADA, **query})
        return {"status": answer.status, **await answer.json()}


async def post(s: Stage, gesture: str, **fields: Any) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session:
        url = f"{s.url}/panel/api/{gesture}"
        async with session.post(url, json={**ADA, **fields}) as answer:
            return {"status": answer.status, **await answer.json()}


async def test_the_world_lists_people_channels_and_what_the_app_offers():
    async with stage() as s:
        world = await get(s, "world")
        assert [w["id"] for w in world["workspaces"]] == [
            "T0HOME",
            "T0OTHER",
            "T0BRIGHT",
            "T0NORTH",
        ]
        assert {"id": OPS, "name": "seguito-ops", "is_private": True, "is_ops": True} in (
            world["workspaces"][0]["channels"]
        )
        assert [c["command"] for c in world["app"]["commands"]] == ["/go", "/raw"]
        assert [c["type"] for c in world["app"]["shortcuts"]] == ["global", "message"]
        assert (world["credits"], bool(world["began"])) == ([], True)


async def test_a_client_shows_its_person_only_what_is_theirs():
    async with stage() as s:
        await s.client().chat_postMessage(channel="U0ADA", text="hello")
        client = await get(s, "client")
        rows = {c["id"]: (c["kind"], c["name"], c["unread"]) for c in client["conversations"]}
        assert rows[client["app_im"]] == ("app", "Stage", 1)
        assert (client["home"], client["modals"]) == (None, [])
        read = await get(s, "messages", channel=client["app_im"])
        assert [(m["text"], m["name"], m["bot"]) for m in read["messages"]] == [
            ("hello", "Stage", True)
        ]
        client = await get(s, "client")
        assert {c["unread"] for c in client["conversations"]} == {0}
        assert (await get(s, "messages", user="U0GIULIA", channel=OPS))["status"] == 404
        assert (await get(s, "client", user="U0NOBODY"))["status"] == 404


async def test_a_command_opens_a_modal_which_is_filled_in_and_submitted():
    async with stage() as s:
        done = await post(s, "command", channel=GENERAL, text="/go")
        assert done["ok"]
        assert done["ack_ms"] > 0
        menu = {"type": "external_select", "action_id": "who", "min_query_length": 0}
        view = modal(
            text_input("subject"), field_of(menu, "who", optional=True), actions(button("x"))
        )
        trigger_id = s.app.last("/go")["trigger_id"]
        await s.client().views_open(trigger_id=trigger_id, view=view)
        shown = (await get(s, "client"))["modals"][0]
        refused = await post(s, "submit", view_id=shown["id"], state={})
        assert refused["errors"] == {"subject": "Please complete this required field."}
        container = {"type": "view", "view_id": shown["id"]}
        s.app.on("block_suggestion", {"options": [option("1", "One")]})
        offered = await post(
            s, "options", container=container, block_id="who", action_id="who", value=""
        )
        state = {
            "subject": {"subject": {"type": "plain_text_input", "value": "Hi"}},
            "who": {"who": {"type": "external_select", "selected_option": offered["options"][0]}},
            "gone": {"gone": {"type": "plain_text_input", "value": "stale"}},
        }
        clicked = await post(
            s, "action", container=container, block_id="buttons", action_id="x",
            element={"type": "button"}, state=state,
        )  # fmt: skip
        assert clicked["ok"]
        shown = (await get(s, "client"))["modals"][0]
        assert shown["state"]["values"]["subject"]["subject"]["value"] == "Hi"
        assert (await post(s, "submit", view_id=shown["id"], state=state))["ok"]
        values = s.app.last("view_submission")["view"]["state"]["values"]
        assert values["who"]["who"]["selected_option"]["value"] == "1"
        assert (await get(s, "client"))["modals"] == []


async def test_a_click_on_a_message_and_what_cannot_be():
    async with stage() as s:
        card = [section("x"), actions(button("go"))]
        sent = await s.client().chat_postMessage(channel=OPS, text="t", blocks=card)
        where = {
            "container": {"type": "message", "channel": OPS, "ts": sent["ts"]},
            "block_id": "buttons",
            "action_id": "go",
            "element": {"type": "button"},
        }
        assert (await post(s, "action", **where))["ok"]
        refused = await post(s, "action", **{**where, "action_id": "other"})
        assert (refused["status"], refused["ok"]) == (409, False)
        assert (await post(s, "action", **{**where, "user": "U0GIULIA"}))["status"] == 409
        assert (await post(s, "close", view_id="V0"))["status"] == 409
        assert (await post(s, "home", tab="home"))["ok"]
        assert (await post(s, "shortcut", callback_id="new"))["ok"]
        assert (await post(s, "message", channel=GENERAL, text="hi"))["ok"]
        assert s.ada.messages(GENERAL)[-1].fallback == "hi"


async def test_open_panels_hear_of_changes():
    async with stage() as s, aiohttp.ClientSession() as session:
        stream = await session.get(f"{s.url}/panel/api/events", params=ADA)
        assert stream.content_type == "text/event-stream"
        await stream.content.readline()
        await s.client().chat_postMessage(channel="U0ADA", text="hello")
        async with asyncio.timeout(2):
            while not (line := await stream.content.readline()).startswith(b"data: "):
                pass
        assert json.loads(line[6:]) == {"changed": ["client", "messages:D0ADA"]}
        stream.close()


async def test_the_page_itself_is_served():
    async with stage() as s, aiohttp.ClientSession() as session, session.get(s.url) as page:
        assert (page.status, page.content_type) == (200, "text/html")
