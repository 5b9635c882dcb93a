"""Durable work of every operation: step after step, waiting between tries, to its end."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

from handlers.jobs.kit.runner import Runner
from handlers.jobs.ops import RECEIPT
from services.operations import AGAIN, CHANGED, GO_ON, OVER, Kind, Operations

Advance = Callable[[str], Awaitable[float]]


def register_kinds(jobs: Runner, operations: Operations, kinds: Iterable[Kind]) -> None:
    """Make a workflow of each kind of operation."""
    for kind in kinds:
        _register(jobs, operations, kind)


def _register(jobs: Runner, operations: Operations, kind: Kind) -> None:
    # The names, not the verbs: a replay must see the same steps whatever is wired today.
    names, take = tuple(plan.name for plan in kind.steps), _each if kind.independent else _in_order

    @jobs.workflow(kind.name, on_failure=operations.failed, waits=True)
    async def work(operation_id: str, run: str) -> None:
        async def advance(name: str) -> float:
            return await jobs.step(operations.advance, operation_id, run, name)

        await take(jobs, advance, names)
        await jobs.step(operations.finish, operation_id, run, retries=RECEIPT)


async def _in_order(jobs: Runner, advance: Advance, names: tuple[str, ...]) -> None:
    """One step after the other, until one of them ends the run."""
    for name in names:
        while (wait := await advance(name)) not in (GO_ON, OVER):
            if wait != AGAIN:
                # A cancel ends the wait.
                await jobs.wait(CHANGED, timedelta(seconds=wait))
        if wait == OVER:
            break


async def _each(jobs: Runner, advance: Advance, names: tuple[str, ...]) -> None:
    """Every step in turn; one that waits for its next try holds up no other."""
    left = list(names)
    while left:
        waits = {name: await advance(name) for name in left}
        if OVER in waits.values():
            break
        left = [name for name in left if waits[name] != GO_ON]
        soonest = min((waits[name] for name in left), default=AGAIN)
        if soonest > 0:
            await jobs.wait(CHANGED, timedelta(seconds=soonest))
