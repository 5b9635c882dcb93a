"""Templates on top of the settings: made, changed, deleted, chosen by default, tried out."""

from dataclasses import replace

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Submission
from handlers.slack.kit.routing import Listeners
from services.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from services.followups import MAX_NAME, NewTemplate, Template
from views.slack import people as people_views
from views.slack.followups import templates as views
from views.words.followups import templates as words


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(people_views.SHOW_TEMPLATES.action_id, show_templates, at_once=True)
    on.action(views.NEW.action_id, new_template, at_once=True)
    on.action(views.OPEN.action_id, open_template, at_once=True)
    on.action(views.COPY.action_id, copy, at_once=True)
    on.action(views.BEGIN_WITH.action_id, begin_with)
    on.action(views.DELETE.action_id, delete)
    on.action(views.ASK_PREVIEW.action_id, ask_preview, at_once=True)
    on.action(views.BACK.action_id, back, at_once=True)
    on.view(views.FORM, save)
    on.view(views.PICK, write_preview)


async def show_templates(turn: Turn, _: Click) -> None:
    """The list."""
    member = await turn.member()
    listed = await turn.services.followups.templates.available(turn.actor, member.language)
    await turn.push(views.templates(listed, member))


async def new_template(turn: Turn, _: Click) -> None:
    """The form for a new one."""
    await turn.push(views.form(await turn.member()))


async def open_template(turn: Turn, click: Click) -> None:
    """One to change, or to look at when it is not one's own."""
    member = await turn.member()
    template = await turn.services.followups.templates.get(turn.actor, click.value, member.language)
    draw = views.form if template.mine else views.reading
    await turn.push(draw(member, template))


async def copy(turn: Turn, click: Click) -> None:
    """The same text as a new template of one's own."""
    member = await turn.member()
    template = await turn.services.followups.templates.get(turn.actor, click.value, member.language)
    name = words.COPIED(member.language, name=template.name)[:MAX_NAME]
    if click.view is not None:
        copied = Template("", name, template.outline)
        await turn.update(click.view.id, views.form(member, copied))


async def begin_with(turn: Turn, click: Click) -> None:
    """New follow-ups begin with this one, or with none; what is typed stays in its fields."""
    if click.view is None:
        return
    templates, member = turn.services.followups.templates, await turn.member()
    at = views.read_at(click.view.private_metadata)
    await templates.begin_with(turn.actor, click.value)
    await turn.ack()
    template = await templates.get(turn.actor, at.id, member.language)
    draw = views.form if template.mine else views.reading
    await turn.update(click.view.id, draw(member, replace(template, version=at.version)))
    await _relist(turn, click.view.previous_id)


async def delete(turn: Turn, click: Click) -> None:
    """One template less: the list is in its place."""
    templates, member = turn.services.followups.templates, await turn.member()
    await templates.delete(turn.actor, click.value)
    await turn.ack()
    if click.view is not None:
        listed = await templates.available(turn.actor, member.language)
        await turn.update(click.view.id, views.templates(listed, member))
        await _relist(turn, click.view.previous_id)


async def save(turn: Turn, form: Submission) -> None:
    """Keep the template; the list below shows it."""
    typed = views.read_template(form.state, form.view.private_metadata)
    try:
        await turn.services.followups.templates.save(turn.actor, typed)
    except (Invalid, NotAllowed, Conflict, NotFound) as error:
        block = form.state.block_of(views.FIELDS[_field(error)])
        await turn.errors({block: error.sentence(await turn.language())})
        return
    await turn.ack()
    await _relist(turn, form.view.previous_id)


async def ask_preview(turn: Turn, click: Click) -> None:
    """Of which meeting: in the same modal, with what is typed."""
    if click.view is None:
        return
    member, new = await turn.member(), await _typed(turn, click)
    await turn.wait_in(click.view.id, views.waiting(member, new))
    page = await turn.services.followups.previews.meetings(turn.actor)
    await turn.update(click.view.id, views.pick(member, page, new))


async def write_preview(turn: Turn, form: Submission) -> None:
    """A draft of the chosen meeting, shown and not kept; or why there is none."""
    member, new = await turn.member(), views.read_typed(form.view.private_metadata)
    await turn.replace(views.waiting(member, new))
    try:
        previewed = await turn.services.followups.previews.write(
            turn.actor, new, views.read_meeting(form.state)
        )
    except DomainError as error:
        shown = views.no_preview(member, error.sentence(member.language), new)
    else:
        shown = views.preview(member, previewed, new)
    await turn.update(form.view.id, shown)


async def back(turn: Turn, click: Click) -> None:
    """The template again, with what was typed."""
    if click.view is None:
        return
    member, typed = await turn.member(), views.read_typed(click.view.private_metadata)
    template = Template("", typed.name, typed.outline, mine=True, shared=typed.shared)
    if typed.id:
        templates = turn.services.followups.templates
        known = await templates.get(turn.actor, typed.id, member.language)
        if not known.mine:
            await turn.update(click.view.id, views.reading(member, known))
            return
        template = replace(
            template, id=typed.id, version=typed.version, is_default=known.is_default
        )
    await turn.update(click.view.id, views.form(member, template))


async def _typed(turn: Turn, click: Click) -> NewTemplate:
    """What the form holds now, what travels along, or a template that is only looked at."""
    view = click.view
    if view is None or view.callback_id == views.PREVIEW:
        return views.read_typed(view.private_metadata if view else "")
    if view.callback_id == views.FORM:
        return views.read_template(click.state, view.private_metadata)
    templates, language = turn.services.followups.templates, await turn.language()
    known = await templates.get(turn.actor, click.value, language)
    return NewTemplate(known.name, known.outline, shared=known.shared, id=known.id)


def _field(error: DomainError) -> str:
    if isinstance(error, Invalid):
        return error.field
    return views.SCOPE_FIELD if isinstance(error, NotAllowed) else "outline"


async def _relist(turn: Turn, view_id: str) -> None:
    if not view_id:
        return
    member = await turn.member()
    listed = await turn.services.followups.templates.available(turn.actor, member.language)
    await turn.update(view_id, views.templates(listed, member))
