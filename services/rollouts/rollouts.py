"""Rollouts as they are looked at: one, many, each tenant of one, what was found in its SQL."""

from db.rollouts import migrations, targets
from db.rollouts import rollouts as table
from db.store.session import Database, Session
from services.errors import Invalid, NotFound
from services.pages import NO_PLACE, bounded
from services.rollouts.refusals import NO_ROLLOUT
from services.rollouts.state import (
    NAMES,
    OPTIONS,
    REVIEW,
    Rollout,
    RolloutEvent,
    RolloutOrder,
    RolloutReview,
    RolloutTarget,
    read_event,
    read_rollout,
    read_target,
)


class Rollouts:
    """Reads; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, rollout_id: str) -> Rollout:
        """One rollout; raises NotFound."""
        async with self._database.transaction() as session:
            return await _read(session, await _row(session, rollout_id))

    async def list(self, *, limit: int = 50, after: str = "") -> tuple[Rollout, ...]:
        """The newest first; `after` is the last one's id of the page before. Raises Invalid."""
        async with self._database.transaction() as session:
            last = await table.find(session, after) if after else None
            if after and last is None:
                raise Invalid(NO_PLACE, field="cursor")
            rows = await table.page(session, after=last, limit=bounded(limit))
            ids = [row.id for row in rows]
            counts = await targets.counts_of(session, ids)
            agreed = await table.approvals(session, ids)
        return tuple(
            read_rollout(row, counts.get(row.id, []), agreed.get((row.id, row.hash)))
            for row in rows
        )

    async def targets(self, rollout_id: str) -> tuple[RolloutTarget, ...]:
        """Every tenant of it, in its order; raises NotFound."""
        async with self._database.transaction() as session:
            await _row(session, rollout_id)
            return tuple(read_target(row) for row in await targets.of_rollout(session, rollout_id))

    async def review(self, rollout_id: str) -> RolloutReview | None:
        """What was found in its SQL and on copies; None while that is being looked at."""
        async with self._database.transaction() as session:
            row = await table.review(session, rollout_id)
        return REVIEW.validate_json(row.review) if row else None

    async def events(self, rollout_id: str, limit: int = 20) -> tuple[RolloutEvent, ...]:
        """What happened to it last, the newest first."""
        async with self._database.transaction() as session:
            found = await table.events(session, rollout_id, limit)
        return tuple(read_event(one) for one in found)

    async def finished(self) -> frozenset[str]:
        """Every version that all tenants have."""
        async with self._database.transaction() as session:
            return frozenset(one.version for one in await migrations.finished(session))

    async def order(self, rollout_id: str) -> RolloutOrder:
        """What was asked for, to be asked for again with changes; raises NotFound."""
        async with self._database.transaction() as session:
            row = await _row(session, rollout_id)
        return RolloutOrder(
            version=row.version,
            up_sql=row.up_sql,
            down_sql=row.down_sql,
            strategy=row.strategy,
            tenants=NAMES.validate_json(row.tenants),
            options=OPTIONS.validate_json(row.options),
            dry_run=row.dry_run,
        )


async def _row(session: Session, rollout_id: str) -> table.RolloutRow:
    row = await table.find(session, rollout_id)
    if row is None:
        raise NotFound(NO_ROLLOUT)
    return row


async def _read(session: Session, row: table.RolloutRow) -> Rollout:
    counts = await targets.counts(session, row.id)
    return read_rollout(row, counts, await table.approval(session, row.id, row.hash))
