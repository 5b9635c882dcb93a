"""The step between check and waves: waits for *Start* and consent, then freezes the targets."""

from datetime import datetime, timedelta

from db.rollouts import migrations, targets
from db.rollouts import rollouts as table
from db.store.session import Database, Session
from services.errors import Conflict, DomainError
from services.operations import Done, Outcome, Retry, Work
from services.ports import Clock
from services.rollouts.fleet import Fleet, FleetTenant
from services.rollouts.refusals import OPEN_ALREADY, OTHER_SQL
from services.rollouts.settling import record
from services.rollouts.state import (
    BREACHES,
    CANARIES,
    NAMES,
    NO_CANARY,
    OPTIONS,
    REVIEW,
    Breach,
)
from services.rollouts.waves import choose_canary, plan, suitable

# A preview tells of the tenants of its day.
LIFE = timedelta(days=7)
LOOK_FIRST, LOOK_LAST = timedelta(seconds=1), timedelta(hours=1)
CLASHES = "clashes"


class Starting:
    """Begins a rollout once everybody who must agree has."""

    def __init__(self, database: Database, fleet: Fleet, clock: Clock) -> None:
        self._database = database
        self._fleet = fleet
        self._clock = clock

    async def consent(self, work: Work) -> Outcome:
        """Done once it is open, or will never be; else it is asked again when somebody clicks."""
        everybody = await self._fleet.paying()
        now = self._clock()
        async with self._database.transaction() as session:
            await migrations.lock_fleet(session)
            row = await table.find(session, work.subject_id, lock=True)
            if row is None or row.state != table.PROPOSED:
                return Done()
            if now - row.created_at > LIFE:
                row.state, row.ended_at, row.updated_at = table.WITHDRAWN, now, now
                record(session, row.id, now, "expired")
                return Done()
            if row.wanted and await agreed(session, row):
                breach = await self._begin(session, row, everybody)
                if breach is None:
                    return Done()
                row.wanted, row.updated_at = False, now
                row.breaches = BREACHES.dump_json((breach,)).decode()
        return Retry(after=max(LOOK_FIRST, min(LOOK_LAST, (now - row.updated_at) / 4)))

    async def _begin(
        self, session: Session, row: table.RolloutRow, everybody: tuple[FleetTenant, ...]
    ) -> Breach | None:
        """Freeze the targets, unless something stands against it, which is the answer then."""
        try:
            await may_begin(session, row, everybody)
        except DomainError as error:
            return Breach(CLASHES, detail=error.sentence(row.language))
        now, chosen = self._clock(), chosen_of(row, everybody)
        canary = await _canary(session, row, chosen, now)
        if chosen and not canary and row.strategy in CANARIES:
            return Breach(NO_CANARY)
        version = migrations.TenantMigrationRow(
            version=row.version,
            hash=row.hash,
            up_sql=row.up_sql,
            down_sql=row.down_sql,
            created_at=now,
        )
        await migrations.add(session, version)
        names = {one.id: one.name for one in chosen}
        watches = OPTIONS.validate_json(row.options).watches
        waves = plan(row.id, names, row.strategy, canary, watches=watches)
        placed = [(wave.number, one) for wave in waves for one in wave.tenants]
        await targets.add(
            session,
            [
                targets.RolloutTargetRow(
                    rollout_id=row.id, tenant_id=one, name=names[one], wave=number, rank=rank
                )
                for rank, (number, one) in enumerate(placed)
            ],
        )
        row.canary, row.waves, row.wave = canary, len(waves), 1
        row.state, row.control, row.breaches = table.OPEN, table.RUN, "[]"
        row.started_at, row.updated_at = now, now
        record(session, row.id, now, "started", facts={"tenants": len(names)})
        return None


async def _canary(
    session: Session, row: table.RolloutRow, chosen: list[FleetTenant], now: datetime
) -> str:
    """Who goes first: whom the preview showed, unless that one may not any more."""
    if row.strategy not in CANARIES:
        return ""
    kept = await table.review(session, row.id)
    review = REVIEW.validate_json(kept.review) if kept is not None else None
    if review is not None and review.named and row.canary in {one.id for one in chosen}:
        return row.canary
    unfit = {*review.away, *review.odd} if review is not None else set()
    candidates = [one.candidate(fit=one.name not in unfit) for one in chosen]
    if row.canary in {one.tenant_id for one in suitable(candidates, now)}:
        return row.canary
    return choose_canary(row.id, candidates, now)


async def agreed(session: Session, row: table.RolloutRow) -> bool:
    """Whether nobody's consent to just this SQL is missing."""
    return not row.needs_approval or await table.approval(session, row.id, row.hash) is not None


async def may_begin(
    session: Session, row: table.RolloutRow, everybody: tuple[FleetTenant, ...]
) -> None:
    """Raises Conflict when the version has other SQL, or another rollout has these tenants."""
    known = await migrations.find(session, row.version)
    if known is not None and known.hash != row.hash:
        raise Conflict(OTHER_SQL, version=row.version)
    chosen = [one.id for one in chosen_of(row, everybody)]
    if (other := await targets.busy_in(session, chosen, row.id)) is not None:
        raise Conflict(OPEN_ALREADY, rollout=other)


def chosen_of(row: table.RolloutRow, everybody: tuple[FleetTenant, ...]) -> list[FleetTenant]:
    """The tenants that are ready and meant."""
    wanted = set(NAMES.validate_json(row.tenants))
    return [one for one in everybody if one.ready and (not wanted or {one.id, one.name} & wanted)]
