"""`/seguito`: help, settings, templates, connections and the check-up."""

import asyncio

from handlers.slack import billing, budgets
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, Submission, Suggestion
from handlers.slack.kit.routing import Listeners
from services.errors import Invalid
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
    on.view(views.SETTINGS, save)
    on.options(views.ZONE.action_id, suggest_zones)


async def seguito(turn: Turn, command: Command) -> None:
    """`/seguito [help | settings | connections | budget | doctor | why …]`."""
    member = await turn.member()
    word, _, rest = command.text.strip().lower().partition(" ")
    if word == "settings":
        await open_settings(turn)
    elif word == "doctor":
        await _check_up(turn, member)
    elif word == "budget":
        await budgets.show(turn, command)
    elif word == "why":
        await billing.why(turn, command, rest)
    elif word == "connections":
        health = await turn.services.connections.accounts.health(turn.actor)
        await turn.open(connection_views.overview(health, member))
    else:
        unknown = "" if word in ("", "help") else word
        channel = turn.services.ops.access.channel_for(turn.actor)
        await turn.say_privately(views.help_message(member.language, unknown, channel))


async def open_settings(turn: Turn) -> None:
    """The form, with what is saved now."""
    await turn.open(views.settings(await turn.services.people.afresh(turn.actor)))


async def show_connections(turn: Turn, _: Click) -> None:
    """Connections on top of the settings."""
    health = await turn.services.connections.accounts.health(turn.actor)
    await turn.push(connection_views.overview(health, await turn.member()))


async def save(turn: Turn, form: Submission) -> None:
    """Keep the defaults from the settings' form."""
    try:
        await turn.services.people.prefer(turn.actor, views.read_preferences(form.state))
    except Invalid as error:
        block = form.state.block_of(views.FIELDS[error.field])
        await turn.errors({block: error.sentence(await turn.language())})
        return
    await turn.ack()
    await turn.services.home.changed(turn.actor)


async def suggest_zones(turn: Turn, asked: Suggestion) -> None:
    """Time zones of the cities that fit what is typed."""
    found = zones_like(asked.typed, OFFERED)
    await turn.options(*views.zone_choices(found, asked.typed, await turn.member()))


async def _check_up(turn: Turn, member: Member) -> None:
    shown = await turn.open(doctor_views.checking(member))
    doctor = turn.services.doctor
    findings, workspace = await asyncio.gather(
        doctor.checkups.run(turn.actor), doctor.standing.run(turn.actor)
    )
    health = await turn.services.connections.accounts.health(turn.actor)
    view = doctor_views.checkup(findings, health, member, workspace)
    await turn.update(shown.id, view)
