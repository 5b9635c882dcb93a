"""Buttons, menus and inputs: what the app is told when a person touches them."""

import pytest

from integrations.sandbox.slack.errors import Impossible
from tests.sandbox.slack.slack_stage import (
    OPS,
    actions,
    button,
    field_of,
    modal,
    option,
    plain,
    section,
    stage,
    text_input,
)


async def test_a_click_in_a_modal_carries_what_stands_in_its_inputs():
    async with stage() as s:
        tone = {
            "type": "static_select",
            "action_id": "tone",
            "options": [option("warm"), option("dry")],
        }
        await s.opened(
            modal(
                text_input("subject", initial_value="Hi"),
                section("x", accessory=tone),
                actions(button("go", value="v")),
            )
        )
        await s.ada.type("subject", "Hello")
        await s.ada.click("go")
        payload = s.app.last("block_actions")
        assert payload["container"] == {"type": "view", "view_id": payload["view"]["id"]}
        values = payload["view"]["state"]["values"]
        assert values["subject"]["subject"]["value"] == "Hello"
        assert [a["tone"]["selected_option"] for a in values.values() if "tone" in a] == [None]
        assert payload["actions"][0]["type"] == "button"
        assert not {"response_url", "channel"} & set(payload)


async def test_a_choice_tells_the_app_unless_it_waits_for_submit():
    async with stage() as s:
        menu = {"type": "static_select", "options": [option("warm"), option("dry")]}
        await s.opened(
            modal(
                actions({**menu, "action_id": "now"}),
                field_of({**menu, "action_id": "later"}, "b1"),
                field_of({**menu, "action_id": "both"}, "b2", dispatch_action=True),
            )
        )
        await s.ada.choose("later", "Dry")
        assert all(d.kind != "block_actions" for d in s.app.delivered)
        await s.ada.choose("now", "Warm")
        assert s.app.last("block_actions")["actions"][0]["selected_option"]["value"] == "warm"
        await s.ada.choose("both", "Dry")
        payload = s.app.last("block_actions")
        assert payload["actions"][0]["action_id"] == "both"
        assert (
            payload["view"]["state"]["values"]["b1"]["later"]["selected_option"]["value"] == "dry"
        )
        with pytest.raises(Impossible, match="cold"):
            await s.ada.choose("now", "cold")


async def test_every_picker_says_what_was_chosen():
    async with stage() as s:
        two = [option("a"), option("b")]
        await s.opened(
            modal(
                field_of({"type": "datepicker", "action_id": "day"}, "1"),
                field_of({"type": "timepicker", "action_id": "time"}, "2"),
                field_of({"type": "checkboxes", "action_id": "boxes", "options": two}, "3"),
                field_of({"type": "radio_buttons", "action_id": "radio", "options": two}, "4"),
                field_of({"type": "users_select", "action_id": "who"}, "5"),
                field_of({"type": "multi_users_select", "action_id": "many"}, "6"),
                field_of({"type": "channels_select", "action_id": "where"}, "7"),
                field_of({"type": "datetimepicker", "action_id": "moment"}, "8"),
                field_of({"type": "rich_text_input", "action_id": "rich"}, "9"),
            )
        )
        await s.ada.choose("day", "2026-12-01")
        await s.ada.choose("time", "09:30")
        await s.ada.choose("boxes", "a", "b")
        await s.ada.choose("radio", "B")
        await s.ada.choose("who", "U0GIULIA")
        await s.ada.choose("many", "ada", "giulia")
        await s.ada.choose("where", "general")
        await s.ada.choose("moment", "1795000000")
        await s.ada.type("rich", "words")
        assert (await s.ada.submit()).ok
        values = s.app.last("view_submission")["view"]["state"]["values"]
        assert values["1"]["day"]["selected_date"] == "2026-12-01"
        assert values["2"]["time"]["selected_time"] == "09:30"
        assert [o["value"] for o in values["3"]["boxes"]["selected_options"]] == ["a", "b"]
        assert values["4"]["radio"]["selected_option"]["value"] == "b"
        assert values["5"]["who"]["selected_user"] == "U0GIULIA"
        assert values["6"]["many"]["selected_users"] == ["U0ADA", "U0GIULIA"]
        assert values["7"]["where"]["selected_channel"] == "C0GENERAL"
        assert values["8"]["moment"]["selected_date_time"] == 1795000000
        assert values["9"]["rich"]["rich_text_value"]["type"] == "rich_text"


async def test_an_input_can_tell_the_app_on_enter_or_on_each_letter():
    async with stage() as s:
        config = {"trigger_actions_on": ["on_character_entered"]}
        await s.opened(
            modal(
                text_input("search", dispatch_action=True, dispatch_action_config=config),
                text_input("name", dispatch_action=True),
                text_input("plain"),
            )
        )
        await s.ada.type("search", "ac")
        assert s.app.last("block_actions")["actions"][0]["value"] == "ac"
        await s.ada.type("name", "Ada")
        assert s.app.last("block_actions")["actions"][0]["action_id"] == "search"
        await s.ada.press_enter("name")
        assert s.app.last("block_actions")["actions"][0]["value"] == "Ada"
        with pytest.raises(Impossible, match="submitted"):
            await s.ada.press_enter("plain")


