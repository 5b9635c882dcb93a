"""The options of a new follow-up: drawn with good defaults, read back as the service's own type."""

import hashlib
from dataclasses import dataclass

from services.crm import Match
from services.errors import Invalid
from services.followups import Options, Template, addresses
from services.meetings import Guest, Meeting, SpeakerDoubt
from services.people import Member
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Select, Several, Text
from views.kit.state import State
from views.kit.text import bold, day, fit, name, time
from views.slack.crm.companies import COMPANY
from views.slack.followups.files import swapped
from views.words import common
from views.words import followups as say
from views.words.crm import companies
from views.words.followups import GUESTS_CHANGED
from views.words.followups import files as file_words

OPTIONS = "followups.options"

TO = Several("followups.to")
ALSO_TO = Text("followups.also_to")
CC = Text("followups.cc")
LANGUAGE = Select("followups.language")
TONE = Select("followups.tone")
LENGTH = Select("followups.length")
TEMPLATE = Select("followups.template")
CONTEXT = Text("followups.context", multiline=True, limit=2_000)
OPEN_LATEST = Button("followups.open_latest")

FIELDS = {"to": ALSO_TO.action_id, "cc": CC.action_id}
# Slack takes a hundred options in one select.
MAX_CHOICES = 100
NONE = "-"
TICKET = 20
HINT = 2_000


@dataclass(frozen=True, slots=True)
class Form:
    """What the options are drawn from; `declined` are addresses of guests who said no.

    `doubt` is what says that a file's speakers may be swapped. `match` is the company in
    the CRM named `crm`; None without a CRM, or while it is away.
    """

    meeting: Meeting
    member: Member
    templates: tuple[Template, ...] = ()
    declined: frozenset[str] = frozenset()
    already: str = ""
    match: Match | None = None
    crm: str = ""
    doubt: SpeakerDoubt | None = None


def options(form: Form) -> kit.View:
    """The modal; its metadata names the meeting, whose guests are the recipients to choose from."""
    language, likes = form.member.language, form.member.preferences
    blocks = [
        *_heading(form, language),
        *_recipients(form, language),
        CC.draw(say.CC(language), hint=say.MORE_HINT(language), optional=True),
        *_company(form, language),
        LANGUAGE.draw(
            say.LANGUAGE(language), _choices(say.LANGUAGES, language), likes.language or NONE
        ),
        TONE.draw(say.TONE(language), _choices(say.TONES, language), likes.tone),
        LENGTH.draw(say.LENGTH(language), _choices(say.LENGTHS, language), likes.length),
        TEMPLATE.draw(say.TEMPLATE(language), _templates(form, language), _default(form)),
        CONTEXT.draw(say.EXTRA(language), hint=say.EXTRA_HINT(language), optional=True),
    ]
    return kit.modal(
        OPTIONS,
        say.OPTIONS_TITLE(language),
        blocks,
        submit=say.WRITE(language),
        close=common.BACK(language),
        metadata=str(form.meeting.recording_id),
    )


def read_options(state: State, meeting: Meeting, own: frozenset[str] = frozenset()) -> Options:
    """The person's choices; recipients are looked up among the meeting's own guests, without
    the person's `own` addresses.

    Raises Invalid with the field "to" or "cc". `template` holds the template's id.
    """
    guests = {_ticket(guest): guest.email for guest in _mailable(meeting, own)}
    ticked = TO.read(state)
    if not guests.keys() >= set(ticked):
        raise Invalid(GUESTS_CHANGED, field="to")
    return Options(
        language=_unless_none(LANGUAGE.read(state)),
        tone=TONE.read(state),
        length=LENGTH.read(state),
        template=_unless_none(TEMPLATE.read(state)),
        context=CONTEXT.read(state).strip(),
        to=(*(guests[one] for one in ticked), *addresses(ALSO_TO.read(state), name="to")),
        cc=addresses(CC.read(state), name="cc"),
        account=COMPANY.read(state),
    )


