"""*Your edits so far*, on top of the settings: accept a rule, or delete it."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click
from handlers.slack.kit.routing import Listeners
from views.slack import habits as views
from views.slack import people as people_views


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(people_views.SHOW_HABITS.action_id, show_habits, at_once=True)
    on.action(views.ACCEPT.action_id, accept)
    on.action(views.DELETE.action_id, delete)


async def show_habits(turn: Turn, _: Click) -> None:
    """The list."""
    seen = await turn.services.followups.habits.seen(turn.actor)
    await turn.push(views.habits(seen, await turn.member()))


async def accept(turn: Turn, click: Click) -> None:
    """A rule for every new draft; the list shows it."""
    await turn.services.followups.habits.accept(turn.actor, click.value)
    await turn.ack()
    await _redraw(turn, click)


async def delete(turn: Turn, click: Click) -> None:
    """Neither a rule nor proposed again; the list shows it."""
    await turn.services.followups.habits.delete(turn.actor, click.value)
    await turn.ack()
    await _redraw(turn, click)


async def _redraw(turn: Turn, click: Click) -> None:
    if click.view is not None:
        seen = await turn.services.followups.habits.seen(turn.actor)
        await turn.update(click.view.id, views.habits(seen, await turn.member()))
