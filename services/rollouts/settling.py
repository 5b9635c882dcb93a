"""What an outcome at one tenant means for its row, and for the rollout."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from db.rollouts import rollouts as table
from db.rollouts import targets as targets
from db.store.session import Session
from integrations.tenant_databases.outcomes import (
    AlreadyApplied,
    Applied,
    HistoryChanged,
    Outcome,
    SchemaDifference,
    SchemaDrifted,
    ServerHalted,
    StatementFailed,
    TenantBusy,
    TenantDeferred,
)
from services.rollouts.state import BREACHES, DIFFERENCE, NAMES, OPTIONS, Breach, Facts
from services.rollouts.waves import halts

# A tenant that could not be reached is asked again after so long, and then ever later.
FIRST_RETRY, LAST_RETRY = timedelta(seconds=15), timedelta(minutes=10)
FAILURES, SERVER, NOBODY = "failures", "server", "nobody"
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What is written of a tenant: its state, why, and what of its schema is not as it should be.

    `server`: the server itself is in trouble, so that nobody else shall be tried.
    """

    state: str
    code: str = ""
    facts: Facts | None = None
    drift: SchemaDifference | None = None
    found: str = ""
    server: bool = False


def settled(outcome: Outcome) -> TargetResult:
    """The state a tenant is in after this outcome, whichever the direction."""
    match outcome:
        case Applied():
            return TargetResult(targets.DONE)
        case AlreadyApplied():
            return TargetResult(targets.DONE, "already")
        case TenantBusy():
            return TargetResult(targets.DEFERRED, "busy")
        case TenantDeferred(reason=reason, sentence=sentence):
            return TargetResult(targets.DEFERRED, reason, {"sentence": sentence})
        case SchemaDrifted():
            found = f"{outcome.found.major}:{outcome.found.hash}"
            code = "drifted_kept" if outcome.kept else f"drifted_{outcome.when}"
            return TargetResult(
                targets.DRIFTED, code, drift=_short(outcome.difference), found=found
            )
        case HistoryChanged() | StatementFailed() | ServerHalted():
            return _refused(outcome)


async def write(
    session: Session, rollout: table.RolloutRow, came: TargetResult, tenant_id: str, now: datetime
) -> None:
    """Write it into the tenant's row, and halt the rollout if that is what it means.

    `rollout` is locked by the caller.
    """
    row = await targets.find(session, rollout.id, tenant_id, lock=True)
    if row is None:
        return
    row.state, row.code, row.claimed_by, row.claimed_until = came.state, came.code, "", None
    row.facts = orjson.dumps(dict(came.facts or {})).decode()
    row.drift = DIFFERENCE.dump_json(came.drift).decode() if came.drift is not None else ""
    row.found = came.found
    row.ended_at, rollout.updated_at = now, now
    if came.state == targets.DEFERRED:
        row.next_try_at = now + min(LAST_RETRY, FIRST_RETRY * 2 ** min(row.attempt - 1, 8))
    await session.flush()
    if came.state == targets.FAILED:
        await _halt_on_failures(session, rollout, row, came, now)


def halt(
    session: Session, rollout: table.RolloutRow, breaches: tuple[Breach, ...], now: datetime
) -> bool:
    """Begin no tenant any more, or turn round if that is the plan; False: all were accepted."""
    accepted = set(NAMES.validate_json(rollout.accepted))
    new = tuple(one for one in breaches if one.key not in accepted)
    if not new:
        return False
    rollout.breaches = BREACHES.dump_json(new).decode()
    rollout.control, rollout.halt_told, rollout.updated_at = table.HALT, False, now
    options = OPTIONS.validate_json(rollout.options)
    facts: Facts = {"why": new[0].code, "tenant": new[0].tenant}
    record(session, rollout.id, now, "halted", facts=facts)
    if options.return_by_itself and rollout.can_roll_back and rollout.direction == table.UP:
        turn_back(rollout, now)
        record(session, rollout.id, now, "returns_by_itself")
    return True


def turn_back(rollout: table.RolloutRow, now: datetime) -> None:
    """From now on the way back."""
    rollout.direction, rollout.control, rollout.hold = table.DOWN, table.RUN, False
    rollout.watch_until, rollout.leave_rest, rollout.updated_at = None, False, now
    rollout.accepted = "[]"


def record(
    session: Session,
    rollout_id: str,
    now: datetime,
    code: str,
    *,
    who: str = "",
    facts: Facts | None = None,
) -> None:
    """Write down that something happened, for those who look later."""
    told = orjson.dumps(dict(facts or {})).decode()
    session.add(
        table.RolloutEventRow(rollout_id=rollout_id, at=now, code=code, who=who, facts=told)
    )


def _refused(outcome: HistoryChanged | StatementFailed | ServerHalted) -> TargetResult:
    match outcome:
        case HistoryChanged(reason=reason, version=version):
            state = targets.KEPT if reason == "later_version" else targets.FAILED
            return TargetResult(state, reason, {"version": version})
        case StatementFailed():
            facts: Facts = {
                "statement": outcome.statement,
                "sqlstate": outcome.sqlstate,
                "sentence": outcome.sentence,
            }
            return TargetResult(targets.FAILED, "statement", facts)
        case ServerHalted(sqlstate=sqlstate, sentence=sentence):
            facts = {"sqlstate": sqlstate, "sentence": sentence}
            return TargetResult(targets.FAILED, "server", facts, server=True)


async def _halt_on_failures(
    session: Session,
    rollout: table.RolloutRow,
    row: targets.RolloutTargetRow,
    came: TargetResult,
    now: datetime,
) -> None:
    in_wave = [one for one in await targets.counts(session, rollout.id) if one[0] == row.wave]
    size = sum(count for *_, count in in_wave)
    failures = sum(count for _, _, state, count in in_wave if state == targets.FAILED)
    options = OPTIONS.validate_json(rollout.options)
    canary = bool(rollout.canary) and row.wave == 1
    down = rollout.direction == table.DOWN
    threshold = 1 if down else options.threshold
    if came.server or halts(failures, size=size, threshold=threshold, canary=canary):
        detail = str((came.facts or {}).get("sentence", ""))
        code = SERVER if came.server else FAILURES
        halt(session, rollout, (Breach(code, row.name, detail),), now)


def _short(difference: SchemaDifference) -> SchemaDifference:
    return SchemaDifference(
        difference.unexpected[:MOST_LINES], difference.missing[:MOST_LINES], difference.order_only
    )
