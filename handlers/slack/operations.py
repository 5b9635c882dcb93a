"""The buttons of an operation's card: cancel it, or try again what is left."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click
from handlers.slack.kit.routing import Listeners
from views.slack import operations as views


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(views.CANCEL.action_id, cancel)
    on.action(views.RETRY.action_id, retry)


async def cancel(turn: Turn, click: Click) -> None:
    """Begin no further step."""
    operator = await turn.services.ops.access.allow_again(turn.actor, views.CANCEL.action_id)
    await turn.services.operations.cancel(operator, click.value)
    await turn.ack()


async def retry(turn: Turn, click: Click) -> None:
    """A new run of what is left."""
    operator = await turn.services.ops.access.allow_again(turn.actor, views.RETRY.action_id)
    await turn.services.operations.retry(operator, click.value)
    await turn.ack()
