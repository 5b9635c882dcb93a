"""`python -m bot migrate-tenants`: rolls files of the migrations directory out, and waits."""

import asyncio
import sys
from dataclasses import dataclass
from uuid import uuid4

from services import RolloutServices
from services.actors import Operator
from services.errors import DomainError
from services.rollouts import Rollout, RolloutOrder
from views.api.rollouts import rollout_answer

LOOK_SECONDS = 0.3
OPERATOR = Operator("command", "migrate-tenants", "migrate-tenants")
WELL, FAILED = 0, 1


@dataclass(frozen=True, slots=True)
class Wished:
    """What the command line asks for; no version means every one that is not everywhere yet."""

    version: str = ""
    tenants: tuple[str, ...] = ()
    strategy: str = "all"
    dry_run: bool = False


async def migrate_tenants(rollouts: RolloutServices, wished: Wished) -> int:
    """One rollout after the other; 0 when all went well or there was nothing to do."""
    try:
        versions = await _versions(rollouts, wished)
        for version in versions:
            up_sql, down_sql = await rollouts.files.read(version)
            order = RolloutOrder(
                version=version,
                up_sql=up_sql,
                down_sql=down_sql,
                strategy=wished.strategy,
                tenants=wished.tenants,
                dry_run=wished.dry_run,
                start=not wished.dry_run,
            )
            made = await rollouts.proposals.propose(OPERATOR, order, uuid4().hex)
            if await _awaited(rollouts, made) != WELL:
                return FAILED
    except DomainError as error:
        sys.stderr.write(f"{error.sentence('en')}\n")
        return FAILED
    if not versions:
        sys.stdout.write("Nothing to do: every migration is everywhere.\n")
    return WELL


async def _versions(rollouts: RolloutServices, wished: Wished) -> tuple[str, ...]:
    if wished.version:
        return (wished.version,)
    known = await rollouts.files.versions()
    if wished.tenants:
        return known
    finished = await rollouts.directory.finished()
    return tuple(one for one in known if one not in finished)


async def _awaited(rollouts: RolloutServices, rollout_id: str) -> int:
    """Until it is over, stands still, or waits for somebody or for who is out of reach."""
    seen = await rollouts.directory.get(rollout_id)
    while not _rests(seen):
        await asyncio.sleep(LOOK_SECONDS)
        seen = await rollouts.directory.get(rollout_id)
    targets = await rollouts.directory.targets(rollout_id)
    told = rollout_answer(seen, tenants=targets)
    counts = ", ".join(f"{n} {state}" for state, n in seen.counts.items())
    state = seen.state if seen.is_over or seen.control == "run" else seen.control
    says = counts or ("nothing to do" if seen.state == "done" else "")
    sys.stdout.write(f"{seen.version}: {state} ({says}) {seen.id}\n".replace("() ", ""))
    lines = [*told.problems, *(one.message for one in told.tenants or () if one.state != "done")]
    sys.stderr.writelines(f"  {line}\n" for line in lines)
    if seen.state == "proposed":
        sys.stderr.write("  A second admin must agree, in the ops channel.\n")
    bad = seen.failed or seen.control == "halt" or seen.state == "proposed"
    return FAILED if bad else WELL


def _rests(seen: Rollout) -> bool:
    if seen.is_over or seen.control in ("halt", "pause"):
        return True
    if seen.state == "proposed":
        return bool(seen.breaches) or (seen.needs_approval and not seen.approved_by)
    moving = seen.counts.get("waiting", 0) + seen.counts.get("running", 0)
    return seen.state == "open" and not moving and seen.counts.get("deferred", 0) > 0
