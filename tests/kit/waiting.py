"""Waiting for what another task, process or server does: looked at until it is so."""

import asyncio
from collections.abc import Callable

from sqlalchemy import text

from db.store.session import Session

LOOK_AGAIN_SECONDS = 0.01
PATIENCE_SECONDS = 120.0  # for the busiest machine; a thing that comes ends the wait
# pg_stat_activity would be the same all through a transaction; locks are told as they are now.
SOMEBODY_WAITS = text(
    "SELECT EXISTS (SELECT FROM pg_locks"
    " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)


async def until(reached: Callable[[], object], within: float = PATIENCE_SECONDS) -> None:
    """Until it is so; TimeoutError after so many seconds."""
    async with asyncio.timeout(within):
        while not reached():  # noqa: ASYNC110 - the fact is another's and has no event
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def until_blocked(session: Session) -> None:
    """Until somebody waits for a lock that this session's transaction holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await session.execute(SOMEBODY_WAITS)).scalar_one():  # noqa: ASYNC110 - as above
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
