"""Using a transcript: from the picker, or from a message that somebody posted it in."""

from slack_sdk.errors import SlackApiError

from handlers.slack.followups.followups import options_form
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Shortcut, Submission
from handlers.slack.kit.routing import Listeners
from handlers.slack.outbound.files import (
    MAY_NOT_READ,
    MISSING_SCOPE,
    FileTooLarge,
    describe,
    download,
)
from handlers.slack.outbound.reach import code_of
from services.errors import Invalid
from services.meetings import MAX_BYTES, TranscriptFile, too_large
from views.kit.blocks import View
from views.kit.controls import Choice
from views.slack.errors import Again
from views.slack.followups import files as views
from views.slack.followups import options, picker
from views.words import followups as followup_words
from views.words.followups import files as say

FROM_MESSAGE = "files.from_message"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(views.USE.action_id, use, at_once=True)
    on.shortcut(FROM_MESSAGE, use_message, at_once=True)
    on.view(views.FILE_FORM, read)
    on.action(views.OWN.action_id, choose_own, at_once=True)
    on.view(views.MEETING_FORM, go_on)
    on.action(views.SWAP.action_id, swap, at_once=True)


async def use(turn: Turn, click: Click) -> None:
    """*Use a transcript*: the field for it, on top of the picker."""
    language = await turn.language()
    shown = await turn.push(views.reading(language))
    if shown is None:
        return
    try:
        await turn.update(shown.id, views.file_form(language))
    except SlackApiError as error:
        # Without the scope Slack draws no file field at all.
        if code_of(error) != MISSING_SCOPE:
            raise
        await turn.update(shown.id, views.refused(MAY_NOT_READ(language), language))


async def use_message(turn: Turn, shortcut: Shortcut) -> None:
    """*Follow up on this file*, in a message's menu: its file, or the choice among several."""
    language = await turn.language()
    files = shortcut.message.files if shortcut.message else ()
    if len(files) > 1:
        await turn.open(views.which_form(tuple(Choice(f.name, f.id) for f in files), language))
    elif not files:
        await turn.open(views.refused(say.NO_FILE_HERE(language), language))
    else:
        shown = await turn.open(views.reading(language, files[0].name))
        await _read(turn, shown.id, files[0].id)


async def read(turn: Turn, form: Submission) -> None:
    """A file was given: it is fetched and read while the modal says so."""
    language = await turn.language()
    given, chosen = views.FILE.read(form.state), views.WHICH.read(form.state)
    if not given and chosen not in form.view.private_metadata.split():
        block = form.state.block_of(views.FILE.action_id)
        await turn.errors({block: say.NO_FILE(language)})
        return
    await turn.replace(views.reading(language))
    if given:
        await _read(turn, form.view.id, given, drawn=int(form.view.private_metadata) + 1)
    else:
        await _read(turn, form.view.id, chosen)


async def choose_own(turn: Turn, click: Click) -> None:
    """One is a speaker of the file: only the others are asked for addresses."""
    if click.view is not None:
        file = await turn.services.meetings.files.again(
            turn.actor, *views.read_ticket(click.view.private_metadata)
        )
        drawn = views.meeting_form(file, await turn.member(), click.value)
        await turn.update(click.view.id, drawn)


async def go_on(turn: Turn, form: Submission) -> None:
    """The file becomes a meeting, then its options as of any other."""
    member, files = await turn.member(), turn.services.meetings.files
    file = await files.again(turn.actor, *views.read_ticket(form.view.private_metadata))
    try:
        await files.add(turn.actor, views.read_meeting(form.state, file))
    except Invalid as error:
        block = views.error_block(form.state, file, error.field)
        await turn.errors({block: error.sentence(member.language)})
        return
    title = followup_words.OPTIONS_TITLE(member.language)
    await turn.replace(picker.loading(member.language, title))
    await turn.update(
        form.view.id, options.options(await options_form(turn, member, file.recording_id))
    )


async def swap(turn: Turn, click: Click) -> None:
    """The two speakers were each other; what was typed into the options stays."""
    recording_id = int(click.value)
    await turn.services.meetings.files.swap(turn.actor, recording_id)
    if click.view is not None:
        form = await options_form(turn, await turn.member(), recording_id)
        await turn.update(click.view.id, options.options(form))


async def _read(turn: Turn, view_id: str, file_id: str, *, drawn: int | None = None) -> None:
    """Into the modal: the next form, or what is wrong; with `drawn` another file may be given."""
    turn.place.again = Again(views.USE, "")
    member = await turn.member()
    try:
        file = await _fetched(turn, file_id, own=drawn is not None)
        view: View = views.meeting_form(file, member)
    except Invalid as error:
        says = error.sentence(member.language)
        if drawn is None:
            view = views.refused(says, member.language)
        else:
            view = views.file_form(member.language, says, turn=drawn)
    await turn.update(view_id, view)


async def _fetched(turn: Turn, file_id: str, *, own: bool) -> TranscriptFile:
    """What the person may see only: their own upload, or what a message showed them."""
    file = await describe(turn.slack, file_id)
    if own and file.owner != turn.actor.member_id:
        raise Invalid(say.NOT_YOURS, field="file")
    try:
        data = await download(turn.slack, file, MAX_BYTES)
    except FileTooLarge as error:
        raise too_large(file.name) from error
    return await turn.services.meetings.files.read(turn.actor, file.name, data)
