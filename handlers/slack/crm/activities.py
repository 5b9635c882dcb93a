"""`/crono-add-task`, and the shortcuts that make CRM tasks and notes, of messages too."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from handlers.slack.kit.arguments import Argument, Schema, Word, as_read, tokens
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command, MessageRef, Shortcut, Submission, Suggestion
from handlers.slack.kit.routing import Listeners
from services.crm import (
    ACTIVITY_PENDING,
    ActivityPlace,
    CrmActivity,
    CrmQuery,
    NoteEntry,
    TaskEntry,
    TypedTask,
    read_typed,
)
from services.errors import Disconnected, Invalid
from views.slack import ops as ops_views
from views.slack.crm import activities as views
from views.words.crm import activities as say

COMMAND = "/crono-add-task"
ADD_TASK = "crm.add_task"
TASK_FROM_MESSAGE = "crm.task_from_message"
NOTE_FROM_MESSAGE = "crm.note_from_message"
HELP = "help"
OFFERED = 30
# Slack waits three seconds for options.
SUGGEST_SECONDS = 2.0
SUBJECT = 80

SCHEMA = Schema(
    command=COMMAND,
    about=say.HELP_ABOUT,
    arguments=(
        Argument("email", say.ARG_EMAIL, "ada@acme.com", say.ARG_EMAIL_ABOUT),
        Argument("type", say.ARG_TYPE, "Call", say.ARG_TYPE_ABOUT),
        Argument("day", say.ARG_DAY, "tomorrow", say.ARG_DAY_ABOUT),
        Argument("time", say.ARG_TIME, "10:00", say.ARG_TIME_ABOUT),
        Argument("subject", say.ARG_SUBJECT, '"about the offer"', say.ARG_SUBJECT_ABOUT),
    ),
    words=(Word(HELP, say.HELP_WORD),),
)


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.command(COMMAND, add_task, at_once=True)
    on.shortcut(ADD_TASK, add_task_from_shortcut, at_once=True)
    on.shortcut(TASK_FROM_MESSAGE, task_from_message, at_once=True)
    on.shortcut(NOTE_FROM_MESSAGE, note_from_message, at_once=True)
    on.options(views.ABOUT.action_id, suggest)
    on.action(views.ABOUT.action_id, choose)
    on.view(views.TASK_FORM, submit)
    on.view(views.NOTE_FORM, submit)
    on.action(views.AGAIN.action_id, again)
    on.action(views.EDIT.action_id, edit, at_once=True)


async def add_task(turn: Turn, command: Command) -> None:
    """`/crono-add-task [e-mail] [type] [day] [time] ["subject"] | help`: the form, filled in."""
    member = await turn.member()
    example = say.EXAMPLE(member.language)
    words = tokens(command.text, example)
    if [word.lower() for word in words] == [HELP]:
        about = say.HELP_ABOUT(member.language, crm=await _crm_name(turn, member.language))
        usage = replace(SCHEMA.usage(member.language), about=about, example=example)
        await turn.say_privately(ops_views.usage(usage, member.language))
        return
    today = await turn.services.crm.activity_forms.today(turn.actor)
    await _open_task(turn, read_typed(words, today))


async def add_task_from_shortcut(turn: Turn, _: Shortcut) -> None:
    """The empty form from the shortcuts menu."""
    await open_empty_task(turn)


async def open_empty_task(turn: Turn) -> None:
    """The empty form."""
    await _open_task(turn, TypedTask())


async def task_from_message(turn: Turn, shortcut: Shortcut) -> None:
    """A task whose description is the message."""
    text = as_read(shortcut.message.text) if shortcut.message else ""
    first = next(iter(text.strip().splitlines()), "")
    await _open_task(turn, TypedTask(subject=first[:SUBJECT]), text)


async def note_from_message(turn: Turn, shortcut: Shortcut) -> None:
    """A note with the message's text; of one message an account gets one note."""
    message = shortcut.message or MessageRef("", "0")
    wish = NoteEntry(
        about=None,
        text=as_read(message.text),
        message=f"Slack {turn.actor.workspace_id}/{message.channel_id}/{message.ts}",
        written_at=datetime.fromtimestamp(float(message.ts), UTC),
    )
    ticket = views.FormTicket(uuid4().hex, message=wish.message, written_at=wish.written_at)
    await turn.open(views.form(await _form(turn, ticket, wish)))


async def suggest(turn: Turn, asked: Suggestion) -> None:
    """Contacts and accounts that fit what is typed, from our own index."""
    try:
        async with asyncio.timeout(SUGGEST_SECONDS):
            query = CrmQuery(asked.typed, limit=OFFERED)
            hits = await turn.services.crm.index.search(turn.actor, query)
            crm = await turn.services.crm.activities.crm(turn.actor)
            choices = views.offers(hits, crm.words, await turn.language())
    except TimeoutError:
        # The next letter asks again; an answer that comes too late is an error to Slack.
        choices = ()
    await turn.options(*choices)


