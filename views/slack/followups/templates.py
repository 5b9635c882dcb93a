"""Templates: the list, one to change or to look at, and what it makes of a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.followups import (
    MAX_NAME,
    MAX_OUTLINE,
    NewTemplate,
    PreviewedTemplate,
    Template,
)
from services.formats import day_in_month
from services.meetings import Meeting, MeetingPage
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Radio, Select, Text
from views.kit.state import State
from views.kit.text import bold, day, escape, fit, name, quoted, time
from views.words import common
from views.words import followups as words
from views.words.followups import templates as say

LIST = "templates.list"
FORM = "templates.form"
READ = "templates.read"
PICK = "templates.pick"
PREVIEW = "templates.preview"

NEW = Button("templates.new")
OPEN = Button("templates.open")
ASK_PREVIEW = Button("templates.ask_preview")
BEGIN_WITH = Button("templates.begin_with")
DELETE = Button("templates.delete")
COPY = Button("templates.copy")
BACK = Button("templates.back")
NAME = Text("templates.name", limit=MAX_NAME)
OUTLINE = Text("templates.outline", multiline=True, limit=MAX_OUTLINE)
SCOPE = Radio("templates.scope")
MEETING = Select("templates.meeting")

# Slack takes a hundred blocks in one view, and the first is a button.
MAX_LISTED = 99
ME, ALL = "me", "all"
SCOPE_FIELD = "scope"
FIELDS = {
    "name": NAME.action_id,
    "outline": OUTLINE.action_id,
    SCOPE_FIELD: SCOPE.action_id,
}


@dataclass(frozen=True, slots=True)
class TemplateAt:
    """Which template a modal is about; a new one has no id."""

    id: str = ""
    version: str = ""


def templates(listed: tuple[Template, ...], member: Member) -> kit.View:
    """Every template the member can use; the default is marked."""
    language = member.language
    blocks: list[kit.Block] = [kit.actions(NEW.draw(say.NEW_TEMPLATE(language), style="primary"))]
    for template in listed[:MAX_LISTED]:
        head = " · ".join((bold(name(template.name)), *_facts(template, language)))
        text = f"{head}\n{escape(fit(template.outline, 300))}"
        blocks.append(kit.section(text, OPEN.draw(say.OPEN(language), template.id)))
    return kit.modal(LIST, say.TEMPLATES(language), blocks, close=common.BACK(language))


def form(member: Member, template: Template | None = None) -> kit.View:
    """A new template, or one of the member's to change; `template` without id is a copy."""
    language = member.language
    known = template or Template("", "", "")
    scope = (Choice(say.FOR_ME(language), ME), Choice(say.FOR_ALL(language), ALL))
    blocks = [
        NAME.draw(say.TEMPLATE_NAME(language), known.name),
        OUTLINE.draw(
            say.TEMPLATE_OUTLINE(language), known.outline, hint=say.OUTLINE_HINT(language)
        ),
        SCOPE.draw(say.TEMPLATE_SCOPE(language), scope, ALL if known.shared else ME),
        _buttons(known, language),
    ]
    title = say.CHANGE_TEMPLATE if known.id else say.NEW_TEMPLATE
    return kit.modal(
        FORM,
        title(language),
        blocks,
        submit=common.SAVE(language),
        close=common.BACK(language),
        metadata=_metadata(known),
    )


def reading(member: Member, template: Template) -> kit.View:
    """A template that is not the member's to change."""
    language = member.language
    head = " · ".join((bold(name(template.name)), *_facts(template, language)))
    blocks = [
        kit.section(head),
        *kit.sections(escape(template.outline)),
        _buttons(template, language),
    ]
    return kit.modal(
        READ,
        say.TEMPLATE(language),
        blocks,
        close=common.BACK(language),
        metadata=_metadata(template),
    )


def pick(member: Member, page: MeetingPage, new: NewTemplate) -> kit.View:
    """Of which meeting the preview is; what was typed travels along."""
    language = member.language
    meetings = tuple(Choice(_label(one, member), str(one.recording_id)) for one in page.meetings)
    back = kit.actions(BACK.draw(say.BACK(language)))
    if not meetings:
        return _preview([kit.section(say.NO_MEETINGS(language)), back], member, new)
    blocks = [
        kit.section(say.PREVIEW_INTRO(language)),
        MEETING.draw(say.MEETING(language), meetings, meetings[0].value),
        back,
    ]
    return kit.modal(
        PICK,
        say.PREVIEW(language),
        blocks,
        submit=say.WRITE_PREVIEW(language),
        close=words.CLOSE_UNSAVED(language),
        metadata=write_typed(new),
    )


