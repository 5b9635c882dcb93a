"""Kinds of operations: their steps, what each may come to, and when it is tried again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import SystemRandom

from services.actors import Operator
from services.operations.live import NOWHERE, Place

SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class Backoff:
    """When a step is tried again: exponentially later, half of each pause by chance.

    `schedule`, where it is given, names the pauses instead, each spread by `jitter` of itself.
    """

    tries: int = 6
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=10)
    schedule: tuple[timedelta, ...] = ()
    jitter: float = SPREAD

    def pause(self, attempt: int, *, wished: timedelta | None = None) -> timedelta | None:
        """How long to wait after try number `attempt`, at least as the vendor wished; None: stop.

        A vendor that wants more than the longest pause is waited for no more.
        """
        if self.schedule:
            if attempt > len(self.schedule):
                return None
            pause, longest = self.schedule[attempt - 1], self.schedule[-1]
        else:
            if attempt >= self.tries:
                return None
            longest = self.longest
            pause = min(longest, self.first * 2 ** (attempt - 1))
        if wished is not None and wished > longest:
            return None
        spread = pause * SystemRandom().uniform(1 - self.jitter, 1)
        return max(spread, wished or timedelta(0))


@dataclass(frozen=True, slots=True)
class Done:
    """The step did what it is for; `note` is a short fact such as "184 lines"."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The step was not needed; `note` says why."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """Like Skipped, but it would have helped; `note` says what is wanting."""

    note: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Not yet: tried again after `after`, or as the step's backoff says.

    Unlike a Temporary that is raised, it is no failure: it uses up no try.
    """

    note: str = ""
    after: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class More:
    """A part is done, short enough for a process that must stop; the next is taken at once."""


Outcome = Done | Skipped | Missed | Retry | More


@dataclass(frozen=True, slots=True)
class Work:
    """What a step's verb is told: about what, in which run, and its how many-th try.

    `language` is that of its notes. `key` names this step's outside effect, the same after a crash
    and in every try of the run.
    `report(done, total)` moves the bar; it answers False once nobody wants the rest any more.
    """

    operation_id: str
    kind: str
    subject_id: str
    run: int
    step: str
    attempt: int
    report: Callable[[int, int], Awaitable[bool]] = field(compare=False, repr=False)
    language: str = "en"

    @property
    def key(self) -> str:
        """An idempotency key for the step's effect outside."""
        return f"{self.operation_id}:{self.run}:{self.step}"


Verb = Callable[[Work], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step: its name, which is kept in the database, its verb, and its backoff.

    The verb may run again after a crash, so it looks before it acts or passes `work.key` on.
    """

    name: str
    verb: Verb
    backoff: Backoff = field(default_factory=Backoff)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of operation (`users.provision`) and its steps in order.

    `ended` hears of each end, of success too; it may run more than once. Steps that are
    `independent` go on when one of them fails or waits; the operation then fails at its end.
    `about` is what the audit log calls its subject; "" for what is a member's own affair.
    """

    name: str
    steps: tuple[StepPlan, ...]
    cancellable: bool = True
    ended: Callable[[str, str], Awaitable[None]] | None = None
    independent: bool = False
    about: str = ""

    def step(self, name: str) -> StepPlan:
        """The step of this name; raises KeyError."""
        for plan in self.steps:
            if plan.name == name:
                return plan
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Start:
    """What is to be done: `subject_id` is what it is about, `dedupe` makes a repeat harmless."""

    kind: str
    subject_id: str
    title: str
    operator: Operator
    dedupe: str
    language: str = "en"
    place: Place = NOWHERE
    total: int = 0
