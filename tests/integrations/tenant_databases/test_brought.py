"""URLs that somebody brings: each effective host is judged, pinned, and nothing else connected."""

import socket
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.local.postgres_binaries import candidates
from integrations.databases import ConnectionMode
from integrations.errors import RefusedByVendor
from integrations.tenant_databases.brought import BroughtDatabases
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.errors import Reason, TenantUnreachable
from integrations.webhooks.types import AddressPolicy
from tests.kit.tenant_parts import parts_of


def own(policy: AddressPolicy = AddressPolicy.PUBLIC) -> BroughtDatabases:
    connections = TenantConnections(policy=policy)
    return BroughtDatabases(connections, PgDump(connections, candidates, policy), policy)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://u:p@db.example/x?host=169.254.169.254", "private_address"),
        ("postgresql://u:p@db.example/x?hostaddr=169.254.169.254", "private_address"),
        ("postgresql://u:p@a.example,10.0.0.5/x", "many_hosts"),
        ("postgresql://u:p@a.example/x?host=b.example,10.0.0.5", "many_hosts"),
        ("postgresql://u:p@a.example/x?hostaddr=1.1.1.1,10.0.0.5", "many_hosts"),
        ("postgresql://u:p@a.example/x?host=/var/run", "socket"),
        ("postgresql://u:p@%2Fvar%2Frun/x", "socket"),
        ("postgresql://u:p@a.example/x?host=@abstract", "socket"),
        ("postgresql://u:p@/x?service=inner", "service"),
        ("postgresql:///x?user=u", "malformed"),
        ("postgresql://u:p@127.0.0.1:5432/x", "private_address"),
        ("postgresql://u:p@[::1]/x", "private_address"),
        ("postgresql://u:p@[::ffff:10.0.0.5]/x", "private_address"),
        ("postgresql://u:p@localhost/x", "private_address"),
        ("postgresql://u:p@10.0.0.5/x", "private_address"),
        ("postgresql://u:p@tenant.invalid/x", "unknown_host"),
        ("postgresql://u:p@a.example:0/x", "malformed"),
        ("postgresql://u:p@a.example:70000/x", "malformed"),
        ("postgresql://a.example/x", "malformed"),
        ("postgresql://u:p@a.example/x?sslmode=off", "malformed"),
        ("postgresql://u:p@a.example/x?unheard=of", "malformed"),
        ("postgresql://u:p@a.example/x?hostaddr=a.example", "malformed"),
        ("mysql://u:p@a.example/x", "malformed"),
        ("host=10.0.0.5 user=u", "malformed"),
        ("postgresql://u:p@a.example/x\0", "malformed"),
        ("postgresql://u:p@" + "a" * 3000, "malformed"),
    ],
)
async def test_a_url_that_leads_elsewhere_is_refused_unconnected(monkeypatch, url, code) -> None:
    # As an environment that a driver would look into.
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("PGPORT", str(listener.getsockname()[1]))
        listener.setblocking(False)
        with pytest.raises(RefusedByVendor) as caught:
            await own().read(SecretStr(url))
        assert caught.value.code == code
        assert "p@" not in str(caught.value)
        with pytest.raises(BlockingIOError):
            listener.accept()


async def test_a_good_one_is_read_in_parts_with_its_address_pinned() -> None:
    url = "postgres://us%40er:p%2Fw@1.1.1.1:5433/data%20base?sslmode=verify-full"
    parts = await own().read(SecretStr(url))
    assert (parts.host, parts.port, parts.address) == ("1.1.1.1", 5433, "1.1.1.1")
    assert (parts.user, parts.database) == ("us@er", "data base")
    assert parts.password.get_secret_value() == "p/w"
    assert (parts.sslmode, parts.mode) == ("verify-full", ConnectionMode.DIRECT)
    assert "p/w" not in repr(parts)


@pytest.mark.parametrize("asked", ["", "?sslmode=disable", "?sslmode=prefer", "?sslmode=allow"])
async def test_over_the_internet_nothing_travels_in_clear(asked) -> None:
    parts = await own().read(SecretStr(f"postgresql://u:p@1.1.1.1/x{asked}"))
    assert parts.sslmode == "require"


@pytest.mark.parametrize(
    ("place", "mode"),
    [
        ("1.1.1.1:5432/x", ConnectionMode.DIRECT),
        ("1.1.1.1:6543/x", ConnectionMode.TRANSACTION),
        ("1.1.1.1/x?pgbouncer=true", ConnectionMode.TRANSACTION),
        ("ep-a-pooler.eu.example/x?hostaddr=1.1.1.1", ConnectionMode.TRANSACTION),
        ("aws-0-eu.pooler.supabase.com/x?hostaddr=1.1.1.1", ConnectionMode.SESSION),
    ],
)
async def test_usual_poolers_are_known_by_their_looks(place, mode) -> None:
    assert (await own().read(SecretStr(f"postgresql://u:p@{place}"))).mode is mode


async def test_a_private_one_is_taken_where_the_operator_said_so(new_database) -> None:
    url = await new_database()
    theirs = own(AddressPolicy.ANYONE)
    parts = await theirs.read(SecretStr(url))
    assert parts.address == "127.0.0.1"
    assert await theirs.is_empty(parts)
    # And judged again whenever somebody connects.
    with pytest.raises(TenantUnreachable) as caught:
        await own().is_empty(parts)
    assert caught.value.reason is Reason.NOT_ALLOWED


@pytest.mark.parametrize(
    ("made", "empty"),
    [
        ("CREATE TABLE t (id int)", False),
        ("CREATE SCHEMA s; CREATE VIEW s.v AS SELECT 1", False),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1", False),
        ("CREATE TYPE mood AS ENUM ('well')", False),
        ("CREATE SEQUENCE counter", False),
        ("CREATE EXTENSION citext", True),
        ("CREATE SCHEMA nothing_in_it", True),
        ("CREATE SCHEMA auth; CREATE TABLE auth.users (id int)", True),
    ],
)
async def test_only_what_holds_nothing_of_anybodys_is_empty(new_database, made, empty) -> None:
    parts = replace(parts_of(await new_database()), address="127.0.0.1")
    connections = TenantConnections(policy=AddressPolicy.ANYONE)
    async with connections.connect(parts) as connection:
        await connection.execute(made)
    assert await own(AddressPolicy.ANYONE).is_empty(parts) is empty
