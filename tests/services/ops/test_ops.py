"""The ops rule: one channel, one workspace, a list of people; every try elsewhere is written."""

from uuid import uuid4

import pytest

from db.store.session import Database
from services.actors import Actor
from services.audit.audit import Audit
from services.errors import NotAllowed
from services.ops.ops import NOT_HERE, NOT_YOU, Ops
from services.people.members import Members
from tests.kit.desk import Quiet, now
from tests.kit.ops_desk import CHANNEL, HOME, OpsStage

COMMAND = "/license-issue"


@pytest.fixture
def desk(database: Database) -> OpsStage:
    """An admin's desk."""
    return OpsStage(database)


async def test_an_admin_in_the_ops_channel_may(desk: OpsStage) -> None:
    operator = await desk.ops.allow(desk.admin, CHANNEL, COMMAND)
    assert (operator.kind, operator.id, operator.name) == (
        "slack",
        f"{HOME}:{desk.admin.member_id}",
        "Ada",
    )


async def test_only_an_admin_is_told_where_to_operate(desk: OpsStage) -> None:
    assert desk.ops.channel_for(desk.admin) == CHANNEL
    assert desk.ops.channel_for(Actor(HOME, "U0NOBODY")) == ""
    assert desk.ops.channel_for(Actor("T0OTHER", desk.admin.member_id)) == ""


async def test_a_refusal_says_what_is_missing_and_is_written_down(
    desk: OpsStage,
) -> None:
    command = uuid4().hex
    tries = (
        (desk.admin, "C0GENERAL"),
        (desk.admin, ""),
        (Actor(HOME, "U0SAM"), CHANNEL),
        (Actor("T0OTHER", desk.admin.member_id), CHANNEL),
    )
    said = []
    for actor, channel in tries:
        with pytest.raises(NotAllowed) as refused:
            await desk.ops.allow(actor, channel, command)
        said.append(refused.value.phrase)
    assert said == [NOT_HERE, NOT_HERE, NOT_YOU, NOT_YOU]
    lines = await desk.lines(command)
    assert [line.outcome for line in lines] == ["refused"] * len(tries)
    assert [line.operator.id for line in lines] == [
        f"{actor.workspace_id}:{actor.member_id}" for actor, _ in tries
    ]


async def test_without_settings_nobody_may(database: Database) -> None:
    ops = Ops(Audit(database), Members(database, Quiet(), now), "", "", {"U1"})
    for actor, channel in ((Actor("", "U1"), ""), (Actor("T1", "U1"), "")):
        with pytest.raises(NotAllowed):
            await ops.allow(actor, channel, COMMAND)
        with pytest.raises(NotAllowed):
            await ops.allow_again(actor, COMMAND)


async def test_a_button_of_ours_works_for_admins_wherever_it_is_shown(desk: OpsStage) -> None:
    assert await desk.ops.allow_again(desk.admin, COMMAND)
    with pytest.raises(NotAllowed):
        await desk.ops.allow_again(Actor(HOME, "U0SAM"), COMMAND)
