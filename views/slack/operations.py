"""The card of an operation: its steps with state, time and note, a bar, and what can be done."""

from collections.abc import Mapping, Sequence

from services.formats import decimal
from services.issuing import BULK_ISSUE
from services.operations import Operation, Step
from services.tenants import DELETE, ONBOARD, RESUME, SUSPEND
from services.users import PROVISION
from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import bold, escape, fit, name, time
from views.words import issuing, tenants, users
from views.words import operations as say
from views.words.operations import KindWords

CANCEL = Button("operations.cancel")
RETRY = Button("operations.retry")

MARKS = {
    "waiting": ":white_circle:",
    "running": ":hourglass_flowing_sand:",
    "retrying": ":arrows_counterclockwise:",
    "done": ":white_check_mark:",
    "skipped": ":heavy_minus_sign:",
    "missed": ":warning:",
    "failed": ":x:",
}
BAR = 20

# What each kind is called; a kind without words is never drawn.
KINDS: Mapping[str, KindWords] = {
    BULK_ISSUE: issuing.BULK_KIND,
    DELETE: tenants.DELETE_KIND,
    ONBOARD: tenants.ONBOARD_KIND,
    PROVISION: users.PROVISION_KIND,
    RESUME: tenants.RESUME_KIND,
    SUSPEND: tenants.SUSPEND_KIND,
}
NOTE = 200


def card(operation: Operation, words: KindWords, extra: Sequence[kit.Block] = ()) -> kit.Message:
    """The operation as it stands; one that is over keeps its status, and a retry if it failed.

    `extra` is what its domain has to say of it besides.
    """
    language = operation.language
    title = f"{words.title(language)}: {name(operation.title)}"
    state = say.STATES[operation.state](language)
    lines = [
        bold(title),
        *_bar(operation),
        *(_step(one, words, language) for one in operation.steps),
    ]
    blocks: list[kit.Block] = [kit.section("\n".join(lines))]
    if operation.problem:
        blocks.append(kit.section(f":warning: {escape(fit(operation.problem, 2_000))}"))
    blocks.extend(extra)
    blocks.append(kit.context(*_facts(operation, state)))
    if (button := _button(operation)) is not None:
        blocks.append(button)
    return kit.message(f"{title} · {state}", *blocks)


def _bar(operation: Operation) -> list[str]:
    if operation.total <= 0:
        return []
    filled = min(BAR, BAR * operation.done // operation.total)
    count = say.COUNT(operation.language, done=operation.done, total=operation.total)
    return [f"{'▰' * filled}{'▱' * (BAR - filled)}  {count}"]


def _step(step: Step, words: KindWords, language: str) -> str:
    label = words.steps[step.name](language)
    facts = [escape(fit(step.note, NOTE))] if step.note else []
    if step.state == "retrying" and step.next_attempt_at is not None:
        again = time(step.next_attempt_at)
        facts.append(say.NEXT_TRY(language, attempt=step.attempt, time=again))
    elif step.took is not None and step.state != "skipped":
        facts.append(say.SECONDS(language, seconds=decimal(step.took.total_seconds(), language)))
        if step.attempt > 1:
            facts.append(say.TRIES(language, n=step.attempt))
    return " · ".join([f"{MARKS[step.state]} {label}", *facts])


def _facts(operation: Operation, state: str) -> list[str]:
    language = operation.language
    facts = [state]
    if operation.actor_name:
        facts.append(say.BY(language, who=name(operation.actor_name)))
    if operation.reference:
        facts.append(say.REFERENCE(language, reference=operation.reference))
    return facts


def _button(operation: Operation) -> kit.Block | None:
    language = operation.language
    if operation.can_retry:
        return kit.actions(RETRY.draw(say.RETRY(language), operation.id, style="primary"))
    if operation.is_over or not operation.cancellable:
        return None
    question = kit.confirm(
        say.CANCEL_TITLE(language),
        say.CANCEL_TEXT(language),
        say.CANCEL_YES(language),
        say.CANCEL_NO(language),
    )
    return kit.actions(CANCEL.draw(say.CANCEL(language), operation.id, confirm=question))
