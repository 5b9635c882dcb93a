"""The picker: a member's meetings under the day they were held, with search and paging."""

from services.meetings import Guest, Meeting, MeetingPage
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Search
from views.kit.text import bold, day, fit, name, time
from views.words import common
from views.words import followups as say

PICKER = "followups.picker"
LOADING = "followups.loading"

SEARCH = Search("followups.search")
PICK = Button("followups.pick")
PAGE = Button("followups.page")
NEWEST = Button("followups.newest")

NAMED_GUESTS = 3
MAX_TITLE = 120


def loading(language: str, title: str) -> kit.View:
    """What is seen at once, while the real thing is fetched."""
    text = kit.section(f":hourglass_flowing_sand: {common.LOADING(language)}")
    return kit.modal(LOADING, title, [text], close=common.CLOSE(language))


def picker(page: MeetingPage, member: Member) -> kit.View:
    """Meetings under the day they were held, newest first, with search and paging."""
    language, searched = member.language, fit(page.search, SEARCH.limit)
    search = SEARCH.draw(
        say.SEARCH(language), say.SEARCH_PLACEHOLDER(language), searched, turn=len(searched)
    )
    return kit.modal(
        PICKER,
        say.PICKER_TITLE(language),
        [search, *_listed(page, member), *_paging(page, language)],
        submit=say.SEARCH(language),
        close=common.CLOSE(language),
        metadata=searched,
    )


def ticket(offset: int, search: str) -> str:
    """What a paging button carries: offset and search."""
    return f"{offset}|{fit(search, SEARCH.limit)}"


def read_ticket(value: str) -> tuple[int, str]:
    """Where a paging button leads: offset and search."""
    offset, _, search = value.partition("|")
    return (int(offset) if offset.isdigit() else 0), search


def _listed(page: MeetingPage, member: Member) -> list[kit.Block]:
    listed: list[kit.Block] = []
    shown = None
    for meeting in page.meetings:
        held = meeting.started_at.astimezone(member.zone).date()
        if held != shown:
            listed.append(kit.context(bold(day(meeting.started_at))))
            shown = held
        listed.append(_row(meeting, member.language))
    if not listed:
        text = (
            say.NOTHING_FOUND(member.language, search=name(page.search, 60))
            if page.search
            else say.NO_MEETINGS(member.language)
        )
        listed.append(kit.section(text))
    return listed


def _row(meeting: Meeting, language: str) -> kit.Block:
    title = name(meeting.title, MAX_TITLE) if meeting.title.strip() else say.UNTITLED(language)
    when = f"{time(meeting.started_at)} – {time(meeting.ended_at)}"
    facts = [when, _guests(meeting.guests, language)]
    if mark := say.MARKS.get(meeting.followed):
        facts.append(mark(language))
    button = PICK.draw(say.FOLLOW_UP(language), str(meeting.recording_id))
    text = f"{bold(title)}\n{' · '.join(facts)}"
    return kit.section(text, button, block_id=f"{PICK.action_id}@{meeting.recording_id}")


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
        buttons.append(NEWEST.draw(say.NEWER(language), ticket(0, page.search)))
    if page.has_older:
        buttons.append(PAGE.draw(say.OLDER(language), ticket(page.offset + step, page.search)))
    elif not page.complete:
        buttons.append(PAGE.draw(say.LOOK_FURTHER(language), ticket(page.offset, page.search)))
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
