"""Tasks and notes for the CRM: the forms, how they are under way, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zlib import crc32

from pydantic import TypeAdapter

from services.clock import known_zone
from services.connections import CrmProgress
from services.crm import (
    ACTIVITY_DONE,
    ACTIVITY_FAILED,
    ActivityTarget,
    Capabilities,
    CrmActivity,
    CrmHit,
    CrmWords,
    Deal,
    NoteEntry,
    TaskEntry,
    TaskType,
)
from services.formats import day_and_time
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import OPTION_LIMIT, Button, Choice, LongText, Select, Text
from views.kit.pickers import Date, Suggest, Time
from views.kit.state import State
from views.kit.text import escape, fit, link, name, quoted
from views.words import common
from views.words.crm import activities as say

TASK_FORM = "crm.task_form"
NOTE_FORM = "crm.note_form"
OUTCOME = "crm.outcome"

ABOUT = Suggest("crm.about", dispatch=True)
TYPE = Select("crm.task_type")
SUBJECT = Text("crm.subject", limit=250)
DAY = Date("crm.day")
TIME = Time("crm.time")
DESCRIPTION = Text("crm.description", multiline=True)
DEAL = Select("crm.deal")
TEXT = LongText("crm.text")
AGAIN = Button("crm.again")
EDIT = Button("crm.edit")

NONE = "-"
MOST_DEALS = 99
CONTACT, ACCOUNT = "contact", "account"
EXCERPT = 300
EPOCH = datetime.fromtimestamp(0, UTC)
NAME, COMPANY = 44, 28


@dataclass(frozen=True, slots=True)
class FormTicket:
    """What a form keeps for its way back: the activity it will be, and where it comes from.

    `zone` is that of its times; `message` and `written_at` name the message a note is made of.
    """

    id: str
    zone: str = "UTC"
    message: str = ""
    written_at: datetime | None = None


TICKET: TypeAdapter[FormTicket] = TypeAdapter(FormTicket)


@dataclass(frozen=True, slots=True)
class ActivityForm:
    """What a form is drawn from; `deals` are the open ones of the chosen account."""

    ticket: FormTicket
    wish: TaskEntry | NoteEntry
    member: Member
    crm: str
    capabilities: Capabilities
    words: CrmWords
    deals: tuple[Deal, ...] = ()
    problem: str = ""
    unknown_email: str = ""
    reading: CrmProgress | None = None


def form(one: ActivityForm) -> kit.View:
    """The form of a task or a note, with everything that is known in it."""
    language, wish = one.member.language, one.wish
    blocks = [
        *([kit.section(f":warning: {escape(one.problem)}")] if one.problem else []),
        _about(one, language),
        *_unknown(one, language),
        *_reading(one, language),
        *_deals(one, language),
    ]
    ticket = TICKET.dump_json(one.ticket).decode()
    if isinstance(wish, NoteEntry):
        return kit.modal(
            NOTE_FORM,
            say.NOTE_TITLE(language),
            [*blocks, *_note(one, wish, language)],
            submit=say.ADD_NOTE(language),
            close=common.CLOSE(language),
            metadata=ticket,
        )
    return kit.modal(
        TASK_FORM,
        say.TASK_TITLE(language),
        [*blocks, *_task(one, wish, language)],
        submit=say.ADD_TASK(language),
        close=common.CLOSE(language),
        metadata=ticket,
    )


def read_ticket(metadata: str) -> FormTicket:
    """What a form kept."""
    return TICKET.validate_json(metadata)


def read_about(state: State) -> tuple[str, str]:
    """Kind and id of the record that is chosen; "" and "" without one."""
    kind, _, record_id = ABOUT.read(state).partition(":")
    return kind, record_id


def read_deal(state: State) -> str:
    """The chosen deal's id; "" for none."""
    chosen = DEAL.read(state)
    return "" if chosen == NONE else chosen


def read_task(state: State, ticket: FormTicket, about: ActivityTarget | None) -> TaskEntry:
    """The task as it is typed now."""
    types: dict[str, TaskType] = {one: one for one in say.TYPES}
    return TaskEntry(
        about=about,
        type=types.get(TYPE.read(state), "generic"),
        subject=SUBJECT.read(state),
        day=DAY.read(state),
        at=TIME.read(state),
        zone=ticket.zone,
        description=DESCRIPTION.read(state),
    )


