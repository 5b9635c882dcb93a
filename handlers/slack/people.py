"""`/seguito`: help, settings, templates, connections and the check-up."""

from handlers.slack import billing
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, HomeOpened, Submission, Suggestion
from handlers.slack.kit.routing import Listeners
from services.errors import Invalid, NotAllowed
from services.people import Member, zones_like
from views.slack import connections as connection_views
from views.slack import doctor as doctor_views
from views.slack import people as views

COMMAND = "/seguito"
OFFERED = 30


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.command(COMMAND, seguito, at_once=True)
    on.action(views.SHOW_CONNECTIONS.action_id, show_connections, at_once=True)
    on.action(views.SHOW_TEMPLATES.action_id, show_templates, at_once=True)
    on.action(views.NEW_TEMPLATE.action_id, new_template, at_once=True)
    on.action(views.DELETE_TEMPLATE.action_id, delete_template)
    on.event("app_home_opened", show_home)
    on.view(views.SETTINGS, save)
    on.options(views.ZONE.action_id, suggest_zones)
    on.view(views.TEMPLATE_FORM, save_template)


async def seguito(turn: Turn, command: Command) -> None:
    """`/seguito [help | settings | connections | doctor | why …]`."""
    member = await turn.member()
    word, _, rest = command.text.strip().lower().partition(" ")
    if word == "settings":
        await turn.open(views.settings(await turn.services.people.afresh(turn.actor)))
    elif word == "doctor":
        await _check_up(turn, member)
    elif word == "why":
        await billing.why(turn, command, rest)
    elif word == "connections":
        health = await turn.services.connections.accounts.health(turn.actor)
        await turn.open(connection_views.overview(health, member))
    else:
        unknown = "" if word in ("", "help") else word
        channel = turn.services.ops.access.channel_for(turn.actor)
        await turn.say_privately(views.help_message(member.language, unknown, channel))


async def show_home(turn: Turn, opened: HomeOpened) -> None:
    """The home tab came into sight: draw it as things stand now."""
    if opened.tab == "home":
        health = await turn.services.connections.accounts.health(turn.actor)
        await turn.show_home(views.home(health, await turn.member()))


async def show_connections(turn: Turn, _: Click) -> None:
    """Connections on top of the settings."""
    health = await turn.services.connections.accounts.health(turn.actor)
    await turn.push(connection_views.overview(health, await turn.member()))


async def show_templates(turn: Turn, _: Click) -> None:
    """Templates on top of the settings."""
    member = await turn.member()
    listed = await turn.services.followups.templates.available(turn.actor, member.language)
    await turn.push(views.templates(listed, member))


async def new_template(turn: Turn, _: Click) -> None:
    """The form for a new template."""
    await turn.push(views.template_form(await turn.member()))


async def delete_template(turn: Turn, click: Click) -> None:
    """One template less; the list shows it."""
    await turn.services.followups.templates.delete(turn.actor, click.value)
    await turn.ack()
    if click.view is not None:
        await _relist(turn, click.view.id)


async def save_template(turn: Turn, form: Submission) -> None:
    """Keep the template; the list below shows it."""
    try:
        await turn.services.followups.templates.save(turn.actor, views.read_template(form.state))
    except (Invalid, NotAllowed) as error:
        field = error.field if isinstance(error, Invalid) else views.SCOPE_FIELD
        sentence = error.sentence(await turn.language())
        await turn.errors({form.state.block_of(views.FIELDS[field]): sentence})
        return
    await turn.ack()
    await _relist(turn, form.view.previous_id)


async def save(turn: Turn, form: Submission) -> None:
    """Keep the defaults from the settings' form."""
    try:
        await turn.services.people.prefer(turn.actor, views.read_preferences(form.state))
    except Invalid as error:
        block = form.state.block_of(views.FIELDS[error.field])
        await turn.errors({block: error.sentence(await turn.language())})
        return
    await turn.ack()


async def suggest_zones(turn: Turn, asked: Suggestion) -> None:
    """Time zones of the cities that fit what is typed."""
    found = zones_like(asked.typed, OFFERED)
    await turn.options(*views.zone_choices(found, asked.typed, await turn.member()))


async def _check_up(turn: Turn, member: Member) -> None:
    shown = await turn.open(doctor_views.checking(member))
    findings = await turn.services.doctor.run(turn.actor)
    health = await turn.services.connections.accounts.health(turn.actor)
    await turn.update(shown.id, doctor_views.checkup(findings, health, member))


async def _relist(turn: Turn, view_id: str) -> None:
    member = await turn.member()
    listed = await turn.services.followups.templates.available(turn.actor, member.language)
    await turn.update(view_id, views.templates(listed, member))
