"""The reviews: everything that *Do all of it* would do, and everything that *Undo* would."""

from collections.abc import Mapping
from zlib import crc32

from services.connections import GOOGLE
from services.followups import ASKING, DONE, PENDING, UNDOING, FollowUp, Planned, Review
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Ticks
from views.kit.state import State
from views.kit.text import bold, day, escape, fit, name, time
from views.slack import calendar
from views.slack.connections import gmail_button
from views.words import common
from views.words import followups as say
from views.words.followups import actions as words

REVIEW = "followups.review"
UNDO_REVIEW = "followups.undo_review"

DO = Ticks("followups.do")
TAKE_BACK = Ticks("followups.take_back")
SHOW_REVIEW = Button("followups.show_review")
CHANGE_RECAP = Button("followups.change_recap")
# Where an action's choices are changed: by its name, the button that opens its own form.
CHANGE_NOTE = Button("followups.change_note")
CHANGE_DEAL = Button("followups.change_deal")
CHANGE_TASKS = Button("followups.change_tasks")
FORMS: Mapping[str, Button] = {
    "calendar": calendar.OPEN,
    "note": CHANGE_NOTE,
    "deal": CHANGE_DEAL,
    "tasks": CHANGE_TASKS,
    "recap": CHANGE_RECAP,
}

TEXT = 500


def review(review: Review, member: Member, link: str = "") -> kit.View:
    """What would happen, to be ticked; `link` leads to Gmail where that is not connected."""
    language, followup = member.language, review.followup
    able = [one for one in review.planned if _can(one)]
    blocks = [kit.section(heading(followup, language))]
    blocks += [
        kit.section(_planned(one, language), _beside(one, followup, language, link))
        for one in review.planned
    ]
    if not able:
        blocks.append(kit.context(words.NOTHING_LEFT(language)))
        return _shut(words.DO_ALL(language), blocks, member)
    ticked = frozenset(one.name for one in able if one.plan.ticked)
    choices = _choices(able, language)
    blocks.append(DO.draw(words.WHAT_TO_DO(language), choices, ticked, turn=_turn(ticked)))
    blocks.append(kit.context(words.NOTHING_SENT(language)))
    return kit.modal(
        REVIEW,
        words.DO_ALL(language),
        blocks,
        submit=words.DO_ALL(language),
        close=common.CLOSE(language),
        metadata=followup.id,
    )


def undo_review(review: Review, member: Member) -> kit.View:
    """What would be taken back, to be ticked, and what would stay."""
    language, followup = member.language, review.followup
    able = [one for one in review.planned if not one.plan.refusal]
    blocks = [kit.section(heading(followup, language))]
    blocks += [kit.section(_taken_back(one, language)) for one in review.planned]
    if not able:
        blocks.append(kit.context(words.NOTHING_TO_UNDO(language)))
        return _shut(words.UNDO(language), blocks, member)
    ticked = frozenset(one.name for one in able if one.plan.ticked)
    blocks.append(TAKE_BACK.draw(words.WHAT_TO_UNDO(language), _choices(able, language), ticked))
    return kit.modal(
        UNDO_REVIEW,
        words.UNDO(language),
        blocks,
        submit=words.UNDO_NOW(language),
        close=common.CLOSE(language),
        metadata=followup.id,
    )


def loading(member: Member, *, undo: str = "") -> kit.View:
    """Shown while vendors are asked; `undo` says for which of the two."""
    language = member.language
    title = words.UNDO if undo else words.DO_ALL
    text = kit.section(f":hourglass_flowing_sand: {words.LOOKING(language)}")
    return _shut(title(language), [text], member)


def read_review(state: State) -> tuple[str, ...]:
    """The names of the actions to begin."""
    return DO.read(state)


def read_undo(state: State) -> tuple[str, ...]:
    """The names of the actions to take back."""
    return TAKE_BACK.read(state)


def heading(followup: FollowUp, language: str) -> str:
    """The meeting a form is about, and when it was."""
    title = name(followup.title) if followup.title.strip() else say.UNTITLED(language)
    return f"{bold(title)}\n{day(followup.started_at)}, {time(followup.started_at)}"


def _shut(title: str, blocks: list[kit.Block], member: Member) -> kit.View:
    return kit.modal("followups.review_shut", title, blocks, close=common.CLOSE(member.language))


def _turn(ticked: frozenset[str]) -> int:
    """Slack keeps ticks as long as the block keeps its id: what can be done newly is ticked."""
    return crc32(",".join(sorted(ticked)).encode())


def _can(one: Planned) -> bool:
    """Whether it can be begun: not done (or to be brought up to date), and not refused."""
    under_way = one.receipt is not None and one.receipt.status in (PENDING, UNDOING, ASKING)
    done = one.receipt is not None and one.receipt.status == DONE
    return not (one.plan.refusal or under_way or (done and not one.renews))


def _planned(one: Planned, language: str) -> str:
    title = words.ACTIONS[one.name].title(language)
    if one.receipt is not None and one.receipt.status == DONE and not one.renews:
        return f":white_check_mark: {bold(title)}\n{words.DONE_ALREADY(language)}"
    if one.receipt is not None and one.receipt.status in (PENDING, UNDOING):
        return f":hourglass_flowing_sand: {bold(title)}\n{words.UNDER_WAY(language)}"
    if one.plan.refusal:
        return f":heavy_minus_sign: {bold(title)}\n{escape(fit(one.plan.refusal, TEXT))}"
    lines = [bold(title), escape(fit(one.plan.text, TEXT))]
    if one.plan.doubt:
        lines.append(f":warning: {escape(fit(one.plan.doubt, TEXT))}")
    return "\n".join(lines)


def _taken_back(one: Planned, language: str) -> str:
    title = words.ACTIONS[one.name].title(language)
    if one.plan.refusal:
        return f":heavy_minus_sign: {bold(title)}\n{escape(fit(one.plan.refusal, TEXT))}"
    lines = [f":leftwards_arrow_with_hook: {bold(title)}", escape(fit(one.plan.text, TEXT))]
    if one.plan.doubt:
        lines.append(f":warning: {escape(fit(one.plan.doubt, TEXT))}")
    return "\n".join(lines)


def _beside(one: Planned, followup: FollowUp, language: str, link: str) -> kit.Element | None:
    if link and one.plan.missing == GOOGLE and one.name == "gmail":
        return gmail_button(link, language, followup.id)
    form = FORMS.get(one.name)
    if form is None or (one.receipt is not None and one.receipt.status in (DONE, PENDING)):
        return None
    return form.draw(words.CHANGE(language), followup.id)


def _choices(able: list[Planned], language: str) -> tuple[Choice, ...]:
    return tuple(Choice(words.ACTIONS[one.name].title(language), one.name) for one in able)
