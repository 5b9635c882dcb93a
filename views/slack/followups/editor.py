"""The modals of one follow-up: progress, the draft to edit, regenerate, and its versions."""

from dataclasses import replace

from services.budgets import why
from services.connections import FATHOM, GOOGLE
from services.errors import Invalid
from services.followups import (
    CANCELLED,
    DONE,
    FAILED,
    PENDING,
    PLANNED,
    UNDOING,
    UNDONE,
    WRITING,
    Edits,
    FollowUp,
    Revision,
)
from services.formats import decimal
from services.operations import STEP_MISSED, Step
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, LongText, Text
from views.kit.diff import changes
from views.kit.state import State
from views.kit.text import bold, day, escape, fit, name, quoted, time
from views.slack import calendar
from views.slack.connections import CONNECT_FATHOM, gmail_button
from views.slack.followups import actions
from views.slack.followups.crm import OPEN_DEALS
from views.slack.followups.evidence import BACK as BACK
from views.slack.followups.evidence import row
from views.slack.followups.recap import OPEN_RECAP
from views.slack.followups.review import SHOW_REVIEW
from views.slack.operations import MARKS
from views.words import common
from views.words import connections as words
from views.words import followups as say
from views.words.followups import actions as act
from views.words.followups import crm as crm_words

PROGRESS = "followups.progress"
EDITOR = "followups.editor"
REGENERATE = "followups.regenerate_form"
VERSIONS = "followups.versions"

CANCEL = Button("followups.cancel")
RETRY = Button("followups.retry")
CREATE_DRAFT = Button("followups.create_draft")
ASK_REGENERATE = Button("followups.ask_regenerate")
SHOW_VERSIONS = Button("followups.show_versions")
RESTORE = Button("followups.restore")

SUBJECT = Text("followups.subject", limit=250)
BODY = LongText("followups.body")
TO = Text("followups.edit_to")
CC = Text("followups.edit_cc")
FIELDS = {"to": TO, "cc": CC}
SUMMARY = LongText("followups.summary")
NOTE = LongText("followups.note")
INSTRUCTION = Text("followups.instruction", multiline=True, limit=2_000)

# What rounds to 0.0 seconds is not worth a figure.
SHORTEST = 0.05
# Whatever ran when it was stopped.
STOPPED = {"running": ":x:", "retrying": ":x:"}
SHOWN_VERSIONS = 20
PREVIEW = 300
MAX_CHANGES = 1_500


def current(followup: FollowUp, member: Member) -> kit.View:
    """The modal that fits the follow-up's state."""
    if followup.status in (WRITING, CANCELLED) or followup.draft is None:
        return progress(followup, member)
    return editor(followup, member)


def progress(followup: FollowUp, member: Member) -> kit.View:
    """The job's steps as they go; afterwards why it ended."""
    language = member.language
    blocks = [kit.section(_title(followup, language)), kit.section(steps(followup, language))]
    if followup.status == WRITING:
        button = CANCEL.draw(common.CANCEL(language), followup.id)
        blocks += [kit.actions(button), kit.context(say.YOU_MAY_CLOSE(language))]
    elif followup.status in (FAILED, CANCELLED):
        blocks += [*problem(followup, language), retry_row(followup, language)]
    else:
        blocks.append(kit.context(say.DISCARDED_TEXT(language)))
    title = say.WRITING_TITLE if followup.status == WRITING else say.DRAFT_TITLE
    view = kit.modal(
        PROGRESS, title(language), blocks, close=common.CLOSE(language), metadata=followup.id
    )
    return kit.watched(view)


def editor(
    followup: FollowUp, member: Member, link: str = "", *, wrong: Invalid | None = None
) -> kit.View:
    """View & edit: what is typed here is what every later action uses.

    `link`: the personal link to Gmail, when the draft waits for that. `wrong` is what a button
    could not use; it is told beside the buttons.
    """
    language, draft, turn = member.language, followup.draft, followup.version
    if draft is None:
        return progress(followup, member)
    blocks = [
        *_notices(followup, member),
        SUBJECT.draw(say.SUBJECT(language), draft.subject, turn=turn),
        *_people(followup, language),
        *BODY.draw(say.BODY(language), draft.body, turn=turn),
        *([kit.context(f":warning: {escape(wrong.sentence(language))}")] if wrong else []),
        *_buttons(followup, language, link),
        *SUMMARY.draw(say.SUMMARY(language), draft.summary, turn=turn, optional=True),
        *NOTE.draw(say.NOTE(language), draft.note, turn=turn, optional=True),
    ]
    view = kit.modal(
        EDITOR,
        say.DRAFT_TITLE(language),
        blocks,
        submit=common.SAVE(language),
        close=say.CLOSE_UNSAVED(language),
        metadata=followup.id,
    )
    return kit.watched(view)


