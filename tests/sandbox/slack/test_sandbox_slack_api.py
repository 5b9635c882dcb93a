"""The Web API as the real SDK sees it: arguments, tokens, scopes, messages, limits."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.rules import Rules
from tests.sandbox.slack.slack_stage import (
    GENERAL,
    HOME,
    OPS,
    OTHER,
    SALES,
    actions,
    button,
    manifest,
    section,
    stage,
)


async def refusal(call) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value


async def error_of(call) -> str:
    return (await refusal(call)).response["error"]


async def test_each_workspace_has_a_token_of_its_own():
    async with stage() as s:
        home = await s.client().auth_test()
        other = await s.client(OTHER).auth_test()
        assert (home["team_id"], other["team_id"]) == (HOME, OTHER)
        assert home["bot_id"] == "B0SEGUITO"
        assert "chat:write" in home.headers["X-OAuth-Scopes"]


async def test_tokens_are_judged():
    async with stage() as s:
        assert await error_of(s.client_with("xoxb-wrong").auth_test()) == "invalid_auth"
        assert await error_of(s.client_with(None).auth_test()) == "not_authed"
        app_token = s.slack.teams[HOME].workspace.app_token
        assert await error_of(s.client_with(app_token).auth_test()) == "not_allowed_token_type"
        assert await error_of(s.client().api_call("chat.nothing")) == "unknown_method"


async def test_form_and_json_bodies_mean_the_same():
    async with stage() as s:
        token = s.slack.teams[HOME].workspace.bot_token
        url = f"{s.url}/slack/api/chat.postMessage"
        form = {"token": token, "channel": "U0ADA", "text": "form", "blocks": "[]"}
        async with aiohttp.ClientSession() as session:
            async with session.post(url, data=form) as response:
                assert (await response.json())["ok"]
            async with session.post(
                url, data=b"{", headers={"Content-Type": "application/json"}
            ) as r:
                assert (await r.json())["error"] == "invalid_json"
        await s.client().chat_postMessage(channel="U0ADA", text="json")
        assert [m.text for m in s.ada.messages()] == ["form", "json"]


async def test_people_have_locale_and_address_only_when_asked_and_allowed():
    async with stage() as s:
        user = (await s.client().users_info(user="U0GIULIA", include_locale=True))["user"]
        assert (user["locale"], user["tz"]) == ("it-IT", "Europe/Rome")
        assert user["profile"]["email"] == "giulia@altamarea.example"
        assert "locale" not in (await s.client().users_info(user="U0GIULIA"))["user"]
        found = await s.client().users_lookupByEmail(email="ada@altamarea.example")
        assert found["user"]["id"] == "U0ADA"
        s.slack.teams[HOME].scopes.discard("users:read.email")
        user = (await s.client().users_info(user="U0GIULIA"))["user"]
        assert "email" not in user["profile"]
        assert await error_of(s.client().users_info(user="U0TOMAS")) == "user_not_found"


async def test_a_missing_scope_is_named():
    async with stage() as s:
        s.slack.teams[HOME].scopes.discard("chat:write")
        error = await refusal(s.client().chat_postMessage(channel=OPS, text="hello"))
        assert error.response["error"] == "missing_scope"
        assert error.response["needed"] == "chat:write"
        assert "users:read" in error.response["provided"]


async def test_messages_go_where_the_app_may_write():
    async with stage() as s:
        client = s.client()
        await client.chat_postMessage(channel=OPS, text="to the ops")
        assert "to the ops" in s.ada.messages(OPS)[-1]
        assert (
            await error_of(client.chat_postMessage(channel=GENERAL, text="x")) == "not_in_channel"
        )
        assert (
            await error_of(client.chat_postMessage(channel="C0X", text="x")) == "channel_not_found"
        )
        assert await error_of(client.chat_postMessage(channel="U0TOMAS", text="x")) == (
            "channel_not_found"
        )
        assert (
            await error_of(client.api_call("chat.postMessage", json={"channel": OPS})) == "no_text"
        )
        opened = await client.conversations_open(users="U0ADA")
        sent = await client.chat_postMessage(channel=opened["channel"]["id"], text="hi")
        assert sent["message"]["bot_id"] == "B0SEGUITO"
        assert await error_of(client.conversations_info(channel=OPS)) == "missing_scope"


async def test_a_message_is_updated_as_slack_updates_it():
    async with stage() as s:
        client = s.client()
        sent = await client.chat_postMessage(channel="U0ADA", text="a", blocks=[section("drawn")])
        channel, ts = sent["channel"], sent["ts"]
        await client.chat_update(channel=channel, ts=ts, text="only text")
        assert s.ada.messages()[0].blocks == []
        assert await error_of(client.chat_update(channel=channel, ts=ts, text="x" * 4001)) == (
            "msg_too_long"
        )
        assert await error_of(client.chat_update(channel="U0ADA", ts=ts, text="x")) == (
            "channel_not_found"
        )
        assert await error_of(client.chat_update(channel=channel, ts="1.1", text="x")) == (
            "message_not_found"
        )
        s.ada.say("mine")
        mine = s.ada.messages()[-1].surface.post.ts
        assert await error_of(client.chat_update(channel=channel, ts=mine, text="x")) == (
            "cant_update_message"
        )
        await client.chat_delete(channel=channel, ts=ts)
        assert [m.text for m in s.ada.messages()] == ["mine"]


async def test_an_ephemeral_message_is_for_one_person_and_cannot_be_updated():
    async with stage() as s:
        client = s.client()
        sent = await client.chat_postEphemeral(channel=OPS, user="U0ADA", text="psst")
        assert s.ada.messages(OPS)[-1].only_for_me
        assert s.slack.person(HOME, "U0SAM").messages(OPS) == []
        assert (
            await error_of(client.chat_update(channel=OPS, ts=sent["message_ts"], text="x"))
            == "message_not_found"
        )
        assert (
            await error_of(client.chat_postEphemeral(channel=OPS, user="U0GIULIA", text="x"))
            == "user_not_in_channel"
        )


async def test_bad_blocks_are_refused_with_pointers():
    async with stage() as s:
        blocks = [section("x" * 3001), {"type": "actions", "elements": [button("a", "y" * 76)]}]
        error = await refusal(s.client().chat_postMessage(channel="U0ADA", text="t", blocks=blocks))
        assert error.response["error"] == "invalid_blocks"
        messages = error.response["response_metadata"]["messages"]
        assert messages[0].endswith("[json-pointer:/blocks/0/text/text]")
        assert "[json-pointer:/blocks/1/elements/0/text/text]" in messages[1]
        assert s.ada.messages() == []


async def test_the_tier_of_a_method_is_enforced_when_asked_for():
    async with stage(rules=Rules(enforce_rates=True)) as s:
        for _ in range(50):
            await s.client().users_lookupByEmail(email="ada@altamarea.example")
        error = await refusal(s.client().users_lookupByEmail(email="ada@altamarea.example"))
        assert error.response.status_code == 429
        assert error.response["error"] == "ratelimited"
        assert 1 <= int(error.response.headers["Retry-After"]) <= 60
        await s.client(OTHER).users_lookupByEmail(email="tomas@birchwood.example")


async def test_a_fault_spoils_one_method_once():
    async with stage() as s:
        s.faults.add(Fault("slack", "chat.*", "status", status=429, retry_after=7))
        error = await refusal(s.client().chat_postMessage(channel="U0ADA", text="x"))
        assert error.response.headers["Retry-After"] == "7"
        await s.client().chat_postMessage(channel="U0ADA", text="x")
        assert [e["path"] for e in s.journal.entries()] == ["/slack/api/chat.postMessage"] * 2


async def test_a_code_becomes_a_token_once():
    async with stage() as s:
        redirect = s.slack.app.redirect_urls[0]
        code = s.slack.install_code(OTHER, "U0TOMAS", redirect)
        keys = {
            "client_id": s.slack.world.client_id,
            "client_secret": s.slack.world.client_secret,
            "redirect_uri": redirect,
        }
        client = s.client_with(None)

        def access(**more):
            return client.api_call("oauth.v2.access", data={**keys, "code": code, **more})

        assert await error_of(access(**{"client_secret": "guess"})) == "bad_client_secret"
        granted = await access()
        assert granted["access_token"] == s.slack.teams[OTHER].workspace.bot_token
        assert granted["team"]["id"] == OTHER
        assert await error_of(access()) == "invalid_code"


async def test_an_uninstalled_app_loses_its_token_and_hears_of_it():
    async with stage() as s:
        s.slack.uninstall(HOME)
        await s.slack.events.settled()
        assert {d.kind for d in s.app.delivered} == {"tokens_revoked", "app_uninstalled"}
        assert await error_of(s.client().auth_test()) == "account_inactive"
        assert (await s.client(OTHER).auth_test())["ok"]


async def test_the_messages_tab_can_be_off():
    document = manifest()
    document["features"]["app_home"]["messages_tab_enabled"] = False
    async with stage(document) as s:
        assert await error_of(s.client().chat_postMessage(channel="U0ADA", text="x")) == (
            "messages_tab_disabled"
        )


async def test_a_card_in_a_channel_carries_buttons():
    async with stage() as s:
        card = [section("a card"), actions(button("go", value="7"))]
        await s.client().chat_postMessage(channel=OPS, text="card", blocks=card)
        await s.ada.click("go")
        payload = s.app.last("block_actions")
        assert payload["actions"][0]["value"] == "7"
        assert payload["container"]["is_ephemeral"] is False
        assert payload["channel"] == {"id": OPS, "name": "privategroup"}
        assert payload["message"]["text"] == "card"
        assert SALES not in str(payload)
