"""Whose token speaks: eight envelopes of Slack's, with organisations and shared channels."""

from dataclasses import dataclass
from typing import Any

import pytest

from db.store.session import Database
from handlers.slack.kit.context import Turn
from services.actors import Actor
from tests.kit.door_stage import Stage, event_body, stage
from tests.kit.door_workspaces import OWN, STORED, WHOLE, ids, installed

NOBODY = ("", "")


@dataclass(frozen=True)
class Cast:
    """A workspace alone, an organisation as a whole, another company with Grid, and a stranger."""

    team: str
    organisation: str
    member: str
    other_organisation: str
    other_team: str
    unknown: str


def authorized(team: str | None, organisation: str | None, whole: Any) -> dict[str, Any]:
    """What Slack lists first: the installation that an event belongs to."""
    row = {"enterprise_id": organisation, "team_id": team, "is_enterprise_install": whole}
    return {"authorizations": [{**row, "user_id": "UB1", "is_bot": True}]}


def outer(team: str | None, organisation: str | None, whole: Any = False) -> dict[str, Any]:
    """The ids at the top, which are those of where it happened."""
    return {"team_id": team, "enterprise_id": organisation, "is_enterprise_install": whole}


def _envelopes(c: Cast) -> dict[str, tuple[dict[str, Any], tuple[str, str]]]:
    """By name: the envelope, and the token and workspace that must answer."""
    shared = {"is_ext_shared_channel": True}
    return {
        "a workspace": (outer(c.team, None), (STORED, c.team)),
        "an organisation as a whole": (
            outer(c.member, c.organisation, whole=True)
            | authorized(None, c.organisation, whole=True),
            (WHOLE, c.organisation),
        ),
        "the flag as text": (
            outer(c.member, c.organisation, "true") | authorized(None, c.organisation, "true"),
            (WHOLE, c.organisation),
        ),
        "the flag denied, as text": (
            outer(c.member, c.organisation, "false")
            | authorized(c.member, c.organisation, "false"),
            (WHOLE, c.organisation),
        ),
        "team_access_granted": (
            outer(c.member, c.organisation) | authorized(c.member, c.organisation, whole=False),
            (WHOLE, c.organisation),
        ),
        "shared, with the other company's Grid at the top": (
            outer(c.other_team, c.other_organisation)
            | authorized(c.team, None, whole=False)
            | shared,
            (STORED, c.team),
        ),
        "shared, with ours in Grid": (
            outer(c.unknown, None) | authorized(None, c.organisation, whole=True) | shared,
            (WHOLE, c.organisation),
        ),
        "not installed anywhere": (outer(c.unknown, None), NOBODY),
    }


NAMES = tuple(_envelopes(Cast("T1", "E1", "T2", "E2", "T3", "T4")))


async def prepared(s: Stage) -> Cast:
    """All of them installed, but the unknown one."""
    (_, team), (organisation, member), (other, other_team) = ids(), ids(), ids()
    store = s.slack.store
    await store.async_save(installed(None, team))
    await store.async_save(installed(organisation, None, bot_token=WHOLE))
    await store.async_save(installed(other, other_team, bot_token=OWN))
    return Cast(team, organisation, member, other, other_team, ids()[1])


@pytest.mark.parametrize("name", NAMES)
async def test_an_event_gets_its_own_token_or_nothing_happens(
    database: Database, name: str
) -> None:
    async with stage(database) as s:
        cast = await prepared(s)
        seen: list[tuple[str, str]] = []

        async def go(turn: Turn, event: Any) -> None:
            seen.append((turn.slack.token or "", turn.actor.workspace_id))

        s.listeners.event("app_home_opened", go)
        given, expected = _envelopes(cast)[name]
        event = {"type": "app_home_opened", "user": "U1"}
        raw, content_type = event_body(event, **given)
        assert (await s.signed(raw, content_type)).status == 200
        await s.settled()
        assert seen == ([] if expected == NOBODY else [expected])


async def test_a_timer_finds_the_organisation_of_a_workspace_that_was_seen(
    database: Database,
) -> None:
    async with stage(database) as s:
        cast = await prepared(s)

        async def go(turn: Turn, _: Any) -> None:
            await turn.ack()

        s.listeners.command("/go", go)
        await s.command(
            team_id=cast.member, enterprise_id=cast.organisation, is_enterprise_install="true"
        )
        await s.settled()
        # As the ops room asks: by the workspace of the settings, with no organisation.
        assert (await s.slack.client(Actor(cast.member, ""))).token == WHOLE


async def test_a_job_of_an_organisation_speaks_with_its_token(database: Database) -> None:
    async with stage(database) as s:
        cast = await prepared(s)
        # As a row tells it: only the workspace's id is kept.
        assert (await s.slack.client(Actor(cast.organisation, "U1"))).token == WHOLE


async def test_the_actor_knows_the_workspace_where_they_are_now(database: Database) -> None:
    async with stage(database) as s:
        cast = await prepared(s)
        seen: list[Actor] = []

        async def go(turn: Turn, _: Any) -> None:
            seen.append(turn.actor)
            await turn.ack()

        s.listeners.command("/go", go)
        await s.command(
            team_id=cast.member, enterprise_id=cast.organisation, is_enterprise_install="true"
        )
        [actor] = seen
        assert (actor.workspace_id, actor.team_id) == (cast.organisation, cast.member)
