"""Connecting and disconnecting: `/gmail-connect`, the Fathom key, the overview."""

from handlers.slack.context import Turn
from handlers.slack.payloads import Click, Command, Submission
from handlers.slack.routing import Listeners
from services.connections import FATHOM
from services.errors import Disconnected, Invalid
from services.members import Member
from views.slack import connections as views

GMAIL_COMMAND = "/gmail-connect"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.command(GMAIL_COMMAND, gmail)
    on.action(views.CONNECT_GMAIL.action_id, send_link)
    on.action(views.OPEN_LINK, follow_link)
    on.action(views.CONNECT_FATHOM.action_id, ask_fathom_key)
    on.action(views.DISCONNECT.action_id, disconnect)
    on.view(views.FATHOM_FORM, save_fathom_key)


async def gmail(turn: Turn, command: Command) -> None:
    """`/gmail-connect [disconnect]`: the personal link, or the end of the connection."""
    await turn.ack()
    if command.text.strip().lower() == "disconnect":
        member = await turn.services.members.who(turn.actor)
        account = await turn.services.gmail.disconnect(turn.actor)
        await turn.say_privately(views.gmail_disconnected(account, member.language))
        return
    await _send_link(turn)


async def send_link(turn: Turn, _: Click) -> None:
    """The button: the personal link."""
    await turn.ack()
    await _send_link(turn)


async def follow_link(turn: Turn, _: Click) -> None:
    """Slack tells of clicks on link buttons too; the browser does the rest."""
    await turn.ack()


async def ask_fathom_key(turn: Turn, click: Click) -> None:
    """The modal for the key, on top of whatever is open."""
    await turn.ack()
    form = views.fathom_form(await _member(turn))
    await (turn.open(form) if click.view is None else turn.push(form))


async def save_fathom_key(turn: Turn, form: Submission) -> None:
    """Try the key while a waiting view shows; a refused one comes back with the reason."""
    member = await _member(turn)
    await turn.replace(views.fathom_testing(member))
    typed = views.read_key(form.state)
    try:
        await turn.services.connections.save_fathom_key(turn.actor, typed)
    except Invalid as error:
        problem = error.sentence(member.language)
        await turn.update(form.view.id, views.fathom_form(member, typed=typed, problem=problem))
        return
    await turn.update(form.view.id, views.fathom_saved(member))


async def disconnect(turn: Turn, click: Click) -> None:
    """Fathom's key is deleted, Gmail's grant revoked; the overview shows it."""
    await turn.ack()
    if click.value == FATHOM:
        await turn.services.connections.forget_fathom(turn.actor)
    else:
        await turn.services.gmail.disconnect(turn.actor)
    if click.view is not None:
        health = await turn.services.connections.health(turn.actor)
        await turn.update(click.view.id, views.overview(health, await _member(turn)))


async def _send_link(turn: Turn) -> None:
    member = await _member(turn)
    try:
        account = await turn.services.gmail.connected(turn.actor)
    except Disconnected:
        account = ""
    url = await turn.services.gmail.link(turn.actor)
    await turn.say_privately(views.gmail_link(url, member, account))


async def _member(turn: Turn) -> Member:
    return await turn.services.members.who(turn.actor)
