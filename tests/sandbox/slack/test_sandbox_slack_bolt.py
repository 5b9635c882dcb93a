"""A story told by a real Bolt app behind the imitated Slack: proof that nothing is missing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from integrations.sandbox.kit.journal import Journal
from integrations.sandbox.kit.world import empty_world
from integrations.sandbox.slack.manifest import parse_manifest
from integrations.sandbox.slack.vendor import Slack
from tests.sandbox.slack.slack_stage import (
    HOME,
    field_of,
    manifest,
    modal,
    option,
    section,
    text_input,
)

MENU = {"type": "external_select", "action_id": "who", "min_query_length": 0}


def tell(bolt: AsyncApp) -> None:
    """An app with one of everything."""

    @bolt.command("/go")
    async def go(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        form = modal(text_input("subject"), field_of(MENU, "who"), callback_id="form")
        await client.views_open(trigger_id=body["trigger_id"], view=form)

    @bolt.options("who")
    async def who(ack: Any, payload: dict[str, Any]) -> None:
        await ack(options=[option("1", f"{payload['value']} Corp")])

    @bolt.view("form")
    async def form(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        subject = body["view"]["state"]["values"]["subject"]["subject"]["value"]
        if len(subject) < 3:
            await ack(response_action="errors", errors={"subject": "Longer, please."})
            return
        await ack()
        card = [section(subject, accessory={"type": "button", "action_id": "done", "text": DONE})]
        await client.chat_postMessage(channel=body["user"]["id"], text=subject, blocks=card)

    @bolt.action("done")
    async def done(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="All done.", replace_original=True)

    @bolt.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        welcome = {"type": "home", "blocks": [section("Welcome home")]}
        await client.views_publish(user_id=event["user"], view=welcome)


DONE = {"type": "plain_text", "text": "Done"}


@asynccontextmanager
async def played() -> AsyncIterator[Slack]:
    """The imitated Slack with the Bolt app behind it."""
    world = empty_world(datetime(2026, 11, 21, 9, tzinfo=UTC))
    slot: dict[str, AsyncApp] = {}

    async def receive(request: web.Request) -> web.Response:
        answer = await slot["bolt"].async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    behind = web.Application()
    behind.router.add_post("/{rest:.*}", receive)
    async with TestServer(behind) as app_server:
        app = parse_manifest(manifest(), str(app_server.make_url("")))
        slack = Slack(world, app, Journal())
        front = web.Application()
        front.router.add_routes(slack.routes())
        front.on_shutdown.append(lambda _: slack.close())
        async with TestServer(front) as server:
            slack.base_url = str(server.make_url("")).rstrip("/")
            token = world.workspaces[0].bot_token
            client = AsyncWebClient(token=token, base_url=f"{slack.base_url}/slack/api/")
            slot["bolt"] = AsyncApp(client=client, signing_secret=world.signing_secret)
            tell(slot["bolt"])
            yield slack


async def test_a_bolt_app_lives_in_the_imitated_slack():
    async with played() as slack:
        ada = slack.person(HOME, "U0ADA")
        assert (await ada.command("/go")).ok
        await ada.sees("A modal")
        await ada.type("subject", "Hi")
        await ada.choose("who", "Acme Corp", typed="Acme")
        assert (await ada.submit()).errors == {"subject": "Longer, please."}
        await ada.type("subject", "Hello there")
        assert (await ada.submit()).ok
        await ada.sees("Hello there")
        assert ada.modal is None
        await ada.click("Done")
        assert await ada.until(lambda: ada.messages()[-1].text == "All done.")
        ada.visit("home")
        assert "Welcome home" in await ada.sees("Welcome home")
