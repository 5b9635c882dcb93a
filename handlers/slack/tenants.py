"""`/tenant-create`: a company gets a database; the list, and what can be done with each."""

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace

from handlers.slack.kit.arguments import Argument, Schema, Word
from handlers.slack.kit.context import Turn, ViewClosed
from handlers.slack.kit.payloads import Click, Command, Submission
from handlers.slack.kit.routing import Listeners
from services.actors import Operator
from services.email_address import is_address
from services.errors import Conflict, Invalid
from services.operations import Place
from services.tenants import CardPlace, NewTenant, Tenant
from views.kit.blocks import View
from views.slack import ops as ops_views
from views.slack import tenants as views
from views.words import tenants as say

TENANT_CREATE = "/tenant-create"
LIST, HELP = "list", "help"
TRIAL_DAYS = 14
SCHEMA = Schema(
    command=TENANT_CREATE,
    about=say.ABOUT,
    arguments=(
        Argument(
            "email",
            say.EMAIL_NAME,
            "ada@acme.example",
            say.EMAIL_ABOUT,
            unfit=say.EMAIL_UNFIT,
            fits=is_address,
        ),
        Argument("company", say.COMPANY_NAME, '"Acme S.r.l."', say.COMPANY_ABOUT),
    ),
    words=(Word(LIST, say.LIST_WORD), Word(HELP, say.HELP_WORD)),
)


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.command(TENANT_CREATE, create, at_once=True)
    on.view(views.FORM, submit)
    on.action(views.MANAGE.action_id, manage, at_once=True)
    on.action(views.SUSPEND.action_id, ask_suspend, at_once=True)
    on.action(views.DELETE.action_id, ask_delete, at_once=True)
    on.view(views.SUSPEND_FORM, suspend)
    on.view(views.DELETE_FORM, delete)
    on.action(views.RESUME.action_id, resume)
    on.action(views.EXTEND.action_id, extend)
    on.action(views.INVITE.action_id, invite)
    on.action(views.RETRY.action_id, retry)
    on.action(views.KEEP.action_id, keep)


async def create(turn: Turn, command: Command) -> None:
    """`/tenant-create [email ["company"]] | list | help`."""
    await turn.services.ops.access.allow(turn.actor, command.channel_id, command.name)
    asked, member = SCHEMA.parse(command.text), await turn.member()
    if asked.word == HELP:
        await turn.say_privately(ops_views.usage(SCHEMA.usage(member.language), member.language))
    elif asked.word == LIST:
        found = await turn.services.tenants.directory.list(limit=views.LISTED + 1)
        await turn.say_privately(views.listing(found, member.language))
    else:
        typed = NewTenant(asked.values["email"], asked.values["company"])
        await turn.open(views.form(command.channel_id, member, typed))


async def submit(turn: Turn, form: Submission) -> None:
    """The form: the onboarding is durable before Slack gets its answer."""
    channel_id, member = form.view.private_metadata, await turn.member()
    operator = await turn.services.ops.access.allow(turn.actor, channel_id, TENANT_CREATE)
    shown = CardPlace(Place(turn.actor.workspace_id, channel_id), member.language)
    try:
        new = views.read_form(form.state)
        tenant = await turn.services.tenants.signups.create(operator, new, shown)
    except (Invalid, Conflict) as error:
        await _refuse(turn, form, error)
        return
    await turn.ack()
    await turn.whisper(channel_id, views.started(tenant, member.language))


async def manage(turn: Turn, click: Click) -> None:
    """One tenant in a modal, with everything that can be done."""
    await turn.services.ops.access.allow_again(turn.actor, TENANT_CREATE)
    await turn.open(await _managed(turn, click.value))


async def ask_suspend(turn: Turn, click: Click) -> None:
    """Why it is to be suspended."""
    await turn.services.ops.access.allow_again(turn.actor, TENANT_CREATE)
    tenant = await turn.services.tenants.directory.get(click.value)
    await turn.push(views.suspend_form(tenant, await turn.language()))


