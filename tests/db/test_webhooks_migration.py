"""Migration 0012 seals the addresses of webhooks that were in clear, in the audit log too."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from db.store.migrate import downgrade, upgrade
from db.store.session import Database, unseal
from db.store.vault import Vault, VaultError
from db.webhooks import endpoints

Make = Callable[[], Awaitable[str]]
URL = "https://hooks.shop.example:8443/services/PLANTED?token=PLANTED"
ENDPOINT = """
INSERT INTO webhook_endpoints (id, url, secret, events, created_at, disabled_reason)
VALUES ('whe_1', $1, '', '[]', now(), '')
"""
LINE = """
INSERT INTO audit_log (at, operator_kind, operator_id, operator_name, request, action, outcome,
                       subject_kind, subject_id, after)
VALUES (now(), 'admin_key', 'adm_1', '', '', 'webhooks.create', 'done', 'webhook', 'whe_1', $1)
"""
TEXTS = "SELECT string_agg(t::text, '') FROM (TABLE {table}) t"


async def test_addresses_in_clear_are_sealed_and_can_be_given_back(
    new_database: Make, vault: Vault
) -> None:
    url = await new_database()
    await upgrade(url, "0010")
    connection = await asyncpg.connect(url)
    await connection.execute(ENDPOINT, URL)
    await connection.execute(LINE, f'{{"url":"{URL}","events":[],"disabled":false}}')
    with pytest.raises(VaultError, match="needs a vault"):
        await upgrade(url)
    await upgrade(url, vault=vault)

    for table in ("webhook_endpoints", "audit_log"):
        text = await connection.fetchval(TEXTS.format(table=table))
        assert "https://hooks.shop.example:8443" in text
        assert "PLANTED" not in text
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await connection.execute("UPDATE audit_log SET after = NULL")
    database = Database(url, vault)
    async with database.transaction() as session:
        (row,) = await endpoints(session)
        assert row.url + unseal(session, row, "path") == URL
    await database.dispose()

    await downgrade(url, "0010", vault=vault)
    assert await connection.fetchval("SELECT url FROM webhook_endpoints") == URL
    await connection.close()
