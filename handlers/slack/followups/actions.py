"""What is done with a follow-up: its Gmail draft brought up to date, one action tried again."""

from handlers.slack.followups.evidence import show_claims
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click
from handlers.slack.kit.routing import Listeners
from services.followups import ANEW, REPLACE, Unsupported
from views.slack.followups import actions as views

GMAIL = "gmail"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(views.RETRY_ACTION.action_id, retry)
    on.action(views.UPDATE.action_id, update)
    on.action(views.REPLACE.action_id, replace)
    on.action(views.ANEW.action_id, anew)
    on.action(views.LEAVE.action_id, leave)
    on.action(views.AGAIN.action_id, again)


async def retry(turn: Turn, click: Click) -> None:
    """One action that failed, alone."""
    followup_id, name = views.read_target(click.value)
    await _begin(turn, click, followup_id, (name, None))


async def update(turn: Turn, click: Click) -> None:
    """The Gmail draft gets the current version."""
    await _begin(turn, click, click.value, (GMAIL, ""))


async def replace(turn: Turn, click: Click) -> None:
    """The same over what was changed in Gmail."""
    await _begin(turn, click, click.value, (GMAIL, ""), REPLACE)


async def anew(turn: Turn, click: Click) -> None:
    """Another draft; the one there was is left alone."""
    await _begin(turn, click, click.value, (GMAIL, ""), ANEW)


async def again(turn: Turn, click: Click) -> None:
    """It did not happen, says its owner: do it."""
    followup_id, name = views.read_target(click.value)
    await _begin(turn, click, followup_id, (name, None), ANEW)


async def leave(turn: Turn, click: Click) -> None:
    """What is there stays as it is."""
    followup_id, name = views.read_target(click.value)
    await turn.services.followups.actions.leave(turn.actor, followup_id, name)
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)


async def _begin(
    turn: Turn, click: Click, followup_id: str, action: tuple[str, str | None], answer: str = ""
) -> None:
    try:
        await turn.services.followups.actions.request(
            turn.actor, followup_id, dict((action,)), answer=answer
        )
    except Unsupported:
        await turn.ack()
        await show_claims(turn, click, followup_id, is_blocked=True)
        return
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)