async def ask_delete(turn: Turn, click: Click) -> None:
    """Its short name has to be typed."""
    await turn.services.ops.access.allow_again(turn.actor, TENANT_CREATE)
    tenant = await turn.services.tenants.directory.get(click.value)
    await turn.push(views.delete_form(tenant, await turn.language()))


async def suspend(turn: Turn, form: Submission) -> None:
    """The yes of a suspension, with its reason."""
    operator, shown = await _allowed(turn)
    tenant_id, tenants = form.view.private_metadata, turn.services.tenants.directory
    deed = tenants.suspend(operator, tenant_id, views.REASON.read(form.state), shown)
    await _submitted(turn, form, deed, "suspend")


async def delete(turn: Turn, form: Submission) -> None:
    """The yes of a deletion, with the short name as it was typed."""
    operator, shown = await _allowed(turn)
    tenant_id, tenants = form.view.private_metadata, turn.services.tenants.directory
    deed = tenants.delete(operator, tenant_id, views.CONFIRM.read(form.state), shown)
    await _submitted(turn, form, deed, "delete")


async def resume(turn: Turn, click: Click) -> None:
    """Accept connections again."""
    operator, shown = await _allowed(turn)
    tenants = turn.services.tenants.directory
    await _clicked(turn, click, await tenants.resume(operator, click.value, shown), "resume")


async def extend(turn: Turn, click: Click) -> None:
    """Two weeks more of trial, once for each click."""
    operator, _ = await _allowed(turn)
    once = replace(operator, request=f"extend:{click.trigger_id}")
    tenants = turn.services.tenants.directory
    await _clicked(turn, click, await tenants.extend_trial(once, click.value, TRIAL_DAYS), "extend")


async def invite(turn: Turn, click: Click) -> None:
    """A new invitation in place of the old one."""
    operator, _ = await _allowed(turn)
    tenants = turn.services.tenants
    await tenants.invitations.send_again(operator, click.value)
    await _clicked(turn, click, await tenants.directory.get(click.value), "invite")


async def retry(turn: Turn, click: Click) -> None:
    """Go on with what failed."""
    operator, _ = await _allowed(turn)
    tenants = turn.services.tenants.directory
    await _clicked(turn, click, await tenants.retry(operator, click.value), "retry")


async def keep(turn: Turn, click: Click) -> None:
    """Take a deletion back."""
    operator, shown = await _allowed(turn)
    tenants = turn.services.tenants.directory
    await _clicked(turn, click, await tenants.keep(operator, click.value, shown), "keep")


async def _allowed(turn: Turn) -> tuple[Operator, CardPlace]:
    """Who it is, and where the card of what they do goes."""
    access = turn.services.ops.access
    operator = await access.allow_again(turn.actor, TENANT_CREATE)
    place = Place(turn.actor.workspace_id, access.channel_for(turn.actor))
    return operator, CardPlace(place, await turn.language())


async def _clicked(turn: Turn, click: Click, tenant: Tenant, told: str) -> None:
    """The modal shows what is now; a message's button is answered privately."""
    await turn.ack()
    if click.view is None:
        await turn.say_privately(views.done(tenant, told, await turn.language()))
    else:
        await turn.update(click.view.id, await _managed(turn, tenant.id, told))


async def _submitted(turn: Turn, form: Submission, deed: Awaitable[Tenant], told: str) -> None:
    """What lay under the form shows what is now; a wrong answer stays in the form."""
    try:
        tenant = await deed
    except Invalid as error:
        await _refuse(turn, form, error)
        return
    await turn.ack()
    with suppress(ViewClosed):
        await turn.update(form.view.previous_id, await _managed(turn, tenant.id, told))


async def _refuse(turn: Turn, form: Submission, error: Invalid | Conflict) -> None:
    field = error.field if isinstance(error, Invalid) else "company_name"
    block = form.state.block_of(views.FIELDS.get(field, views.FIELDS["company_name"]))
    await turn.errors({block: error.sentence(await turn.language())})


async def _managed(turn: Turn, tenant_id: str, told: str = "") -> View:
    tenants = turn.services.tenants
    tenant = await tenants.directory.get(tenant_id)
    admin = await tenants.invitations.admin_of(tenant_id)
    return views.manage(tenant, admin, await turn.language(), told)
