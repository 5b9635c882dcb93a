"""The workspace's part of the check-up: for admins, by what Slack says now, and of nobody else."""

from dataclasses import dataclass, replace
from typing import cast
from uuid import uuid4

import pytest

from db.connections.connections import CONNECTED, DISCONNECTED, Connection
from db.store.session import Database, seal
from services.actors import Actor
from services.connections import CrmKeys, SharedKeys
from services.doctor import SlackStanding, Standing
from services.errors import AWAY, DomainError, Temporary
from services.ops import Ops
from services.ports import SlackPerson
from tests.kit.door_workspaces import NOW, Hands, ids

URL = "https://seguito.example/slack/install"
PERSON = SlackPerson("Ada", "ada@example.com", "en-US", "UTC", admin=True)
STANDS = SlackStanding("Altamarea")


@dataclass
class Outside:
    """Slack: who is an admin, and how our bot stands."""

    person_: SlackPerson = PERSON
    standing: SlackStanding | DomainError = STANDS

    async def person(self, actor: Actor) -> SlackPerson:
        return self.person_

    async def look(self, actor: Actor) -> SlackStanding:
        if isinstance(self.standing, DomainError):
            raise self.standing
        return self.standing


class NoOps:
    """Nobody is an ops admin."""

    def is_admin(self, actor: Actor) -> bool:
        return False


def standing(database: Database, outside: Outside) -> Standing:
    keys = CrmKeys(database, SharedKeys("", frozenset(), "", ()), Hands())
    people = (outside, cast(Ops, NoOps()))
    return Standing(database, outside, people, keys, URL, Hands())


async def found(database: Database, outside: Outside, actor: Actor) -> dict[str, str]:
    """What was found, by vendor; a mark before what is not fine."""
    findings = await standing(database, outside).run(actor)
    return {one.vendor: ("" if one.fine else "! ") + one.en for one in findings}


async def connect(database: Database, team: str, vendor: str, status: str = CONNECTED) -> None:
    """Somebody of that workspace."""
    row = Connection(
        workspace_id=team,
        member_id=uuid4().hex,
        vendor=vendor,
        status=status,
        secret=b"",
        connected_at=NOW,
    )
    async with database.transaction() as session:
        seal(session, row, "secret", "key")
        session.add(row)


async def test_an_admin_sees_how_the_workspace_stands(database: Database) -> None:
    team, other = ids()[1], ids()[1]
    for vendor in ("fathom", "fathom", "google"):
        await connect(database, team, vendor)
    await connect(database, team, "google", DISCONNECTED)
    await connect(database, other, "fathom")
    assert await found(database, Outside(), Actor(team, "U1")) == {
        "slack": "installed in Altamarea, with every permission",
        "crm": "not connected; an admin connects it under /seguito connections",
        "fathom": "2 connected, 0 to connect again",
        "google": "! 1 connected, 1 to connect again",
    }


async def test_who_is_no_admin_sees_nothing_of_it(database: Database) -> None:
    outside = Outside(replace(PERSON, admin=False))
    assert await found(database, outside, Actor(ids()[1], "U1")) == {}


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        (SlackStanding("A", missing=("files:read",)), "without: files:read"),
        (SlackStanding("A", lapses=True), "cannot be renewed"),
        (SlackStanding("", refused="token_revoked"), "token_revoked"),
        (Temporary(AWAY, vendor="Slack"), "Slack does not answer"),
    ],
)
async def test_what_is_wrong_at_slack_says_what_to_do(
    database: Database, stands: SlackStanding | DomainError, words: str
) -> None:
    told = await found(database, Outside(standing=stands), Actor(ids()[1], "U1"))
    assert told["slack"].startswith("! ")
    assert words in told["slack"]
    if isinstance(stands, SlackStanding):
        assert URL in told["slack"]
