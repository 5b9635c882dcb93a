"""A rollout as people and programs see it, and what is asked for one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson
from pydantic import TypeAdapter

from db.rollouts import rollouts as table
from db.rollouts import targets as target_table
from integrations.postgres_grammar.types import Concern, SqlStatement
from integrations.squawk.types import LintReport
from integrations.tenant_databases.outcomes import (
    Expectations,
    SchemaDifference,
    TenantLimits,
    TryOutResult,
)
from services.actors import Operator
from services.rollouts.waves import CANARY, CANARY_GRADUAL, Watches

Facts = Mapping[str, str | int]
CANARIES = (CANARY, CANARY_GRADUAL)
NO_CANARY = "no_canary"
COUNTED = ("done", "waiting", "running", "failed", "drifted", "deferred", "kept", "left")


@dataclass(frozen=True, slots=True)
class RolloutOptions:
    """How it goes: how long is watched, how many failures halt a wave, and what may lock.

    `return_by_itself`: a breach while watching rolls back instead of only halting.
    """

    canary_watch: timedelta = Watches().canary
    wave_watch: timedelta = Watches().wave
    threshold: int = 1
    return_by_itself: bool = False
    lock_timeout: timedelta = TenantLimits().lock_timeout
    statement_timeout: timedelta = TenantLimits().statement_timeout

    @property
    def watches(self) -> Watches:
        """As waves want them."""
        return Watches(self.canary_watch, self.wave_watch)

    @property
    def limits(self) -> TenantLimits:
        """As a tenant's runner wants them."""
        return TenantLimits(
            lock_timeout=self.lock_timeout, statement_timeout=self.statement_timeout
        )


@dataclass(frozen=True, slots=True)
class RolloutOrder:
    """What somebody asks for; `tenants` are slugs or ids, none means every ready one.

    `language` is that of its card.
    `start`: go on by itself after the check, as far as nobody's consent is missing.
    """

    version: str
    up_sql: str
    down_sql: str = ""
    strategy: str = CANARY
    tenants: tuple[str, ...] = ()
    canary: str = ""
    options: RolloutOptions = field(default_factory=RolloutOptions)
    dry_run: bool = False
    start: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Breach:
    """Why a rollout was halted: `code`, the tenant's name if it is one's, and what was seen."""

    code: str
    tenant: str = ""
    detail: str = ""

    @property
    def key(self) -> str:
        """What a person accepts when the rollout goes on in spite of it."""
        return f"{self.code}:{self.tenant or self.detail}"


@dataclass(frozen=True, slots=True)
class RolloutReview:
    """What was found in the SQL and on copies, before anything was changed.

    `surveyed` tenants were asked for their schema; `away` could not be reached, `odd` have another
    schema than most. `sizes` are the waves to come; `named`: a person said which is the canary.
    """

    up: tuple[SqlStatement, ...]
    down: tuple[SqlStatement, ...]
    lint: LintReport
    try_out: TryOutResult
    sizes: tuple[int, ...] = ()
    canary: str = ""
    surveyed: int = 0
    away: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    named: bool = False

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """Why a second admin must agree: what up destroys or hides, and what down hides."""
        up = [one for statement in self.up for one in statement.concerns]
        down = [one for statement in self.down for one in statement.opaque]
        return tuple(dict.fromkeys([*up, *down]))

    @property
    def destroyed_on_way_back(self) -> tuple[Concern, ...]:
        """What the way back destroys."""
        return tuple(dict.fromkeys(c for one in self.down for c in one.destructive))

    @property
    def needs_approval(self) -> bool:
        """A second admin must agree."""
        untried = bool(self.try_out.impossible) and self.surveyed > 0
        return bool(self.concerns or self.lint.waivers or untried)


