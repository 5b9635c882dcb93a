"""Whether a user has everything, once, whatever happened on the way."""

import asyncio

from db.store.session import Database
from db.users import keys as key_table
from integrations.sandbox.openrouter.store import KeyStore
from integrations.sandbox.openrouter.vendor import OpenRouterKeys
from integrations.sandbox.server import Sandbox
from services import Services
from services.users import User

RECOVERY = 120  # seconds, on a busy machine


def keys_of(store: KeyStore, user: User) -> list[str]:
    """The user's keys at OpenRouter."""
    return [key.hash for key in store.newest_first() if key.name.endswith(user.id)]


async def provisioned(inside: Services, user: User, within: float = RECOVERY) -> None:
    """Until the user has everything."""
    async with asyncio.timeout(within):
        while not (await inside.users.accounts.get(user.id)).provisioned:  # noqa: ASYNC110 - the fact is another process's
            await asyncio.sleep(0.1)


async def has_all_once(inside: Services, database: Database, sandbox: Sandbox, user: User) -> None:
    """Credits once, one live key that is the mapping's, nothing orphaned."""
    store = sandbox.of(OpenRouterKeys).store
    while await inside.users.keys.revoke_due(user.id):
        pass
    async with database.transaction() as session:
        rows = await key_table.of_user(session, user.id)
    assert [row.key_hash for row in rows if row.status == "active"] == keys_of(store, user)
    assert {row.status for row in rows} <= {"active", "revoked"}
    assert len(keys_of(store, user)) == 1
    assert (await inside.credits.accounts.balance(user.id)).available == 100
