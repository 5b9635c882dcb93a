"""What a person chose for a follow-up's CRM actions, and what those keep: their own JSON."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter

from services.crm import Amount, Deal, DealChange


@dataclass(frozen=True, slots=True)
class NoteWish:
    """The note's account, deal and contacts; `chosen` False: whatever the meeting tells."""

    account_id: str = ""
    deal_id: str = ""
    contact_ids: tuple[str, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class NoteKept:
    """`note_id` "" with `began_at`: a create whose end is unknown. `ours` False: it was there."""

    account_id: str = ""
    note_id: str = ""
    began_at: datetime | None = None
    ours: bool = True


@dataclass(frozen=True, slots=True)
class DealFields:
    """What of a deal can be changed here, all of it as it was, or as it shall be."""

    stage: str = ""
    pipeline: str = ""
    amount: Amount | None = None
    closes_on: date | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class DealWish:
    """A deal with what the person saw and what they want; only the difference is sent."""

    deal_id: str
    name: str
    seen: DealFields
    wanted: DealFields


@dataclass(frozen=True, slots=True)
class DealKept:
    """For which wish; as the deal was before, and as we left it: what *Undo* compares."""

    wish: DealWish
    before: DealFields
    after: DealFields


@dataclass(frozen=True, slots=True)
class TasksWish:
    """The chosen action items by their keys (`item_key`); `chosen` False: all of them."""

    account_id: str = ""
    keys: tuple[str, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class TaskKept:
    """One item: `done` with the CRM's id where it told one; `ours` False: it was there."""

    key: str
    began_at: datetime
    done: bool = False
    task_id: str = ""
    ours: bool = True


@dataclass(frozen=True, slots=True)
class TasksKept:
    """Every item that was begun, and the account they are of."""

    account_id: str = ""
    tasks: tuple[TaskKept, ...] = ()

    def find(self, key: str) -> TaskKept | None:
        """What is kept of an item."""
        return next((one for one in self.tasks if one.key == key), None)

    def having(self, task: TaskKept) -> "TasksKept":
        """With this one in the place of what was kept of it."""
        others = tuple(one for one in self.tasks if one.key != task.key)
        return TasksKept(self.account_id, (*others, task))


NOTE_WISH: TypeAdapter[NoteWish] = TypeAdapter(NoteWish)
NOTE_KEPT: TypeAdapter[NoteKept] = TypeAdapter(NoteKept)
DEAL_WISH: TypeAdapter[DealWish] = TypeAdapter(DealWish)
DEAL_KEPT: TypeAdapter[DealKept] = TypeAdapter(DealKept)
TASKS_WISH: TypeAdapter[TasksWish] = TypeAdapter(TasksWish)
TASKS_KEPT: TypeAdapter[TasksKept] = TypeAdapter(TasksKept)


def fields_of(deal: Deal) -> DealFields:
    """A deal's fields as they are now."""
    return DealFields(
        deal.stage, deal.pipeline, deal.amount, deal.closes_on, deal.description.strip()
    )


def difference(have: DealFields, want: DealFields) -> DealChange:
    """Only what differs; a stage of another pipeline names that too."""
    cleared = set()
    for name in ("amount", "closes_on", "description"):
        if getattr(have, name) and not getattr(want, name):
            cleared.add(name)
    moved = (have.stage, have.pipeline) != (want.stage, want.pipeline)
    return DealChange(
        stage=want.stage if moved else None,
        pipeline=want.pipeline if have.pipeline != want.pipeline else None,
        amount=want.amount if want.amount and want.amount != have.amount else None,
        closes_on=want.closes_on if want.closes_on and want.closes_on != have.closes_on else None,
        description=_new(have.description, want.description),
        cleared=frozenset(cleared),
    )


def changed_names(one: DealFields, other: DealFields) -> tuple[str, ...]:
    """The fields in which two states differ; stage and pipeline are one."""
    moved = (one.stage, one.pipeline) != (other.stage, other.pipeline)
    rest = ("amount", "closes_on", "description")
    different = [
        name for name in rest if (getattr(one, name) or "") != (getattr(other, name) or "")
    ]
    return (*(("stage",) if moved else ()), *different)


def _new(have: str, want: str) -> str | None:
    return want if want and want != have else None