def read_note(state: State, ticket: FormTicket, about: ActivityTarget | None) -> NoteEntry:
    """The note as it is typed now."""
    written_at = ticket.written_at or EPOCH
    return NoteEntry(about, TEXT.read(state), ticket.message, written_at)


def error_block(state: State, field: str) -> str:
    """The block under which an error about `field` is shown."""
    if field == "text":
        return TEXT.block(state)
    ids = {
        "about": ABOUT.action_id,
        "subject": SUBJECT.action_id,
        "time": TIME.action_id,
        "description": DESCRIPTION.action_id,
    }
    return state.block_of(ids[field])


def offers(hits: Sequence[CrmHit], words: CrmWords, language: str) -> tuple[Choice, ...]:
    """What was found, as options; an account is called so in the CRM's own word."""
    word = words.account(language)
    return tuple(Choice(_label(hit, word), f"{hit.kind}:{hit.id}") for hit in hits)


def waiting(activity: CrmActivity, crm: str, member: Member) -> kit.View:
    """While it is written."""
    language = member.language
    blocks = [*_under_way(activity, crm, language), kit.context(say.MAY_CLOSE(language))]
    return _outcome(activity, blocks, language)


def waiting_card(activity: CrmActivity, crm: str, member: Member) -> kit.Message:
    """The same on a card."""
    text = say.WRITING(member.language, crm=crm)
    return kit.message(text, *_under_way(activity, crm, member.language))


def outcome(activity: CrmActivity, member: Member) -> kit.View:
    """What came of it, in the modal's place."""
    return _outcome(activity, _told(activity, member.language), member.language)


def card(activity: CrmActivity, member: Member) -> kit.Message:
    """What came of it, where no modal is open any more."""
    language = member.language
    return kit.message(_headline(activity, language), *_told(activity, language))


def _outcome(activity: CrmActivity, blocks: Sequence[kit.Block], language: str) -> kit.View:
    is_task = isinstance(activity.wish, TaskEntry)
    title = (say.TASK_TITLE if is_task else say.NOTE_TITLE)(language)
    return kit.modal(OUTCOME, title, blocks, close=common.CLOSE(language))


def _under_way(activity: CrmActivity, crm: str, language: str) -> list[kit.Block]:
    head = f":hourglass_flowing_sand: {say.WRITING(language, crm=crm)}"
    return [kit.section(head), kit.section(_summary(activity, language))]


def _told(activity: CrmActivity, language: str) -> list[kit.Block]:
    blocks = [
        kit.section(f"{_symbol(activity)} {escape(_headline(activity, language))}"),
        kit.section(_summary(activity, language)),
    ]
    if activity.status == ACTIVITY_FAILED:
        blocks.append(kit.context(say.KEPT(language)))
        again = AGAIN.draw(common.RETRY(language), activity.id, style="primary")
        edit = EDIT.draw(say.EDIT(language), activity.id)
        blocks.append(kit.actions(again, edit))
    elif activity.result is not None and activity.result.unowned:
        blocks.append(kit.context(say.UNOWNED(language, crm=activity.result.crm)))
    return blocks


def _symbol(activity: CrmActivity) -> str:
    return ":white_check_mark:" if activity.status == ACTIVITY_DONE else ":warning:"


def _headline(activity: CrmActivity, language: str) -> str:
    is_task = isinstance(activity.wish, TaskEntry)
    if activity.status == ACTIVITY_FAILED:
        failed = say.TASK_FAILED if is_task else say.NOTE_FAILED
        return failed(language, problem=activity.problem)
    crm = activity.result.crm if activity.result else ""
    if activity.result is not None and activity.result.found:
        about = activity.wish.about
        return say.NOTE_FOUND(language, crm=crm, account=about.account if about else "")
    return (say.TASK_DONE if is_task else say.NOTE_DONE)(language, crm=crm)