def read_edits(state: State) -> Edits:
    """What the editor holds now."""
    return Edits(
        subject=SUBJECT.typed(state),
        body=BODY.typed(state),
        summary=SUMMARY.typed(state),
        note=NOTE.typed(state),
        to=TO.typed(state),
        cc=CC.typed(state),
    )


def error_block(state: State, field: str) -> str:
    """The block under which an error about `field` is shown."""
    if field == "body":
        return BODY.block(state)
    return state.block_of(FIELDS.get(field, SUBJECT).action_id)


def regenerate(followup: FollowUp, member: Member) -> kit.View:
    """Asks what should change; the present version stays in the history."""
    language = member.language
    field = INSTRUCTION.draw(
        say.INSTRUCTION(language), hint=say.INSTRUCTION_HINT(language), turn=followup.version
    )
    return kit.modal(
        REGENERATE,
        say.REGENERATE_TITLE(language),
        [kit.section(_title(followup, language)), field, _back(followup, language)],
        submit=say.REGENERATE(language),
        close=common.CLOSE(language),
        metadata=followup.id,
    )


def versions(followup: FollowUp, member: Member) -> kit.View:
    """Every version, newest first; each but the current one can be restored."""
    language = member.language
    blocks: list[kit.Block] = []
    for revision in reversed(followup.revisions[-SHOWN_VERSIONS:]):
        facts = [
            say.ORIGINS[revision.origin](language),
            f"{day(revision.created_at)}, {time(revision.created_at)}",
        ]
        is_current = revision.number == followup.version
        if is_current:
            facts.append(say.CURRENT(language))
        head = f"{bold(say.VERSION(language, number=revision.number))} · {' · '.join(facts)}"
        text = f"{head}\n{subject(revision.subject, language)}"
        if revision.instruction:
            text += f"\n“{escape(fit(revision.instruction, 300))}”"
        text += f"\n{_difference(revision, followup, language)}"
        button = RESTORE.draw(say.RESTORE(language), f"{followup.id}:{revision.number}")
        blocks.append(kit.section(text, None if is_current else button))
    blocks.append(_back(followup, language))
    return kit.modal(
        VERSIONS, say.VERSIONS(language), blocks, close=common.CLOSE(language), metadata=followup.id
    )


def _difference(revision: Revision, followup: FollowUp, language: str) -> str:
    """What restoring it would change; of the current version, how it begins."""
    current = next((one for one in followup.revisions if one.number == followup.version), None)
    if current is None or current is revision:
        return quoted(fit(" ".join(revision.body.split()), PREVIEW))
    changed = changes(current.body, revision.body, MAX_CHANGES)
    if not changed:
        return say.SAME_TEXT(language)
    return f"{say.RESTORING(language)}\n{changed}"


def steps(followup: FollowUp, language: str) -> str:
    """One line per step: how it stands, its fact, its time; nothing runs once writing is over."""
    marks = MARKS if followup.status == WRITING else MARKS | STOPPED
    return "\n".join(f"{marks[step.state]} {_step(step, language)}" for step in followup.steps)


def problem(followup: FollowUp, language: str) -> list[kit.Block]:
    """Why there is no draft, and the reference to give an admin."""
    if followup.status == CANCELLED:
        return [kit.section(say.CANCELLED_TEXT(language))]
    blocks = [kit.section(f":warning: {escape(followup.problem)}")]
    if followup.reference:
        blocks.append(kit.context(common.REFERENCE(language, reference=followup.reference)))
    return blocks


def retry_row(followup: FollowUp, language: str) -> kit.Block:
    """What can be done where there is no draft yet."""
    retry = RETRY.draw(common.RETRY(language), followup.id, style="primary")
    if followup.missing != FATHOM:
        return kit.actions(retry)
    return kit.actions(retry, CONNECT_FATHOM.draw(common.CONNECT_FATHOM(language)))


def create_button(
    followup: FollowUp, language: str, link: str = "", *, style: str | None = None
) -> kit.Element:
    """Into Gmail: with `link` by way of connecting it, after which the draft goes on."""
    if link:
        return gmail_button(link, language, followup.id, style=style)
    unconnected = followup.gmail is not None and followup.gmail.missing == GOOGLE
    label = common.CONNECT_GMAIL if unconnected else say.CREATE_DRAFT
    return CREATE_DRAFT.draw(label(language), followup.id, style=style)


