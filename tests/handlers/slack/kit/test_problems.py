"""What a failure looks like to the person: one sentence, where the person is looking."""

from typing import Any

import pytest

from db.store.session import Database
from handlers.slack.kit.context import Turn, ViewChanged, ViewClosed
from handlers.slack.kit.payloads import Command, Shortcut
from services.errors import Disconnected, Temporary
from tests.kit.door_listeners import TIRED, failing, simple
from tests.kit.door_stage import ADA, click, command_body, person, stage, submission, view


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
        await s.settled()
        assert s.fake.named("response")[0]["text"] == "The machine is tired."


async def test_a_response_url_that_no_longer_works_becomes_a_direct_message(
    database: Database,
) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(Temporary(TIRED), first_ack=True))
        await s.command(response_url=s.response_url.replace("/api/", "/gone/"))
        await s.settled()
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
        await s.settled()
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
        await s.settled()
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
        await s.settled()
        assert s.fake.named("views.update")[0]["view_id"] == "V0FORM"


async def test_a_dead_trigger_is_told_without_a_modal(database: Database) -> None:
    async with stage(database) as s:

        async def go(turn: Turn, shortcut: Shortcut) -> None:
            await turn.ack()
            await turn.open(simple())

        s.listeners.shortcut("new", go)
        s.fake.faults["views.open"] = "expired_trigger_id"
        await s.interact({"type": "shortcut", **person(), "callback_id": "new"})
        await s.settled()
        assert "too late" in s.fake.named("chat.postMessage")[0]["text"]


async def test_a_missing_connection_offers_to_connect(database: Database) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(Disconnected(TIRED, vendor="google")))
        await s.command()
        await s.settled()
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
        await s.settled()
        assert raised == [ours]
        # Nobody is told: it was put away, or something newer is in sight.
        assert not s.fake.named("response")


async def test_slack_out_of_reach_while_telling_ends_in_the_log_alone(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stage(database) as s:
        s.listeners.action("press", failing(Temporary(TIRED)))
        s.fake.faults |= {"views.push": "fatal_error", "chat.postMessage": "fatal_error"}
        assert (await s.interact(click(view=view()))).status == 200
        await s.settled()
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
