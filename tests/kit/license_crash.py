"""A process that issues one license and is killed on its way.

Arguments: database URL, request id, e-mail, plan, and `before` or `after` the commit.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping

from pydantic import JsonValue

from db.store.session import Database, Session
from db.store.vault import Vault
from services.licensing.license_terms import Order
from tests.kit.license_desk import OPS, LicenseStage


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Doomed(LicenseStage):
    async def announce(self, session: Session, kind: str, data: Mapping[str, JsonValue]) -> None:
        # Everything is written by now, and nothing is committed.
        await session.flush()
        die()


async def main(url: str, request: str, email: str, plan: str, moment: str) -> None:
    database = Database(url, Vault({"test": bytes(range(32))}), pool_size=2)
    stage = Doomed(database) if moment == "before" else LicenseStage(database)
    await stage.licenses.issue(OPS, Order(email, plan, None), request)
    die()


asyncio.run(main(*sys.argv[1:]))
