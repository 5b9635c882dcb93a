"""A turn: how a listener is found, and how it answers."""

from typing import Any

import pytest

from db.store.session import Database
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Closed, HomeOpened, Shortcut, Suggestion
from tests.kit.door_listeners import failing
from tests.kit.door_stage import ADA, click, on_message, person, stage, submission, view
from views.kit.blocks import message, section
from views.kit.controls import Choice


async def test_ids_match_whole_or_up_to_the_first_colon(database: Database) -> None:
    async with stage(database) as s:
        seen: list[str] = []

        async def press(turn: Turn, click: Click) -> None:
            seen.append(click.action_id)

        s.listeners.action("page", press)
        for action_id in ("page", "page:3", "page:3:x", "pages"):
            await s.interact(click(action_id, **on_message(s)))
        assert seen == ["page", "page:3", "page:3:x"]


async def test_two_listeners_for_one_id_are_refused_at_start(database: Database) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(ValueError()))
        with pytest.raises(ValueError, match="/go"):
            s.listeners.command("/go", failing(ValueError()))


async def test_bolt_keeps_seven_listeners_however_many_we_have(database: Database) -> None:
    """Bolt scans its own in a row, at 7 µs each; ours are in a dict."""
    async with stage(database) as s:
        before = len(s.slack.app._async_listeners)
        for number in range(100):
            s.listeners.action(f"action{number}", failing(ValueError()))
        assert len(s.slack.app._async_listeners) == before == 7


async def test_an_old_button_says_so_to_the_person_alone(database: Database) -> None:
    async with stage(database) as s:
        assert (await s.interact(click("gone", **on_message(s)))).status == 200
        await s.settled()
        told = s.fake.named("response")[0]
        assert "older version" in told["text"]
        assert (told["response_type"], told["replace_original"]) == ("ephemeral", False)


async def test_an_old_button_in_a_modal_lays_its_sentence_on_top(database: Database) -> None:
    async with stage(database) as s:
        await s.interact(click("gone", view=view()))
        await s.settled()
        assert len(s.fake.named("views.push")) == 1


async def test_an_unknown_command_is_answered_in_the_persons_language(database: Database) -> None:
    async with stage(database) as s:
        assert "There is no command /nothing here" in (await s.command("/nothing")).text
        assert "qui non esiste" in (await s.command("/nothing", user_id="U_it")).text


async def test_old_menus_are_empty_and_old_forms_keep_what_was_typed(database: Database) -> None:
    async with stage(database) as s:
        ask = {"type": "block_suggestion", **person(), "action_id": "gone", "value": "a"}
        assert (await s.interact(ask)).json == {"options": []}
        old = await s.interact(submission())
        assert old.json["response_action"] == "push"


async def test_a_modal_put_away_reaches_its_listener(database: Database) -> None:
    async with stage(database) as s:
        seen: list[Closed] = []

        async def closed(turn: Turn, event: Closed) -> None:
            seen.append(event)

        s.listeners.closed("form", closed)
        body = {"type": "view_closed", **person(), "view": view(), "is_cleared": True}
        assert (await s.interact(body)).status == 200
        assert (seen[0].view.id, seen[0].cleared) == ("V0FORM", True)


async def test_options_are_answered_from_what_is_typed(database: Database) -> None:
    async with stage(database) as s:

        async def suggest(turn: Turn, asked: Suggestion) -> None:
            await turn.options(Choice(f"{asked.typed}da", "1"))

        s.listeners.options("who", suggest)
        ask = {"type": "block_suggestion", **person(), "action_id": "who", "value": "A"}
        answer = await s.interact(ask)
        assert answer.json["options"][0]["text"]["text"] == "Ada"


async def test_shortcuts_and_the_home_reach_their_listeners(database: Database) -> None:
    async with stage(database) as s:
        seen: list[Any] = []

        async def note(turn: Turn, payload: Shortcut | HomeOpened) -> None:
            await turn.ack()
            seen.append(payload)

        s.listeners.shortcut("new", note)
        s.listeners.event("app_home_opened", note)
        await s.interact({"type": "shortcut", **person(), "callback_id": "new"})
        text = {"ts": "1.2", "text": "do it", "user": "U2"}
        from_message = {"type": "message_action", **person(), "callback_id": "new"}
        await s.interact({**from_message, "channel": {"id": "C1"}, "message": text})
        await s.event({"type": "app_home_opened", "user": ADA, "tab": "home"})
        await s.settled()
        assert seen[0].message is None
        assert (seen[1].message.text, seen[1].message.channel_id) == ("do it", "C1")
        assert seen[2].tab == "home"


async def test_a_listener_that_forgets_to_ack_is_acked_for(database: Database) -> None:
    async with stage(database) as s:

        async def quiet(turn: Turn, payload: Any) -> None:
            return

        s.listeners.command("/go", quiet)
        answer = await s.command()
        assert (answer.status, answer.text) == (200, "")


async def test_a_message_is_redrawn_where_its_button_was_pressed(database: Database) -> None:
    async with stage(database) as s:

        async def press(turn: Turn, click: Click) -> None:
            await turn.ack()
            await turn.redraw(message("done", section("done")))

        s.listeners.action("press", press)
        await s.interact(click(**on_message(s)))
        await s.settled()
        assert s.fake.named("response")[0]["replace_original"] is True
