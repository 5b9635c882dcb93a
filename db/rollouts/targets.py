"""Each tenant of a rollout: its wave and place, who has it in hand, and what it came to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, Text, text, update
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, func, select

from db.rollouts.rollouts import DOWN, OPEN, UP, RolloutRow
from db.store.session import Session
from db.store.types import JsonText, UtcDateTime

WAITING, RUNNING = "waiting", "running"
DONE, FAILED, DRIFTED, DEFERRED = "done", "failed", "drifted", "deferred"
# Of the way back: it has a later version; it never had this one.
KEPT, UNTOUCHED = "kept", "untouched"
# Left behind when a person finished without it, or because the tenant is gone.
LEFT = "left"


class RolloutTargetRow(SQLModel, table=True):
    """One tenant of a rollout; its own database is the truth, this is a copy to be shown.

    `claimed_by` has it in hand until `claimed_until`, and longer while it says so. `code` and
    `facts` (JSON) tell what it came to; `drift` its schema's difference (JSON), `found` the
    fingerprint (`major:hash`) it has instead, `accepted` the one a person took as its
    baseline. `vitals` are how its database fared right after (JSON).
    """

    __tablename__ = "rollout_targets"
    __table_args__ = (
        Index("ix_rollout_targets_order", "rollout_id", "direction", "state", "wave", "rank"),
    )

    rollout_id: str = Field(primary_key=True, foreign_key="rollouts.id", ondelete="CASCADE")
    tenant_id: str = Field(primary_key=True, index=True)
    name: str = ""
    wave: int
    rank: int
    direction: str = UP
    state: str = WAITING
    attempt: int = 0
    claimed_by: str = ""
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    code: str = ""
    facts: str = Field(default="{}", sa_type=JsonText)
    drift: str = Field(default="", sa_type=Text)
    found: str = ""
    accepted: str = ""
    vitals: str = Field(default="", sa_type=Text)
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class TargetClaim:
    """Who takes a target, in which direction and up to which wave, now and until when."""

    direction: str
    wave: int
    by: str
    now: datetime
    until: datetime


# Control is read in the same moment: who was told to stop takes nothing any more.
CLAIM = text("""
UPDATE rollout_targets AS t
SET state = 'running', claimed_by = :by, claimed_until = :until, attempt = t.attempt + 1,
    began_at = coalesce(t.began_at, :now), ended_at = NULL, next_try_at = NULL
WHERE (t.rollout_id, t.tenant_id) = (
    SELECT c.rollout_id, c.tenant_id FROM rollout_targets AS c
    JOIN rollouts AS r ON r.id = c.rollout_id
    WHERE c.rollout_id = :rollout_id AND r.state = 'open' AND r.control = 'run'
        AND r.direction = :direction AND c.direction = :direction AND c.wave <= :wave
        AND (c.state = 'waiting' OR (c.state = 'running' AND c.claimed_until < :now))
    ORDER BY CASE WHEN :direction = 'down' THEN -c.wave ELSE c.wave END,
        CASE WHEN :direction = 'down' THEN -c.rank ELSE c.rank END
    LIMIT 1 FOR UPDATE OF c SKIP LOCKED
)
RETURNING t.tenant_id
""")


async def add(session: Session, rows: Iterable[RolloutTargetRow]) -> None:
    """Global: write the targets; those that are there stay as they are."""
    values = [row.model_dump() for row in rows]
    if values:
        await session.execute(insert(RolloutTargetRow).values(values).on_conflict_do_nothing())


async def claim(session: Session, rollout_id: str, asked: TargetClaim) -> str | None:
    """The next tenant of that rollout, in hand now; None when there is none, or it shall stop."""
    values = {
        "rollout_id": rollout_id,
        "direction": asked.direction,
        "wave": asked.wave,
        "by": asked.by,
        "now": asked.now,
        "until": asked.until,
    }
    return (await session.execute(CLAIM, values)).scalar_one_or_none()


async def prolong(session: Session, rollout_id: str, by: str, until: datetime) -> None:
    """All that this one has in hand stays in its hand."""
    query = update(RolloutTargetRow).where(
        col(RolloutTargetRow.rollout_id) == rollout_id,
        col(RolloutTargetRow.claimed_by) == by,
        col(RolloutTargetRow.state) == RUNNING,
    )
    await session.execute(query.values(claimed_until=until))


async def find(
    session: Session, rollout_id: str, tenant_id: str, *, lock: bool = False
) -> RolloutTargetRow | None:
    """The tenant's row in this rollout."""
    query = select(RolloutTargetRow).where(
        RolloutTargetRow.rollout_id == rollout_id, RolloutTargetRow.tenant_id == tenant_id
    )
    query = query.execution_options(populate_existing=True)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def of_rollout(session: Session, rollout_id: str) -> Sequence[RolloutTargetRow]:
    """Every tenant of the rollout, in its order."""
    query = select(RolloutTargetRow).where(RolloutTargetRow.rollout_id == rollout_id)
    order = (col(RolloutTargetRow.wave), col(RolloutTargetRow.rank))
    return (await session.exec(query.order_by(*order))).all()


