"""Modals and home tabs: triggers, stacks, hashes, and the truth of what stands in the inputs."""

import pytest
from slack_sdk.errors import SlackApiError

from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.gestures import modals
from integrations.sandbox.slack.rules import Rules
from tests.sandbox.slack.slack_stage import (
    actions,
    button,
    field_of,
    modal,
    option,
    section,
    stage,
    text_input,
)


class Hands:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


async def error_of(call) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_a_trigger_opens_one_view_within_three_seconds():
    clock = Hands()
    async with stage(rules=Rules(now=clock)) as s:
        client, view = s.client(), modal(section("x"))
        await s.ada.command("/go")
        trigger_id = s.app.last("/go")["trigger_id"]
        assert await error_of(client.views_open(trigger_id="1.2.x", view=view)) == (
            "invalid_trigger_id"
        )
        await client.views_open(trigger_id=trigger_id, view=view)
        assert await error_of(client.views_open(trigger_id=trigger_id, view=view)) == (
            "exchanged_trigger_id"
        )
        await s.ada.command("/go")
        late = s.app.last("/go")["trigger_id"]
        clock.at += 3.1
        assert await error_of(client.views_open(trigger_id=late, view=view)) == (
            "expired_trigger_id"
        )


async def test_a_trigger_of_one_workspace_is_worthless_in_another():
    async with stage() as s:
        await s.ada.command("/go")
        trigger_id = s.app.last("/go")["trigger_id"]
        call = s.client("T0OTHER").views_open(trigger_id=trigger_id, view=modal(section("x")))
        assert await error_of(call) == "invalid_trigger_id"


async def test_a_bad_view_is_refused_with_pointers_and_leaves_the_trigger():
    async with stage() as s:
        await s.ada.command("/go")
        trigger_id = s.app.last("/go")["trigger_id"]
        with pytest.raises(SlackApiError) as caught:
            await s.client().views_open(
                trigger_id=trigger_id, view=modal(section("x"), title="t" * 25)
            )
        answer = caught.value.response
        assert answer["error"] == "invalid_arguments"
        assert answer["response_metadata"]["messages"] == [
            "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
        ]
        await s.client().views_open(trigger_id=trigger_id, view=modal(section("x")))


async def test_a_view_over_250_kilobytes_is_too_large():
    async with stage() as s:
        big = modal(*[section("é" * 1500) for _ in range(90)])
        await s.ada.command("/go")
        trigger_id = s.app.last("/go")["trigger_id"]
        assert await error_of(s.client().views_open(trigger_id=trigger_id, view=big)) == (
            "view_too_large"
        )


async def test_at_most_three_modals_lie_on_each_other():
    async with stage() as s:
        more = modal(actions(button("more")))
        await s.opened(more)
        for depth in (2, 3):
            await s.ada.click("more")
            trigger_id = s.app.last("block_actions")["trigger_id"]
            pushed = (await s.client().views_push(trigger_id=trigger_id, view=more))["view"]
            assert len(s.ada.modals) == depth
            assert pushed["previous_view_id"] == s.ada.modals[-2].surface.view.id
            assert pushed["root_view_id"] == s.ada.modals[0].surface.view.id
        await s.ada.click("more")
        trigger_id = s.app.last("block_actions")["trigger_id"]
        assert await error_of(s.client().views_push(trigger_id=trigger_id, view=more)) == (
            "push_limit_reached"
        )


async def test_a_push_needs_an_open_modal():
    async with stage() as s:
        await s.ada.command("/go")
        trigger_id = s.app.last("/go")["trigger_id"]
        call = s.client().views_push(trigger_id=trigger_id, view=modal(section("x")))
        assert await error_of(call) == "not_found"


async def test_an_update_needs_the_newest_hash_and_an_open_modal():
    async with stage() as s:
        client = s.client()
        view = await s.opened(modal(section("one")))
        again = modal(section("two"))
        newer = (await client.views_update(view_id=view["id"], hash=view["hash"], view=again))[
            "view"
        ]
        assert newer["id"] == view["id"]
        assert "two" in s.ada.modal
        assert (
            await error_of(client.views_update(view_id=view["id"], hash=view["hash"], view=again))
            == "hash_conflict"
        )
        await s.ada.close()
        assert await error_of(client.views_update(view_id=view["id"], view=again)) == "not_found"


async def test_an_external_id_names_one_view_of_the_workspace():
    async with stage() as s:
        client = s.client()
        await s.opened(modal(section("one"), external_id="mine"))
        await client.views_update(
            external_id="mine", view=modal(section("two"), external_id="mine")
        )
        assert "two" in s.ada.modal
        await s.giulia.command("/go")
        trigger_id = s.app.last("/go")["trigger_id"]
        call = client.views_open(
            trigger_id=trigger_id, view=modal(section("x"), external_id="mine")
        )
        assert await error_of(call) == "duplicate_external_id"


async def test_untouched_inputs_keep_their_initial_values():
    async with stage() as s:
        boxes = {"type": "checkboxes", "action_id": "boxes", "options": [option("a"), option("b")]}
        await s.opened(
            modal(
                text_input("subject", initial_value="Hello"),
                field_of({**boxes, "initial_options": [option("b")]}, "boxes"),
                text_input("extra", block={"optional": True}),
            )
        )
        assert (await s.ada.submit()).ok
        values = s.app.last("view_submission")["view"]["state"]["values"]
        assert values["subject"]["subject"] == {"type": "plain_text_input", "value": "Hello"}
        assert [o["value"] for o in values["boxes"]["boxes"]["selected_options"]] == ["b"]
        assert values["extra"]["extra"]["value"] is None
        assert s.ada.modal is None


