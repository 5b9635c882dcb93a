"""*Do all of it* and *Undo*: a review of everything first, then one job."""

from handlers.slack.followups.evidence import show_blocked
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Submission
from handlers.slack.kit.routing import Listeners
from services.connections import GOOGLE
from services.followups import NOTHING_ASKED, Unsupported
from views.slack.followups import picker
from views.slack.followups import review as views
from views.words import followups as say


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.view(views.REVIEW, do)
    on.view(views.UNDO_REVIEW, undo)


async def show_review(turn: Turn, followup_id: str, view_id: str) -> None:
    """What would happen, in an open modal; vendors are asked meanwhile."""
    review = await turn.services.followups.actions.review(turn.actor, followup_id)
    link = ""
    if any(one.plan.missing == GOOGLE for one in review.planned):
        link = await turn.services.connections.signins.link(turn.actor, followup_id)
    await turn.update(view_id, views.review(review, await turn.member(), link))


async def show_undo(turn: Turn, followup_id: str, view_id: str) -> None:
    """What would be taken back, in an open modal."""
    review = await turn.services.followups.actions.review_undo(turn.actor, followup_id)
    await turn.update(view_id, views.undo_review(review, await turn.member()))


async def do(turn: Turn, form: Submission) -> None:
    """Everything that is ticked, as one job."""
    names = views.read_review(form.state)
    if not names:
        sentence = NOTHING_ASKED(await turn.language())
        await turn.errors({form.state.block_of(views.DO.action_id): sentence})
        return
    followup_id = form.view.private_metadata
    asked = dict.fromkeys(names)
    try:
        await turn.services.followups.actions.request(turn.actor, followup_id, asked)
    except Unsupported:
        await show_blocked(turn, form, followup_id)
        return
    await _follow(turn, form, followup_id)


async def _follow(turn: Turn, form: Submission, followup_id: str) -> None:
    """Progress and receipts: on the card it came from, else in the place of the review."""
    if form.view.previous_id:
        language = await turn.language()
        await turn.replace(picker.loading(language, say.DRAFT_TITLE(language)))
        drafts = turn.services.followups.drafts
        await drafts.shown_in(turn.actor, followup_id, form.view.id)
    else:
        await turn.ack()
    await turn.services.followups.drafts.show(followup_id)


async def undo(turn: Turn, form: Submission) -> None:
    """Everything that is ticked is taken back, as one job."""
    names = views.read_undo(form.state)
    if not names:
        sentence = NOTHING_ASKED(await turn.language())
        await turn.errors({form.state.block_of(views.TAKE_BACK.action_id): sentence})
        return
    followup_id = form.view.private_metadata
    await turn.services.followups.actions.undo(turn.actor, followup_id, names)
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)


async def open_review(turn: Turn, followup_id: str, *, undo: bool) -> None:
    """From a card: in a modal of its own."""
    shown = await turn.open(views.loading(await turn.member(), undo="undo" if undo else ""))
    show = show_undo if undo else show_review
    await show(turn, followup_id, shown.id)
