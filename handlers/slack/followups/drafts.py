"""A follow-up in its owner's hands: cancel, retry, edit, regenerate, restore, Gmail draft."""

from handlers.slack.followups import crm_forms, recaps, reviews
from handlers.slack.followups.evidence import show_claims
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Closed, Submission
from handlers.slack.kit.routing import Listeners
from services.budgets import BudgetSpent
from services.errors import Disconnected, Invalid
from services.followups import FollowUp, Unsupported
from views.kit.blocks import View
from views.slack.connections import gmail_link
from views.slack.followups import card, crm, editor, recap, review
from views.words.followups import crm as words


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(editor.CANCEL.action_id, cancel)
    on.action(editor.RETRY.action_id, retry)
    on.action(editor.CREATE_DRAFT.action_id, create_draft)
    on.action(editor.ASK_REGENERATE.action_id, ask_regenerate)
    on.action(editor.SHOW_VERSIONS.action_id, show_versions)
    on.action(editor.RESTORE.action_id, restore)
    on.action(editor.BACK.action_id, back, at_once=True)
    on.action(review.SHOW_REVIEW.action_id, do_all)
    on.action(recap.OPEN_RECAP.action_id, open_recap)
    on.action(crm.OPEN_DEALS.action_id, open_deals)
    on.action(card.MENU.action_id, choose)
    on.view(editor.EDITOR, save)
    on.view(editor.REGENERATE, regenerate)
    for view in (editor.PROGRESS, editor.EDITOR):
        on.closed(view, closed)


async def cancel(turn: Turn, click: Click) -> None:
    """Stop the writing; the card says so."""
    await turn.services.followups.drafts.cancel(turn.actor, click.value)
    await turn.ack()
    await turn.services.followups.drafts.show(click.value)


async def retry(turn: Turn, click: Click) -> None:
    """Write again with the same wishes; what is typed in the editor is kept as a version."""
    if await _keep_typed(turn, click) is None:
        return
    await turn.services.followups.drafts.retry(turn.actor, click.value)
    await turn.ack()
    await turn.services.followups.drafts.show(click.value)


async def create_draft(turn: Turn, click: Click) -> None:
    """Into Gmail: from the editor with what is typed there now, from the card as it stands."""
    followup = await _keep_typed(turn, click)
    if followup is None:
        return
    try:
        await turn.services.followups.actions.request(turn.actor, click.value, {"gmail": ""})
    except Disconnected:
        await turn.ack()
        await _connect_first(turn, click, followup)
        return
    except Unsupported:
        await turn.ack()
        await show_claims(turn, click, click.value, is_blocked=True)
        return
    await turn.ack()
    await turn.services.followups.drafts.show(click.value)


async def ask_regenerate(turn: Turn, click: Click) -> None:
    """What is typed is kept first; then the same modal asks what should change."""
    followup = await _keep_typed(turn, click)
    if followup is None:
        return
    await turn.ack()
    await _aside(turn, click, editor.regenerate(followup, await turn.member()))


async def show_versions(turn: Turn, click: Click) -> None:
    """What is typed is kept first; then the same modal lists the versions."""
    followup = await _keep_typed(turn, click)
    if followup is None:
        return
    await turn.ack()
    await _aside(turn, click, editor.versions(followup, await turn.member()))


async def do_all(turn: Turn, click: Click) -> None:
    """What is typed is kept first; then the same modal reviews everything that can be done."""
    if await _keep_typed(turn, click) is None or click.view is None:
        return
    await turn.ack()
    await _aside(turn, click, review.loading(await turn.member()))
    await reviews.show_review(turn, click.value, click.view.id)


async def open_recap(turn: Turn, click: Click) -> None:
    """What is typed is kept first; then the same modal asks for channel and words."""
    if await _keep_typed(turn, click) is None:
        return
    await turn.ack()
    await _aside(turn, click, await recaps.form_of(turn, click.value, recap.NOW))


async def open_deals(turn: Turn, click: Click) -> None:
    """What is typed is kept first; then the same modal lists the account's open deals."""
    if await _keep_typed(turn, click) is None or click.view is None:
        return
    await turn.ack()
    member = await turn.member()
    await _aside(turn, click, crm.loading(member, words.DEALS_TITLE(member.language)))
    await crm_forms.list_deals(turn, click.value, click.view.id, crm.NOW)


async def restore(turn: Turn, click: Click) -> None:
    """An earlier version becomes the current one."""
    followup_id, _, number = click.value.partition(":")
    await turn.services.followups.drafts.restore(turn.actor, followup_id, int(number))
    await turn.ack()
    await _return(turn, click, followup_id)


