"""The card of a rollout: a preview first, then live, in the end what came of it."""

from collections.abc import Sequence

from services.rollouts import Rollout, RolloutReview, RolloutTarget
from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import bold, day, escape, fit, name, time
from views.slack.rollouts.facts import (
    breach_line,
    concern_lines,
    lock_lines,
    target_line,
    tried_line,
)
from views.words import operations as op
from views.words import rollouts as say

START, APPROVE = Button("rollouts.start"), Button("rollouts.approve")
CHANGE, WITHDRAW = Button("rollouts.change"), Button("rollouts.withdraw")
PAUSE, RESUME = Button("rollouts.pause"), Button("rollouts.resume")
HOLD, GO_ON = Button("rollouts.hold"), Button("rollouts.go_on")
RETRY, FINISH = Button("rollouts.retry"), Button("rollouts.finish")
ABORT, ROLL_BACK = Button("rollouts.abort"), Button("rollouts.ask_roll_back")
DETAILS, SHOW_SQL = Button("rollouts.show_details"), Button("rollouts.show_sql")
STEERING = {
    "pause": (PAUSE, say.PAUSE),
    "resume": (RESUME, say.RESUME),
    "hold": (HOLD, say.HOLD),
    "go_on": (GO_ON, say.GO_ON),
    "finish": (FINISH, say.FINISH),
}
BAR = 20
MOST_BAD, MOST_LINES = 6, 8
ORDER = (
    *("done", "undone", "running", "waiting", "failed"),
    *("drifted", "deferred", "kept", "untouched", "left"),
)
# Of a rollout's tenants, those one wants to read of at once.
BAD = ("failed", "kept", "drifted", "deferred")
ABOUT_TO_BEGIN = ("checking", "refused", "rehearsed", "proposed", "withdrawn")


def card(
    of: Rollout,
    review: RolloutReview | None,
    tenants: Sequence[RolloutTarget],
    language: str,
) -> kit.Message:
    """As it stands now, with what can be done about it."""
    title = say.TITLE(language, version=of.version)
    state = state_line(of, language)
    blocks = [kit.section(f"{bold(title)} · {state}")]
    if of.state in ABOUT_TO_BEGIN:
        blocks += _preview(of, review, language)
    else:
        blocks += _progress(of, tenants, language)
    blocks += [kit.section(breach_line(one, language)) for one in of.breaches[:MOST_LINES]]
    blocks.append(kit.context(*_people(of, language)))
    blocks += [kit.actions(*row) for row in buttons(of, review, language) if row]
    return kit.message(f"{title} · {state}", *blocks)


def state_line(of: Rollout, language: str) -> str:
    """How it stands, in few words."""
    if of.state != "open":
        return say.STATES[of.state](language)
    facts = [say.CONTROLS[of.control](language)]
    if of.direction == "down":
        facts = [say.GOING_BACK(language), *(facts if of.control != "run" else [])]
    elif of.waves:
        facts.append(say.WAVE(language, wave=of.wave, waves=of.waves))
    if of.watch_until is not None and of.control == "run":
        at = of.watch_until
        facts.append(say.WATCHING(language, wave=of.wave, day=day(at), time=time(at)))
    if of.hold:
        facts.append(say.HOLDING(language))
    return ", ".join(facts)


def reasons(of: Rollout, language: str) -> kit.Message:
    """Why it is halted, for whoever is called to look."""
    lines = [breach_line(one, language) for one in of.breaches[:MOST_LINES]]
    text = "\n".join(lines) or state_line(of, language)
    return kit.message(text, kit.section(text))


def listing(found: Sequence[Rollout], command: str, language: str) -> kit.Message:
    """The latest, each with a button that shows its tenants."""
    title = say.LISTED(language)
    if not found:
        text = say.NONE_YET(language, command=command)
        return kit.message(text, kit.section(text))
    blocks = [kit.section(bold(title))]
    for one in found:
        line = f"{bold(one.version)} · {state_line(one, language)}"
        counts = " · ".join(_counts(one, language))
        button = DETAILS.draw(say.DETAILS(language), one.id)
        blocks.append(kit.section(f"{line}\n{counts}" if counts else line, button))
    return kit.message(title, *blocks)


def checking(version: str, language: str) -> kit.Message:
    """To who sent the form."""
    text = say.CHECKING_IT(language, version=version)
    return kit.message(text, kit.section(text))


def buttons(
    of: Rollout, review: RolloutReview | None, language: str
) -> tuple[tuple[kit.Element, ...], ...]:
    """What can be done now: in one row what one came for, in the other what is rarer."""
    if of.state in ABOUT_TO_BEGIN:
        return _before(of, review, language)
    look = [
        DETAILS.draw(say.DETAILS(language), of.id),
        SHOW_SQL.draw(say.SHOW_SQL(language), of.id),
    ]
    back = _back(of, language)
    if of.state != "open":
        # What is over keeps its way back, and a way out of quarantine in the details.
        return ((*look, *back),)
    return (tuple(_steering(of, language)), (*look, *back))


def _steering(of: Rollout, language: str) -> list[kit.Element]:
    found = []
    for verb in of.offered:
        if verb == "retry":
            primary = "primary" if of.control != "run" else None
            found.append(RETRY.draw(say.RETRY(language), of.id, style=primary))
        elif verb == "abort":
            question = kit.confirm(
                say.ABORT_TITLE(language),
                say.ABORT_TEXT(language),
                say.ABORT(language),
                say.NO(language),
            )
            found.append(ABORT.draw(say.ABORT(language), of.id, style="danger", confirm=question))
        elif verb in STEERING:
            button, label = STEERING[verb]
            found.append(button.draw(label(language), of.id))
    return found


