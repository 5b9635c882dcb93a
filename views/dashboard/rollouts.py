"""The rollouts' pages: the list, and one from its proposal to its end, with its tenants."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import orjson

from services.phrases import Phrase
from services.rollouts import (
    Breach,
    Rollout,
    RolloutEvent,
    RolloutOrder,
    RolloutReview,
    RolloutTarget,
)
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import (
    Callout,
    Cell,
    Column,
    Empty,
    FactList,
    Live,
    PageBlock,
    PageButton,
    Screen,
    Split,
    Table,
    TableRow,
    Tone,
)
from views.dashboard.kit.lists import pager
from views.dashboard.kit.reader import PageReader
from views.dashboard.operations import StepLine, Steps
from views.dashboard.rollout_check import found
from views.dashboard.rollout_form import NEW
from views.dashboard.rollout_parts import PATH, crumbs, plain, sentence
from views.dashboard.rollout_questions import scripts
from views.words import operations as op
from views.words import rollouts as words
from views.words.dashboard import operations as steps
from views.words.dashboard import rollouts as say

MOST_TENANTS = 200
# Nothing was changed by these, whatever becomes of them.
UNCHANGED = ("checking", "refused", "rehearsed", "proposed", "withdrawn")
TONES: dict[str, Tone] = {
    **{"run": "info", "pause": "warn", "halt": "bad", "abort": "warn"},
    **{"checking": "info", "proposed": "warn", "refused": "bad", "done": "good"},
    **{"running": "info", "waiting": "quiet", "failed": "bad", "drifted": "bad"},
    **{"deferred": "warn", "kept": "warn", "left": "warn", "missed": "warn"},
}
# Tenants in the order in which one wants to read of them.
URGENT = ("failed", "drifted", "kept", "deferred", "left", "running")
COUNTED = (*("done", "running", "waiting"), *URGENT[:5], "untouched")
VERBS: Mapping[str, Phrase] = {
    "retry": words.RETRY,
    "pause": words.PAUSE,
    "resume": words.RESUME,
    "hold": words.HOLD,
    "go_on": words.GO_ON,
    "finish": words.FINISH,
    "withdraw": words.WITHDRAW,
}
# These lead to a question first, or to the form.
ASKED: Mapping[str, Phrase] = {
    "abort": say.ASK_ABORT,
    "roll_back": say.ASK_ROLL_BACK,
    "start": say.ASK_START,
    "approve": say.ASK_APPROVE,
    "change": say.ASK_CHANGE,
}
STYLES: Mapping[str, Literal["primary", "danger"]] = {
    "start": "primary",
    "abort": "danger",
    "roll_back": "danger",
}


@dataclass(frozen=True, slots=True)
class RolloutFile:
    """What a rollout's live region is drawn of."""

    rollout: Rollout
    tenants: tuple[RolloutTarget, ...]
    events: tuple[RolloutEvent, ...]
    review: RolloutReview | None = None


def listed(found: tuple[Rollout, ...], limit: int, at: Address, reader: PageReader) -> Screen:
    """A page of rollouts; `found` has one more than `limit` when there is a next page."""
    table = list_blocks(found, limit, at, reader)
    followed = Live("rollouts-live", at.elsewhere(f"{PATH}/live"), table)
    new = PageButton(reader(say.NEW), href=NEW, style="primary")
    return Screen(reader(say.TITLE), (followed,), reader(say.LEAD), actions=(new,))


def list_blocks(
    found: tuple[Rollout, ...], limit: int, at: Address, reader: PageReader
) -> tuple[PageBlock, ...]:
    """What the list's live region shows; `at` is the list's address."""
    shown = found[:limit]
    rows = tuple(
        TableRow(
            (
                Cell(one.version, href=f"{PATH}/{one.id}"),
                state(one, reader),
                Cell(reader(words.STRATEGIES[one.strategy])),
                Cell(_counts(one.counts, one, reader)),
                Cell(one.operator.name or one.operator.id),
                reader.since(one.created_at),
            )
        )
        for one in shown
    )
    heads = (words.VERSION, say.STATUS, say.STRATEGY, say.TENANTS, say.BY, say.SINCE)
    table = Table(
        "rollouts",
        reader(say.TITLE),
        tuple(Column(reader(head)) for head in heads),
        rows,
        Empty(
            reader(say.NONE_YET),
            reader(say.NONE_YET_TEXT),
            PageButton(reader(say.NEW), href=NEW, style="primary"),
        ),
        pager(found, limit, at),
    )
    return (table,)


