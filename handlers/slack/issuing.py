"""`/license-issue`: one license by text or form, many by CSV; preview, confirm, receipt."""

from handlers.slack.kit.arguments import Argument, Flag, ParsedCommand, Schema, Word
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, Submission
from handlers.slack.kit.routing import Listeners
from services.actors import Operator
from services.errors import Invalid, Temporary
from services.issuing import LICENSE_ISSUE, Typed, read_months
from services.people import Member
from views.slack import ops as ops_views
from views.slack.issuing import bulk as bulk_views
from views.slack.issuing import single as views
from views.words import issuing as say
from views.words import ops as words

BULK, HELP = "bulk", "help"
DRY_RUN, SEND_EMAIL = "--dry-run", "--email"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.command(LICENSE_ISSUE, issue, at_once=True)
    on.view(views.FORM, submit)
    on.action(views.CONFIRM.action_id, confirm)
    on.action(views.WITHDRAW.action_id, withdraw)
    on.action(views.EMAIL_KEY.action_id, email_key)
    on.view(bulk_views.FORM, submit_bulk)
    on.action(bulk_views.SHOW_KEYS.action_id, show_keys, at_once=True)
    on.action(bulk_views.SHOW_BAD.action_id, show_bad, at_once=True)


def is_address(typed: str) -> bool:
    """Whether it may be an e-mail address at all."""
    return typed.count("@") == 1


def is_term(typed: str) -> bool:
    """Whether it is a number of months or “lifetime”."""
    try:
        read_months(typed)
    except Invalid:
        return False
    return True


SCHEMA = Schema(
    command=LICENSE_ISSUE,
    about=say.ABOUT,
    arguments=(
        Argument(
            "email",
            say.EMAIL_NAME,
            "you@example.com",
            say.EMAIL_ABOUT,
            missing=say.EMAIL_MISSING,
            unfit=say.EMAIL_UNFIT,
            fits=is_address,
        ),
        Argument("plan", say.PLAN_NAME, "pro", say.PLAN_ABOUT, missing=say.PLAN_MISSING),
        Argument(
            "months", say.MONTHS_NAME, "12", say.MONTHS_ABOUT, unfit=say.MONTHS_UNFIT, fits=is_term
        ),
        Argument("domain", say.DOMAIN_NAME, "shop.example", say.DOMAIN_ABOUT),
    ),
    flags=(Flag(DRY_RUN, words.DRY_RUN), Flag(SEND_EMAIL, say.SEND_EMAIL_FLAG)),
    words=(Word(BULK, say.BULK_WORD), Word(HELP, say.HELP_WORD)),
)


async def issue(turn: Turn, command: Command) -> None:
    """`/license-issue [email plan [months] [domain] [--dry-run] [--email] | bulk | help]`."""
    operator = await turn.services.ops.access.allow(turn.actor, command.channel_id, command.name)
    asked, member = SCHEMA.parse(command.text), await turn.member()
    if asked.word == HELP:
        await turn.say_privately(ops_views.usage(SCHEMA.usage(member.language), member.language))
    elif asked.word == BULK:
        await turn.open(bulk_views.form(command.channel_id, member))
    elif asked.nothing:
        plans = await turn.services.licensing.plans.available()
        await turn.open(views.form(plans, command.channel_id, member))
    else:
        await _answer(turn, operator, command.channel_id, asked, member)


async def submit(turn: Turn, form: Submission) -> None:
    """The form: the preview goes to the channel it was opened in."""
    channel_id, member = form.view.private_metadata, await turn.member()
    await turn.services.ops.access.allow(turn.actor, channel_id, LICENSE_ISSUE)
    plans = await turn.services.licensing.plans.available()
    try:
        preview = await turn.services.issuing.single.preview(views.read_form(form.state, plans))
    except Invalid as error:
        block = form.state.block_of(views.FIELDS[error.field])
        await turn.errors({block: error.sentence(member.language)})
        return
    proposal = await turn.services.issuing.single.propose(turn.actor, channel_id, preview)
    await turn.ack()
    await turn.whisper(channel_id, views.preview(preview, proposal, member.language))


async def submit_bulk(turn: Turn, form: Submission) -> None:
    """The bulk form: read while a waiting view shows; the preview goes to the channel."""
    channel_id, member = form.view.private_metadata, await turn.member()
    await turn.services.ops.access.allow(turn.actor, channel_id, LICENSE_ISSUE)
    upload = bulk_views.read_upload(form.state)
    try:
        turn.services.issuing.uploads.check(upload)
    except Invalid as error:
        block = form.state.block_of(bulk_views.PASTED.action_id)
        await turn.errors({block: error.sentence(member.language)})
        return
    await turn.replace(bulk_views.reading(member))
    try:
        read = await turn.services.issuing.uploads.propose(turn.actor, channel_id, upload)
    except (Invalid, Temporary) as error:
        problem = error.sentence(member.language)
        await turn.update(form.view.id, bulk_views.form(channel_id, member, problem=problem))
        return
    shown = bulk_views.preview(*read, member, emails=upload.send_email)
    await turn.whisper(channel_id, shown)
    await turn.update(form.view.id, bulk_views.was_read(member))


async def confirm(turn: Turn, click: Click) -> None:
    """The yes: the job is written down before Slack gets its answer."""
    proposal = await turn.services.issuing.single.confirm(turn.actor, click.value)
    await turn.ack()
    await turn.redraw(views.started(proposal, await turn.language()))


async def withdraw(turn: Turn, click: Click) -> None:
    """The no."""
    await turn.services.issuing.single.withdraw(turn.actor, click.value)
    await turn.ack()
    await turn.redraw(ops_views.withdrawn(await turn.language()))


async def email_key(turn: Turn, click: Click) -> None:
    """The receipt's button: the key leaves for the customer, once however often it is clicked."""
    operator = await turn.services.ops.access.allow_again(turn.actor, LICENSE_ISSUE)
    request_id = f"receipt:{click.value}"
    sent = await turn.services.licensing.licenses.deliver(
        operator, click.value, request_id=request_id
    )
    await turn.ack()
    await turn.say_privately(views.emailed(sent.email, await turn.language()))


async def show_keys(turn: Turn, click: Click) -> None:
    """The keys of a bulk issue, seen only by the person who clicks; more in the same place."""
    ticket = bulk_views.read_keys_ticket(click.value)
    view = bulk_views.keys(
        await turn.services.issuing.uploads.keys(turn.actor, *ticket), await turn.member()
    )
    if click.view is None:
        await turn.open(view)
    else:
        await turn.update(click.view.id, view)


async def show_bad(turn: Turn, click: Click) -> None:
    """Every line that was not issued, over whatever is open."""
    bad = await turn.services.issuing.uploads.bad(turn.actor, click.value)
    await turn.push(bulk_views.bad_lines(bad, await turn.member()))


async def _answer(
    turn: Turn, operator: Operator, channel_id: str, asked: ParsedCommand, member: Member
) -> None:
    values, language = asked.values, member.language
    typed = Typed(**values, send_email=SEND_EMAIL in asked.flags)
    if DRY_RUN in asked.flags:
        rehearsed = await turn.services.issuing.single.rehearse(operator, typed)
        await turn.say_privately(views.dry_run(rehearsed, language))
        return
    preview = await turn.services.issuing.single.preview(typed)
    proposal = await turn.services.issuing.single.propose(turn.actor, channel_id, preview)
    await turn.say_privately(views.preview(preview, proposal, language))