async def back(turn: Turn, click: Click) -> None:
    """Back to the draft."""
    await _return(turn, click, click.value)


async def choose(turn: Turn, click: Click) -> None:
    """Do what was chosen in the card's menu."""
    choice, followup_id = card.read_menu(click.value)
    if choice == card.DISCARD:
        await turn.services.followups.drafts.discard(turn.actor, followup_id)
        await turn.ack()
        await turn.services.followups.drafts.show(followup_id)
        return
    await turn.ack()
    if choice in (card.DO_ALL, card.UNDO):
        await reviews.open_review(turn, followup_id, undo=choice == card.UNDO)
        return
    draw = {
        card.VIEW_EDIT: editor.current,
        card.REGENERATE: editor.regenerate,
        card.VERSIONS: editor.versions,
    }[choice]
    followup = await turn.services.followups.drafts.see(turn.actor, followup_id)
    shown = await turn.open(draw(followup, await turn.member()))
    if choice == card.VIEW_EDIT:
        await turn.services.followups.drafts.shown_in(turn.actor, followup_id, shown.id)
        # Whatever happened to it while the modal opened.
        await turn.services.followups.drafts.show(followup_id)


async def save(turn: Turn, form: Submission) -> None:
    """The editor was submitted: its text is what every later action uses."""
    followup_id = form.view.private_metadata
    try:
        await turn.services.followups.drafts.edit(
            turn.actor, followup_id, editor.read_edits(form.state)
        )
    except Invalid as error:
        sentence = error.sentence(await turn.language())
        await turn.errors({editor.error_block(form.state, error.field): sentence})
        return
    await turn.ack()
    await turn.services.followups.drafts.shown_in(turn.actor, followup_id, "")
    await turn.services.followups.claims.prepare(turn.actor, followup_id)
    await turn.services.followups.drafts.show(followup_id)


async def regenerate(turn: Turn, form: Submission) -> None:
    """A new version is written down as a job; the modal shows its progress."""
    member = await turn.member()
    words = editor.INSTRUCTION.read(form.state)
    try:
        followup = await turn.services.followups.drafts.regenerate(
            turn.actor, form.view.private_metadata, words, form.view.id
        )
    except (Invalid, BudgetSpent) as error:
        block = form.state.block_of(editor.INSTRUCTION.action_id)
        await turn.errors({block: error.sentence(member.language)})
        return
    await turn.replace(editor.progress(followup, member))
    await turn.services.followups.drafts.show(followup.id)


async def closed(turn: Turn, closing: Closed) -> None:
    """The modal was closed: what comes next arrives as a card in the messages."""
    followup_id = closing.view.private_metadata
    await turn.services.followups.drafts.closed(turn.actor, followup_id, closing.view.id)
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)


async def _connect_first(turn: Turn, click: Click, followup: FollowUp) -> None:
    """The link to Gmail where the button was; the draft goes on once it is connected."""
    member = await turn.member()
    url = await turn.services.connections.signins.link(turn.actor, followup.id)
    if click.view is not None:
        await turn.update(click.view.id, editor.editor(followup, member, url))
    elif not await turn.redraw(card.card(followup, member, url)):
        await turn.say_privately(gmail_link(url, member, ""))


async def _keep_typed(turn: Turn, click: Click) -> FollowUp | None:
    """The follow-up with what is typed in the editor; None when that cannot be used, and is told.

    Then the same editor says so: Slack keeps what was typed in fields that stay where they are.
    """
    if click.view is None or click.view.callback_id != editor.EDITOR:
        return await turn.services.followups.drafts.see(turn.actor, click.value)
    edits = editor.read_edits(click.state)
    try:
        return await turn.services.followups.drafts.edit(turn.actor, click.value, edits)
    except Invalid as error:
        await turn.ack()
        followup = await turn.services.followups.drafts.see(turn.actor, click.value)
        await turn.update(click.view.id, editor.editor(followup, await turn.member(), wrong=error))
        return None


async def _aside(turn: Turn, click: Click, view: View) -> None:
    """Another page in the same modal, which progress of the follow-up must not overwrite."""
    if click.view is None:
        return
    await turn.services.followups.drafts.closed(turn.actor, click.value, click.view.id)
    await turn.update(click.view.id, view)


async def _return(turn: Turn, click: Click, followup_id: str) -> None:
    """The modal shows the follow-up again, and its progress from now on."""
    if click.view is None:
        return
    await turn.services.followups.claims.prepare(turn.actor, followup_id)
    await turn.services.followups.drafts.shown_in(turn.actor, followup_id, click.view.id)
    await turn.services.followups.drafts.show(followup_id)
