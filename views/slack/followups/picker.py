"""The picker: a member's meetings under the day they were held, with search and paging."""

from services.errors import Disconnected, vendors_words
from services.meetings import SHOWS, Guest, Meeting, MeetingPage
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Filter, Search
from views.kit.state import State
from views.kit.text import bold, day, escape, fit, name, time
from views.slack.connections import CONNECT_FATHOM
from views.slack.followups.files import USE
from views.words import common
from views.words import followups as say
from views.words.followups import files as file_words

PICKER = "followups.picker"
LOADING = "followups.loading"

SEARCH = Search("followups.search")
SHOW = Filter("followups.show")
PICK = Button("followups.pick")
OPEN = Button("followups.open")
PAGE = Button("followups.page")
NEWEST = Button("followups.newest")

NAMED_GUESTS = 3
MAX_TITLE = 120
ALL = SHOWS[-1]
# A follow-up in one of these states may as well be begun anew.
GIVEN_UP = ("", "cancelled", "discarded")


def loading(language: str, title: str) -> kit.View:
    """What is seen at once, while the real thing is fetched."""
    text = kit.section(f":hourglass_flowing_sand: {common.LOADING(language)}")
    return kit.modal(LOADING, title, [text], close=common.CLOSE(language))


def picker(page: MeetingPage, member: Member, missing: Disconnected | None = None) -> kit.View:
    """Meetings under the day they were held, newest first, with search and paging.

    `missing`: Fathom is not connected, and only files are listed.
    """
    language, searched = member.language, fit(page.search, SEARCH.limit)
    search = SEARCH.draw(
        say.SEARCH(language), say.SEARCH_PLACEHOLDER(language), searched, turn=len(searched)
    )
    # Without Fathom an empty list says nothing that the sentence above it does not.
    listed = [] if missing and not (page.meetings or page.search) else _listed(page, member)
    return kit.modal(
        PICKER,
        say.PICKER_TITLE(language),
        [search, *_above(page, language, missing), *listed, *_paging(page, language)],
        submit=say.SEARCH(language),
        close=common.CLOSE(language),
        metadata=searched,
    )


def ticket(offset: int, search: str, show: str = "") -> str:
    """What a paging button carries: offset, which meetings, and search."""
    return f"{offset}|{show}|{fit(search, SEARCH.limit)}"


def read_ticket(value: str) -> tuple[int, str, str]:
    """Where a paging button leads: offset, search, and which meetings ("": the usual)."""
    offset, _, rest = value.partition("|")
    show, _, search = rest.partition("|")
    return (int(offset) if offset.isdigit() else 0), search, show if show in SHOWS else ""


def read_show(state: State) -> str:
    """Which meetings are chosen to be shown; "" is the usual."""
    show = SHOW.read(state)
    return show if show in SHOWS else ""


def _above(page: MeetingPage, language: str, missing: Disconnected | None) -> list[kit.Block]:
    use = USE.draw(file_words.USE(language))
    if missing is None:
        return [_filter(page, language, use)]
    connect = CONNECT_FATHOM.draw(
        common.CONNECT_FATHOM(language), ticket(0, page.search), style="primary"
    )
    sentence = kit.section(f":electric_plug: {escape(missing.sentence(language))}")
    # A key that was never given fails again; one that was refused may be taken the next time.
    again = PAGE.draw(common.RETRY(language), ticket(0, page.search))
    buttons = (connect, again, use) if vendors_words(missing) else (connect, use)
    return [sentence, kit.actions(*buttons)]


def _filter(page: MeetingPage, language: str, use: kit.Element) -> kit.Block:
    choices = tuple(Choice(say.SHOWS[show](language), show) for show in SHOWS)
    chosen = SHOW.draw(say.SHOW(language), choices, page.show)
    # Another block for another choice: Slack keeps what was chosen in a block it knows.
    return kit.actions(chosen, use, block_id=f"{SHOW.action_id}@{page.show}")


def _listed(page: MeetingPage, member: Member) -> list[kit.Block]:
    listed: list[kit.Block] = []
    shown = None
    for meeting in page.meetings:
        held = meeting.started_at.astimezone(member.zone).date()
        if held != shown:
            listed.append(kit.context(bold(day(meeting.started_at))))
            shown = held
        listed += _row(meeting, member)
    return listed or _nothing(page, member.language)


def _nothing(page: MeetingPage, language: str) -> list[kit.Block]:
    """Why the list is empty, and the way on."""
    if page.search:
        text = say.NOTHING_FOUND(language, search=name(page.search, 60))
        clear = NEWEST.draw(say.CLEAR_SEARCH(language), ticket(0, "", page.show))
        return [kit.section(text, clear)]
    if page.show == ALL:
        return [kit.section(say.NO_MEETINGS(language))]
    every = NEWEST.draw(say.SHOW_ALL(language), ticket(0, "", ALL))
    return [kit.section(say.NONE_SHOWN(language), every)]


def _row(meeting: Meeting, member: Member) -> list[kit.Block]:
    language = member.language
    title = name(meeting.title, MAX_TITLE) if meeting.title.strip() else say.UNTITLED(language)
    when = f"{time(meeting.started_at)} – {time(meeting.ended_at)}"
    others = tuple(guest for guest in meeting.guests if guest.email != member.email)
    facts = [when, _guests(others, language)]
    if meeting.file_name:
        facts.append(file_words.FROM(language, name=name(meeting.file_name, 40)))
    if mark := say.MARKS.get(meeting.followed):
        facts.append(mark(language))
    value, text = str(meeting.recording_id), f"{bold(title)}\n{' · '.join(facts)}"
    if meeting.followed in GIVEN_UP:
        pick = PICK.draw(say.FOLLOW_UP(language), value)
        return [kit.section(text, pick, block_id=f"{PICK.action_id}@{value}")]
    buttons = (OPEN.draw(say.OPEN(language), value), PICK.draw(say.ANOTHER(language), value))
    return [kit.section(text), kit.actions(*buttons, block_id=f"{OPEN.action_id}@{value}")]


def _guests(guests: tuple[Guest, ...], language: str) -> str:
    ordered = sorted(guests, key=lambda guest: not guest.is_external)
    known = [name(guest.name or guest.email, 40) for guest in ordered if guest.name or guest.email]
    if not known:
        return say.NO_GUESTS(language)
    more = len(known) - NAMED_GUESTS
    named = ", ".join(known[:NAMED_GUESTS])
    return f"{named} {say.AND_MORE(language, more)}" if more > 0 else named


def _paging(page: MeetingPage, language: str) -> list[kit.Block]:
    buttons = []
    step = len(page.meetings)
    if page.has_newer:
        buttons.append(NEWEST.draw(say.NEWER(language), ticket(0, page.search, page.show)))
    if page.has_older:
        older = ticket(page.offset + step, page.search, page.show)
        buttons.append(PAGE.draw(say.OLDER(language), older))
    elif not page.complete:
        further = ticket(page.offset, page.search, page.show)
        buttons.append(PAGE.draw(say.LOOK_FURTHER(language), further))
    row = [kit.actions(*buttons, block_id=f"{PAGE.action_id}@{page.offset}")] if buttons else []
    reach = _reach(page, language)
    return [*row, kit.context(reach)] if reach else row


def _reach(page: MeetingPage, language: str) -> str:
    """How far back this is the truth; nothing where the page itself says so."""
    if not page.complete:
        return say.LOOKED_BACK(language, day=day(page.since))
    if page.has_older or not page.meetings:
        return ""
    return (say.THAT_IS_ALL_FOUND if page.search else say.THAT_IS_ALL)(language)
