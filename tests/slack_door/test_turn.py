"""A turn: how a listener is found, how it answers, and what a failure looks like to the person."""

import asyncio
from typing import Any

import pytest
from door_stage import ADA, Stage, click, command_body, on_message, person, stage, submission, view
from slack_sdk.models.blocks import Option

from db.session import Database
from handlers.slack.context import Turn, ViewChanged, ViewClosed
from handlers.slack.payloads import Click, Closed, Command, HomeOpened, Shortcut, Suggestion
from services.errors import Disconnected, Temporary
from services.phrases import Phrase
from views.slack.blocks import message, modal, section

TIRED = Phrase("The machine is tired.", "La macchina è stanca.")


async def settled(s: Stage) -> None:
    """Listeners go on after their ack; wait for them."""
    await asyncio.gather(*s.slack.app.listener_runner.running)  # type: ignore[attr-defined] - ours


def failing(error: Exception, *, first_ack: bool = False) -> Any:
    async def fail(turn: Turn, payload: Any) -> None:
        if first_ack:
            await turn.ack()
        raise error

    return fail


def simple(title: str = "Title") -> Any:
    return modal("simple", title, [section("text")], close="Close")


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
        await settled(s)
        told = s.fake.named("response")[0]
        assert "older version" in told["text"]
        assert (told["response_type"], told["replace_original"]) == ("ephemeral", False)


async def test_an_old_button_in_a_modal_lays_its_sentence_on_top(database: Database) -> None:
    async with stage(database) as s:
        await s.interact(click("gone", view=view()))
        await settled(s)
        assert len(s.fake.named("views.push")) == 1


async def test_an_unknown_command_is_answered_in_the_persons_language(database: Database) -> None:
    async with stage(database) as s:
        assert "I do not know the command /nothing" in (await s.command("/nothing")).text
        assert "Non conosco" in (await s.command("/nothing", user_id="U_it")).text


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
            await turn.options([Option(value="1", label=f"{asked.typed}da")])

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
        await settled(s)
        assert seen[0].message is None
        assert (seen[1].message.text, seen[1].message.channel_id) == ("do it", "C1")
        assert seen[2].tab == "home"


async def test_a_rule_is_told_as_its_own_sentence_beside_the_command(database: Database) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(Temporary(TIRED)))
        assert (await s.command()).text.count("The machine is tired.") == 1
        assert (await s.command(user_id="U_it")).json["text"] == "La macchina è stanca."


async def test_a_bug_is_told_with_a_reference_and_never_with_its_text(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(RuntimeError("secret detail")))
        answer = await s.command()
        assert "secret detail" not in answer.text
        assert "reference" in answer.text
        assert answer.status == 200


async def test_a_failure_after_the_ack_finds_the_person_beside_the_command(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(Temporary(TIRED), first_ack=True))
        assert (await s.command()).text == ""
        await settled(s)
        assert s.fake.named("response")[0]["text"] == "The machine is tired."


async def test_a_response_url_that_no_longer_works_becomes_a_direct_message(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(Temporary(TIRED), first_ack=True))
        await s.command(response_url=s.response_url.replace("/api/", "/gone/"))
        await settled(s)
        posted = s.fake.named("chat.postMessage")[0]
        assert posted["channel"] == ADA


async def test_a_failure_while_a_modal_loads_is_shown_in_that_modal(database: Database) -> None:
    async with stage(database) as s:

        async def go(turn: Turn, command: Command) -> None:
            await turn.ack()
            await turn.open(simple("Loading"))
            raise Temporary(TIRED)

        s.listeners.command("/go", go)
        await s.command()
        await settled(s)
        drawn = s.fake.named("views.update")[0]
        assert "The machine is tired." in str(drawn["view"])


async def test_a_modal_closed_while_it_loaded_leaves_the_sentence_beside_the_command(
    database: Database,
) -> None:
    async with stage(database) as s:

        async def go(turn: Turn, command: Command) -> None:
            await turn.ack()
            await turn.open(simple("Loading"))
            raise Temporary(TIRED)

        s.listeners.command("/go", go)
        s.fake.faults["views.update"] = "not_found"
        await s.command()
        await settled(s)
        assert s.fake.named("response")[0]["text"] == "The machine is tired."