def waiting(member: Member, new: NewTemplate) -> kit.View:
    """Seen while meetings are looked up, or the model writes."""
    text = kit.section(f":hourglass_flowing_sand: {say.WRITING(member.language)}")
    return _preview([text], member, new)


def preview(member: Member, previewed: PreviewedTemplate, new: NewTemplate) -> kit.View:
    """The draft as it would be; it is kept nowhere."""
    language, meeting, draft = member.language, previewed.meeting, previewed.draft
    title = name(meeting.title) if meeting.title.strip() else words.UNTITLED(language)
    blocks = [
        kit.context(f"{title} · {day(meeting.started_at)}, {time(meeting.started_at)}"),
        kit.section(bold(name(draft.subject, 250))),
        *kit.sections(quoted(draft.body)),
        kit.context(say.NOT_KEPT(language)),
        _ways(language),
    ]
    return _preview(blocks, member, new)


def no_preview(member: Member, problem: str, new: NewTemplate) -> kit.View:
    """Why there is none, and the way back to what was typed."""
    blocks = [kit.section(f":warning: {escape(problem)}"), _ways(member.language)]
    return _preview(blocks, member, new)


def read_template(state: State, metadata: str) -> NewTemplate:
    """What the form holds, about the template that its metadata names."""
    at = read_at(metadata)
    return NewTemplate(
        NAME.read(state),
        OUTLINE.read(state),
        shared=SCOPE.read(state) == ALL,
        id=at.id,
        version=at.version,
    )


def read_at(metadata: str) -> TemplateAt:
    """Which template a form or page is about."""
    template_id, _, version = metadata.partition("|")
    return TemplateAt(template_id, version)


def read_meeting(state: State) -> int:
    """The recording that was chosen; 0 for none."""
    chosen = MEETING.read(state)
    return int(chosen) if chosen.isdecimal() else 0


def write_typed(new: NewTemplate) -> str:
    """What was typed, for the way back; Slack carries 3,000 characters, a template has fewer."""
    scope = ALL if new.shared else ME
    return "\n".join((new.id, new.version, scope, new.name.replace("\n", " "), new.outline))


def read_typed(metadata: str) -> NewTemplate:
    """What `write_typed` wrote."""
    template_id, version, scope, title, outline = (metadata.split("\n", 4) + [""] * 5)[:5]
    return NewTemplate(title, outline, shared=scope == ALL, id=template_id, version=version)


def _preview(blocks: Sequence[kit.Block], member: Member, new: NewTemplate) -> kit.View:
    """A page in the form's place; what was typed there travels in its metadata."""
    return kit.modal(
        PREVIEW,
        say.PREVIEW(member.language),
        blocks,
        close=words.CLOSE_UNSAVED(member.language),
        metadata=write_typed(new),
    )


def _ways(language: str) -> kit.Block:
    return kit.actions(BACK.draw(say.BACK(language)), ASK_PREVIEW.draw(say.ANOTHER(language)))


def _label(meeting: Meeting, member: Member) -> str:
    held = day_in_month(meeting.started_at.astimezone(member.zone).date(), member.language)
    return f"{held} · {meeting.title.strip() or words.UNTITLED(member.language)}"


def _metadata(template: Template) -> str:
    return f"{template.id}|{template.version}"


def _facts(template: Template, language: str) -> tuple[str, ...]:
    owner = say.SHARED if template.shared else say.MINE if template.mine else say.BUILT_IN
    return (owner(language), say.DEFAULT(language)) if template.is_default else (owner(language),)


def _buttons(template: Template, language: str) -> kit.Block:
    buttons = [ASK_PREVIEW.draw(say.ASK_PREVIEW(language), template.id)]
    if template.id:
        other = say.NO_DEFAULT if template.is_default else say.BEGIN_WITH
        buttons.append(BEGIN_WITH.draw(other(language), "" if template.is_default else template.id))
    if template.id and template.mine:
        delete, keep = say.DELETE(language), common.KEEP(language)
        sure = kit.confirm(say.DELETE_TITLE(language), say.SURE(language), delete, keep)
        buttons.append(DELETE.draw(delete, template.id, style="danger", confirm=sure))
    if template.id and not template.mine:
        buttons.append(COPY.draw(say.COPY(language), template.id))
    return kit.actions(*buttons)
