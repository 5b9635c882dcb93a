"""Starting a follow-up: the picker, the options, and the job."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, Shortcut, Submission
from handlers.slack.kit.routing import Listeners
from services.crm import Match
from services.errors import Disconnected, DomainError, Invalid, NotFound
from services.followups import NewFollowUp
from services.meetings import Meeting, SpeakerDoubt
from services.people import Member
from views.slack.errors import PROBLEM, Again
from views.slack.followups import editor, options, picker
from views.words import followups as say

COMMANDS = ("/followup", "/meetings")
SHORTCUT = "followups.new"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    for command in COMMANDS:
        on.command(command, open_picker, at_once=True)
    on.shortcut(SHORTCUT, open_picker_from_shortcut, at_once=True)
    on.action(picker.SEARCH.action_id, search, at_once=True)
    on.action(picker.SHOW.action_id, search, at_once=True)
    on.action(picker.OPEN.action_id, open_one, at_once=True)
    on.action(picker.PAGE.action_id, turn_page, at_once=True)
    on.action(picker.NEWEST.action_id, turn_page, at_once=True)
    on.action(picker.PICK.action_id, pick, at_once=True)
    on.action(options.OPEN_LATEST.action_id, open_latest, at_once=True)
    on.view(picker.PICKER, submit_search)
    on.view(options.OPTIONS, start)


async def open_picker(turn: Turn, command: Command) -> None:
    """`/followup [words]`: the member's meetings, searched if words were given."""
    await _open(turn, command.text)


async def open_picker_from_shortcut(turn: Turn, _: Shortcut) -> None:
    """The same from the shortcuts menu."""
    await _open(turn, "")


async def search(turn: Turn, click: Click) -> None:
    """Enter in the search field, or another filter: the first page of what matches."""
    show = picker.read_show(click.state)
    await _show_page(turn, click, 0, picker.SEARCH.read(click.state), show)


async def submit_search(turn: Turn, form: Submission) -> None:
    """The Search button does what Enter does."""
    member = await turn.member()
    await turn.replace(picker.loading(member.language, say.PICKER_TITLE(member.language)))
    words, show = picker.SEARCH.read(form.state), picker.read_show(form.state)
    await show_meetings(turn, form.view.id, words, show=show)


async def turn_page(turn: Turn, click: Click) -> None:
    """Newer, Older, further back; or once more what failed, or was closed while it loaded."""
    await _show_page(turn, click, *picker.read_ticket(click.value))


async def pick(turn: Turn, click: Click) -> None:
    """A meeting was chosen: its options on top of the picker."""
    member = await turn.services.people.afresh(turn.actor)
    shown = await turn.push(picker.loading(member.language, say.OPTIONS_TITLE(member.language)))
    form = await options_form(turn, member, int(click.value))
    if shown is not None:
        await turn.update(shown.id, options.options(form))


async def open_one(turn: Turn, click: Click) -> None:
    """The follow-up that a listed meeting has, on top of the picker."""
    followup = await turn.services.followups.drafts.latest(turn.actor, int(click.value))
    shown = await turn.push(editor.current(followup, await turn.member()))
    if shown is not None:
        await turn.services.followups.drafts.shown_in(turn.actor, followup.id, shown.id)


async def open_latest(turn: Turn, click: Click) -> None:
    """The follow-up that this meeting already has, in the same modal."""
    followup = await turn.services.followups.drafts.latest(turn.actor, int(click.value))
    if click.view is not None:
        await turn.services.followups.drafts.shown_in(turn.actor, followup.id, click.view.id)
        await turn.services.followups.drafts.show(followup.id)


async def start(turn: Turn, form: Submission) -> None:
    """Options submitted: the job is written down, then the modal shows its progress."""
    member = await turn.member()
    recording_id = int(form.view.private_metadata)
    meeting = await turn.services.meetings.find(turn.actor, recording_id)
    try:
        chosen = options.read_options(form.state, meeting, member.addresses)
        request_id = f"slack:{form.view.id}:{form.view.hash}"
        asked = NewFollowUp(request_id, recording_id, chosen, form.view.id)
        followup = await turn.services.followups.drafts.start(turn.actor, asked)
    except Invalid as error:
        block = form.state.block_of(options.FIELDS[error.field])
        await turn.errors({block: error.sentence(member.language)})
        return
    await turn.replace(editor.progress(followup, member))
    await turn.services.home.changed(turn.actor)


async def open_meetings(turn: Turn) -> None:
    """The picker from elsewhere: the newest meetings."""
    await _open(turn, "")


async def show_meetings(
    turn: Turn, view_id: str, words: str, offset: int = 0, show: str = ""
) -> None:
    """A page of meetings in an open modal; what fails can be tried again from there."""
    turn.place.again = Again(picker.PAGE, picker.ticket(offset, words, show))
    missing = None
    try:
        page = await turn.services.meetings.recent(turn.actor, words, offset, show)
    except Disconnected as error:
        # Files need no Fathom.
        missing = error
        page = await turn.services.meetings.from_files(turn.actor, words, offset)
    await turn.update(view_id, picker.picker(page, await turn.member(), missing))


async def _open(turn: Turn, words: str, offset: int = 0, show: str = "") -> None:
    language = await turn.language()
    shown = await turn.open(picker.loading(language, say.PICKER_TITLE(language)))
    await show_meetings(turn, shown.id, words, offset, show)


async def _show_page(turn: Turn, click: Click, offset: int, words: str, show: str = "") -> None:
    if click.view is None:
        await _open(turn, words, offset, show)
        await turn.dismiss()
        return
    if click.view.callback_id == PROBLEM:
        language = await turn.language()
        waiting = picker.loading(language, say.PICKER_TITLE(language))
        await turn.wait_in(click.view.id, waiting)
    turn.place.drawn = click.view
    await show_meetings(turn, click.view.id, words, offset, show)


async def options_form(turn: Turn, member: Member, recording_id: int) -> options.Form:
    """All that the options of a meeting are drawn from."""
    meeting = await turn.services.meetings.find(turn.actor, recording_id)
    try:
        already = (await turn.services.followups.drafts.latest(turn.actor, recording_id)).mark
    except NotFound:
        already = ""
    match, crm = await _company(turn, meeting)
    return options.Form(
        meeting=meeting,
        member=member,
        templates=await turn.services.followups.templates.available(turn.actor, member.language),
        declined=await turn.services.followups.mails.declined(turn.actor, meeting),
        already=already,
        match=match,
        crm=crm,
        doubt=await _doubt(turn, meeting),
    )


async def _doubt(turn: Turn, meeting: Meeting) -> SpeakerDoubt | None:
    """What says of a file that its speakers may be swapped."""
    if not meeting.file_name:
        return None
    return await turn.services.meetings.files.doubt(turn.actor, meeting.recording_id)


async def _company(turn: Turn, meeting: Meeting) -> tuple[Match | None, str]:
    """Which account it may be, and the CRM's name; without a CRM, or while it is away, nothing."""
    crm = await turn.services.crm.access.of(turn.actor)
    if crm is None:
        return None, ""
    try:
        return await turn.services.crm.matching.of(turn.actor, meeting), crm.name
    except DomainError:
        return None, crm.name