def _heading(form: Form, language: str) -> list[kit.Block]:
    meeting = form.meeting
    title = name(meeting.title) if meeting.title.strip() else say.UNTITLED(language)
    when = f"{day(meeting.started_at)}, {time(meeting.started_at)}"
    blocks = [kit.section(f"{bold(title)}\n{when}")]
    if meeting.file_name:
        blocks.append(kit.context(file_words.FROM(language, name=name(meeting.file_name))))
    if form.doubt is not None:
        blocks.append(swapped(form.doubt, meeting.recording_id, language))
    if form.already:
        mark = say.MARKS[form.already](language)
        button = OPEN_LATEST.draw(say.OPEN_IT(language), str(meeting.recording_id))
        blocks.append(kit.section(say.ALREADY(language, mark=mark), button))
    return blocks


def _company(form: Form, language: str) -> list[kit.Block]:
    if form.match is None:
        return []
    account, candidates = form.match.account, form.match.candidates
    if account is not None:
        hint = companies.MATCHED(language)
    elif candidates:
        names = ", ".join(one.name for one in candidates)
        hint = fit(companies.SEVERAL(language, names=names), HINT)
    else:
        hint = companies.UNKNOWN(language)
    return [
        COMPANY.draw(
            companies.COMPANY(language, crm=form.crm),
            companies.TYPE(language),
            Choice(account.name, account.id) if account else None,
            hint=hint,
            optional=True,
        )
    ]


def _recipients(form: Form, language: str) -> list[kit.Block]:
    guests = _mailable(form.meeting, form.member.addresses)
    blocks: list[kit.Block] = []
    ticked = frozenset(
        _ticket(guest) for guest in guests if guest.is_external and guest.email not in form.declined
    )
    if guests:
        shown = tuple(Choice(_label(guest), _ticket(guest)) for guest in guests)
        blocks.append(TO.draw(say.RECIPIENTS(language), shown, ticked))
    if left := sum(guest.is_external for guest in guests) - len(ticked):
        blocks.append(kit.context(say.DECLINED_LEFT_OUT(language, left)))
    elif not ticked:
        blocks.append(kit.context(say.NO_EXTERNAL(language)))
    blocks.append(
        ALSO_TO.draw(say.MORE_RECIPIENTS(language), hint=say.MORE_HINT(language), optional=True)
    )
    return blocks


def _mailable(meeting: Meeting, own: frozenset[str]) -> list[Guest]:
    """Guests with an address that is not one's own, those from outside first, each once; the same
    order every time."""
    seen: dict[str, Guest] = {}
    for guest in sorted(meeting.guests, key=lambda guest: not guest.is_external):
        if guest.email and guest.email not in own:
            seen.setdefault(guest.email, guest)
    return list(seen.values())[:MAX_CHOICES]


def _ticket(guest: Guest) -> str:
    """The guest in an option's 75 characters. Not a place in the list: that may be somebody
    else's by the time the form comes back."""
    return hashlib.sha256(guest.email.encode()).hexdigest()[:TICKET]


def _label(guest: Guest) -> str:
    # The address is what counts: a long name gives way to it.
    room = 75 - len(guest.email) - 3
    if not guest.name or room < 4:
        return guest.email
    shown = guest.name if len(guest.name) <= room else guest.name[: room - 1] + "…"
    return f"{shown} ({guest.email})"


def _choices(phrases: dict[str, Phrase], language: str) -> tuple[Choice, ...]:
    return tuple(Choice(phrase(language), value or NONE) for value, phrase in phrases.items())


def _templates(form: Form, language: str) -> tuple[Choice, ...]:
    listed = (Choice(template.name, template.id) for template in form.templates)
    return (Choice(say.NO_TEMPLATE(language), NONE), *listed)[:MAX_CHOICES]


def _default(form: Form) -> str:
    return next((one.id for one in form.templates if one.is_default), NONE)


def _unless_none(value: str) -> str:
    return "" if value == NONE else value
