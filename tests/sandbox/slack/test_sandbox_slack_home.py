"""The app's home tab, its messages tab, shortcuts, and what people say to it."""

import pytest
from slack_sdk.errors import SlackApiError

from integrations.sandbox.slack.errors import Impossible
from tests.sandbox.slack.slack_stage import (
    GENERAL,
    OPS,
    actions,
    button,
    manifest,
    modal,
    plain,
    section,
    stage,
)


async def error_of(call) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_a_home_tab_is_published_and_opened():
    async with stage() as s:
        home = {"type": "home", "blocks": [section("welcome"), actions(button("go"))]}
        s.ada.visit("home")
        await s.slack.events.settled()
        event = s.app.last("app_home_opened")["event"]
        assert (event["tab"], event["user"]) == ("home", "U0ADA")
        assert "view" not in event
        published = (await s.client().views_publish(user_id="U0ADA", view=home))["view"]
        assert "welcome" in s.ada.home
        s.ada.visit("home")
        await s.slack.events.settled()
        assert s.app.last("app_home_opened")["event"]["view"]["id"] == published["id"]
        await s.ada.click("go")
        assert s.app.last("block_actions")["view"]["type"] == "home"
        newer = {"type": "home", "blocks": [section("newer")]}
        await s.client().views_publish(user_id="U0ADA", view=newer, hash=published["hash"])
        call = s.client().views_publish(user_id="U0ADA", view=home, hash=published["hash"])
        assert await error_of(call) == "hash_conflict"
        empty = s.client().views_publish(user_id="U0ADA", view=home, hash="")
        assert await error_of(empty) == "hash_conflict"
        first = s.client().views_publish(user_id="U0SAM", view=home, hash=published["hash"])
        assert await error_of(first) == "hash_conflict"
        wrong = {**home, "title": plain("x")}
        assert await error_of(s.client().views_publish(user_id="U0ADA", view=wrong)) == (
            "invalid_arguments"
        )


async def test_a_home_tab_that_is_off_cannot_be_published():
    document = manifest()
    document["features"]["app_home"]["home_tab_enabled"] = False
    async with stage(document) as s:
        home = {"type": "home", "blocks": [section("x")]}
        assert await error_of(s.client().views_publish(user_id="U0ADA", view=home)) == "not_enabled"
        s.ada.visit("home")
        await s.slack.events.settled()
        assert s.app.delivered == []


async def test_a_global_shortcut_has_a_trigger_and_no_channel():
    async with stage() as s:
        assert (await s.ada.shortcut("new")).ok
        payload = s.app.last("shortcut")
        assert not {"channel", "response_url"} & set(payload)
        await s.client().views_open(trigger_id=payload["trigger_id"], view=modal(section("new")))
        assert "new" in s.ada.modal


async def test_a_message_shortcut_carries_its_message():
    async with stage() as s:
        await s.client().chat_postMessage(channel=OPS, text="look at this")
        await s.ada.shortcut("task", s.ada.messages(OPS)[-1])
        payload = s.app.last("message_action")
        assert payload["message"]["text"] == "look at this"
        assert payload["channel"]["id"] == OPS
        assert payload["response_url"].startswith(s.url)
        with pytest.raises(Impossible):
            await s.ada.shortcut("task")


async def test_the_app_hears_what_is_said_to_it_and_nothing_else():
    async with stage() as s:
        s.ada.say("a < b & <!channel>")
        s.ada.say("not for the app", GENERAL)
        await s.slack.events.settled()
        heard = [d.body["event"] for d in s.app.delivered]
        assert [e["text"] for e in heard] == ["a &lt; b &amp; &lt;!channel&gt;"]
        assert heard[0]["channel_type"] == "im"


async def test_a_read_only_messages_tab_takes_no_messages():
    document = manifest()
    document["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    async with stage(document) as s:
        with pytest.raises(Impossible, match="turned off"):
            s.ada.say("hello?")


async def test_nobody_sees_a_conversation_they_are_not_in():
    async with stage() as s:
        with pytest.raises(Impossible):
            s.giulia.messages(OPS)
        with pytest.raises(Impossible):
            await s.giulia.command("/go", OPS)