async def test_a_form_that_fails_keeps_what_was_typed_under_the_sentence(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.listeners.view("form", failing(Temporary(TIRED)))
        answer = (await s.interact(submission())).json
        assert answer["response_action"] == "push"
        assert "The machine is tired." in str(answer["view"])


async def test_a_form_on_the_third_level_says_it_under_its_first_input(database: Database) -> None:
    async with stage(database) as s:
        s.listeners.view("form", failing(Temporary(TIRED)))
        third = view(root_view_id="V1", previous_view_id="V2")
        answer = (await s.interact(submission(view=third))).json
        assert answer == {"response_action": "errors", "errors": {"b1": "The machine is tired."}}


async def test_a_form_that_failed_after_its_ack_is_drawn_over(database: Database) -> None:
    async with stage(database) as s:

        async def send(turn: Turn, form: Any) -> None:
            await turn.replace(simple("Working"))
            raise Temporary(TIRED)

        s.listeners.view("form", send)
        assert (await s.interact(submission())).json["response_action"] == "update"
        await settled(s)
        assert s.fake.named("views.update")[0]["view_id"] == "V0FORM"


async def test_a_dead_trigger_is_told_without_a_modal(database: Database) -> None:
    async with stage(database) as s:

        async def go(turn: Turn, shortcut: Shortcut) -> None:
            await turn.ack()
            await turn.open(simple())

        s.listeners.shortcut("new", go)
        s.fake.faults["views.open"] = "expired_trigger_id"
        await s.interact({"type": "shortcut", **person(), "callback_id": "new"})
        await settled(s)
        assert "too long" in s.fake.named("chat.postMessage")[0]["text"]


async def test_a_missing_connection_offers_to_connect(database: Database) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(Disconnected(TIRED, vendor="google")))
        await s.command()
        await settled(s)
        told = s.fake.named("response")[0]
        assert any(block["type"] == "actions" for block in told["blocks"])


@pytest.mark.parametrize(
    ("slacks_word", "ours"), [("not_found", ViewClosed), ("hash_conflict", ViewChanged)]
)
async def test_a_modal_that_is_gone_or_newer_has_an_error_of_its_own(
    database: Database, slacks_word: str, ours: type[Exception]
) -> None:
    async with stage(database) as s:
        raised: list[type[Exception]] = []

        async def go(turn: Turn, command: Command) -> None:
            await turn.ack()
            try:
                await turn.update("V1", simple(), hash="1.old")
            except (ViewClosed, ViewChanged) as error:
                raised.append(type(error))
                raise

        s.listeners.command("/go", go)
        s.fake.faults["views.update"] = slacks_word
        await s.command()
        await settled(s)
        assert raised == [ours]
        # Nobody is told: it was put away, or something newer is in sight.
        assert not s.fake.named("response")


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
        await settled(s)
        assert s.fake.named("response")[0]["replace_original"] is True


async def test_slack_out_of_reach_while_telling_ends_in_the_log_alone(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stage(database) as s:
        s.listeners.action("press", failing(Temporary(TIRED)))
        s.fake.faults |= {"views.push": "fatal_error", "chat.postMessage": "fatal_error"}
        assert (await s.interact(click(view=view()))).status == 200
        await settled(s)
        assert "slack.untold" in capsys.readouterr().out


async def test_a_workspace_that_never_installed_us_gets_one_clear_sentence(
    database: Database,
) -> None:
    async with stage(database) as s:
        answer = await s.command(team_id="T0STRANGER")
        assert answer.status == 200
        assert "not installed in this workspace" in answer.text
        raw, content_type = command_body(s, team_id="T0STRANGER", user_id="U_it")
        answer = await s.signed(raw, content_type, "commands")
        assert "non è più installato" in answer.json["text"]
