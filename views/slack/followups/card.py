"""The card of a follow-up in its owner's messages: one primary button, the rest in a menu."""

from datetime import UTC, datetime

from services.followups import (
    CANCELLED,
    DISCARDED,
    DONE,
    FAILED,
    WRITING,
    ActionItem,
    Draft,
    FollowUp,
)
from services.formats import decimal
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Choice, Menu
from views.kit.text import bold, day, escape, fit, name, plain, quoted, time
from views.kit.text import link as link_to
from views.slack.followups import actions
from views.slack.followups.editor import (
    CANCEL,
    RETRY,
    can_create,
    create_button,
    plain_warning,
    problem,
    recipients,
    retry_row,
    steps,
    subject,
    without,
)
from views.slack.followups.evidence import row
from views.words import arrivals as arrived
from views.words import common
from views.words import connections as words
from views.words import followups as say
from views.words.followups import actions as act

MENU = Menu("followups.menu")

VIEW_EDIT = "edit"
REGENERATE = "regenerate"
VERSIONS = "versions"
DISCARD = "discard"
DO_ALL = "do_all"
UNDO = "undo"

EXCERPT, HEADLINE = 700, 100
SHOWN_ITEMS, ITEM, OWNER = 5, 150, 60


def card(followup: FollowUp, member: Member, link: str = "") -> kit.Message:
    """The card as the follow-up stands now; finished ones keep a status and no buttons.

    `link`: the personal link to Gmail, when the draft waits for that.
    """
    language = member.language
    title = name(followup.title) if followup.title.strip() else say.UNTITLED(language)
    blocks = [
        kit.section(f"{bold(title)}\n{day(followup.started_at)}, {time(followup.started_at)}")
    ]
    if followup.status == WRITING:
        cancel = CANCEL.draw(common.CANCEL(language), followup.id)
        blocks += [kit.section(steps(followup, language)), kit.actions(cancel)]
        return kit.message(say.WRITING_NOW(language, title=title), *blocks)
    if followup.status == DISCARDED:
        return kit.message(title, *blocks, kit.context(say.DISCARDED_TEXT(language)))
    if followup.status in (FAILED, CANCELLED):
        blocks += problem(followup, language)
    if followup.draft is None:
        row = retry_row(followup, language)
        return kit.message(say.FAILED_TITLE(language), *blocks, row)
    blocks += _draft(followup, language, link)
    return kit.message(_headline(followup, title, language), *blocks)


def read_menu(value: str) -> tuple[str, str]:
    """What was chosen in a card's menu, and of which follow-up."""
    choice, _, followup_id = value.partition(":")
    return choice, followup_id


def _headline(followup: FollowUp, title: str, language: str) -> str:
    """What a notification reads."""
    if followup.status == FAILED:
        return say.FAILED_TITLE(language, title=title)
    if followup.arrival:
        return arrived.READY_TITLED(language, title=plain(followup.title, HEADLINE) or title)
    return say.READY_TEXT(language, title=title)


def _draft(followup: FollowUp, language: str, link: str) -> list[kit.Block]:
    draft = followup.draft
    if draft is None:
        return []
    excerpt = fit(draft.body, EXCERPT)
    blocks = [
        kit.context(recipients(followup, language)),
        kit.section(f"{bold(subject(draft.subject, language))}\n{quoted(excerpt)}"),
    ]
    facts = [_made(followup, language)]
    if excerpt != draft.body and can_create(followup):
        facts.append(escape(say.READ_WHOLE(language)))
    if followup.origin == "plain":
        facts.append(plain_warning(followup, language))
    if followup.arrival:
        facts.append(arrived.BY_ITSELF(language))
    if followup.url:
        facts.append(link_to(followup.url, act.RECORDING(language)))
    blocks.append(kit.context(*facts))
    blocks += _items(draft, language)
    blocks += without(followup, language)
    if can_create(followup) or followup.not_heard:
        blocks += row(followup, language)
    blocks += actions.receipts(followup, language, linked="gmail" if link else "")
    blocks.append(_buttons(followup, language, link))
    if link:
        blocks.append(kit.context(words.GMAIL_FIRST(language)))
    return blocks


def _items(draft: Draft, language: str) -> list[kit.Block]:
    """Who does what by when, as far as it was agreed; a card is no list of all of it."""
    if not draft.action_items:
        return []
    rows = [f"• {_item(item)}" for item in draft.action_items[:SHOWN_ITEMS]]
    if (left := len(draft.action_items) - SHOWN_ITEMS) > 0:
        rows.append(say.AND_MORE(language, left))
    return [kit.section("\n".join((bold(say.ITEMS(language)), *rows)))]


def _item(item: ActionItem) -> str:
    text = name(item.text, ITEM)
    if item.owner:
        text += f" · {name(item.owner, OWNER)}"
    if item.due:
        # Noon: the same day wherever it is read.
        text += f" · {day(datetime.fromisoformat(item.due).replace(hour=12, tzinfo=UTC))}"
    return text


def _made(followup: FollowUp, language: str) -> str:
    if followup.origin == "written":
        took = decimal(followup.seconds, language)
        return say.TOOK(language, number=followup.version, seconds=took)
    number = say.VERSION(language, number=followup.version)
    return f"{number} · {say.ORIGINS[followup.origin](language)}"


def _buttons(followup: FollowUp, language: str, link: str) -> kit.Block:
    buttons = []
    if can_create(followup):
        buttons.append(create_button(followup, language, link, style="primary"))
    if followup.status == FAILED:
        buttons.append(RETRY.draw(common.RETRY(language), followup.id))
    return kit.actions(*buttons, _menu(followup, language))


def _menu(followup: FollowUp, language: str) -> kit.Element:
    """What else can be done; Slack takes five: with something to undo, nothing is discarded."""
    has_done = any(one.status == DONE for one in followup.receipts)
    last = (act.UNDO, UNDO) if has_done else (say.DISCARD, DISCARD)
    choices = (
        (say.VIEW_EDIT, VIEW_EDIT),
        (act.DO_ALL, DO_ALL),
        (say.REGENERATE, REGENERATE),
        (say.VERSIONS, VERSIONS),
        last,
    )
    drawn = (Choice(label(language), f"{value}:{followup.id}") for label, value in choices)
    return MENU.draw(tuple(drawn))
