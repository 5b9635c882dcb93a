"""Migration 0016 makes operations of bulk issues, so that none is forgotten or issued again."""

from collections.abc import Awaitable, Callable

import asyncpg

from db.store.migrate import downgrade, upgrade
from db.store.vault import Vault

Make = Callable[[], Awaitable[str]]
BULK = """
INSERT INTO bulk_issues (id, state, operator_kind, operator_id, operator_name, workspace_id,
    member_id, channel_id, message_ts, language, send_email, digest, total, problem, reference,
    created_at)
VALUES ($1, $1, 'slack', 'T:U', 'Ada', 'T', 'U', 'C', '1.0', 'en', false, '', 2, '', '', now())
"""
LINE = """
INSERT INTO bulk_lines (bulk_id, line, email, plan, domain, name, fingerprint, state, reason,
    license_id)
VALUES ($1, 2, '', '', '', '', $1, 'ok', '', '')
"""
OPERATIONS = "SELECT subject_id, state, done, total FROM operations ORDER BY subject_id"
STATES = ("done", "failed", "proposed", "running")


async def test_what_was_confirmed_is_an_operation_and_what_ran_can_be_retried(
    new_database: Make, vault: Vault
) -> None:
    url = await new_database()
    await upgrade(url, "0014", vault=vault)
    connection = await asyncpg.connect(url)
    for state in STATES:
        await connection.execute(BULK, state)
    await connection.execute(LINE, "running")
    await upgrade(url, vault=vault)

    assert [tuple(row) for row in await connection.fetch(OPERATIONS)] == [
        ("done", "done", 2, 2),
        ("failed", "failed", 2, 2),
        ("running", "failed", 1, 2),
    ]
    steps = await connection.fetch("SELECT name, state FROM operation_steps ORDER BY state")
    assert [tuple(row) for row in steps] == [
        ("issue", "done"),
        ("issue", "failed"),
        ("issue", "failed"),
    ]
    problem = "SELECT problem FROM operations WHERE subject_id = 'running'"
    assert "Press Retry" in str(await connection.fetchval(problem))

    await downgrade(url, "0014", vault=vault)
    states = await connection.fetch("SELECT state FROM bulk_issues ORDER BY id")
    assert [row["state"] for row in states] == ["done", "failed", "proposed", "failed"]
    await connection.close()
