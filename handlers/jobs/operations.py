"""Durable work of every operation: step after step to its end, handed on where it must wait."""

from collections.abc import Awaitable, Callable, Iterable

from handlers.jobs.kit.runner import Runner
from handlers.jobs.ops import RECEIPT
from services.operations import AGAIN, GO_ON, OVER, Kind, Operations

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

        while not await take(advance, names):
            if await jobs.step(operations.hand_on, operation_id, run):
                return
        await jobs.step(operations.finish, operation_id, run, retries=RECEIPT)


async def _in_order(advance: Advance, names: tuple[str, ...]) -> bool:
    """One step after the other, until one ends the run; False when one must wait."""
    for name in names:
        while (answer := await advance(name)) == AGAIN:
            pass
        if answer == OVER:
            break
        if answer > 0:
            return False
    return True


async def _each(advance: Advance, names: tuple[str, ...]) -> bool:
    """Every step in turn, one that waits holds up no other; False when all that are left wait."""
    left = list(names)
    while left:
        answers = {name: await advance(name) for name in left}
        if OVER in answers.values():
            break
        left = [name for name in left if answers[name] != GO_ON]
        if left and min(answers[name] for name in left) > 0:
            return False
    return True
