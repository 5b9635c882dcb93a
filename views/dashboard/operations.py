"""A durable operation as it goes: its steps, a bar, and what can be done."""

from dataclasses import dataclass
from typing import ClassVar

from services.formats import decimal
from services.operations import Operation, Step
from views.dashboard.kit.blocks import (
    Callout,
    Cell,
    FactList,
    Live,
    PageBlock,
    PageButton,
    Tone,
)
from views.dashboard.kit.reader import PageReader
from views.slack.operations import KINDS
from views.words import operations as say
from views.words.dashboard import operations as words

PATH = "/admin/operations"
TONES: dict[str, Tone] = {
    "running": "info",
    "retrying": "warn",
    "done": "good",
    "missed": "warn",
    "failed": "bad",
    "cancelled": "quiet",
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: how it stands, and what is said of it."""

    label: str
    state: str
    state_word: str
    tone: Tone
    note: str


@dataclass(frozen=True, slots=True)
class Steps(PageBlock):
    """The steps of an operation, with a bar when its parts are counted."""

    template: ClassVar[str] = "blocks/steps.html.j2"

    title: str
    badge: Cell
    lines: tuple[StepLine, ...]
    done: int = 0
    total: int = 0
    count: str = ""
    buttons: tuple[PageButton, ...] = ()


def followed(operation: Operation, reader: PageReader) -> Live:
    """The operation as a live region of any page."""
    return Live(
        f"operation-{operation.id}",
        f"{PATH}/{operation.id}/live",
        operation_blocks(operation, reader),
        over=operation.is_over,
    )


def operation_blocks(operation: Operation, reader: PageReader) -> tuple[PageBlock, ...]:
    """What the live region shows."""
    title = KINDS[operation.kind].title if operation.kind in KINDS else words.OPERATION
    state = Cell(reader(say.STATES[operation.state]), tone=TONES[operation.state])
    count = reader(say.COUNT, done=operation.done, total=operation.total)
    steps = Steps(
        f"{reader(title)}: {operation.title}",
        state,
        tuple(_line(one, operation, reader) for one in operation.steps),
        operation.done,
        operation.total,
        count if operation.total else "",
        _buttons(operation, reader),
    )
    problem = (Callout("bad", operation.problem),) if operation.problem else ()
    return (*problem, steps)


def facts(operation: Operation, reader: PageReader) -> FactList:
    """Who asked for it, when, and the reference by which the log knows it."""
    rows = [
        (reader(words.BY), Cell(operation.actor_name or operation.actor_id)),
        (reader(words.BEGAN), reader.when(operation.created_at)),
        (reader(words.ENDED), reader.when(operation.ended_at)),
        (reader(words.RUN), Cell(str(operation.run))),
    ]
    if operation.reference:
        rows.append((reader(words.REFERENCE), Cell(operation.reference, mono=True, copy=True)))
    return FactList(reader(words.OPERATION), tuple(rows))


def _line(step: Step, operation: Operation, reader: PageReader) -> StepLine:
    known = KINDS[operation.kind].steps if operation.kind in KINDS else {}
    label = reader(known[step.name]) if step.name in known else step.name
    told = [step.note] if step.note else []
    if step.state == "retrying" and step.next_attempt_at is not None:
        at = f"{step.next_attempt_at.astimezone(reader.zone):%H:%M:%S}"
        told.append(reader(say.NEXT_TRY, attempt=step.attempt, time=at))
    elif step.took is not None and step.state != "skipped":
        took = decimal(step.took.total_seconds(), reader.language)
        told.append(reader(say.SECONDS, seconds=took))
    state_word = reader(words.STEP_STATES[step.state])
    return StepLine(label, step.state, state_word, TONES.get(step.state, "quiet"), " · ".join(told))


def _buttons(operation: Operation, reader: PageReader) -> tuple[PageButton, ...]:
    path = f"{PATH}/{operation.id}"
    if operation.can_retry:
        return (PageButton(reader(say.RETRY), f"{path}/retry", style="primary"),)
    if operation.is_over or not operation.cancellable:
        return ()
    return (PageButton(reader(say.CANCEL), f"{path}/cancel"),)