def _summary(activity: CrmActivity, language: str) -> str:
    """What it says and of whom, with the way into the CRM where there is one."""
    wish, about = activity.wish, activity.wish.about
    who = _who(about) if about else ""
    if isinstance(wish, TaskEntry):
        kind = say.TYPES[wish.type](language)
        lines = [say.FOR(language, type=kind, who=who, subject=name(wish.subject, 250))]
        lines.append(escape(_when(wish, language)))
    else:
        lines = [say.NOTE_FOR(language, who=who), quoted(fit(wish.text, EXCERPT))]
    if about is not None and about.deal:
        lines.append(say.WITH_DEAL(language, deal=name(about.deal)))
    if activity.result is not None and activity.result.url:
        label = say.OPEN_IN(language, crm=activity.result.crm)
        lines.append(link(activity.result.url, label))
    return "\n".join(lines)


def _who(about: ActivityTarget) -> str:
    if about.contact and about.account:
        return f"{name(about.contact)} ({name(about.account)})"
    return name(about.name)


def _when(wish: TaskEntry, language: str) -> str:
    at = datetime.fromisoformat(f"{wish.day}T{wish.at}").replace(tzinfo=known_zone(wish.zone))
    return f"{day_and_time(at, language)} ({wish.zone})"


def _about(one: ActivityForm, language: str) -> kit.Block:
    about = one.wish.about
    chosen = None
    if about is not None:
        value = f"{CONTACT}:{about.contact_id}" if about.contact_id else ""
        chosen = Choice(about.name, value or f"{ACCOUNT}:{about.account_id}")
    contact, account = one.words.contact(language), one.words.account(language)
    return ABOUT.draw(
        _title(say.ABOUT(language, contact=contact, account=account)),
        say.ABOUT_PLACEHOLDER(language),
        chosen,
        hint=say.INTO(language, crm=one.crm),
    )


def _unknown(one: ActivityForm, language: str) -> list[kit.Block]:
    if not one.unknown_email:
        return []
    text = say.UNKNOWN_EMAIL(language, email=escape(one.unknown_email), crm=one.crm)
    return [kit.context(text)]


def _reading(one: ActivityForm, language: str) -> list[kit.Block]:
    """While the index is read for the first time not everybody can be found."""
    if one.reading is None or one.reading.filled:
        return []
    return [kit.context(say.STILL_READING(language, crm=one.crm))]


def _deals(one: ActivityForm, language: str) -> list[kit.Block]:
    if not one.deals or one.wish.about is None:
        return []
    shown = tuple(Choice(deal.name, deal.id) for deal in one.deals[:MOST_DEALS])
    choices = (Choice(say.NO_DEAL(language), NONE), *shown)
    # Another account has other deals: the field is drawn anew for it.
    turn = crc32(one.wish.about.account_id.encode())
    return [
        DEAL.draw(
            _title(one.words.deal(language)), choices, one.wish.about.deal_id or NONE, turn=turn
        )
    ]


def _task(one: ActivityForm, wish: TaskEntry, language: str) -> list[kit.Block]:
    types = tuple(Choice(say.TYPES[kind](language), kind) for kind in one.capabilities.task_types)
    return [
        TYPE.draw(say.TYPE(language), types, wish.type),
        SUBJECT.draw(say.SUBJECT(language), wish.subject),
        DAY.draw(say.DAY(language), wish.day),
        TIME.draw(say.TIME(language), wish.at),
        kit.context(say.ZONE(language, zone=wish.zone)),
        DESCRIPTION.draw(say.DESCRIPTION(language), wish.description, optional=True),
    ]


def _note(one: ActivityForm, wish: NoteEntry, language: str) -> list[kit.Block]:
    return [
        *TEXT.draw(say.TEXT(language), wish.text, turn=0),
        kit.context(say.NOTE_VISIBLE(language, crm=one.crm)),
    ]


def _label(hit: CrmHit, account_word: str) -> str:
    if hit.kind == ACCOUNT:
        return f"{_within(hit.name, NAME)} ({account_word})"
    facts = [_within(hit.name, NAME)]
    if hit.account:
        facts.append(_within(hit.account, COMPANY))
    # What is left of an option's 75 characters.
    if hit.email and len(" · ".join((*facts, hit.email))) <= OPTION_LIMIT:
        facts.append(hit.email)
    return " · ".join(facts)


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]


def _within(text: str, limit: int) -> str:
    """Cut in the middle: names that begin alike often differ at their end."""
    if len(text) <= limit:
        return text
    half = (limit - 1) // 2
    return f"{text[:half].rstrip()}…{text[-half:].lstrip()}"
