"""Note, deal and tasks of a follow-up: their forms, from the review or by themselves."""

from handlers.slack.followups.reviews import show_review
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Submission
from handlers.slack.kit.routing import Listeners
from services.errors import Invalid
from services.followups import REPLACE
from services.followups import crm_forms as choices
from services.phrases import Phrase
from views.slack.followups import actions as shown
from views.slack.followups import crm as views
from views.slack.followups import review
from views.words.followups import crm as words


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(review.CHANGE_NOTE.action_id, change_note)
    on.action(review.CHANGE_DEAL.action_id, change_deal)
    on.action(review.CHANGE_TASKS.action_id, change_tasks)
    on.action(views.SHOW_DEALS.action_id, show_deals)
    on.action(views.EDIT_DEAL.action_id, edit_deal)
    on.action(shown.OVERWRITE.action_id, overwrite)
    on.view(views.NOTE_FORM, save_note)
    on.view(views.DEAL_FORM, save_deal)
    on.view(views.TASKS_FORM, save_tasks)


async def change_note(turn: Turn, click: Click) -> None:
    """From the review: the note's form on top of it."""
    view_id = await _wait(turn, words.NOTE_TITLE)
    form = await turn.services.followups.crm.note(turn.actor, click.value)
    await turn.update(view_id, views.note_form(form, await turn.member()))


async def change_tasks(turn: Turn, click: Click) -> None:
    """From the review: the tasks' form on top of it."""
    view_id = await _wait(turn, words.TASKS_TITLE)
    form = await turn.services.followups.crm.tasks(turn.actor, click.value)
    await turn.update(view_id, views.tasks_form(form, await turn.member()))


async def change_deal(turn: Turn, click: Click) -> None:
    """From the review: the deals on top of it."""
    view_id = await _wait(turn, words.DEALS_TITLE)
    await list_deals(turn, click.value, view_id, views.LATER)


async def list_deals(
    turn: Turn, followup_id: str, view_id: str, when: str, account_id: str = ""
) -> None:
    """The open deals in a modal that waits."""
    form = await turn.services.followups.crm.deals(turn.actor, followup_id, account_id)
    await turn.update(view_id, views.deals(form, await turn.member(), when))


async def show_deals(turn: Turn, click: Click) -> None:
    """Of several accounts this one's."""
    followup_id, when, account_id = views.read_purpose(click.value)
    await turn.ack()
    if click.view is not None:
        await list_deals(turn, followup_id, click.view.id, when, account_id)


async def edit_deal(turn: Turn, click: Click) -> None:
    """One deal, as it is now, in the same modal."""
    followup_id, when, ids = views.read_purpose(click.value)
    account_id, _, deal_id = ids.partition(":")
    await turn.ack()
    form = await turn.services.followups.crm.deals(turn.actor, followup_id, account_id)
    seen, member = form.find(deal_id), await turn.member()
    if click.view is not None:
        await turn.update(click.view.id, views.deal_form(form, seen, member, when))


async def save_note(turn: Turn, form: Submission) -> None:
    """Kept for the review; another account brings its own deals and people."""
    followup_id, _, _ = views.read_purpose(form.view.private_metadata)
    account, deal, people = views.read_note(form.state)
    before = await turn.services.followups.crm.note(turn.actor, followup_id)
    target = before.about.target
    if target is None or account not in ("", target.account.id):
        wish = choices.note_account(account)
    else:
        wish = choices.note_choice(target.account.id, deal, people)
    await _keep(turn, form, "note", wish)


async def save_deal(turn: Turn, form: Submission) -> None:
    """Saved at once, or kept for the review; what cannot be read is told beside its field."""
    followup_id, when, _ = views.read_purpose(form.view.private_metadata)
    seen = views.read_deal_seen(form.view.private_metadata)
    try:
        wish = choices.deal_choice(seen, views.read_deal(form.state))
    except Invalid as error:
        field = views.AMOUNT if error.field == "amount" else views.STAGE
        block = form.state.block_of(field.action_id)
        await turn.errors({block: error.sentence(await turn.language())})
        return
    if when == views.LATER:
        await _keep(turn, form, "deal", wish)
        return
    await turn.services.followups.actions.request(turn.actor, followup_id, {"deal": wish})
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)


async def save_tasks(turn: Turn, form: Submission) -> None:
    """Kept for the review."""
    account, keys = views.read_tasks(form.state)
    if keys == ():
        block = form.state.block_of(views.TASKS.action_id)
        await turn.errors({block: words.CHOOSE_ONE(await turn.language())})
        return
    await _keep(turn, form, "tasks", choices.tasks_choice(account, keys))


async def overwrite(turn: Turn, click: Click) -> None:
    """What somebody else changed meanwhile is changed again."""
    followup_id, name = shown.read_target(click.value)
    actions = turn.services.followups.actions
    await actions.request(turn.actor, followup_id, {name: None}, answer=REPLACE)
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)


async def _wait(turn: Turn, title: Phrase) -> str:
    """A modal over the review while the CRM is asked; its id."""
    await turn.ack()
    member = await turn.member()
    opened = await turn.push(views.loading(member, title(member.language)))
    return opened.id if opened else ""


async def _keep(turn: Turn, form: Submission, name: str, wish: str) -> None:
    followup_id, _, _ = views.read_purpose(form.view.private_metadata)
    await turn.services.followups.actions.wish(turn.actor, followup_id, name, wish)
    await turn.ack()
    await show_review(turn, followup_id, form.view.previous_id)
