"""Admin keys: seen once, kept as digests, revoked for everybody within seconds."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from db.audit import admin_keys as table
from db.store.session import Database
from services.audit.admin_keys import ENVIRONMENT, AdminKeys
from services.audit.audit import Audit
from services.errors import Invalid, NotAllowed, NotFound
from tests.kit.desk import NOW

PEPPER = b"pepper"


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """That time."""
        return self.now


@pytest.fixture
def hands() -> Hands:
    """The clock of a test."""
    return Hands()


@pytest.fixture
def keys(database: Database, hands: Hands) -> AdminKeys:
    """The service, with one key from the environment."""
    return AdminKeys(database, PEPPER, "from-the-environment", hands)


async def test_a_new_key_names_its_owner(keys: AdminKeys) -> None:
    name = uuid4().hex
    key_id, key = await keys.create(f"  {name} ")
    who = await keys.who(key)
    assert (who.kind, who.id, who.name) == ("admin_key", key_id, name)
    assert key.startswith("adm_")
    assert len(key) == 47


async def test_the_key_itself_is_nowhere_kept(keys: AdminKeys, database: Database) -> None:
    key_id, key = await keys.create(uuid4().hex)
    async with database.transaction() as session:
        row = await session.get(table.AdminKey, key_id)
    assert row is not None
    assert key not in row.model_dump_json(exclude={"digest"})
    assert key.encode() not in row.digest
    lines = await Audit(database).lines(subject_id=key_id)
    assert [line.action for line in lines] == ["admin_keys.create"]
    assert all(key not in line.before + line.after for line in lines)


@pytest.mark.parametrize("wrong", ["", "adm_", "adm_" + "x" * 43, "\ud800", "x" * 100_000, "ключ"])
async def test_an_unknown_key_is_refused(keys: AdminKeys, wrong: str) -> None:
    with pytest.raises(NotAllowed):
        await keys.who(wrong)


async def test_the_environments_key_holds_beside_the_others(keys: AdminKeys) -> None:
    assert await keys.who("from-the-environment") == ENVIRONMENT


async def test_no_key_in_the_environment_means_that_an_empty_one_is_refused(
    database: Database, hands: Hands
) -> None:
    with pytest.raises(NotAllowed):
        await AdminKeys(database, PEPPER, "", hands).who("")


async def test_a_revoked_key_is_refused_at_once(keys: AdminKeys, database: Database) -> None:
    name = uuid4().hex
    key_id, key = await keys.create(name)
    await keys.who(key)
    await keys.revoke(name)
    with pytest.raises(NotAllowed):
        await keys.who(key)
    lines = await Audit(database).lines(subject_id=key_id)
    assert [line.action for line in lines] == ["admin_keys.revoke", "admin_keys.create"]


async def test_another_process_refuses_it_within_seconds(
    keys: AdminKeys, database: Database, hands: Hands
) -> None:
    other = AdminKeys(database, PEPPER, "", hands)
    name = uuid4().hex
    _, key = await keys.create(name)
    await other.who(key)
    await keys.revoke(name)
    hands.now += timedelta(seconds=3)
    with pytest.raises(NotAllowed):
        await other.who(key)


async def test_a_name_is_one_keys_at_a_time(keys: AdminKeys) -> None:
    name = uuid4().hex
    await keys.create(name)
    with pytest.raises(Invalid):
        await keys.create(name)
    await keys.revoke(name)
    await keys.create(name)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
async def test_a_key_needs_a_name(keys: AdminKeys, name: str) -> None:
    with pytest.raises(Invalid):
        await keys.create(name)


async def test_what_is_not_there_cannot_be_revoked(keys: AdminKeys) -> None:
    with pytest.raises(NotFound):
        await keys.revoke(uuid4().hex)