def without(followup: FollowUp, language: str) -> list[kit.Block]:
    """What the draft had to do without, if anything."""
    missed = (replace(step, ended_at=None) for step in followup.steps if step.state == STEP_MISSED)
    lines = [f":warning: {_step(step, language)}" for step in missed]
    return [kit.context(*lines)] if lines else []


def recipients(followup: FollowUp, language: str) -> str:
    """To and Cc in one line."""
    options = followup.options
    to = say.TO_LINE(language, people=escape(", ".join(options.to)))
    parts = [to if options.to else say.TO_NOBODY(language)]
    if options.cc:
        parts.append(say.CC_LINE(language, people=escape(", ".join(options.cc))))
    return " · ".join(parts)


def subject(text: str, language: str) -> str:
    """The e-mail's subject, or that there is none yet."""
    return name(text, 250) if text.strip() else say.NO_SUBJECT(language)


def plain_warning(followup: FollowUp, language: str) -> str:
    """That no model wrote it, and why."""
    if followup.over_budget is None:
        return say.PLAIN_WARNING(language)
    return say.PLAIN_OVER_BUDGET(language, why=escape(why(followup.over_budget, language)))


def can_create(followup: FollowUp) -> bool:
    """Whether the Gmail draft can be asked for now."""
    return followup.gmail is None or followup.gmail.status in (FAILED, PLANNED, UNDONE)


def _notices(followup: FollowUp, member: Member) -> list[kit.Block]:
    language = member.language
    blocks = [kit.section(_title(followup, language))]
    if followup.status == FAILED:
        blocks += problem(followup, language)
    if followup.origin == "plain":
        blocks.append(kit.context(plain_warning(followup, language)))
    blocks += without(followup, language)
    blocks += row(followup, language)
    if member.signature:
        blocks.append(kit.context(say.SIGNED(language)))
    return blocks


def _buttons(followup: FollowUp, language: str, link: str) -> list[kit.Block]:
    blocks = actions.receipts(followup, language, linked="gmail" if link else "")
    buttons = [
        SHOW_REVIEW.draw(act.DO_ALL(language), followup.id),
        OPEN_RECAP.draw(act.OPEN_RECAP(language), followup.id),
        OPEN_DEALS.draw(crm_words.VIEW_DEALS(language), followup.id),
        ASK_REGENERATE.draw(say.REGENERATE(language), followup.id),
        SHOW_VERSIONS.draw(say.VERSIONS(language), followup.id),
    ]
    event = followup.receipt("calendar")
    if event is None or event.status not in (PENDING, DONE, UNDOING):
        buttons.insert(1, calendar.OPEN.draw(act.ACTIONS["calendar"].title(language), followup.id))
    if followup.status == FAILED:
        buttons.insert(0, RETRY.draw(common.RETRY(language), followup.id))
    # Without colour: Slack paints the modal's own button green already.
    if can_create(followup):
        buttons.insert(0, create_button(followup, language, link))
    blocks.append(kit.actions(*buttons, block_id=f"{CREATE_DRAFT.action_id}@{followup.version}"))
    if link:
        blocks.append(kit.context(words.GMAIL_FIRST(language)))
    return blocks


def _people(followup: FollowUp, language: str) -> list[kit.Block]:
    """To and Cc, as addresses with commas between them."""
    options, turn = followup.options, followup.version
    to, cc = ", ".join(options.to), ", ".join(options.cc)
    hint = say.MORE_HINT(language)
    return [
        TO.draw(say.RECIPIENTS(language), to, hint=hint, optional=True, turn=turn),
        CC.draw(say.CC(language), cc, hint=hint, optional=True, turn=turn),
    ]


def _title(followup: FollowUp, language: str) -> str:
    title = name(followup.title) if followup.title.strip() else say.UNTITLED(language)
    return f"{bold(title)}\n{day(followup.started_at)}, {time(followup.started_at)}"


def _back(followup: FollowUp, language: str) -> kit.Block:
    return kit.actions(BACK.draw(say.BACK_TO_DRAFT(language), followup.id))


def _step(step: Step, language: str) -> str:
    text = say.STEPS[step.name](language)
    # Why it failed is said below, once.
    if step.note and step.state != "failed":
        text += f" · {escape(step.note)}"
    seconds = step.took.total_seconds() if step.took else 0.0
    if seconds >= SHORTEST:
        text += f" · {say.SECONDS(language, seconds=decimal(seconds, language))}"
    return text
