"""App Home: opened, and every button on it; each click leaves it as things are then."""

from handlers.slack import budgets, people
from handlers.slack.crm import activities
from handlers.slack.followups import followups, reviews
from handlers.slack.followups import templates as own_templates
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, HomeOpened
from handlers.slack.kit.routing import Listeners
from views.slack import home as views
from views.slack.followups import editor

TAB = "home"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.event("app_home_opened", show)
    on.action(views.REFRESH.action_id, refresh, at_once=True)
    on.action(views.MORE.action_id, expand, at_once=True)
    on.action(views.NEW.action_id, list_meetings, at_once=True)
    on.action(views.ALL_MEETINGS.action_id, list_all_meetings, at_once=True)
    on.action(views.OPEN_DRAFT.action_id, open_draft, at_once=True)
    on.action(views.FINISH.action_id, finish, at_once=True)
    on.action(views.DISCARD.action_id, discard)
    on.action(views.NEW_TASK.action_id, new_task, at_once=True)
    on.action(views.SETTINGS.action_id, settings, at_once=True)
    on.action(views.BUDGETS.action_id, open_budgets, at_once=True)
    on.action(views.TEMPLATES.action_id, templates, at_once=True)


async def show(turn: Turn, opened: HomeOpened) -> None:
    """The tab came into sight: draw it as things stand now."""
    if opened.tab == TAB:
        await turn.services.home.opened(turn.actor, opened.view.hash if opened.view else "")


async def refresh(turn: Turn, _: Click) -> None:
    """As things stand now."""
    await turn.services.home.refresh(turn.actor)


async def expand(turn: Turn, click: Click) -> None:
    """The list is shown longer, until Home is opened again."""
    await turn.services.home.refresh(turn.actor, expand=click.value)


async def list_meetings(turn: Turn, _: Click) -> None:
    """The picker, as `/followup` opens it."""
    await followups.open_meetings(turn)


async def list_all_meetings(turn: Turn, _: Click) -> None:
    """The same, from below the meetings; what Fathom has new is in Home afterwards."""
    await followups.open_meetings(turn)
    await turn.services.home.changed(turn.actor)


async def open_draft(turn: Turn, click: Click) -> None:
    """The follow-up as it is now, whatever Home still showed."""
    followup = await turn.services.followups.drafts.see(turn.actor, click.value)
    shown = await turn.open(editor.current(followup, await turn.member()))
    await turn.services.followups.drafts.shown_in(turn.actor, followup.id, shown.id)
    # Whatever happened to it while the modal opened.
    await turn.services.followups.drafts.show(followup.id)


async def finish(turn: Turn, click: Click) -> None:
    """Everything that can be done with it, reviewed before anything is done."""
    await reviews.open_review(turn, click.value, undo=False)


async def discard(turn: Turn, click: Click) -> None:
    """Put away, if it still waits for its owner."""
    await turn.services.followups.drafts.drop(turn.actor, click.value)
    await turn.ack()
    await turn.services.followups.drafts.show(click.value)
    await turn.services.home.refresh(turn.actor)


async def new_task(turn: Turn, _: Click) -> None:
    """The empty form."""
    await activities.open_empty_task(turn)


async def settings(turn: Turn, _: Click) -> None:
    """The form; saving it draws Home anew."""
    await people.open_settings(turn)


async def open_budgets(turn: Turn, _: Click) -> None:
    """What the model may cost; whether somebody may change it, is asked then."""
    await budgets.open_budgets(turn)


async def templates(turn: Turn, click: Click) -> None:
    """The list of templates."""
    await own_templates.show_templates(turn, click)