async def counts(session: Session, rollout_id: str) -> list[tuple[int, str, str, int]]:
    """Of the rollout: wave, direction, state, and how many tenants are so."""
    return (await counts_of(session, [rollout_id])).get(rollout_id, [])


async def counts_of(
    session: Session, rollout_ids: Iterable[str]
) -> dict[str, list[tuple[int, str, str, int]]]:
    """Global: of each of these rollouts what `counts` says of one, in one query."""
    of, wave = col(RolloutTargetRow.rollout_id), col(RolloutTargetRow.wave)
    way, state = col(RolloutTargetRow.direction), col(RolloutTargetRow.state)
    query = sql_select(of, wave, way, state, func.count().label("n")).where(
        of.in_(list(rollout_ids))
    )
    query = query.group_by(of, wave, way, state).order_by(wave)
    found: dict[str, list[tuple[int, str, str, int]]] = {}
    for row in (await session.execute(query)).mappings():
        counted = (row[wave], row[way], row[state], row["n"])
        found.setdefault(row[of], []).append(counted)
    return found


async def put_back(
    session: Session, rollout_id: str, states: Iterable[str], *, due: datetime | None = None
) -> int:
    """Of the rollout's direction: these wait again, with `due` those whose try is due; how many."""
    direction = select(RolloutRow.direction).where(RolloutRow.id == rollout_id).scalar_subquery()
    where = [
        col(RolloutTargetRow.rollout_id) == rollout_id,
        col(RolloutTargetRow.direction) == direction,
        col(RolloutTargetRow.state).in_(list(states)),
    ]
    if due is not None:
        where.append(func.coalesce(RolloutTargetRow.next_try_at, due) <= due)
    query = update(RolloutTargetRow).where(*where).returning(col(RolloutTargetRow.tenant_id))
    return len((await session.execute(query.values(state=WAITING, claimed_by=""))).all())


async def turn_round(session: Session, rollout_id: str, now: datetime) -> None:
    """Of the rollout: all that were tried are looked at on the way back, others stay as they are.

    Whoever is in somebody's hand at this moment is turned round once it was let go.
    """
    in_hand = (col(RolloutTargetRow.state) == RUNNING) & (col(RolloutTargetRow.claimed_until) > now)
    query = update(RolloutTargetRow).where(
        col(RolloutTargetRow.rollout_id) == rollout_id,
        col(RolloutTargetRow.direction) == UP,
        col(RolloutTargetRow.attempt) > 0,
        ~in_hand,
    )
    fresh = {"direction": DOWN, "state": WAITING, "claimed_by": "", "claimed_until": None}
    await session.execute(
        query.values(**fresh, attempt=0, code="", facts="{}", drift="", ended_at=None)
    )


