"""The buttons on the card of a meeting that arrived."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click
from handlers.slack.kit.routing import Listeners
from services.arrivals import ArrivalPlace
from views.slack import arrivals as views


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(views.WRITE.action_id, write)
    on.action(views.LOOK_AGAIN.action_id, look_again)
    on.action(views.DISMISS.action_id, dismiss)


async def write(turn: Turn, click: Click) -> None:
    """The follow-up begins, and this card shows it from now on."""
    followup_id = await turn.services.arrivals.verbs.write(turn.actor, click.value, _place(click))
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)


async def look_again(turn: Turn, click: Click) -> None:
    """Is there a transcript now?"""
    await turn.services.arrivals.verbs.look_again(turn.actor, click.value, _place(click))
    await turn.ack()


async def dismiss(turn: Turn, click: Click) -> None:
    """Not this one: the card says so."""
    await turn.ack()
    await turn.services.arrivals.verbs.dismiss(turn.actor, click.value, _place(click))


def _place(click: Click) -> ArrivalPlace:
    message = click.message
    return ArrivalPlace(message.channel_id, message.ts) if message else ArrivalPlace()
