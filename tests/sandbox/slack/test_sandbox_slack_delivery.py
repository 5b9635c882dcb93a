"""What reaches the app and when: commands, acknowledgements, retries, response URLs."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.webhook.async_client import AsyncWebhookClient

from integrations.sandbox.slack.deliver_http import signature_headers
from integrations.sandbox.slack.rules import Rules
from tests.sandbox.slack.slack_stage import (
    GENERAL,
    OPS,
    actions,
    button,
    manifest,
    modal,
    section,
    stage,
    text_input,
)

ACK_SECONDS = 0.5
QUICK = {"ack_seconds": ACK_SECONDS, "retry_delays": (0.0, 0.01, 0.02)}
ONE_CARD = [section("a card"), actions(button("go"))]


async def late(_):
    await asyncio.sleep(2 * ACK_SECONDS)
    return web.Response()


def test_the_signature_is_slacks_own_example():
    # contracts, C1: the vector of Slack's documentation
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&"
        b"channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&"
        b"command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&"
        b"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    secret = "8f742231b10e8888abcd99yyyzzz85a5"
    assert signature_headers(secret, body, 1531420618)["X-Slack-Signature"] == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


async def test_a_command_has_all_its_fields():
    async with stage() as s:
        outcome = await s.ada.command("/go acme  corp ", GENERAL)
        assert outcome.ok
        assert outcome.ack_ms > 0
        form = s.app.last("/go")
        assert set(form) == {
            "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id",
            "user_name", "command", "text", "api_app_id", "is_enterprise_install",
            "response_url", "trigger_id",
        }  # fmt: skip
        assert (form["text"], form["channel_name"]) == ("acme  corp", "general")
        assert form["response_url"].startswith(f"{s.url}/slack/response/")
        entry = s.journal.entries()[-1]
        assert (entry["direction"], entry["path"]) == ("out", "/slack/commands")
        assert (await s.ada.command("/nothing")).error == "unknown_command"


async def test_mentions_are_escaped_where_the_manifest_asks_for_it():
    async with stage() as s:
        await s.ada.command("/go @giulia in #general and #seguito-ops <b> https://x.example")
        assert s.app.last("/go")["text"] == (
            "<@U0GIULIA> in <#C0GENERAL|general> and <#C0OPS|> &lt;b&gt; <https://x.example>"
        )
        await s.ada.command("/raw @giulia")
        assert s.app.last("/raw")["text"] == "@giulia"


async def test_a_reply_in_the_acknowledgement_is_shown_to_the_person():
    async with stage() as s:
        s.app.on("/go", "plain words")
        await s.ada.command("/go", GENERAL)
        assert s.ada.messages(GENERAL)[-1].only_for_me
        s.app.on("/go", {"response_type": "in_channel", "text": "for all"})
        await s.ada.command("/go", GENERAL)
        assert "for all" in s.giulia.messages(GENERAL)[-1]
        s.app.on("/go", {"text": "x", "blocks": [section("y" * 3001)]})
        assert (await s.ada.command("/go", GENERAL)).error == "invalid_blocks"


async def test_a_late_or_bad_acknowledgement_is_shown():
    async with stage(rules=Rules(**QUICK)) as s:
        s.app.on("/go", late)
        outcome = await s.ada.command("/go")
        assert (outcome.ok, outcome.error) == (False, "operation_timeout")
        assert outcome.ack_ms >= 900 * ACK_SECONDS
        s.app.on("/go", web.Response(status=500))
        assert (await s.ada.command("/go")).error == "dispatch_failed"


async def test_a_late_submission_leaves_the_modal_open():
    async with stage(rules=Rules(**QUICK)) as s:
        await s.opened(modal(text_input("subject", initial_value="kept")))
        s.app.on("view_submission", late)
        assert (await s.ada.submit()).error == "operation_timeout"
        assert s.ada.modal.values["subject"]["subject"]["value"] == "kept"
        s.app.on("view_submission", {"unexpected": True})
        assert (await s.ada.submit()).error == "invalid_response_action"


async def test_an_app_that_is_not_there_fails_the_dispatch():
    async with stage() as s:
        gone = s.slack.app.command("/go")
        object.__setattr__(gone, "url", "http://127.0.0.1:9/slack/commands")
        assert (await s.ada.command("/go")).error == "dispatch_failed"


async def test_an_event_is_sent_again_with_its_reason():
    async with stage(rules=Rules(**QUICK)) as s:
        answers = [late, web.Response(status=500), web.Response(status=500), web.Response()]
        s.app.on("app_home_opened", lambda body: spent(answers, body))
        s.ada.visit("home")
        await s.slack.events.settled()
        seen = [
            (d.headers.get("x-slack-retry-num"), d.headers.get("x-slack-retry-reason"))
            for d in s.app.delivered
        ]
        assert seen == [
            (None, None), ("1", "http_timeout"), ("2", "http_error"), ("3", "http_error")
        ]  # fmt: skip
        assert len({d.body["event_id"] for d in s.app.delivered}) == 1


def spent(answers, body):
    answer = answers.pop(0)
    return answer(body) if callable(answer) else answer


async def test_an_app_can_decline_further_retries():
    async with stage(rules=Rules(**QUICK)) as s:
        headers = {"x-slack-no-retry": "1"}
        s.app.on("app_home_opened", lambda _: web.Response(status=500, headers=headers))
        s.ada.visit("home")
        await s.slack.events.settled()
        assert len(s.app.delivered) == 1


async def test_an_event_can_be_redelivered_on_demand():
    async with stage() as s:
        s.ada.visit("home")
        await s.slack.events.settled()
        await s.slack.events.redeliver(attempt=2, reason="connection_failed")
        first, second = s.app.delivered
        assert first.body["event_id"] == second.body["event_id"]
        assert second.headers["x-slack-retry-num"] == "2"
        assert second.headers["x-slack-retry-reason"] == "connection_failed"


async def test_an_event_nobody_subscribed_to_is_not_sent():
    async with stage(manifest(event_subscriptions={})) as s:
        s.ada.visit("home")
        await s.slack.events.settled()
        assert s.app.delivered == []


async def test_the_request_url_is_verified_by_its_echo():
    async with stage() as s:
        s.app.on("url_verification", lambda body: {"challenge": body["challenge"]})
        assert await s.slack.events.verify_url()
        s.app.on("url_verification", {"challenge": "guess"})
        assert not await s.slack.events.verify_url()


async def test_a_response_url_works_five_times():
    async with stage() as s:
        await s.ada.command("/go", GENERAL)
        webhook = AsyncWebhookClient(s.app.last("/go")["response_url"])
        for number in range(5):
            assert (await webhook.send(text=f"no. {number}")).body == "ok"
        assert [m.only_for_me for m in s.ada.messages(GENERAL)] == [True] * 5
        refused = await webhook.send(text="one too many")
        assert (refused.status_code, "used_url" in refused.body) == (404, True)


async def test_a_response_url_dies_after_thirty_minutes():
    clock = [1_000.0]
    async with stage(rules=Rules(now=lambda: clock[0])) as s:
        await s.ada.command("/go", GENERAL)
        webhook = AsyncWebhookClient(s.app.last("/go")["response_url"])
        clock[0] += 1801
        assert "expired_url" in (await webhook.send(text="late")).body
        elsewhere = AsyncWebhookClient(f"{s.url}/slack/response/guess")
        assert (await elsewhere.send(text="x")).status_code == 404


async def test_a_response_url_replaces_and_deletes_its_message():
    async with stage() as s:
        await s.client().chat_postEphemeral(channel=OPS, user="U0ADA", text="t", blocks=ONE_CARD)
        await s.ada.click("go")
        payload = s.app.last("block_actions")
        assert payload["container"]["is_ephemeral"]
        assert "message" not in payload
        webhook = AsyncWebhookClient(payload["response_url"])
        await webhook.send(text="new one")
        await webhook.send(text="done", replace_original=True)
        assert [m.text for m in s.ada.messages(OPS)] == ["done", "new one"]
        await webhook.send(delete_original=True)
        assert [m.text for m in s.ada.messages(OPS)] == ["new one"]


async def test_a_command_has_no_original_to_delete():
    async with stage() as s:
        await s.ada.command("/go", GENERAL)
        webhook = AsyncWebhookClient(s.app.last("/go")["response_url"])
        assert (await webhook.send(delete_original=True)).status_code == 400
        assert (await webhook.send(text="x", blocks=[section("")])).status_code == 400


async def test_a_socket_has_no_door_over_http():
    async with stage() as s, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{s.url}/slack/socket/guess")