async def in_hand(session: Session, rollout_id: str, now: datetime) -> int:
    """Of the rollout: how many tenants somebody works at."""
    query = select(func.count()).where(
        RolloutTargetRow.rollout_id == rollout_id,
        RolloutTargetRow.state == RUNNING,
        col(RolloutTargetRow.claimed_until) > now,
    )
    return (await session.exec(query)).one()


async def leave(session: Session, rollout_id: str, ended: datetime) -> None:
    """Of the rollout: those that could not be reached are left behind, to be caught up later."""
    query = update(RolloutTargetRow).where(
        col(RolloutTargetRow.rollout_id) == rollout_id, col(RolloutTargetRow.state) == DEFERRED
    )
    await session.execute(query.values(state=LEFT, ended_at=ended))


async def next_try(session: Session, rollout_id: str) -> datetime | None:
    """Of the rollout: when the first of those that could not be reached is due."""
    query = select(func.min(RolloutTargetRow.next_try_at)).where(
        RolloutTargetRow.rollout_id == rollout_id, RolloutTargetRow.state == DEFERRED
    )
    return (await session.exec(query)).one()


async def migrated(session: Session, rollout_id: str) -> list[RolloutTargetRow]:
    """Of the rollout: those that have the migration."""
    query = select(RolloutTargetRow).where(
        RolloutTargetRow.rollout_id == rollout_id,
        RolloutTargetRow.direction == UP,
        RolloutTargetRow.state == DONE,
    )
    return list((await session.exec(query)).all())


async def busy_in(session: Session, tenants: Iterable[str], but: str) -> str | None:
    """Global: an open rollout, other than `but`, that has one of these tenants."""
    query = (
        select(RolloutRow.id)
        .join(RolloutTargetRow, col(RolloutTargetRow.rollout_id) == RolloutRow.id)
        .where(
            RolloutRow.state == OPEN,
            RolloutRow.id != but,
            col(RolloutTargetRow.tenant_id).in_(list(tenants)),
        )
    )
    return (await session.exec(query.limit(1))).first()


async def left_behind(
    session: Session, before: datetime, limit: int
) -> list[tuple[RolloutRow, RolloutTargetRow]]:
    """Global: tenants that rollouts finished without, whose next try is due."""
    query = (
        select(RolloutRow, RolloutTargetRow)
        .join(RolloutTargetRow, col(RolloutTargetRow.rollout_id) == RolloutRow.id)
        .where(
            RolloutRow.state == "done",
            RolloutTargetRow.state == LEFT,
            func.coalesce(RolloutTargetRow.next_try_at, before) <= before,
        )
        .order_by(col(RolloutTargetRow.next_try_at))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def later(session: Session, tenant_id: str, at: datetime) -> None:
    """Global: whoever left this tenant behind is not due before then."""
    query = update(RolloutTargetRow).where(
        col(RolloutTargetRow.tenant_id) == tenant_id, col(RolloutTargetRow.state) == LEFT
    )
    await session.execute(query.values(next_try_at=at))


async def join(session: Session, rollout_id: str, tenant_id: str, at: datetime) -> None:
    """This tenant has what the rollout brought, now; it belongs to its last wave."""
    rollout = await session.get(RolloutRow, rollout_id)
    if rollout is None:
        return
    row = {
        "rollout_id": rollout_id,
        "tenant_id": tenant_id,
        "wave": max(1, rollout.waves),
        "rank": 1_000_000,
        "state": DONE,
        "attempt": 1,
        "ended_at": at,
    }
    new = RolloutTargetRow.model_validate(row)
    written = insert(RolloutTargetRow).values(**new.model_dump())
    have = {"state": DONE, "code": "", "ended_at": at}
    await session.execute(
        written.on_conflict_do_update(
            index_elements=["rollout_id", "tenant_id"],
            set_=have,
            where=(col(RolloutTargetRow.state) == LEFT) | (col(RolloutTargetRow.attempt) == 0),
        )
    )
