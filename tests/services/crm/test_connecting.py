"""Keys of a CRM are tried before they are kept, by those who may, for one workspace."""

from uuid import uuid4

import pytest

from db.store.session import Database
from integrations.errors import Unreachable
from services.actors import Actor
from services.connections.crm_keys import EVERYBODY, SharedKeys
from services.crm.connecting import CrmConnecting, NewKeys
from services.crm.index import CrmQuery
from services.crm.port import Account
from services.errors import Disconnected, Invalid, NotAllowed, NotFound, Temporary
from services.ports import SlackPerson
from tests.kit.crm_desk import GOOD, CrmDesk

FRIEND = "U2"


class People:
    """A Slack in which only U1 is an admin."""

    async def person(self, actor: Actor) -> SlackPerson:
        """Whoever is asked for."""
        return SlackPerson("Ada", "ada@x.example", "en-US", "UTC", admin=actor.member_id == "U1")


@pytest.fixture
def desk(database: Database) -> CrmDesk:
    desk = CrmDesk(database)
    desk.crm.put(Account("a1", "Hartwell", ("hartwell.example",)))
    return desk


@pytest.fixture
def connecting(desk: CrmDesk) -> CrmConnecting:
    nobody = SharedKeys()
    return CrmConnecting(desk.database, desk.keys, desk.access, desk.refresh, People(), nobody)


def stranger() -> Actor:
    """Somebody in a workspace of their own, without any CRM."""
    return Actor(f"T{uuid4().hex[:8]}", "U1")


async def test_good_keys_are_kept_and_the_reading_begins(
    connecting: CrmConnecting, desk: CrmDesk
) -> None:
    ada = stranger()
    assert await desk.access.of(ada) is None
    await connecting.save(ada, NewKeys("crono", GOOD))
    stored = await desk.keys.of(Actor(ada.workspace_id, FRIEND))
    assert stored is not None
    assert (stored.keys, stored.by, stored.member_id) == (GOOD, "U1", EVERYBODY)
    assert await desk.keys.progress(ada.workspace_id) is not None
    assert "good" not in repr(stored)


async def test_refused_keys_are_not_kept_and_the_field_is_named(
    connecting: CrmConnecting, desk: CrmDesk
) -> None:
    ada = stranger()
    with pytest.raises(Invalid) as caught:
        await connecting.save(ada, NewKeys("crono", ("bad", "keys")))
    assert caught.value.field == "public"
    assert await desk.keys.of(ada) is None


@pytest.mark.parametrize("typed", [("", "keys"), ("good", "two words"), ("né", "keys")])
async def test_what_cannot_be_a_key_asks_nobody(
    connecting: CrmConnecting, desk: CrmDesk, typed: tuple[str, ...]
) -> None:
    desk.crm.failing = [Unreachable("crono")]
    with pytest.raises(Invalid):
        await connecting.save(stranger(), NewKeys("crono", typed))
    assert desk.crm.failing


async def test_a_crm_that_is_away_keeps_nothing(connecting: CrmConnecting, desk: CrmDesk) -> None:
    ada = stranger()
    desk.crm.failing = [Unreachable("crono")]
    with pytest.raises(Temporary):
        await connecting.save(ada, NewKeys("crono", GOOD))
    assert await desk.keys.of(ada) is None


async def test_only_an_admin_connects_for_everybody(
    connecting: CrmConnecting, desk: CrmDesk
) -> None:
    ada = stranger()
    friend = Actor(ada.workspace_id, FRIEND)
    with pytest.raises(NotAllowed):
        await connecting.save(friend, NewKeys("crono", GOOD))
    await connecting.save(ada, NewKeys("crono", GOOD))
    with pytest.raises(NotAllowed):
        await connecting.disconnect(friend, own=False)


async def test_keys_of_ones_own_serve_their_owner_alone(
    connecting: CrmConnecting, desk: CrmDesk
) -> None:
    ada = stranger()
    friend = Actor(ada.workspace_id, FRIEND)
    with pytest.raises(Invalid):
        await connecting.save(friend, NewKeys("crono", GOOD, own=True))
    await connecting.save(ada, NewKeys("crono", GOOD))
    await connecting.save(friend, NewKeys("crono", GOOD, own=True))
    for actor, holder in ((friend, FRIEND), (ada, EVERYBODY)):
        stored = await desk.keys.of(actor)
        assert stored is not None
        assert stored.member_id == holder
    await connecting.disconnect(friend, own=True)
    assert (await desk.keys.of(friend)) == (await desk.keys.of(ada))


async def test_disconnecting_forgets_keys_and_index(
    connecting: CrmConnecting, desk: CrmDesk
) -> None:
    ada = stranger()
    await connecting.save(ada, NewKeys("crono", GOOD))
    await connecting.disconnect(ada, own=False)
    assert await desk.keys.of(ada) is None
    assert await desk.keys.progress(ada.workspace_id) is None
    assert await desk.index.search(ada, CrmQuery("hart")) == ()
    with pytest.raises(NotFound):
        await connecting.disconnect(ada, own=False)
    with pytest.raises(Disconnected):
        async with desk.access.using(ada):
            pass