async def test_an_external_menu_asks_the_app():
    async with stage() as s:
        menu = {"type": "external_select", "action_id": "meeting", "min_query_length": 2}
        await s.opened(modal(field_of(menu, "m")))
        s.app.on("block_suggestion", {"options": [option("1", "Acme call")]})
        assert await s.ada.suggestions("meeting", "a") == []
        assert await s.ada.suggestions("meeting", "ac") == ["Acme call"]
        asked = s.app.last("block_suggestion")
        assert (asked["value"], asked["action_id"], asked["block_id"]) == ("ac", "meeting", "m")
        assert s.app.delivered[-1].path == "/slack/options"
        await s.ada.choose("meeting", "Acme call")
        await s.ada.submit()
        values = s.app.last("view_submission")["view"]["state"]["values"]
        assert values["m"]["meeting"]["selected_option"]["value"] == "1"


@pytest.mark.parametrize(
    "answer",
    [
        {"options": [option(f"o{n}") for n in range(101)]},
        {"options": [option("a", "x" * 76)]},
        {"options": [], "option_groups": []},
        {"choices": []},
        "nothing",
    ],
)
async def test_bad_options_show_no_results(answer):
    async with stage() as s:
        menu = {"type": "external_select", "action_id": "meeting", "min_query_length": 0}
        await s.opened(modal(field_of(menu, "m")))
        s.app.on("block_suggestion", answer)
        with pytest.raises(Impossible, match="no results: invalid_options"):
            await s.ada.suggestions("meeting")
        assert s.journal.entries()[-1]["method"] == "REFUSED"


async def test_an_empty_list_of_options_is_fine():
    async with stage() as s:
        menu = {"type": "external_select", "action_id": "meeting", "min_query_length": 0}
        await s.opened(modal(field_of(menu, "m")))
        s.app.on("block_suggestion", {"options": []})
        assert await s.ada.suggestions("meeting") == []


async def test_an_overflow_menu_sends_the_option_and_keeps_no_state():
    async with stage() as s:
        more = {
            "type": "overflow",
            "action_id": "more",
            "options": [option("del", "Delete"), option("x")],
        }
        await s.client().chat_postMessage(
            channel="U0ADA", text="t", blocks=[section("x", accessory=more)]
        )
        await s.ada.choose("more", "Delete")
        payload = s.app.last("block_actions")
        assert payload["actions"][0]["selected_option"]["value"] == "del"
        assert payload["state"]["values"] == {}


async def test_a_message_keeps_each_persons_choice_apart():
    async with stage() as s:
        menu = {
            "type": "static_select",
            "action_id": "tone",
            "options": [option("warm"), option("dry")],
        }
        blocks = [actions({**menu, "initial_option": option("warm")}, button("go"), block_id="b")]
        await s.client().chat_postMessage(channel=OPS, text="t", blocks=blocks)
        sam = s.slack.person("T0HOME", "U0SAM")
        await s.ada.choose("tone", "Dry")
        await sam.click("go")
        state = s.app.last("block_actions")["state"]["values"]
        assert state["b"]["tone"]["selected_option"]["value"] == "warm"
        await s.ada.click("go")
        state = s.app.last("block_actions")["state"]["values"]
        assert state["b"]["tone"]["selected_option"]["value"] == "dry"


async def test_what_is_gone_cannot_be_clicked():
    async with stage() as s:
        card = [section("x"), actions(button("go", "Go on"))]
        sent = await s.client().chat_postMessage(channel="U0ADA", text="t", blocks=card)
        old = s.ada.messages()[-1]
        await s.client().chat_update(channel=sent["channel"], ts=sent["ts"], text="done")
        with pytest.raises(Impossible):
            await s.ada.click("Go on", within=old)


async def test_a_button_is_found_by_id_by_stem_and_by_words():
    async with stage() as s:
        card = [actions(button("drafts.open:12", "Open"), button("drafts.drop:12", "Drop"))]
        await s.client().chat_postMessage(channel="U0ADA", text="t", blocks=card)
        for key in ("drafts.drop:12", "drafts.drop", "Drop"):
            await s.ada.click(key)
            assert s.app.last("block_actions")["actions"][0]["action_id"] == "drafts.drop:12"


async def test_feedback_buttons_send_their_value():
    async with stage() as s:
        feedback = {
            "type": "feedback_buttons",
            "action_id": "fb",
            "positive_button": {"text": plain("Good"), "value": "good"},
            "negative_button": {"text": plain("Bad"), "value": "bad"},
        }
        blocks = [{"type": "context_actions", "elements": [feedback]}]
        await s.client().chat_postMessage(channel="U0ADA", text="t", blocks=blocks)
        await s.ada.choose("fb", "Bad")
        assert s.app.last("block_actions")["actions"][0]["value"] == "bad"


async def test_a_choice_goes_when_it_is_no_longer_offered():
    async with stage() as s:
        menu = {
            "type": "static_select",
            "action_id": "tone",
            "options": [option("warm"), option("dry")],
        }
        view = await s.opened(modal(field_of(menu, "m"), text_input("t", block={"optional": True})))
        await s.ada.choose("tone", "Dry")
        fewer = {
            **menu,
            "options": [option("warm"), option("new")],
            "initial_option": option("new"),
        }
        await s.client().views_update(view_id=view["id"], view=modal(field_of(fewer, "m")))
        assert s.ada.modal.values["m"]["tone"]["selected_option"]["value"] == "new"
