"""What an action of a follow-up is: it says what it will do, does it once, and takes it back.

A new action is a class with the verbs of `FollowUpAction`, one line where the wiring lists
them (`bot/wiring/followups.py`), and its words in `ACTIONS` of `views/words/actions.py`.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from services.errors import DomainError
from services.followups.progress import FollowUp, Receipt
from services.people import Member
from services.phrases import Phrase

# In the order in which they are shown and begun. Names are kept in the database.
NAMES = ("gmail", "calendar", "note", "deal", "tasks", "recap")
# The answer to a question that leaves alone what there is, and makes another.
ANEW = "anew"


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """What an action would do now, for the review; sentences in the member's language.

    `text`: what will happen, or what would be taken back. `refusal`: why it cannot happen and the
    way on; then it cannot be ticked. `doubt`: why it is not ticked unless the person says so.
    `missing`: the vendor to connect first, or "".
    """

    text: str
    refusal: str = ""
    doubt: str = ""
    missing: str = ""

    @property
    def ticked(self) -> bool:
        """Whether it happens unless the person unticks it."""
        return not (self.refusal or self.doubt)


@dataclass(frozen=True, slots=True)
class ActionOrder:
    """One action of one follow-up as it was asked for.

    `followup.draft` is the version that was asked for. `wish` is the person's choice and `effect`
    what an earlier try or order kept, both in the action's own JSON, "" for none; `keep` writes
    the effect at once: before a call whose reply may get lost, and after it. `key` names the
    effect outside: the same in every try of this order, another after an undo. `answer` is what
    the person answered to a question (see Undecided), "" when none was asked. `attempt` counts
    the orders of this action, undos included.
    """

    followup: FollowUp
    member: Member
    receipt: Receipt
    key: str
    wish: str = ""
    effect: str = ""
    answer: str = ""
    attempt: int = 0
    keep: Callable[[str], Awaitable[None]] = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class ActionEffect:
    """What was done: the thing's id at the vendor, its address, and a short fact for the card."""

    external_id: str
    url: str = ""
    note: str = ""


class Undecided(DomainError):
    """Only the person can say how to go on; `question` names what is asked (`changed`)."""

    def __init__(self, question: str, phrase: Phrase, **values: object) -> None:
        super().__init__(phrase, **values)
        self.question = question


class FollowUpAction(Protocol):
    """One thing that can be done with a follow-up; its verbs run outside transactions."""

    @property
    def name(self) -> str:
        """One of NAMES."""

    @property
    def renews(self) -> bool:
        """Whether, after an edit, `act` brings what it did before up to date."""

    async def check(self, order: ActionOrder) -> None:
        """Refuse what cannot be begun (Disconnected, Conflict), from our own database only: a
        person waits for the answer to their click."""

    async def plan(self, order: ActionOrder) -> ActionPlan:
        """What `act` would do; asks vendors for no more than it takes to say so."""

    async def act(self, order: ActionOrder) -> ActionEffect:
        """Do it, or find that an earlier try did. Raises Temporary to be tried again, Undecided
        to ask, any other DomainError to give up with its sentence."""

    async def plan_undo(self, order: ActionOrder) -> ActionPlan:
        """What `undo` would take back; as `refusal` what stays, and why."""

    async def undo(self, order: ActionOrder) -> str:
        """Take it back; what is gone already is fine. The sentence says what stays, "" if nothing
        does. Raises like `act`."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An action in a review: what it would do, and what came of it so far.

    `renews`: it was done, and would be brought up to date.
    """

    name: str
    plan: ActionPlan
    receipt: Receipt | None = None
    renews: bool = False


# Refuses what must not leave the house (the evidence gate): raises a DomainError before anything
# of the named actions is begun.
Guard = Callable[[FollowUp, tuple[str, ...]], Awaitable[None]]


class ActionSet:
    """The actions that are wired, in the order of NAMES, and what must pass before any begins."""

    def __init__(self, actions: Iterable[FollowUpAction], guards: Iterable[Guard] = ()) -> None:
        wired = {action.name: action for action in actions}
        if unknown := wired.keys() - set(NAMES):
            raise ValueError(f"no such step: {', '.join(sorted(unknown))}")
        self._actions = {name: wired[name] for name in NAMES if name in wired}
        self.guards = tuple(guards)

    def __iter__(self) -> Iterator[FollowUpAction]:
        return iter(self._actions.values())

    def find(self, name: str) -> FollowUpAction | None:
        """The action of this name, if it is wired."""
        return self._actions.get(name)