async def test_typed_values_survive_an_update_only_under_the_same_ids():
    async with stage() as s:
        view = await s.opened(modal(text_input("subject", initial_value="one"), text_input("body")))
        await s.ada.type("body", "typed")
        await s.client().views_update(
            view_id=view["id"],
            view=modal(
                text_input("subject", initial_value="two"),
                text_input("body", "body-2", initial_value="fresh"),
            ),
        )
        values = s.ada.modal.values
        assert values["subject"]["subject"]["value"] == "one"
        assert values["body-2"]["body"]["value"] == "fresh"
        assert "body" not in values
        await s.client().views_update(view_id=view["id"], view=modal(text_input("body", "body-2")))
        assert s.ada.modal.values["body-2"]["body"]["value"] == "fresh"


async def test_an_input_without_a_block_id_forgets_what_was_typed():
    async with stage() as s:
        nameless = text_input("note")
        del nameless["block_id"]
        view = await s.opened(modal(nameless))
        await s.ada.type("note", "gone soon")
        await s.client().views_update(view_id=view["id"], view=modal(nameless))
        assert [a["note"]["value"] for a in s.ada.modal.values.values()] == [None]


async def test_the_client_itself_refuses_what_cannot_be_submitted():
    async with stage() as s:
        mail = {"type": "email_text_input", "action_id": "mail"}
        number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False}
        await s.opened(
            modal(
                text_input("subject", min_length=3),
                field_of(mail, "mail", optional=True),
                field_of({**number, "max_value": "10"}, "n", optional=True),
            )
        )
        outcome = await s.ada.submit()
        assert outcome.errors == {"subject": "Please complete this required field."}
        await s.ada.type("subject", "ab")
        await s.ada.type("mail", "nobody")
        await s.ada.type("n", "11")
        outcome = await s.ada.submit()
        assert set(outcome.errors) == {"subject", "mail", "n"}
        assert all(d.kind != "view_submission" for d in s.app.delivered)


async def test_errors_stand_under_inputs_and_nowhere_else():
    async with stage() as s:
        await s.opened(modal(section("words", block_id="words"), text_input("subject", "box")))
        await s.ada.type("subject", "x")
        s.app.on("view_submission", {"response_action": "errors", "errors": {"box": "Too short."}})
        assert (await s.ada.submit()).errors == {"box": "Too short."}
        assert s.ada.modal is not None
        for wrong in ("subject", "words"):
            s.app.on("view_submission", {"response_action": "errors", "errors": {wrong: "No."}})
            assert (await s.ada.submit()).error == "invalid_errors"
        problem = s.journal.entries()[-1]["response"]["problem"]
        assert "unknown_block_id" in problem


async def test_a_submission_can_update_push_and_clear():
    async with stage() as s:
        first = await s.opened(modal(section("one")))
        s.app.on("view_submission", {"response_action": "update", "view": modal(section("two"))})
        await s.ada.submit()
        assert "two" in s.ada.modal
        assert s.ada.modal.surface.view.id == first["id"]
        s.app.on("view_submission", {"response_action": "push", "view": modal(section("three"))})
        await s.ada.submit()
        assert [m.text.splitlines()[-1] for m in s.ada.modals] == ["two", "three"]
        s.app.on("view_submission", {"response_action": "update", "view": modal(title="x" * 30)})
        assert (await s.ada.submit()).error == "invalid_view"
        s.app.on("view_submission", "")
        await s.ada.submit()
        assert len(s.ada.modals) == 1
        s.app.on("view_submission", {"response_action": "clear"})
        await s.ada.submit()
        assert s.ada.modals == []


async def test_closing_is_told_to_those_who_asked():
    async with stage() as s:
        told = modal(actions(button("more")), notify_on_close=True, callback_id="told")
        await s.opened(told)
        await s.ada.click("more")
        trigger_id = s.app.last("block_actions")["trigger_id"]
        await s.client().views_push(trigger_id=trigger_id, view=modal(section("silent")))
        await s.ada.close()
        assert all(d.kind != "view_closed" for d in s.app.delivered)
        await s.client().views_push(trigger_id=await fresh_trigger(s), view=told)
        await s.ada.close(everything=True)
        closed = [d.body for d in s.app.delivered if d.kind == "view_closed"]
        assert [c["is_cleared"] for c in closed] == [True, True]
        assert closed[0]["view"]["callback_id"] == "told"
        assert "trigger_id" not in closed[0]


async def fresh_trigger(s) -> str:
    await s.ada.click("more")
    return s.app.last("block_actions")["trigger_id"]


async def test_only_the_topmost_modal_can_be_submitted():
    async with stage() as s:
        await s.opened(modal(actions(button("more"))))
        below = s.ada.modal
        await s.client().views_push(trigger_id=await fresh_trigger(s), view=modal(section("top")))
        with pytest.raises(Impossible, match="on top"):
            await modals.submit(s.slack, below.surface, {})
