"""Connections to tenants' databases, on real servers: bounded, closed, and never to another one."""

import asyncio
import socket
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from pydantic import SecretStr

from integrations.databases import ConnectionMode
from integrations.tenant_databases.connections import ConnectionLimits, TenantConnections
from integrations.tenant_databases.errors import Reason, TenantUnreachable, unreachable
from integrations.tenant_databases.network import only_ipv6
from integrations.webhooks.types import AddressPolicy
from tests.kit.relay import Relay
from tests.kit.tenant_parts import parts_of
from tests.kit.waiting import until

SOON = timedelta(milliseconds=300)
WHERE = "SELECT current_database()"


@pytest.fixture
def connections() -> TenantConnections:
    return TenantConnections()


async def reason_of(connections: TenantConnections, parts, **options) -> Reason:
    with pytest.raises(TenantUnreachable) as caught:
        async with connections.connect(parts, **options):
            raise AssertionError("connected")
    assert "secret" not in str(caught.value)
    return caught.value.reason


async def test_parts_lead_to_their_database_and_nothing_stays_open(
    connections, new_database
) -> None:
    parts = parts_of(await new_database())
    async with connections.connect(parts, name="seguito rollouts") as connection:
        assert await connection.fetchval(WHERE) == parts.database
        asked = "SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        assert await connection.fetchval(asked) == "seguito rollouts"
        assert connections.open == 1
    assert connections.open == 0
    assert connection.is_closed()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"database": "nobody_made_it"}, Reason.MISSING),
        ({"password": SecretStr("secret")}, Reason.LOGIN),
        ({"user": "nobody"}, Reason.LOGIN),
        ({"host": "tenant.invalid"}, Reason.NAME),
        ({"sslmode": "require"}, Reason.TLS),
        ({"database": ""}, Reason.MISSING),
        ({"host": ""}, Reason.MISSING),
    ],
)
async def test_what_is_missing_or_refused_is_told_and_no_other_database_used(
    connections, template_url, monkeypatch, changed, reason
) -> None:
    # What asyncpg and libpq would take instead, if they were let.
    good = parts_of(template_url)
    tempting = {
        "PGHOST": good.host,
        "PGPORT": str(good.port),
        "PGDATABASE": good.database,
        "PGUSER": good.user,
        "PGPASSWORD": good.password.get_secret_value(),
    }
    for name, value in tempting.items():
        monkeypatch.setenv(name, value)
    assert await reason_of(connections, parts_of(template_url, **changed)) is reason
    assert connections.open == 0


async def test_nobody_listening_and_no_answer_are_passing(connections, template_url) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert await reason_of(connections, parts_of(template_url, port=port)) is Reason.NO_ANSWER
    async with Relay(template_url) as relay:
        relay.hang()
        silent = parts_of(relay.url)
        assert await reason_of(connections, silent, within=SOON) is Reason.NO_ANSWER
    assert TenantUnreachable(Reason.NO_ANSWER).passing


async def test_a_database_that_accepts_no_connections_is_closed(connections, new_database) -> None:
    parts = parts_of(await new_database())
    async with connections.connect(parts_of(await new_database())) as other:
        await other.execute(f"ALTER DATABASE {parts.database} ALLOW_CONNECTIONS false")
    assert await reason_of(connections, parts) is Reason.CLOSED


async def test_one_that_is_full_is_told_and_the_others_go_on(connections, new_database) -> None:
    full, free = parts_of(await new_database()), parts_of(await new_database())
    async with connections.connect(free) as other:
        await other.execute("CREATE ROLE one_guest LOGIN PASSWORD 'guest'")
        await other.execute(f"ALTER DATABASE {full.database} CONNECTION LIMIT 0")
    guest = {"user": "one_guest", "password": SecretStr("guest")}
    assert await reason_of(connections, replace(full, **guest)) is Reason.FULL
    async with connections.connect(replace(free, **guest)) as connection:
        assert await connection.fetchval(WHERE) == free.database


async def test_a_server_gets_no_more_than_its_share(new_database) -> None:
    connections = TenantConnections(ConnectionLimits(total=5, per_server=3))
    parts = parts_of(await new_database())
    most, leave = 0, asyncio.Event()

    async def use() -> None:
        nonlocal most
        async with connections.connect(parts):
            most = max(most, connections.open)
            await leave.wait()

    users = [asyncio.create_task(use()) for _ in range(8)]
    await until(lambda: connections.open == 3)
    leave.set()
    await asyncio.gather(*users)
    assert (most, connections.open) == (3, 0)


async def test_the_share_is_a_quarter_of_what_the_server_has(new_database) -> None:
    # The test server has 200.
    connections = TenantConnections(ConnectionLimits(total=100, per_server=100))
    parts, leave = parts_of(await new_database()), asyncio.Event()

    async def use() -> None:
        async with connections.connect(parts):
            await leave.wait()

    users = [asyncio.create_task(use()) for _ in range(60)]
    await until(lambda: connections.open == 50)
    leave.set()
    await asyncio.gather(*users)


async def test_who_waits_too_long_for_room_is_told(new_database) -> None:
    connections = TenantConnections(ConnectionLimits(total=1), room=SOON)
    parts = parts_of(await new_database())
    async with connections.connect(parts):
        assert await reason_of(connections, parts) is Reason.FULL
    async with connections.connect(parts) as connection:
        assert await connection.fetchval(WHERE) == parts.database


async def test_an_error_inside_tears_the_connection_down_and_passes(
    connections, new_database
) -> None:
    parts = parts_of(await new_database())
    held = []

    async def fail() -> None:
        async with connections.connect(parts) as connection:
            held.append(connection)
            await connection.execute("BEGIN")
            await connection.fetchval("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await fail()
    assert held[0].is_closed()
    assert connections.open == 0


async def test_a_session_that_is_ended_or_cut_off_is_lost(connections, new_database) -> None:
    url = await new_database()
    async with connections.connect(parts_of(url)) as killer:

        async def be_ended() -> None:
            async with connections.connect(parts_of(url)) as connection:
                await killer.execute("SELECT pg_terminate_backend($1)", connection.get_server_pid())
                await connection.fetchval("SELECT 1")

        with pytest.raises((asyncpg.PostgresError, asyncpg.InternalClientError)) as ended:
            await be_ended()
    told = unreachable(ended.value)
    assert told is not None
    assert told.reason is Reason.LOST


async def test_a_pinned_address_is_judged_at_every_connect(template_url) -> None:
    inner = parts_of(template_url, host="db.example", address="127.0.0.1")
    assert await reason_of(TenantConnections(), inner) is Reason.NOT_ALLOWED
    async with TenantConnections(policy=AddressPolicy.ANYONE).connect(inner) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_through_a_pooler_settings_stay_at_home(connections, template_url) -> None:
    parts = parts_of(template_url, mode=ConnectionMode.TRANSACTION)
    async with connections.connect(parts) as connection:
        assert await connection.fetchval("SELECT 1") == 1


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Tenant or user not found", Reason.NO_TENANT),
        ("(ENOTFOUND) tenant/user postgres.abc not found", Reason.NO_TENANT),
        ("MaxClientsInSessionMode: max clients reached", Reason.FULL),
    ],
)
def test_a_poolers_words_are_understood(sentence, reason) -> None:
    error = asyncpg.InternalServerError(sentence)
    told = unreachable(error)
    assert told is not None
    assert told.reason is reason


def test_only_ipv6_is_what_has_no_other_address() -> None:
    assert only_ipv6(("2a05::1",))
    assert not only_ipv6(("192.0.2.1", "2a05::1"))
