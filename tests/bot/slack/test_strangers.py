"""People of another company, met in a shared channel, are told one sentence and change nothing."""

from typing import Any

import pytest

from db.store.session import Database
from handlers.slack.kit.context import Turn
from tests.kit.door_stage import HOME, Stage, click, on_message, person, stage
from tests.kit.door_workspaces import ids, installed

THEIRS = "T0ELSEWHERE"


def pressed(s: Stage, team: str, *, of: str, **more: Any) -> dict[str, Any]:
    """A click on a message of ours by somebody of another workspace."""
    who = person("U9", team)
    user = {**who["user"], "team_id": of}
    return click(**(on_message(s) | who | {"user": user} | more))


def listening(s: Stage) -> list[str]:
    """Who reached the listener."""
    seen: list[str] = []

    async def press(turn: Turn, _: Any) -> None:
        seen.append(turn.actor.member_id)
        await turn.ack()

    s.listeners.action("press", press)
    return seen


async def test_a_stranger_is_told_so_where_they_are_and_nothing_happens(database: Database) -> None:
    async with stage(database) as s:
        seen = listening(s)
        assert (await s.interact(pressed(s, HOME, of=THEIRS))).status == 200
        await s.settled()
        assert seen == []
        [told] = s.fake.named("response")
        assert "Solo chi fa parte" in told["text"]
        assert told["response_type"] == "ephemeral"
        assert {name for name, _ in s.fake.calls} <= {"auth.test", "response"}


async def test_without_an_address_to_answer_a_stranger_hears_nothing(database: Database) -> None:
    async with stage(database) as s:
        seen = listening(s)
        await s.interact(pressed(s, HOME, of=THEIRS, response_url=""))
        await s.settled()
        assert seen == []
        assert not s.fake.named("chat.postMessage")


async def test_our_own_member_is_served_in_a_channel_of_another_company(
    database: Database,
) -> None:
    async with stage(database) as s:
        seen = listening(s)
        await s.interact(pressed(s, HOME, of=HOME, is_ext_shared_channel=True))
        await s.settled()
        assert seen == ["U9"]


async def test_a_strangers_event_and_options_have_no_effect(database: Database) -> None:
    async with stage(database) as s:
        seen: list[str] = []

        async def note(turn: Turn, _: Any) -> None:
            seen.append(turn.actor.member_id)

        s.listeners.event("app_home_opened", note)
        s.listeners.options("who", note)
        event = {"type": "app_home_opened", "user": "U9", "user_team": THEIRS, "tab": "home"}
        assert (await s.event(event)).status == 200
        asked = {"type": "block_suggestion", "action_id": "who", "block_id": "b", "value": "a"}
        who = person("U9")
        user = {"user": {"id": "U9", "team_id": THEIRS}}
        assert (await s.interact(asked | who | user)).json == {"options": []}
        await s.settled()
        assert seen == []


@pytest.mark.parametrize(
    ("grid", "served"),
    [("ours", True), ("ours, but of another workspace", False), ("another", False)],
)
async def test_in_an_organisation_slack_says_who_is_of_the_workspace(
    database: Database, grid: str, served: bool
) -> None:
    async with stage(database) as s:
        seen, (organisation, team) = listening(s), ids()
        await s.slack.store.async_save(installed(organisation, team))
        teams = [team, THEIRS] if grid == "ours" else [THEIRS]
        of = organisation if grid.startswith("ours") else ids()[0]
        s.fake.people["U9"] = {
            "team_id": THEIRS,
            "enterprise_user": {"enterprise_id": of, "teams": teams},
        }
        for _ in range(2):
            enterprise = {"id": organisation, "name": "Org"}
            await s.interact(pressed(s, team, of=THEIRS, enterprise=enterprise))
        await s.settled()
        assert bool(seen) is served
        assert len(s.fake.named("users.info")) == 1
