"""`/tenant-migrate`: SQL over every tenant, from the form to the buttons of its live card."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from handlers.slack.kit.arguments import Argument, Schema, Word
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, Submission
from handlers.slack.kit.routing import Listeners
from services.actors import Operator
from services.errors import Conflict, Invalid, NotFound, Temporary
from services.operations import Place
from services.rollouts import Controls, RolloutOrder
from views.kit.controls import Button
from views.slack import ops as ops_views
from views.slack.rollouts import card as views
from views.slack.rollouts import form as forms
from views.words import rollouts as say

TENANT_MIGRATE = "/tenant-migrate"
LIST, HELP = "list", "help"
LATEST = 10
# Slack waits three seconds for the answer to a form.
PATIENCE_SECONDS = 2.3
SCHEMA = Schema(
    command=TENANT_MIGRATE,
    about=say.ABOUT,
    arguments=(Argument("version", say.VERSION_NAME, "0042_add_vat", say.VERSION_ABOUT),),
    words=(Word(LIST, say.LIST_WORD), Word(HELP, say.HELP_WORD)),
)
Control = Callable[[Controls, Operator, str], Awaitable[None]]
# Buttons that need no more than the click.
CONTROLS: tuple[tuple[Button, Control], ...] = (
    (views.START, Controls.start),
    (views.WITHDRAW, Controls.withdraw),
    (views.PAUSE, Controls.pause),
    (views.RESUME, Controls.resume),
    (views.HOLD, Controls.hold),
    (views.GO_ON, Controls.watched_enough),
    (views.RETRY, Controls.retry_failed),
    (views.FINISH, Controls.finish_without),
    (views.ABORT, Controls.abort),
)


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.command(TENANT_MIGRATE, migrate, at_once=True)
    on.view(forms.FORM, submit)
    on.view(forms.ROLL_BACK_FORM, roll_back)
    for button, control in CONTROLS:
        on.action(button.action_id, controlled(control))
    on.action(views.APPROVE.action_id, approve)
    on.action(views.CHANGE.action_id, change, at_once=True)
    on.action(views.ROLL_BACK.action_id, ask_roll_back, at_once=True)
    on.action(views.DETAILS.action_id, details, at_once=True)
    on.action(views.SHOW_SQL.action_id, show_sql, at_once=True)
    on.action(forms.BASELINE.action_id, take_as_baseline)
    on.action(forms.TRY_AGAIN.action_id, retry_drifted)


async def migrate(turn: Turn, command: Command) -> None:
    """`/tenant-migrate [version | list | help]`."""
    await turn.services.ops.access.allow(turn.actor, command.channel_id, command.name)
    asked, member = SCHEMA.parse(command.text), await turn.member()
    if asked.word == HELP:
        await turn.say_privately(ops_views.usage(SCHEMA.usage(member.language), member.language))
    elif asked.word == LIST:
        found = await turn.services.rollouts.directory.list(limit=LATEST)
        await turn.say_privately(views.listing(found, TENANT_MIGRATE, member.language))
    else:
        order = await _from_file(turn, asked.values["version"])
        await turn.open(forms.form(command.channel_id, member, order))
        await turn.services.rollouts.proposals.expect()


async def submit(turn: Turn, form: Submission) -> None:
    """The form: bad SQL is refused at its field; the check is durable before Slack's answer."""
    channel_id, member = form.view.private_metadata, await turn.member()
    operator = await turn.services.ops.access.allow(turn.actor, channel_id, TENANT_MIGRATE)
    proposals = turn.services.rollouts.proposals
    try:
        order = replace(await _typed(turn, form), language=member.language)
        place = Place(turn.actor.workspace_id, channel_id)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await proposals.propose(operator, order, f"{form.view.id}:{form.view.hash}", place)
    except (Invalid, Conflict, NotFound) as error:
        field = error.field if isinstance(error, Invalid) else "version"
        await _refuse(turn, form, field, error.sentence(member.language))
        return
    except (Temporary, TimeoutError):
        await _refuse(turn, form, "sql", say.NOT_IN_TIME(member.language))
        await proposals.expect()
        return
    await turn.ack()
    await turn.whisper(channel_id, views.checking(order.version, member.language))


