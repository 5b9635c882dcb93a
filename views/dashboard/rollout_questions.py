"""What is asked before a rollout starts, is agreed to, ends, goes back, or leaves quarantine."""

from services.errors import DomainError
from services.rollouts import Rollout, RolloutOrder, RolloutReview, RolloutTarget
from views.dashboard.kit.blocks import (
    Callout,
    PageBlock,
    PageForm,
    Prose,
    Screen,
)
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput
from views.dashboard.kit.reader import PageReader
from views.dashboard.rollout_check import dangers, found, losses
from views.dashboard.rollout_parts import CONFIRM, crumbs, path_of, sentence
from views.words import rollouts as words
from views.words.dashboard import rollouts as say
from views.words.dashboard import users

HASH, FOUND = "hash", "found"


def abort(of: Rollout, reader: PageReader) -> Screen:
    """What it means, and the yes."""
    path = path_of(of)
    form = PageForm(
        f"{path}/abort",
        (),
        reader(words.ABORT),
        lead=reader(words.ABORT_TEXT),
        style="danger",
        cancel_href=path,
    )
    return Screen(reader(say.ABORT_TITLE, version=of.version), (form,), crumbs=crumbs(reader, of))


def roll_back(
    of: Rollout,
    review: RolloutReview | None,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """What going back does and destroys, and the field for the version."""
    path, lost = path_of(of), losses(review, reader)
    warned = (Callout("bad", reader(words.ROLL_BACK_DESTROYS, what=lost)),) if lost else ()
    form = PageForm(
        f"{path}/roll_back",
        (_version(of, reader),),
        reader(words.ROLL_BACK),
        lead=reader(words.ROLL_BACK_TEXT, version=of.version),
        style="danger",
        typed=typed,
        error=error,
        cancel_href=path,
    )
    title = reader(say.ROLL_BACK_TITLE, version=of.version)
    return Screen(title, (*warned, form), crumbs=crumbs(reader, of))


def start(
    of: Rollout,
    review: RolloutReview,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """Whom it reaches, and the field for the version."""
    path, blocks = path_of(of), list[PageBlock]()
    if of.needs_approval and not of.approved_by:
        blocks.append(Callout("warn", reader(say.BEGINS_LATER)))
    reach = reader(words.START_TEXT, version=of.version, n=review.surveyed, waves=len(review.sizes))
    form = PageForm(
        f"{path}/start",
        (_version(of, reader),),
        reader(words.START),
        lead=reach if review.surveyed else reader(words.NOBODY_THERE),
        typed=typed,
        error=error,
        cancel_href=path,
    )
    title = reader(say.START_TITLE, version=of.version)
    return Screen(title, (*blocks, form, found(of, review, reader)), crumbs=crumbs(reader, of))


def approve(
    of: Rollout,
    proposal: tuple[RolloutReview, RolloutOrder],
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """What is agreed to: the dangers, and both scripts as they would run."""
    review, order = proposal
    path, why = path_of(of), "; ".join(dangers(review, reader))
    form = PageForm(
        f"{path}/approve",
        (Field(HASH, "", "hidden", of.hash), _version(of, reader)),
        reader(words.APPROVE),
        lead=reader(say.APPROVE_TEXT, version=of.version),
        style="danger",
        typed=typed,
        error=error,
        cancel_href=path,
    )
    warned = (Callout("warn", reader(say.WHY_SECOND, what=why)),) if why else ()
    title = reader(say.APPROVE_TITLE, version=of.version)
    blocks = (*warned, *scripts(order, reader), form)
    return Screen(title, blocks, crumbs=crumbs(reader, of))


def own(of: Rollout, reader: PageReader) -> Screen:
    """Why whoever proposed it cannot be the second one."""
    title = reader(say.APPROVE_TITLE, version=of.version)
    told = Callout("info", reader(say.YOUR_OWN))
    return Screen(title, (told,), crumbs=crumbs(reader, of))


def quarantine(of: Rollout, one: RolloutTarget, reader: PageReader) -> Screen:
    """A tenant with another schema: the difference, and two ways out."""
    path = f"{path_of(of)}/tenants/{one.tenant_id}"
    facts = {"sentence": "", "sqlstate": "", "version": "", "statement": "", **one.facts}
    why = words.TARGETS.get(one.code)
    lines = [f"+ {line}  ({reader(words.UNEXPECTED)})" for line in _lines(one, "unexpected")]
    lines += [f"- {line}  ({reader(words.MISSING)})" for line in _lines(one, "missing")]
    told: list[PageBlock] = [Callout("bad", sentence(reader(why, **facts)))] if why else []
    if lines:
        told.append(Prose(reader(say.DIFFERENCE), "\n".join(lines), mono=True))
    again = PageForm(
        f"{path}/retry",
        (),
        reader(words.TRY_AGAIN),
        reader(say.MENDED),
        reader(say.MENDED_TEXT),
    )
    taken = PageForm(
        f"{path}/baseline",
        (Field(FOUND, "", "hidden", one.found),),
        reader(words.BASELINE),
        reader(say.AS_IT_IS),
        reader(words.BASELINE_TEXT),
        "danger",
    )
    title = reader(say.QUARANTINE_TITLE, tenant=one.name)
    return Screen(title, (*told, again, taken), crumbs=crumbs(reader, of))


def scripts(order: RolloutOrder, reader: PageReader) -> tuple[Prose, ...]:
    """Both scripts, those that there are."""
    named = ((words.SQL, order.up_sql), (words.ROLLBACK_SQL, order.down_sql))
    return tuple(Prose(reader(title), text, mono=True) for title, text in named if text.strip())


def _version(of: Rollout, reader: PageReader) -> Field:
    return Field(CONFIRM, reader(users.CONFIRM, name=of.version), required=True, most=100)


def _lines(one: RolloutTarget, which: str) -> tuple[str, ...]:
    if one.drift is None:
        return ()
    return one.drift.unexpected if which == "unexpected" else one.drift.missing
