"""What was done with a follow-up: a line for each action with its link, and what can be done."""

from services.followups import (
    ASKING,
    CHANGED,
    DONE,
    FAILED,
    NAMES,
    PENDING,
    UNCERTAIN,
    UNDOING,
    UNDONE,
    FollowUp,
    Receipt,
)
from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import escape, fit, link
from views.words import followups as say
from views.words.followups import actions as words
from views.words.followups import crm

RETRY_ACTION = Button("followups.retry_action")
UPDATE = Button("followups.update_draft")
REPLACE = Button("followups.replace_draft")
ANEW = Button("followups.draft_anew")
LEAVE = Button("followups.leave_draft")
OVERWRITE = Button("followups.overwrite_deal")
AGAIN = Button("followups.act_anew")

PROBLEM = 1_000


def receipts(followup: FollowUp, language: str, *, linked: str = "") -> list[kit.Block]:
    """A paragraph per action that was begun; `linked` names one whose place a link has taken."""
    begun = sorted(followup.receipts, key=lambda one: NAMES.index(one.action))
    shown = (one for one in begun if one.action != linked)
    blocks: list[kit.Block] = []
    for one in shown:
        text = _line(one, followup, language)
        if text:
            blocks.append(kit.section(text))
            blocks += _answers(one, followup, language)
    return blocks


def read_target(value: str) -> tuple[str, str]:
    """Follow-up and action that a button is about."""
    followup_id, _, action = value.partition(":")
    return followup_id, action


def target(followup: FollowUp, action: str) -> str:
    """The value of a button about one action."""
    return f"{followup.id}:{action}"


def _line(one: Receipt, followup: FollowUp, language: str) -> str:
    name = words.ACTIONS[one.action]
    if one.status == PENDING:
        return f":hourglass_flowing_sand: {name.doing(language)}"
    if one.status == UNDOING:
        title = name.title(language)
        return f":hourglass_flowing_sand: {words.UNDOING(language, title=title)}"
    if one.status == UNDONE:
        return f":leftwards_arrow_with_hook: {name.undone(language)}"
    if one.status == DONE:
        return "\n".join(_done(one, followup, language))
    problem = escape(fit(one.problem, PROBLEM))
    if one.status == ASKING:
        return f":warning: {problem}"
    if one.status == FAILED:
        return f":warning: {name.failed(language, problem=problem)}"
    return ""


def _done(one: Receipt, followup: FollowUp, language: str) -> list[str]:
    name = words.ACTIONS[one.action]
    facts = [name.done(language), escape(one.note)]
    if one.url:
        facts.append(link(one.url, name.link(language)))
    lines = [f":white_check_mark: {' '.join(filter(None, facts))}"]
    if one.action == "gmail" and one.version != followup.version:
        lines.append(say.NEWER_THAN_GMAIL(language, number=one.version))
    if one.kept:
        lines.append(f":information_source: {escape(one.kept)}")
    if one.problem:
        lines.append(f":warning: {words.NOT_UNDONE(language, problem=escape(one.problem))}")
    return lines


def _answers(one: Receipt, followup: FollowUp, language: str) -> list[kit.Block]:
    """What can be done about it where it stands."""
    value = target(followup, one.action)
    if one.status == ASKING and one.action == "deal":
        overwrite = OVERWRITE.draw(crm.OVERWRITE(language), value)
        return [kit.actions(overwrite, LEAVE.draw(words.LEAVE_IT(language), value))]
    if one.status == ASKING and one.question == UNCERTAIN:
        there = LEAVE.draw(words.IT_IS_THERE(language), value)
        return [kit.actions(there, AGAIN.draw(words.POST_AGAIN(language), value))]
    if one.action != "gmail":
        title = words.ACTIONS[one.action].title(language)
        retry = RETRY_ACTION.draw(words.RETRY_ONE(language, title=title), value)
        return [kit.actions(retry)] if one.status == FAILED else []
    if one.status == DONE and one.version != followup.version:
        return [kit.actions(UPDATE.draw(words.UPDATE_DRAFT(language), followup.id))]
    if one.status != ASKING:
        return []
    leave = LEAVE.draw(words.LEAVE_IT(language), value)
    if one.question == CHANGED:
        replace = REPLACE.draw(words.REPLACE_DRAFT(language), followup.id)
        return [kit.actions(ANEW.draw(words.SECOND_DRAFT(language), followup.id), replace, leave)]
    return [kit.actions(ANEW.draw(words.NEW_DRAFT(language), followup.id), leave)]