@dataclass(frozen=True, slots=True)
class RolloutTarget:
    """One tenant of a rollout, and what it came to; `code` and `facts` say why."""

    tenant_id: str
    name: str
    wave: int
    direction: str
    state: str
    attempt: int
    code: str
    facts: Facts
    drift: SchemaDifference | None
    found: str
    began_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RolloutEvent:
    """What happened to it, when, and by whom ("" for by itself)."""

    at: datetime
    code: str
    who: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Rollout:
    """Everything a card, a page or JSON shows of a rollout but its SQL's review and its tenants.

    `state` is `checking refused rehearsed proposed withdrawn open done aborted rolled_back`, and of
    an open one `control` is `run pause halt abort`. `counts` are tenants by their state.
    """

    id: str
    version: str
    hash: str
    strategy: str
    canary: str
    options: RolloutOptions
    state: str
    direction: str
    control: str
    hold: bool
    wanted: bool
    dry_run: bool
    needs_approval: bool
    approved_by: str
    can_roll_back: bool
    destroys_on_way_back: bool
    wave: int
    waves: int
    watch_until: datetime | None
    breaches: tuple[Breach, ...]
    counts: Mapping[str, int]
    wave_counts: Mapping[int, Mapping[str, int]]
    operation_id: str
    operator: Operator
    language: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def total(self) -> int:
        """How many tenants it has."""
        return sum(self.counts.values())

    @property
    def is_over(self) -> bool:
        """Whether it came to an end, whichever; it may be taken up again to be rolled back."""
        return self.state not in (table.CHECKING, table.PROPOSED, table.OPEN)

    @property
    def offered(self) -> tuple[str, ...]:
        """What people may do with it now, in the order of the buttons; nothing before its start."""
        up, counts, control = self.direction == table.UP, self.counts, self.control
        done = any(counts.get(one) for one in ("done", "failed", "drifted"))
        ready = self.state in (table.OPEN, table.DONE, table.ABORTED)
        is_open = self.state == table.OPEN and control != table.ABORT
        going = control == table.RUN and not self.hold
        fitting = {
            "retry": is_open and bool(counts.get("failed") or counts.get("deferred")),
            "pause": is_open and going,
            "resume": is_open and not going,
            "hold": is_open and up and self.wave < self.waves and not self.hold,
            "go_on": is_open and up and self.watch_until is not None and control == table.RUN,
            "finish": is_open and up and self.wave >= self.waves and bool(counts.get("deferred")),
            "abort": is_open,
            "roll_back": ready and self.can_roll_back and up and done,
        }
        return tuple(verb for verb, fits in fitting.items() if fits)

    @property
    def failed(self) -> bool:
        """Whether a program that waits for it must report a failure."""
        bad = sum(self.counts.get(state, 0) for state in ("failed", "drifted"))
        return self.state in (table.REFUSED, table.ABORTED, table.WITHDRAWN) or bool(bad)


OPTIONS = TypeAdapter(RolloutOptions)
BREACHES = TypeAdapter(tuple[Breach, ...])
NAMES = TypeAdapter(tuple[str, ...])
REVIEW = TypeAdapter(RolloutReview)
EXPECTED: TypeAdapter[Expectations] = TypeAdapter(Expectations)
DIFFERENCE = TypeAdapter(SchemaDifference)


def read_rollout(
    row: table.RolloutRow,
    counts: list[tuple[int, str, str, int]],
    approval: table.RolloutApprovalRow | None,
) -> Rollout:
    """The read model of a row."""
    by_wave: dict[int, dict[str, int]] = {}
    total: dict[str, int] = {}
    for wave, direction, state, count in counts:
        # On the way back those that were never tried are as they were.
        shown = "untouched" if row.direction == table.DOWN and direction == table.UP else state
        for kept in (total, by_wave.setdefault(wave, {})):
            kept[shown] = kept.get(shown, 0) + count
    return Rollout(
        id=row.id,
        version=row.version,
        hash=row.hash,
        strategy=row.strategy,
        canary=row.canary,
        options=OPTIONS.validate_json(row.options),
        state=row.state,
        direction=row.direction,
        control=row.control,
        hold=row.hold,
        wanted=row.wanted,
        dry_run=row.dry_run,
        needs_approval=row.needs_approval,
        approved_by=approval.operator_name or approval.operator_id if approval else "",
        can_roll_back=row.can_roll_back,
        destroys_on_way_back=row.destroys_on_way_back,
        wave=row.wave,
        waves=row.waves,
        watch_until=row.watch_until,
        breaches=BREACHES.validate_json(row.breaches),
        counts=total,
        wave_counts=by_wave,
        operation_id=row.operation_id,
        operator=Operator(row.operator_kind, row.operator_id, row.operator_name),
        language=row.language,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def read_target(row: target_table.RolloutTargetRow) -> RolloutTarget:
    """The read model of a tenant's row."""
    return RolloutTarget(
        tenant_id=row.tenant_id,
        name=row.name or row.tenant_id,
        wave=row.wave,
        direction=row.direction,
        state=row.state,
        attempt=row.attempt,
        code=row.code,
        facts=orjson.loads(row.facts),
        drift=DIFFERENCE.validate_json(row.drift) if row.drift else None,
        found=row.found,
        began_at=row.began_at,
        ended_at=row.ended_at,
    )


def read_event(row: table.RolloutEventRow) -> RolloutEvent:
    """The read model of an event."""
    return RolloutEvent(row.at, row.code, row.who, orjson.loads(row.facts))
