"""Keeping the index true: a full pass, then what changed, within what the CRM allows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from pydantic import TypeAdapter

from db.crm import records, refreshes
from db.store import jobs
from db.store.jobs import BULK
from db.store.session import Database, Session
from services.actors import Actor
from services.connections import EVERYBODY, CrmKeys
from services.crm.access import CrmAccess
from services.crm.entries import keep
from services.crm.port import KINDS, ChangePage, CrmPort, RecordKind
from services.errors import DomainError, Temporary
from services.ports import Clock

JOB = "crm.refresh"
OVER = -1.0
AT_ONCE = 0.0
EVERY = timedelta(minutes=5)
# A CRM tells of changes, never of deletions: those show when everything is read again.
FULL_EVERY = timedelta(hours=24)
# Fewer in the CRM than here: something was deleted, so everything is read before its time.
DELETED_EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=2)
# Short enough for a process that must stop.
PAGES_A_STEP = 5
LONGEST_WAIT = timedelta(minutes=2)
AFTER_FAILURE = timedelta(minutes=1)
AFTER_REFUSAL = timedelta(minutes=15)
UNSEEN_AT_ONCE = 5_000
CURSORS: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a reading stands; a page is kept only while this is still so."""

    kind: RecordKind
    cursor: str
    seen: int
    full: bool


