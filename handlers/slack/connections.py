"""Connecting and disconnecting: `/gmail-connect`, the Fathom key, the overview."""

from handlers.slack.followups.followups import show_meetings
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import HOME, Click, Command, OpenView, Submission
from handlers.slack.kit.routing import Listeners
from services.connections import FATHOM, MESSAGE, VIEW, LinkOrigin, possible_key, signins
from services.errors import Disconnected, Invalid, Temporary
from views.kit.blocks import Message
from views.slack import connections as views
from views.slack.doctor import CHECKUP
from views.slack.errors import PROBLEM
from views.slack.followups.picker import PICKER, read_ticket

GMAIL_COMMAND = "/gmail-connect"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.command(GMAIL_COMMAND, gmail, at_once=True)
    on.action(views.CONNECT_GMAIL.action_id, send_link, at_once=True)
    on.action(views.OTHER_ACCOUNT.action_id, other_account, at_once=True)
    on.action(views.OPEN_LINK, follow_link, at_once=True)
    on.action(views.CONNECT_FATHOM.action_id, ask_fathom_key, at_once=True)
    on.action(views.DISCONNECT.action_id, disconnect, at_once=True)
    on.view(views.FATHOM_FORM, save_fathom_key)


async def gmail(turn: Turn, command: Command) -> None:
    """`/gmail-connect [disconnect]`: the personal link, or the end of the connection."""
    if command.text.strip().lower() == "disconnect":
        member = await turn.member()
        account = await turn.services.connections.gmail.disconnect(turn.actor)
        await turn.say_privately(views.gmail_disconnected(account, member.language))
        await turn.services.home.changed(turn.actor)
        return
    await turn.say_privately(await _link(turn))


async def send_link(turn: Turn, click: Click) -> None:
    """The button: the personal link takes its place, or what has come true meanwhile."""
    if click.view is not None:
        await _link_in(turn, click.view)
        return
    account = await _account(turn)
    if account:
        await turn.redraw(views.gmail_connected(account, await turn.language()))
    else:
        await other_account(turn, click)


async def other_account(turn: Turn, _: Click) -> None:
    """The personal link in the message's place, whatever is connected."""
    link = await _link(turn)
    if not await turn.redraw(link):
        await turn.say_privately(link)


async def follow_link(turn: Turn, click: Click) -> None:
    """Slack tells of clicks on link buttons too: the outcome will be shown there.

    A follow-up that goes on afterwards is drawn anew by its own job.
    """
    if click.value:
        return
    if click.view is None:
        await turn.services.connections.signins.followed(
            turn.actor, LinkOrigin(MESSAGE, click.response_url)
        )
        await turn.redraw(views.gmail_followed(await turn.language()))
    elif click.view.kind == HOME:
        await turn.services.connections.signins.followed(turn.actor, LinkOrigin(signins.HOME))
    else:
        await turn.services.connections.signins.followed(
            turn.actor, LinkOrigin(VIEW, click.view.id)
        )


async def ask_fathom_key(turn: Turn, click: Click) -> None:
    """The modal for the key: in place of the problem or picker that asks for it, else on top."""
    form = views.fathom_form(await turn.member(), ticket=click.value)
    if click.view is not None and click.view.callback_id in (PROBLEM, PICKER):
        await turn.update(click.view.id, form)
    else:
        await turn.push(form)


async def save_fathom_key(turn: Turn, form: Submission) -> None:
    """Try the key while a waiting view shows; a refused one comes back with the reason."""
    member, typed = await turn.member(), views.read_key(form.state)
    ticket = form.view.private_metadata
    try:
        possible_key(typed)
    except Invalid as error:
        block = form.state.block_of(views.KEY.action_id)
        await turn.errors({block: error.sentence(member.language)})
        return
    await turn.replace(views.fathom_testing(member))
    try:
        await turn.services.connections.accounts.save_fathom_key(turn.actor, typed)
    except (Invalid, Temporary) as error:
        problem = error.sentence(member.language)
        again = views.fathom_form(member, typed=typed, problem=problem, ticket=ticket)
        await turn.update(form.view.id, again)
        return
    await turn.services.home.changed(turn.actor)
    if not ticket:
        await turn.update(form.view.id, views.fathom_saved(member))
        return
    offset, words, show = read_ticket(ticket)
    await show_meetings(turn, form.view.id, words, offset, show)


async def disconnect(turn: Turn, click: Click) -> None:
    """Fathom's key is deleted, Gmail's grant revoked; the overview shows it."""
    if click.value == FATHOM:
        await turn.services.connections.accounts.forget_fathom(turn.actor)
    else:
        await turn.services.connections.gmail.disconnect(turn.actor)
    if click.view is not None and click.view.kind == HOME:
        await turn.services.home.refresh(turn.actor)
        return
    if click.view is not None:
        health = await turn.services.connections.accounts.health(turn.actor)
        await turn.update(click.view.id, views.overview(health, await turn.member()))
    await turn.services.home.changed(turn.actor)


async def _link_in(turn: Turn, view: OpenView) -> None:
    member = await turn.member()
    url = await turn.services.connections.signins.link(turn.actor)
    if view.kind == HOME:
        await turn.services.home.refresh(turn.actor, link=url)
    elif view.callback_id in (views.OVERVIEW, CHECKUP):
        health = await turn.services.connections.accounts.health(turn.actor)
        await turn.update(view.id, views.overview(health, member, url))
    else:
        await turn.update(view.id, views.gmail_link_view(url, member))


async def _link(turn: Turn) -> Message:
    account = await _account(turn)
    url = await turn.services.connections.signins.link(turn.actor)
    return views.gmail_link(url, await turn.member(), account)


async def _account(turn: Turn) -> str:
    try:
        return await turn.services.connections.gmail.connected(turn.actor)
    except Disconnected:
        return ""
