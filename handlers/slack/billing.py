"""Billing in Slack: the button on the card of a second subscription."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command
from handlers.slack.kit.routing import Listeners
from views.slack import billing as views

# How the audit log names who was refused.
CANCEL_SECOND = "billing.cancel_second"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(views.CANCEL_SECOND.action_id, cancel_second)


async def why(turn: Turn, command: Command, email: str) -> None:
    """`/seguito why acme@example.com`: the access of a customer, and what makes it so."""
    await turn.services.ops.access.allow(turn.actor, command.channel_id, command.name)
    language = await turn.language()
    address = email.removeprefix("<mailto:").partition("|")[0].strip("<> ")
    if not address:
        await turn.say_privately(views.why_usage(language))
        return
    found = await turn.services.billing.explaining.why(address)
    await turn.say_privately(views.why(found, language))


async def cancel_second(turn: Turn, click: Click) -> None:
    """End the second subscription and give its payment back; the card says so."""
    operator = await turn.services.ops.access.allow_again(turn.actor, CANCEL_SECOND)
    await turn.services.billing.desk.cancel_and_refund(operator, click.value)
    await turn.ack()
    await turn.redraw(views.second_gone(await turn.language()))