class CrmRefresh:
    """Reads every workspace's CRM on; one job at a time for each, taken over when it dies."""

    def __init__(self, database: Database, keys: CrmKeys, access: CrmAccess, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._access = access
        self._clock = clock

    async def begin_due(self) -> int:
        """Start a job for each workspace whose index is due; how many.

        A workspace that disconnected its CRM, or has another now, loses what was kept of the old.
        """
        connected = await self._keys.workspaces()
        async with self._database.transaction() as session:
            known = await refreshes.all_workspaces(session)
        begun = 0
        for workspace_id in sorted({*known, *connected}):
            async with self._database.transaction() as session:
                row = await self._fitting(session, workspace_id, connected.get(workspace_id, ""))
                if row is not None and self._is_due(row):
                    await self._start(session, row)
                    begun += 1
        return begun

    async def connected(self, session: Session, workspace_id: str, vendor: str) -> None:
        """New keys in the caller's transaction: go on with this CRM, or begin with another."""
        row = await self._fitting(session, workspace_id, vendor)
        if row is not None:
            row.not_before, row.problem = None, ""
            await self._start(session, row)

    async def advance(self, workspace_id: str, epoch: str, job: str) -> float:
        """A durable step: read a few pages on. AT_ONCE: there is more, OVER, or seconds to wait."""
        for _ in range(PAGES_A_STEP):
            reading = await self._take(workspace_id, int(epoch), job)
            if reading is None:
                return OVER
            try:
                over = await self._page(workspace_id, int(epoch), reading)
            except DomainError as error:
                return await self._failed(workspace_id, int(epoch), error)
            if over:
                return OVER
        return AT_ONCE

    async def _fitting(
        self, session: Session, workspace_id: str, vendor: str
    ) -> refreshes.CrmIndexRow | None:
        """The state for this CRM; another's, and its index, is dropped."""
        row = await refreshes.find(session, workspace_id, lock=True)
        if row is not None and row.vendor == vendor:
            return row
        epoch = 1
        if row is not None:
            epoch = row.epoch + 1
            await records.forget(session, workspace_id)
            await refreshes.forget(session, workspace_id)
        if not vendor:
            return None
        fresh = refreshes.CrmIndexRow(workspace_id=workspace_id, vendor=vendor, epoch=epoch)
        session.add(fresh)
        await session.flush()
        return fresh

    def _is_due(self, row: refreshes.CrmIndexRow) -> bool:
        now = self._clock()
        leased = row.leased_until is not None and row.leased_until > now
        if leased or (row.not_before is not None and row.not_before > now):
            return False
        under_way = row.full or row.kind != KINDS[0]
        return under_way or row.refreshed_at is None or row.refreshed_at <= now - EVERY

    async def _start(self, session: Session, row: refreshes.CrmIndexRow) -> None:
        job = f"{JOB}:{row.workspace_id}:{uuid4().hex}"
        ids = (row.workspace_id, str(row.epoch), job)
        row.leased_to, row.leased_until = job, self._clock() + LEASE
        partition = row.workspace_id
        await jobs.start(session, JOB, job, *ids, queue=BULK.name, partition=partition)

    async def _take(self, workspace_id: str, epoch: int, job: str) -> Reading | None:
        """What to read next; None when another job, or nobody any more, reads this workspace."""
        async with self._database.transaction() as session:
            row = await refreshes.find(session, workspace_id, lock=True)
            if row is None or row.epoch != epoch or row.leased_to != job:
                return None
            now = self._clock()
            row.leased_until = now + LEASE
            cursors = CURSORS.validate_json(row.cursors)
            rested = row.full_at is not None and row.full_at <= now - FULL_EVERY
            if rested and not row.full and row.kind == KINDS[0]:
                _begin_full(row)
                cursors = {}
            kind = _kind(row.kind)
            return Reading(kind, cursors.get(kind, ""), row.seen, row.full)

    async def _page(self, workspace_id: str, epoch: int, reading: Reading) -> bool:
        """Read one page and keep it; True when all kinds are read for now."""
        everybody = Actor(workspace_id, EVERYBODY)
        async with self._access.using(everybody) as crm:
            page = await crm.changes(reading.kind, reading.cursor)
            total = await _total(crm) if _is_first(reading) else None
            last = reading.kind == KINDS[-1] and not page.more
            size = await _sizes(crm) if last and not reading.full else {}
        async with self._database.transaction() as session:
            row = await refreshes.find(session, workspace_id, lock=True)
            if row is None or row.epoch != epoch or not _is_still(row, reading):
                return False
            await self._keep(session, row, reading, page)
            if total is not None:
                row.done, row.total = len(page.records), total
            if not last:
                return False
            self._end(row)
            await self._notice_deletions(session, row, size)
            return True

    async def _keep(
        self, session: Session, row: refreshes.CrmIndexRow, reading: Reading, page: ChangePage
    ) -> None:
        kind, workspace_id = reading.kind, row.workspace_id
        if page.records:
            await keep(session, workspace_id, kind, page.records, seen=row.seen)
        await records.drop(session, workspace_id, kind, page.gone)
        cursors = CURSORS.validate_json(row.cursors)
        row.cursors = CURSORS.dump_json({**cursors, kind: page.cursor}).decode()
        row.done = row.done + len(page.records) if reading.full else row.done
        if page.more:
            return
        if reading.full:
            await _drop_unseen(session, workspace_id, kind, row.seen)
        row.kind = KINDS[(KINDS.index(kind) + 1) % len(KINDS)]

    def _end(self, row: refreshes.CrmIndexRow) -> None:
        now = self._clock()
        if row.full:
            row.full, row.full_at, row.total = False, now, row.done
        row.filled_at = row.filled_at or now
        row.refreshed_at, row.problem = now, ""
        row.not_before = row.leased_until = None
        log.info("crm.refreshed", workspace_id=row.workspace_id, count=row.total)

    async def _notice_deletions(
        self, session: Session, row: refreshes.CrmIndexRow, size: dict[str, int]
    ) -> None:
        rested = row.full_at is None or row.full_at <= self._clock() - DELETED_EVERY
        if size and rested:
            kept = await records.counts(session, row.workspace_id)
            if any(kept.get(kind, 0) > number for kind, number in size.items()):
                _begin_full(row)

    async def _failed(self, workspace_id: str, epoch: int, error: DomainError) -> float:
        """Keep the sentence and when to go on; a short wait is waited for by the same job."""
        wait = error.retry_after if isinstance(error, Temporary) else None
        pause = wait or (AFTER_FAILURE if isinstance(error, Temporary) else AFTER_REFUSAL)
        stays = wait is not None and wait <= LONGEST_WAIT
        async with self._database.transaction() as session:
            row = await refreshes.find(session, workspace_id, lock=True)
            if row is None or row.epoch != epoch:
                return OVER
            now: datetime = self._clock()
            row.problem, row.not_before = error.sentence("en"), now + pause
            row.leased_until = now + pause + LEASE if stays else None
        log.info("crm.refresh_waits", workspace_id=workspace_id, seconds=pause.total_seconds())
        return pause.total_seconds() if stays else OVER


def _kind(kind: str) -> RecordKind:
    return next(one for one in KINDS if one == kind)


def _is_still(row: refreshes.CrmIndexRow, reading: Reading) -> bool:
    cursor = CURSORS.validate_json(row.cursors).get(reading.kind, "")
    return (row.kind, cursor, row.seen) == (reading.kind, reading.cursor, reading.seen)


def _begin_full(row: refreshes.CrmIndexRow) -> None:
    row.full, row.kind, row.cursors = True, KINDS[0], "{}"
    row.seen += 1
    row.done = 0


async def _total(crm: CrmPort) -> int:
    return sum((await _sizes(crm)).values())


async def _sizes(crm: CrmPort) -> dict[str, int]:
    found = {kind: await crm.size(kind) for kind in KINDS}
    return {kind: number for kind, number in found.items() if number is not None}


async def _drop_unseen(session: Session, workspace_id: str, kind: str, seen: int) -> None:
    while gone := await records.unseen(session, workspace_id, kind, seen, limit=UNSEEN_AT_ONCE):
        await records.drop(session, workspace_id, kind, gone)


def _is_first(reading: Reading) -> bool:
    return reading.full and reading.kind == KINDS[0] and not reading.cursor