def one(file: RolloutFile, order: RolloutOrder, reader: PageReader) -> Screen:
    """One rollout, live while it goes."""
    of = file.rollout
    followed = Live(
        f"rollout-{of.id}", f"{PATH}/{of.id}/live", rollout_blocks(file, reader), over=of.is_over
    )
    return Screen(
        reader(words.TITLE, version=of.version),
        (Split((followed, *scripts(order, reader)), (_facts(file, reader),)),),
        crumbs=crumbs(reader),
    )


def rollout_blocks(file: RolloutFile, reader: PageReader) -> tuple[PageBlock, ...]:
    """What the live region shows: why it stands still, how far it is, each tenant, its history."""
    of = file.rollout
    told = [Callout("bad", _breach(one, reader)) for one in of.breaches]
    if of.state in UNCHANGED:
        return (*told, *_proposal(file, reader), _history(file.events, reader))
    count = reader(op.COUNT, done=of.counts.get("done", 0), total=of.total) if of.total else ""
    waves = sorted({*range(1, of.waves + 1), *of.wave_counts})
    progress = Steps(
        reader(say.PROGRESS),
        state(of, reader),
        tuple(_wave(number, of, reader) for number in waves),
        of.counts.get("done", 0),
        of.total,
        count,
        tuple(_button(verb, of, reader) for verb in of.offered),
    )
    return (*told, progress, _tenants(file, reader), _history(file.events, reader))


def state(of: Rollout, reader: PageReader) -> Cell:
    """As a badge, in words."""
    if of.state != "open":
        text = reader(words.STATES[of.state])
        tone = "warn" if of.state == "done" and of.failed else TONES.get(of.state, "quiet")
        return Cell(sentence(text), tone=tone)
    facts = [reader(words.CONTROLS[of.control])]
    if of.direction == "down":
        facts = [reader(say.GOING_BACK), *(facts if of.control != "run" else [])]
    elif of.waves:
        facts.append(reader(words.WAVE, wave=of.wave, waves=of.waves))
    if of.hold:
        facts.append(reader(say.HELD))
    return Cell(sentence(", ".join(facts)), tone="warn" if of.hold else TONES[of.control])


def _proposal(file: RolloutFile, reader: PageReader) -> tuple[PageBlock, ...]:
    """What may be done with it before it starts, and what its check found."""
    of = file.rollout
    told = (Callout("info", reader(say.NEXT[_waits_for(of)])),) if of.state in say.NEXT else ()
    buttons = tuple(_button(verb, of, reader) for verb in _before(of))
    steps = Steps(reader(say.PROPOSAL), state(of, reader), (), buttons=buttons)
    if file.review is None:
        return (*told, steps)
    return (*told, steps, found(of, file.review, reader))


def _before(of: Rollout) -> tuple[str, ...]:
    """What people may do with one that changed nothing yet, in the order of the buttons."""
    proposed = of.state == "proposed"
    fitting = {
        "start": proposed and not of.wanted,
        "approve": proposed and of.needs_approval and not of.approved_by,
        "change": of.state != "checking",
        "withdraw": of.state in ("checking", "proposed"),
    }
    return tuple(verb for verb, fits in fitting.items() if fits)


def _waits_for(of: Rollout) -> str:
    return "second" if of.state == "proposed" and of.wanted else of.state


def _button(verb: str, of: Rollout, reader: PageReader) -> PageButton:
    address = f"{PATH}/{of.id}/{verb}"
    if verb in ASKED:
        label = reader(ASKED[verb])
        return PageButton(label, href=address, style=STYLES.get(verb, "plain"))
    label = reader(VERBS[verb])
    name = reader(say.VERB_OF, verb=label, version=of.version)
    if verb in ("retry", "resume"):
        return PageButton(label, address, style="primary", name=name)
    return PageButton(label, address, name=name)


def _wave(number: int, of: Rollout, reader: PageReader) -> StepLine:
    counts = of.wave_counts.get(number, {})
    begun = _begun(number, counts, of)
    told = [_counts(counts, of, reader)] if counts else []
    if number == of.wave and of.watch_until is not None and of.state == "open":
        told.append(reader(say.WATCHED, time=reader.moment(of.watch_until)))
    label, word = reader(say.WAVE, wave=number), reader(steps.STEP_STATES[begun])
    return StepLine(label, begun, word, TONES.get(begun, "quiet"), " · ".join(told))


def _begun(number: int, counts: Mapping[str, int], of: Rollout) -> str:
    """How a wave stands, as a step of an operation does."""
    if counts.get("failed"):
        return "failed"
    left = counts.get("waiting", 0) + counts.get("running", 0)
    if counts and not left:
        return "done"
    if of.is_over:
        return "missed"
    now = number == of.wave if of.direction == "up" else bool(counts.get("running"))
    return "running" if now and of.state == "open" else "waiting"


