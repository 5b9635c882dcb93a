"""A workspace's index of its CRM, filled without waiting for a reading of it."""

from db.store.session import Database
from integrations.sandbox.crono.vendor import Crono
from integrations.sandbox.server import Sandbox
from services.crm.crono_fields import record
from services.crm.entries import keep
from services.crm.port import RecordKind


async def fill_index(sandbox: Sandbox, database: Database, workspace_id: str) -> None:
    """Everything the sandbox's Crono holds."""
    store = sandbox.of(Crono).store
    tables: dict[RecordKind, dict[str, dict[str, object]]] = {
        "account": store.accounts,
        "contact": store.prospects,
        "deal": store.deals,
    }
    async with database.transaction() as session:
        for kind, rows in tables.items():
            found = [record(kind, row)[0] for row in rows.values()]
            await keep(session, workspace_id, kind, found, seen=1)
