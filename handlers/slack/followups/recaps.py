"""The recap: its channel and words, seen and changed before it is posted."""

from handlers.slack.followups.evidence import show_blocked
from handlers.slack.followups.reviews import show_review
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Submission
from handlers.slack.kit.routing import Listeners
from services.errors import Conflict, Invalid, Temporary
from services.followups import RECAP_WISHES, RecapChannel, RecapForm, RecapWish, Unsupported
from views.kit.blocks import View
from views.slack.followups import recap as views
from views.slack.followups import review

RECAP = "recap"


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(review.CHANGE_RECAP.action_id, change)
    on.view(views.RECAP_FORM, submit)


async def form_of(turn: Turn, followup_id: str, when: str) -> View:
    """The form as it stands."""
    order = await turn.services.followups.actions.plan(turn.actor, followup_id, RECAP)
    form = await turn.services.followups.recap.form(order)
    return views.recap_form(form, await turn.member(), when)


async def change(turn: Turn, click: Click) -> None:
    """From the review: the form on top of it."""
    await turn.ack()
    await turn.push(await form_of(turn, click.value, views.LATER))


async def submit(turn: Turn, form: Submission) -> None:
    """Posted, or kept for the review; a channel that cannot take it is told where it was chosen."""
    followup_id, when = views.read_purpose(form.view.private_metadata)
    wish = views.read_recap(form.state)
    try:
        channel = await _checked(turn, wish)
    except (Conflict, Invalid) as error:
        field = error.field if isinstance(error, Invalid) else "channel"
        block = views.error_block(form.state, field)
        await turn.errors({block: error.sentence(await turn.language())})
        return
    if channel is not None and channel.is_shared and not wish.outsiders:
        await _ask_again(turn, (followup_id, when), wish, channel)
        return
    await _go_on(turn, form, wish)


async def _checked(turn: Turn, wish: RecapWish) -> RecapChannel | None:
    """The channel, or None when Slack does not say now: it is looked at again before posting."""
    try:
        return await turn.services.followups.recap.checked(turn.actor, wish)
    except Temporary:
        return None


async def _ask_again(
    turn: Turn, purpose: tuple[str, str], wish: RecapWish, channel: RecapChannel
) -> None:
    followup_id, when = purpose
    followup = await turn.services.followups.drafts.see(turn.actor, followup_id)
    form = RecapForm(followup, wish, wish.text)
    await turn.replace(views.recap_form(form, await turn.member(), when, channel))


async def _go_on(turn: Turn, form: Submission, wish: RecapWish) -> None:
    followup_id, when = views.read_purpose(form.view.private_metadata)
    actions, kept = turn.services.followups.actions, RECAP_WISHES.dump_json(wish).decode()
    if when == views.LATER:
        await actions.wish(turn.actor, followup_id, RECAP, kept)
        await turn.ack()
        await show_review(turn, followup_id, form.view.previous_id)
        return
    try:
        await actions.request(turn.actor, followup_id, {RECAP: kept})
    except Unsupported:
        await show_blocked(turn, form, followup_id)
        return
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)
