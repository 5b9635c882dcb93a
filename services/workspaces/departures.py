"""A workspace that removed us: nothing of it stays with us, and no vendor honours its grants."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from db import erasure
from db.store import jobs
from db.store.session import Database, Session, seal, unseal
from db.workspaces import departures as table
from services.errors import DomainError, Temporary
from services.ports import Clock

FORGET, SWEEP, END_GRANT = "workspaces.forget", "workspaces.sweep", "workspaces.end_grant"
# A workspace's jobs have its id; those that outlive it have this.
PARTITION = "workspaces"
# What was in hand when it left has ended by then, and may have written something.
SWEEP_AFTER = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class GrantEnder(Protocol):
    """Ends, at one vendor, what members of a workspace allowed us."""

    async def collect(self, session: Session, workspace_id: str) -> Sequence[str]:
        """A secret for each grant, enough to end it when our rows are gone."""

    async def end(self, secret: str) -> None:
        """End it; again is harmless. Raises Temporary while the vendor is away."""


async def left(session: Session, workspace_id: str, at: datetime) -> None:
    """In the caller's transaction, which drops the installation: forget it from now on."""
    if await table.depart(session, workspace_id, at):
        once = f"{FORGET}:{workspace_id}:{at.isoformat()}"
        await jobs.start(session, FORGET, once, workspace_id, partition=PARTITION)


class Departures:
    """Erases at once, ends grants as vendors let us, and looks again ten minutes later."""

    def __init__(self, database: Database, enders: Mapping[str, GrantEnder], clock: Clock) -> None:
        """`enders` by vendor."""
        self._database = database
        self._enders = enders
        self._clock = clock

    async def erase(self, workspace_id: str) -> int:
        """A step: every row goes, in one transaction; how many did.

        Not when it was installed again meanwhile: then it never left.
        """
        count = await self._erase(workspace_id, last=False)
        for job_id in await self._jobs(workspace_id):
            await self._database.jobs.cancel(job_id)
        return count

    async def sweep(self, workspace_id: str) -> int:
        """A step: the same for what was written in between; then that it left is forgotten too."""
        return await self._erase(workspace_id, last=True)

    async def end(self, grant_id: str) -> None:
        """A step: the vendor ends the grant, then we forget it; raises Temporary."""
        async with self._database.transaction() as session:
            row = await table.grant(session, grant_id)
            if row is None:
                return
            vendor, secret = row.vendor, unseal(session, row, "secret")
        try:
            await self._enders[vendor].end(secret)
        except Temporary:
            raise
        except DomainError as error:
            # Over there already, or refused for good: trying again does not help.
            log.warning("workspaces.grant_refused", vendor=vendor, reason=type(error).__name__)
        await self._drop(grant_id)

    async def give_up(self, grant_id: str, reference: str, error: DomainError) -> None:
        """A step: the vendor was away for days; the secret is forgotten all the same."""
        log.warning("workspaces.grant_left", reference=reference, reason=type(error).__name__)
        await self._drop(grant_id)

    async def _erase(self, workspace_id: str, *, last: bool) -> int:
        async with self._database.transaction() as session:
            departure = await table.departed(session, workspace_id)
            if departure is None:
                return 0
            if await table.is_installed(session, workspace_id):
                await table.is_back(session, workspace_id)
                return 0
            for vendor, ender in self._enders.items():
                for secret in await ender.collect(session, workspace_id):
                    await self._end_later(session, vendor, secret)
            count = await erasure.erase_workspace(session, workspace_id)
            if last:
                await table.is_back(session, workspace_id)
            else:
                once = f"{SWEEP}:{workspace_id}:{departure.left_at.isoformat()}"
                await jobs.start(
                    session, SWEEP, once, workspace_id, partition=PARTITION, delay=SWEEP_AFTER
                )
        log.info("workspaces.erased", workspace_id=workspace_id, count=count)
        return count

    async def _end_later(self, session: Session, vendor: str, secret: str) -> None:
        row = table.EndingGrant(vendor=vendor, secret=b"", since=self._clock())
        seal(session, row, "secret", secret)
        session.add(row)
        once = f"{END_GRANT}:{row.id}"
        await jobs.start(session, END_GRANT, once, row.id, partition=PARTITION)

    async def _jobs(self, workspace_id: str) -> Sequence[str]:
        async with self._database.transaction() as session:
            rooms = erasure.MEMBERS_ROOMS
            return await self._database.jobs.unfinished(session, workspace_id, rooms)

    async def _drop(self, grant_id: str) -> None:
        async with self._database.transaction() as session:
            if (row := await table.grant(session, grant_id, lock=True)) is not None:
                await session.delete(row)
