"""`/provision-user`: one user by text or form; preview, confirm, live card; and the reconciler."""

from handlers.slack.kit.arguments import Argument, Flag, ParsedCommand, Schema, Word
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, Submission
from handlers.slack.kit.routing import Listeners
from services.actors import Operator
from services.email_address import is_address
from services.errors import Conflict, Invalid
from services.people import Member
from services.users import PROVISION_USER, TypedUser
from views.slack import ops as ops_views
from views.slack import users as views
from views.words import ops as words
from views.words import users as say

RECONCILE, HELP = "reconcile", "help"
DRY_RUN = "--dry-run"
SCHEMA = Schema(
    command=PROVISION_USER,
    about=say.ABOUT,
    arguments=(
        Argument(
            "email",
            say.EMAIL_NAME,
            "ada@example.com",
            say.EMAIL_ABOUT,
            missing=say.EMAIL_MISSING,
            unfit=say.EMAIL_UNFIT,
            fits=is_address,
        ),
        Argument("credits", say.CREDITS_NAME, "credits=100", say.CREDITS_ABOUT),
        Argument("limit", say.LIMIT_NAME, "limit=10", say.LIMIT_ABOUT),
    ),
    flags=(Flag(DRY_RUN, words.DRY_RUN),),
    words=(Word(RECONCILE, say.RECONCILE_WORD), Word(HELP, say.HELP_WORD)),
)


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.command(PROVISION_USER, provision, at_once=True)
    on.view(views.FORM, submit)
    on.action(views.CONFIRM.action_id, confirm)
    on.action(views.WITHDRAW.action_id, withdraw)
    on.action(views.AGAIN.action_id, again)
    on.action(views.NEW_KEY.action_id, new_key)
    on.action(views.REBALANCE.action_id, rebalance)


async def provision(turn: Turn, command: Command) -> None:
    """`/provision-user [email [credits=100] [limit=10] [--dry-run] | reconcile | help]`."""
    operator = await turn.services.ops.access.allow(turn.actor, command.channel_id, command.name)
    asked, member = SCHEMA.parse(command.text), await turn.member()
    if asked.word == HELP:
        await turn.say_privately(ops_views.usage(SCHEMA.usage(member.language), member.language))
    elif asked.word == RECONCILE:
        await turn.services.users.reconciler.start(operator, command.trigger_id)
        await turn.say_privately(views.looking(member.language))
    elif asked.nothing:
        await turn.open(views.form(command.channel_id, member))
    else:
        await _answer(turn, operator, command.channel_id, asked, member)


async def submit(turn: Turn, form: Submission) -> None:
    """The form: the preview goes to the channel it was opened in."""
    channel_id, member = form.view.private_metadata, await turn.member()
    await turn.services.ops.access.allow(turn.actor, channel_id, PROVISION_USER)
    commands = turn.services.users.commands
    try:
        preview = await commands.preview(views.read_form(form.state))
    except (Invalid, Conflict) as error:
        field = error.field if isinstance(error, Invalid) else "email"
        block = form.state.block_of(views.FIELDS[field])
        await turn.errors({block: error.sentence(member.language)})
        return
    proposal = await commands.propose(turn.actor, channel_id, preview)
    await turn.ack()
    await turn.whisper(channel_id, views.preview(preview, proposal, member.language))


async def confirm(turn: Turn, click: Click) -> None:
    """Provision what was previewed: the operation is durable before Slack gets its answer."""
    await turn.services.users.commands.confirm(turn.actor, click.value)
    await turn.ack()
    await turn.redraw(views.started(await turn.language()))


async def withdraw(turn: Turn, click: Click) -> None:
    """Withdraw the proposal; its preview says so."""
    await turn.services.users.commands.withdraw(turn.actor, click.value)
    await turn.ack()
    await turn.redraw(ops_views.withdrawn(await turn.language()))


async def again(turn: Turn, click: Click) -> None:
    """Provision a user who failed again, with a card in the channel."""
    await turn.services.ops.access.allow_again(turn.actor, PROVISION_USER)
    user = await turn.services.users.commands.again(turn.actor, click.value)
    await turn.ack()
    await turn.say_privately(views.mended(user.email, await turn.language()))


async def new_key(turn: Turn, click: Click) -> None:
    """A new key in place of one that is gone at OpenRouter."""
    operator = await turn.services.ops.access.allow_again(turn.actor, PROVISION_USER)
    user = await turn.services.users.accounts.replace_key(operator, click.value)
    await turn.ack()
    await turn.say_privately(views.mended(user.email, await turn.language()))


async def rebalance(turn: Turn, click: Click) -> None:
    """Credits as their entries say."""
    operator = await turn.services.ops.access.allow_again(turn.actor, PROVISION_USER)
    await turn.services.credits.proofs.rebuild(operator, click.value)
    await turn.ack()
    await turn.say_privately(views.mended(click.value, await turn.language()))


async def _answer(
    turn: Turn, operator: Operator, channel_id: str, asked: ParsedCommand, member: Member
) -> None:
    typed, language = TypedUser(**asked.values), member.language
    commands = turn.services.users.commands
    if DRY_RUN in asked.flags:
        await turn.say_privately(views.dry_run(await commands.rehearse(operator, typed), language))
        return
    preview = await commands.preview(typed)
    proposal = await commands.propose(turn.actor, channel_id, preview)
    await turn.say_privately(views.preview(preview, proposal, language))