async def choose(turn: Turn, click: Click) -> None:
    """Somebody was chosen: their account's open deals are offered too."""
    await turn.ack()
    if click.view is None:
        return
    ticket = views.read_ticket(click.view.private_metadata)
    about = await turn.services.crm.activity_forms.target(
        turn.actor, *views.read_about(click.state)
    )
    is_task = click.view.callback_id == views.TASK_FORM
    read = views.read_task if is_task else views.read_note
    wish: TaskEntry | NoteEntry = read(click.state, ticket, about)
    await turn.update(click.view.id, views.form(await _form(turn, ticket, wish)))


async def submit(turn: Turn, form: Submission) -> None:
    """Taken down before Slack gets its answer; the modal waits for the outcome."""
    ticket, member = views.read_ticket(form.view.private_metadata), await turn.member()
    activities = turn.services.crm.activities
    about = await turn.services.crm.activity_forms.target(
        turn.actor, *views.read_about(form.state), deal_id=views.read_deal(form.state)
    )
    read = views.read_task if form.callback_id == views.TASK_FORM else views.read_note
    wish: TaskEntry | NoteEntry = read(form.state, ticket, about)
    try:
        activity = await activities.submit(turn.actor, ticket.id, wish, form.view.id)
    except Invalid as error:
        block = views.error_block(form.state, error.field)
        await turn.errors({block: error.sentence(member.language)})
        return
    await turn.replace(views.waiting(activity, await _crm_name(turn, member.language), member))
    await _settle(turn, activity, form.view.id)


async def again(turn: Turn, click: Click) -> None:
    """Once more, as it was typed."""
    view_id, card = click.view.id if click.view else "", click.message or MessageRef("", "")
    place = ActivityPlace(view_id, card.channel_id, card.ts)
    activity = await turn.services.crm.activities.again(turn.actor, click.value, place)
    await turn.ack()
    member = await turn.member()
    name = await _crm_name(turn, member.language)
    if click.view is not None:
        await turn.update(view_id, views.waiting(activity, name, member))
    else:
        await turn.redraw(views.waiting_card(activity, name, member))
    await _settle(turn, activity, view_id)


async def edit(turn: Turn, click: Click) -> None:
    """The form again, with all that was typed."""
    activity = await turn.services.crm.activities.see(turn.actor, click.value)
    wish = activity.wish
    if isinstance(wish, TaskEntry):
        ticket = views.FormTicket(activity.id, wish.zone)
    else:
        ticket = views.FormTicket(activity.id, "UTC", wish.message, wish.written_at)
    form = views.form(await _form(turn, ticket, wish, activity.problem))
    if click.view is not None:
        await turn.update(click.view.id, form)
    else:
        await turn.open(form)


async def _open_task(turn: Turn, typed: TypedTask, description: str = "") -> None:
    wish = await turn.services.crm.activity_forms.task(turn.actor, typed, description)
    ticket = views.FormTicket(uuid4().hex, wish.zone)
    form = await _form(turn, ticket, wish)
    if typed.email and wish.about is None:
        form = replace(form, unknown_email=typed.email)
    await turn.open(views.form(form))


async def _form(
    turn: Turn, ticket: views.FormTicket, wish: TaskEntry | NoteEntry, problem: str = ""
) -> views.ActivityForm:
    crm = await turn.services.crm.activities.crm(turn.actor)
    account_id = wish.about.account_id if wish.about else ""
    deals = await turn.services.crm.index.open_deals(turn.actor, account_id) if account_id else ()
    return views.ActivityForm(
        ticket=ticket,
        wish=wish,
        member=await turn.member(),
        crm=crm.name,
        capabilities=crm.capabilities,
        words=crm.words,
        deals=deals,
        problem=problem,
        reading=await turn.services.connections.crm_keys.progress(turn.actor.workspace_id),
    )


async def _settle(turn: Turn, activity: CrmActivity, view_id: str) -> None:
    """The outcome may have come before our answer did, which then covers it: draw it again."""
    if not view_id:
        return
    now = await turn.services.crm.activities.see(turn.actor, activity.id)
    if now.status != ACTIVITY_PENDING:
        await turn.update(view_id, views.outcome(now, await turn.member()))


async def _crm_name(turn: Turn, language: str) -> str:
    try:
        return (await turn.services.crm.activities.crm(turn.actor)).name
    except Disconnected:
        return say.NO_CRM_HELP(language)
