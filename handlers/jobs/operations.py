"""Durable work of every operation: step after step to its end, handed on where it must wait."""

from collections.abc import Iterable
from datetime import timedelta

from handlers.jobs.kit.runner import Runner
from handlers.jobs.ops import RECEIPT
from services.operations import AGAIN, CHANGED, GO_ON, HANDED_ON, Kind, Operations


def register_kinds(jobs: Runner, operations: Operations, kinds: Iterable[Kind]) -> None:
    """Make a workflow of each kind of operation."""
    for kind in kinds:
        _register(jobs, operations, kind)


def _register(jobs: Runner, operations: Operations, kind: Kind) -> None:
    # The names, not the verbs: a replay must see the same steps whatever is wired today.
    names = tuple(plan.name for plan in kind.steps)

    @jobs.workflow(kind.name, on_failure=operations.failed, waits=True)
    async def work(operation_id: str, run: str) -> None:
        for name in names:
            taken = await _taken(jobs, operations, operation_id, run, name)
            if taken == HANDED_ON:
                return
            if taken != GO_ON:
                break
        await jobs.step(operations.finish, operation_id, run, retries=RECEIPT)


async def _taken(
    jobs: Runner, operations: Operations, operation_id: str, run: str, name: str
) -> float:
    """GO_ON when the step was done, OVER when the run is, HANDED_ON when another job goes on."""
    while (wait := await jobs.step(operations.advance, operation_id, run, name)) > 0 or (
        wait == AGAIN
    ):
        if wait != AGAIN:
            # Only in jobs that were begun before there were legs. A cancel ends the wait.
            await jobs.wait(CHANGED, timedelta(seconds=wait))
    return wait