def _tenants(file: RolloutFile, reader: PageReader) -> Table:
    rank = {state: number for number, state in enumerate(URGENT)}
    found = sorted(file.tenants, key=lambda one: (rank.get(one.state, len(rank)), one.wave))
    shown, total = found[:MOST_TENANTS], len(found)
    cut = reader(say.FIRST_OF, shown=len(shown), total=total) if total > len(shown) else ""
    heads = (say.TENANT, say.IN_WAVE, say.STATUS, say.WHY, say.WHEN)
    return Table(
        "rollout-tenants",
        reader(say.TENANTS),
        tuple(Column(reader(head), numeric=head is say.IN_WAVE) for head in heads),
        tuple(_tenant(one, file.rollout, reader) for one in shown),
        Empty(reader(say.NO_TENANTS), reader(say.NO_TENANTS_TEXT)),
        note=cut,
    )


def _tenant(one: RolloutTarget, of: Rollout, reader: PageReader) -> TableRow:
    known = one.state
    if of.direction == "down":
        known = "untouched" if one.direction == "up" else "undone" if known == "done" else known
    tone: Tone = "good" if one.state == "done" else TONES.get(known, "quiet")
    facts = {"sentence": "", "sqlstate": "", "version": "", "statement": "", **one.facts}
    phrase = words.TARGETS.get(one.code)
    ways_out = _ways_out(one, of, reader) if one.state == "drifted" else ()
    return TableRow(
        (
            Cell(one.name, href=f"/admin/tenants/{one.tenant_id}"),
            Cell(str(one.wave)),
            Cell(reader(say.TARGETS[known]), tone=tone),
            Cell(sentence(reader(phrase, **facts)) if phrase else "–", buttons=ways_out),
            reader.since(one.ended_at),
        )
    )


def _ways_out(one: RolloutTarget, of: Rollout, reader: PageReader) -> tuple[PageButton, ...]:
    href, name = f"{PATH}/{of.id}/tenants/{one.tenant_id}", reader(say.LOOK_AT, tenant=one.name)
    return (PageButton(reader(say.LOOK), href=href, name=name),)


def _history(events: tuple[RolloutEvent, ...], reader: PageReader) -> Table:
    rows = tuple(TableRow((Cell(_event(one, reader)), reader.since(one.at))) for one in events)
    columns = (Column(reader(say.WHAT)), Column(reader(say.WHEN)))
    empty = Empty(reader(say.NOTHING_YET))
    return Table("rollout-events", reader(say.HISTORY), columns, rows, empty)


def _event(one: RolloutEvent, reader: PageReader) -> str:
    phrase, facts = words.EVENTS.get(one.code), {"who": one.who, "wave": "", **one.facts}
    return sentence(reader(phrase, **facts)) if phrase else one.code


def _facts(file: RolloutFile, reader: PageReader) -> FactList:
    of = file.rollout
    facts = [
        (reader(say.STRATEGY), Cell(reader(words.STRATEGIES[of.strategy]))),
        (reader(say.THRESHOLD), Cell(reader.number(of.options.threshold))),
        (reader(say.WAY_BACK), Cell(reader(say.PROVEN if of.can_roll_back else say.NO_WAY_BACK))),
        (reader(say.BY), Cell(of.operator.name or of.operator.id)),
        (reader(say.BEGAN), reader.when(of.started_at)),
        (reader(say.ENDED), reader.when(of.ended_at)),
        ("Id", Cell(of.id, mono=True, copy=True)),
    ]
    if of.canary:
        names = {one.tenant_id: one.name for one in file.tenants}
        planned = file.review.canary if file.review else ""
        facts.insert(1, (reader(say.CANARY), Cell(names.get(of.canary, planned or of.canary))))
    if of.approved_by:
        facts.append((reader(say.AGREED), Cell(of.approved_by)))
    return FactList(reader(say.DETAILS), tuple(facts))


def _counts(counts: Mapping[str, int], of: Rollout, reader: PageReader) -> str:
    back = of.direction == "down"
    told = [
        reader(words.COUNTS["undone" if back and one == "done" else one], n=counts[one])
        for one in COUNTED
        if counts.get(one)
    ]
    return " · ".join(told)


def _breach(one: Breach, reader: PageReader) -> str:
    detail = orjson.loads(one.detail)["sentence"] if one.code == "try_out" else one.detail
    return reader(plain(words.BREACHES[one.code]), tenant=one.tenant, detail=detail)