def _back(of: Rollout, language: str) -> tuple[kit.Element, ...]:
    if "roll_back" in of.offered:
        return (ROLL_BACK.draw(say.ROLL_BACK(language), of.id, style="danger"),)
    return ()


def _before(
    of: Rollout, review: RolloutReview | None, language: str
) -> tuple[tuple[kit.Element, ...], ...]:
    change = CHANGE.draw(say.CHANGE(language), of.id)
    look = SHOW_SQL.draw(say.SHOW_SQL(language), of.id)
    if of.state in ("refused", "rehearsed"):
        return ((change, look),)
    if of.state != "proposed" or review is None:
        return ()
    first = []
    if not of.wanted:
        text = say.START_TEXT(
            language, version=of.version, n=review.surveyed, waves=len(review.sizes)
        )
        question = kit.confirm(
            say.START_TITLE(language), text, say.START(language), say.NO(language)
        )
        first.append(START.draw(say.START(language), of.id, style="primary", confirm=question))
    if of.needs_approval and not of.approved_by:
        text = say.APPROVE_TEXT(language, version=of.version)
        question = kit.confirm(
            say.APPROVE_TITLE(language), text, say.APPROVE(language), say.NO(language)
        )
        value = f"{of.id}:{of.hash}"
        first.append(APPROVE.draw(say.APPROVE(language), value, confirm=question))
    return ((*first, look, change, WITHDRAW.draw(say.WITHDRAW(language), of.id)),)


def _preview(of: Rollout, review: RolloutReview | None, language: str) -> list[kit.Block]:
    if review is None:
        return []
    lines = [f"{bold(say.PLAN(language))}: {_plan(of, review, language)}"]
    locks = lock_lines(review, language) or [say.NO_LOCKS(language)]
    lines += [f"{bold(say.LOCKS(language))}: {line}" for line in locks[:MOST_LINES]]
    lines.append(f"{bold(say.TRIED(language))}: {tried_line(review, language)}")
    if concerns := concern_lines(review, language):
        shown = "; ".join(concerns[:MOST_LINES])
        lines.append(f":warning: {bold(say.DESTROYS(language))}: {shown}")
    if review.try_out.on_empty == "fails":
        lines.append(f":warning: {say.ON_EMPTY_FAILS(language)}")
    if back := concern_lines(review, language, back=True):
        lines.append(f"{bold(say.BACK_DESTROYS(language))}: {'; '.join(back[:MOST_LINES])}")
    blocks = [kit.section("\n".join(lines))]
    if advice := _advice(review, language):
        blocks.append(kit.section("\n".join([bold(say.LINT(language)), *advice])))
    if notes := _notes(of, review, language):
        blocks.append(kit.context(*notes))
    return blocks


def _plan(of: Rollout, review: RolloutReview, language: str) -> str:
    if not review.surveyed:
        return say.NOBODY_THERE(language)
    plan = " → ".join(str(size) for size in review.sizes)
    if not review.canary:
        return plan
    return f"{plan} ({say.CANARY_IS(language, name=name(review.canary))})"


def _advice(review: RolloutReview, language: str) -> list[str]:
    if review.lint.missing:
        return [say.LINT_MISSING(language)]
    found = review.lint.findings[:MOST_LINES]
    return [
        f"• {say.LINT_LINE(language, line=one.line, message=escape(fit(one.message, 200)))}"
        for one in found
    ]


def _notes(of: Rollout, review: RolloutReview, language: str) -> list[str]:
    named = ((say.AWAY, review.away), (say.ODD, review.odd), (say.WAITS, review.waits))
    notes = [
        phrase(language, names=", ".join(name(one) for one in names[:MOST_LINES]))
        for phrase, names in named
        if names
    ]
    seconds = int(of.options.lock_timeout.total_seconds())
    notes.append(say.LOCK_WAIT(language, seconds=seconds))
    if of.options.return_by_itself:
        notes.append(say.BY_ITSELF(language))
    if of.wanted and of.needs_approval and not of.approved_by:
        notes.append(say.WAITS_FOR_SECOND(language))
    return notes


def _progress(of: Rollout, tenants: Sequence[RolloutTarget], language: str) -> list[kit.Block]:
    if not of.total:
        return [kit.section(say.NOBODY_THERE(language))]
    done = of.counts.get("done", 0)
    filled = BAR * done // of.total
    count = op.COUNT(language, done=done, total=of.total)
    lines = [f"{'▰' * filled}{'▱' * (BAR - filled)}  {count}", " · ".join(_counts(of, language))]
    bad = [one for one in tenants if one.state in BAD]
    bad.sort(key=lambda one: BAD.index(one.state))
    lines += [target_line(one, language) for one in bad[:MOST_BAD]]
    if (more := len(bad) - MOST_BAD) > 0:
        lines.append(say.MORE(language, more))
    return [kit.section("\n".join(lines))]


def _counts(of: Rollout, language: str) -> list[str]:
    counts = dict(of.counts)
    if of.direction == "down" and "done" in counts:
        counts["undone"] = counts.pop("done")
    return [say.COUNTS[one](language, n=counts[one]) for one in ORDER if counts.get(one)]


def _people(of: Rollout, language: str) -> list[str]:
    people = [say.PROPOSED_BY(language, who=name(of.operator.name or of.operator.id))]
    if of.approved_by:
        people.append(say.APPROVED_BY(language, who=name(of.approved_by)))
    return [*people, of.id]