def controlled(control: Control) -> Callable[[Turn, Click], Awaitable[None]]:
    """The listener of a button that is one verb over its rollout."""

    async def press(turn: Turn, click: Click) -> None:
        operator = await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
        await control(turn.services.rollouts.controls, operator, click.value)
        await turn.ack()

    return press


async def approve(turn: Turn, click: Click) -> None:
    """Agree to the SQL that was shown, as the second admin."""
    operator = await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
    rollout_id, _, sql_hash = click.value.partition(":")
    await turn.services.rollouts.controls.approve(operator, rollout_id, sql_hash)
    await turn.ack()


async def change(turn: Turn, click: Click) -> None:
    """The form again, with all that was typed."""
    await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
    order = await turn.services.rollouts.directory.order(click.value)
    channel_id = turn.services.ops.access.channel_for(turn.actor)
    await turn.open(forms.form(channel_id, await turn.member(), order))
    await turn.services.rollouts.proposals.expect()


async def ask_roll_back(turn: Turn, click: Click) -> None:
    """What going back means, and where it destroys the version to be typed."""
    await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
    rollouts = turn.services.rollouts.directory
    found, review = await rollouts.get(click.value), await rollouts.review(click.value)
    await turn.open(forms.roll_back(found, review, await turn.language()))


async def roll_back(turn: Turn, form: Submission) -> None:
    """The yes to going back."""
    operator = await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
    rollout_id, typed = form.view.private_metadata, forms.TYPED.read(form.state)
    try:
        await turn.services.rollouts.controls.roll_back(operator, rollout_id, typed)
    except Invalid as error:
        block = form.state.block_of(forms.TYPED.action_id)
        await turn.errors({block: error.sentence(await turn.language())})
        return
    await turn.ack()


async def details(turn: Turn, click: Click) -> None:
    """Every tenant in words."""
    await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
    rollouts = turn.services.rollouts.directory
    found = await rollouts.get(click.value)
    tenants, events = await rollouts.targets(click.value), await rollouts.events(click.value)
    await turn.open(forms.details(found, tenants, events, await turn.language()))


async def show_sql(turn: Turn, click: Click) -> None:
    """Both scripts."""
    await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
    rollouts = turn.services.rollouts.directory
    order = await rollouts.order(click.value)
    await turn.open(forms.sql(await rollouts.get(click.value), order, await turn.language()))


async def take_as_baseline(turn: Turn, click: Click) -> None:
    """A drifted tenant gets the migration as it is."""
    operator = await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
    rollout_id, tenant_id, found = forms.read_ticket(click.value)
    controls = turn.services.rollouts.controls
    await controls.take_as_baseline(operator, rollout_id, tenant_id, found)
    await _details_again(turn, click, rollout_id)


async def retry_drifted(turn: Turn, click: Click) -> None:
    """A drifted tenant was mended: look again."""
    operator = await turn.services.ops.access.allow_again(turn.actor, TENANT_MIGRATE)
    rollout_id, tenant_id, _ = forms.read_ticket(click.value)
    await turn.services.rollouts.controls.retry_drifted(operator, rollout_id, tenant_id)
    await _details_again(turn, click, rollout_id)


async def _refuse(turn: Turn, form: Submission, field: str, sentence: str) -> None:
    block = form.state.block_of(forms.FIELDS.get(field, forms.FIELDS["version"]))
    await turn.errors({block: sentence})


async def _details_again(turn: Turn, click: Click, rollout_id: str) -> None:
    await turn.ack()
    if click.view is None:
        return
    rollouts = turn.services.rollouts.directory
    found = await rollouts.get(rollout_id)
    tenants, events = await rollouts.targets(rollout_id), await rollouts.events(rollout_id)
    shown = forms.details(found, tenants, events, await turn.language())
    await turn.update(click.view.id, shown)


async def _from_file(turn: Turn, version: str) -> RolloutOrder | None:
    """The version's files, shown in the form."""
    if not version:
        return None
    up_sql, down_sql = await turn.services.rollouts.files.read(version)
    return RolloutOrder(version, up_sql, down_sql, strategy="canary_gradual")


async def _typed(turn: Turn, form: Submission) -> RolloutOrder:
    """What was typed; empty SQL stands for the version's files."""
    order = forms.read_form(form.state)
    if order.up_sql.strip() or not order.version:
        return order
    up_sql, down_sql = await turn.services.rollouts.files.read(order.version)
    return replace(order, up_sql=up_sql, down_sql=order.down_sql or down_sql)
