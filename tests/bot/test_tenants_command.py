"""`python -m bot tenants`: every company that is not deleted, a line each, and no password."""

import io

from bot.tenant_list import write_tenants
from db.store.session import Database
from tests.kit.tenant_desk import ADMIN, tenant_desk


async def test_tenants_are_printed_a_line_each(database: Database) -> None:
    async with tenant_desk(database) as desk:
        tenant = await desk.ready("Printed\tLtd")
        gone = await desk.ready("Gone Ltd")
        await desk.tenants.delete(ADMIN, gone.id, gone.slug)
        await desk.run(gone.id, "tenants.delete")
        out = io.StringIO()
        count = await write_tenants(database, out)
    head, *lines = out.getvalue().splitlines()
    assert head.split("\t")[:3] == ["id", "slug", "company"]
    assert len(lines) == count
    (mine,) = [line for line in lines if tenant.id in line]
    assert mine.split("\t")[1:4] == [tenant.slug, "Printed Ltd", "ready"]
    assert gone.id not in out.getvalue()
    assert next(iter(desk.cluster.passwords.values())) not in out.getvalue()
