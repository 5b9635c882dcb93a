"""The job runner: registers a feature's workflows, runs their steps, and catches what breaks.

    def register(jobs: Runner, services: Services) -> None:
        @jobs.workflow("licenses.issue", on_failure=services.issuing.single.failed)
        async def issue(proposal_id: str) -> None:
            await jobs.step(services.issuing.single.issue, proposal_id)

A workflow's body is replayed after a crash: apart from steps it must do the same each time.
Steps take ids; what they return, values or frozen types, is kept as JSON by its annotation. A step
that finished is never run again.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Protocol, TypeVar, TypeVarTuple

import structlog
from dbos import DBOS, PortableWorkflowError, StepOptions
from pydantic import TypeAdapter

from handlers.jobs.kit.failures import StepFailed, described, replayed
from services.errors import DomainError
from services.operations import Backoff
from services.ports import DatabaseUnavailable

T = TypeVar("T")
Ids = TypeVarTuple("Ids")
OnFailure = Callable[..., Awaitable[None]]
# Hears of a workflow that broke by a fault of ours, by its name; raises DatabaseUnavailable.
OnFault = Callable[[str], Awaitable[None]]

# A job that takes its process down again and again is set aside after so many starts.
MAX_STARTS = 20
GAVE_UP = " gave up"
# For steps whose error calls itself temporary; others are never tried again.
BACKOFF = Backoff(tries=5, longest=timedelta(minutes=2))


@dataclass(frozen=True, slots=True)
class Tick:
    """A timed thing: `cron` in UTC starts `workflow`, whose one argument is the slot's time.

    Weekdays are written as names: APScheduler 3 counts them from Monday, crontab from Sunday
    (https://apscheduler.readthedocs.io, `CronTrigger.from_crontab`).
    """

    name: str
    cron: str
    workflow: str

    def __post_init__(self) -> None:
        if any(character.isdigit() for character in self.cron.split()[-1]):
            raise ValueError(f"tick {self.name}: write weekdays as names (mon-fri)")


class Transact(Protocol):
    """Runs a verb in one transaction together with the note that its step is done."""

    async def __call__(self, name: str, verb: Callable[[], Awaitable[T]]) -> T:
        """The verb's answer, or that of the first time if it already ran."""


class Runner:
    """What a feature registers its workflows with, and what their bodies call."""

    def __init__(self, *, max_starts: int = MAX_STARTS) -> None:
        self.workflows: set[str] = set()
        self.transact: Transact | None = None
        self.on_fault: OnFault | None = None
        self._max_starts = max_starts
        self._in_hand = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._draining = False

    def workflow(
        self, name: str, *, on_failure: OnFailure | None = None, waits: bool = False
    ) -> Callable[[Callable[[*Ids], Awaitable[None]]], Callable[[*Ids], Awaitable[None]]]:
        """Register the function below as the durable workflow `name`; never rename one in use.

        `on_failure(*ids, reference, error)` is a step of its own, run once the workflow gave up;
        `error` says in every language what to do. `waits` is for workflows that may wait for
        days: every restart meanwhile counts as a start, so theirs are not limited.
        """

        def register(body: Callable[[*Ids], Awaitable[None]]) -> Callable[[*Ids], Awaitable[None]]:
            async def run(*ids: *Ids) -> str | None:
                return await self._run(name, lambda: body(*ids), on_failure, ids)

            async def give_up(*ids: *Ids) -> str | None:
                return await self._run(name, _set_aside, on_failure, ids)

            starts = None if waits else self._max_starts
            DBOS.workflow(name=name, max_recovery_attempts=starts)(run)
            DBOS.workflow(name=name + GAVE_UP)(give_up)
            self.workflows.add(name)
            return body

        return register

    async def step(
        self,
        verb: Callable[[*Ids], Awaitable[T]],
        *ids: *Ids,
        retries: Backoff = BACKOFF,
    ) -> T:
        """Run `verb(*ids)` as one step; raises StepFailed once it gave up.

        The verb may run again after a crash or a temporary error, so it looks before it acts,
        or passes `key` on as idempotency key. A cancelled job ends inside its step.
        """
        return await self._tried(verb, ids, retries)

    async def once(self, verb: Callable[[*Ids], Awaitable[T]], *ids: *Ids) -> T:
        """Run a verb of database work only, exactly once, whatever crashes (money, credits).

        All its transactions become one, which also notes that the step is done.
        """
        transact = self.transact
        if transact is None:
            raise RuntimeError("exactly-once steps need a started engine")
        await self._gate()
        with self._holding():
            return await _guarded(
                lambda: transact(step_name(verb), lambda: _in_words(lambda: verb(*ids)))
            )

    async def wait(self, topic: str, at_most: timedelta) -> str | None:
        """Sleep until somebody signals `topic` to this job; None when the time is over."""
        message: str | None = await DBOS.recv_async(topic, at_most.total_seconds())
        return message

    def is_busy(self) -> bool:
        """Whether steps are in hand."""
        return self._in_hand > 0

    async def patched(self, change: str) -> bool:
        """Whether this run began after `change` was deployed: new steps go behind it."""
        return await DBOS.patch_async(change)

    def key(self, verb: Callable[..., Awaitable[object]]) -> str:
        """An idempotency key for the outside effect of `verb` in this job, same after a crash."""
        return f"{DBOS.workflow_id}:{step_name(verb)}"

    async def drain(self, grace: timedelta) -> bool:
        """Begin no further step and wait for those in hand; False if some did not end in time."""
        self._draining = True
        try:
            async with asyncio.timeout(grace.total_seconds()):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    async def _run(
        self,
        name: str,
        body: Callable[[], Awaitable[None]],
        on_failure: OnFailure | None,
        ids: tuple[object, ...],
    ) -> str | None:
        with structlog.contextvars.bound_contextvars(workflow=name, job=DBOS.workflow_id):
            try:
                await _guarded(body)
            except StepFailed as failed:
                failure = failed.failure
            else:
                return None
            if failure.is_ours and self.on_fault is not None:
                # The health check says that the database is away.
                with suppress(DatabaseUnavailable):
                    await self.on_fault(name)
            if on_failure is not None:
                # What breaks in here was logged under a reference of its own; there is no third.
                with suppress(StepFailed):
                    told = (*ids, failure.reference, failure.error)
                    await self._tried(on_failure, told, BACKOFF)
            return failure.reference

    async def _tried(
        self, verb: Callable[..., Awaitable[T]], ids: tuple[object, ...], retries: Backoff
    ) -> T:
        name, answer = step_name(verb), _answer(verb)

        async def as_json() -> object:
            return answer.dump_python(await verb(*ids), mode="json")

        for attempt in count(1):
            await self._gate()
            try:
                with self._holding():
                    kept = await _recorded(name if attempt == 1 else f"{name} {attempt}", as_json)
                return answer.validate_python(kept)
            except StepFailed as failed:
                wished = timedelta(seconds=failed.failure.retry_after)
                pause = retries.pause(attempt, wished=wished) if failed.failure.temporary else None
                if pause is None:
                    raise
            # Durable: after a restart only the rest is slept.
            await DBOS.sleep_async(pause.total_seconds())
        raise AssertionError("counting never ends")

    async def _gate(self) -> None:
        if self._draining:
            # Stay here until this process is gone; another one takes the job on from this step.
            await asyncio.Event().wait()

    @contextmanager
    def _holding(self) -> Iterator[None]:
        self._in_hand += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._in_hand -= 1
            if not self._in_hand:
                self._idle.set()


async def _set_aside() -> None:
    raise JobSetAside("begun too often without an end; it may have killed its process")


class JobSetAside(Exception):
    """A job was begun so often that it is not begun again."""


def step_name(verb: Callable[..., Awaitable[object]]) -> str:
    """`services.followups` + `write` → `followups.write`: what a replay recognises a step by."""
    if isinstance(verb, partial) or "<" in verb.__qualname__:
        raise TypeError("a step is a named verb: its name is kept for the replay after a crash")
    return f"{verb.__module__.rpartition('.')[2]}.{verb.__name__}"


def _answer(verb: Callable[..., Awaitable[T]]) -> TypeAdapter[T]:
    """How the verb's answer becomes JSON, which is all that the engine keeps, and comes back."""
    return TypeAdapter(inspect.signature(verb).return_annotation)


async def _recorded(name: str, call: Callable[[], Awaitable[T]]) -> T:
    # Guarded twice: inside, so that the failure is kept in our words; outside, to read it back.
    options = StepOptions(name=name, preemptible=True)
    return await _guarded(lambda: DBOS.run_step_async(options, _guarded, call))


async def _guarded(call: Callable[[], Awaitable[T]]) -> T:
    """The job runner's one catch of everything: whatever breaks becomes a StepFailed.

    A killed process and a cancelled job pass by: they raise no Exception.
    """
    try:
        return await call()
    except StepFailed:
        raise
    except PortableWorkflowError as error:
        raise StepFailed(replayed(error)) from error
    except Exception as error:
        raise StepFailed(described(error)) from error


async def _in_words(call: Callable[[], Awaitable[T]]) -> T:
    try:
        return await call()
    except DomainError as error:
        raise StepFailed(described(error)) from error
