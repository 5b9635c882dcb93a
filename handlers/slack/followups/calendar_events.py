"""The calendar event of a follow-up: its times are looked for, chosen, and ordered once."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Submission
from handlers.slack.kit.routing import Listeners
from services.calendar import USUAL_LENGTH
from services.errors import Invalid
from services.followups import CALENDAR, FollowUp, agreed_meeting, event_suggestion, guests_of
from views.slack import calendar as views
from views.slack.errors import Again


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(views.OPEN.action_id, open_form, at_once=True)
    on.action(views.LENGTH.action_id, change_length)
    on.view(views.FORM, submit)


async def open_form(turn: Turn, click: Click) -> None:
    """Free times of the next two weeks, the agreed one first."""
    await show_form(turn, click.value)


async def show_form(turn: Turn, followup_id: str) -> None:
    """A waiting view at once, the form once Google has answered."""
    member = await turn.member()
    turn.place.again = Again(views.OPEN, followup_id)
    shown = await turn.push(views.loading(member.language))
    followup = await turn.services.followups.drafts.see(turn.actor, followup_id)
    title, agenda = event_suggestion(followup)
    form = await _form(turn, followup, title=title, agenda=agenda)
    if shown is not None:
        await turn.update(shown.id, views.form(form))


async def change_length(turn: Turn, click: Click) -> None:
    """Other times are free for a longer meeting; what is typed stays."""
    await turn.ack()
    if click.view is None:
        return
    followup_id, _ = views.read_metadata(click.view.private_metadata)
    followup = await turn.services.followups.drafts.see(turn.actor, followup_id)
    wish = views.read_wish(click.state, guests_of(followup))
    form = await _form(turn, followup, title=wish.title, agenda=wish.agenda, minutes=wish.minutes)
    await turn.update(click.view.id, views.form(form))


async def submit(turn: Turn, form: Submission) -> None:
    """The event is ordered, durably, before Slack gets its answer."""
    followup_id, zone = views.read_metadata(form.view.private_metadata)
    followup = await turn.services.followups.drafts.see(turn.actor, followup_id)
    try:
        wish = views.read_wish(form.state, guests_of(followup))
        plan = await turn.services.calendar.plan(turn.actor, wish, zone=zone)
    except Invalid as error:
        block = views.error_block(form.state, error.field)
        await turn.errors({block: error.sentence(await turn.language())})
        return
    await turn.services.followups.actions.request(turn.actor, followup_id, {CALENDAR: plan.json()})
    await turn.ack()
    await turn.services.followups.drafts.show(followup_id)


async def _form(
    turn: Turn, followup: FollowUp, *, title: str, agenda: str, minutes: int = USUAL_LENGTH
) -> views.EventForm:
    guests = guests_of(followup)
    found = await turn.services.calendar.propose(
        turn.actor, minutes=minutes, guests=guests, stated=agreed_meeting(followup)
    )
    member = await turn.member()
    return views.EventForm(followup.id, found, member, guests, title, agenda, minutes)
