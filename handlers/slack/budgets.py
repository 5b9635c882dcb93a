"""`/seguito budget`: what the model may cost, seen and set by admins; a member's own figures."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, Submission
from handlers.slack.kit.routing import Listeners
from services.errors import DomainError, Invalid, NotAllowed, Temporary
from views.slack import budgets as views


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(views.ADD.action_id, add, at_once=True)
    on.action(views.CHOOSE.action_id, choose)
    on.view(views.SHEET, save)
    on.view(views.MEMBER_FORM, save_member)


async def show(turn: Turn, _: Command) -> None:
    """`/seguito budget`."""
    await open_budgets(turn)


async def open_budgets(turn: Turn) -> None:
    """The form for admins; everybody else sees their own figures."""
    limits, member = turn.services.budgets.limits, await turn.member()
    shown = await turn.open(views.waiting(member))
    if await limits.may_see(turn.actor):
        await turn.update(shown.id, views.sheet(await limits.sheet(turn.actor), member))
    else:
        await turn.update(shown.id, views.own(await limits.own(turn.actor), member))


async def save(turn: Turn, form: Submission) -> None:
    """Keep both limits; what cannot be used is said beside its field."""
    workspace, default = views.read_limits(form.state)
    try:
        await turn.services.budgets.limits.set(turn.actor, workspace=workspace, default=default)
    except (Invalid, NotAllowed, Temporary) as error:
        await _refuse(turn, form, error, "workspace")
        return
    await turn.ack()
    await turn.services.home.changed(turn.actor)


async def add(turn: Turn, _: Click) -> None:
    """The form for one member."""
    await turn.push(views.member_form(await turn.member()))


async def choose(turn: Turn, click: Click) -> None:
    """Change or take away what one member has."""
    choice, member_id = views.read_choice(click.value)
    limits, member = turn.services.budgets.limits, await turn.member()
    if choice == views.REMOVE:
        await limits.forget_member(turn.actor, member_id)
        await turn.ack()
        if click.view is not None:
            await _redraw(turn, click.view.id)
        return
    members = (await limits.sheet(turn.actor)).spending.members
    budget = next((one for one in members if one.member_id == member_id), None)
    await turn.ack()
    await turn.push(views.member_form(member, budget))


async def save_member(turn: Turn, form: Submission) -> None:
    """Keep one member's limit; the list below shows it."""
    member_id, amount = views.read_member(form.state)
    try:
        await turn.services.budgets.limits.set_member(turn.actor, member_id, amount)
    except (Invalid, NotAllowed, Temporary) as error:
        await _refuse(turn, form, error, "amount")
        return
    await turn.ack()
    await _redraw(turn, form.view.previous_id)


async def _redraw(turn: Turn, view_id: str) -> None:
    sheet = await turn.services.budgets.limits.sheet(turn.actor)
    await turn.update(view_id, views.sheet(sheet, await turn.member()))


async def _refuse(turn: Turn, form: Submission, error: DomainError, beside: str) -> None:
    field = error.field if isinstance(error, Invalid) else beside
    block = form.state.block_of(views.FIELDS[field])
    await turn.errors({block: error.sentence(await turn.language())})
