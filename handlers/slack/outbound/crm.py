"""What came of a task or note for the CRM: in the modal that waits for it, else on a card."""

from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.outbound.post import Posted, draw
from handlers.slack.outbound.reach import Clients, RefusedBySlack, client_for, reaching_slack
from services.crm import ActivityPlace, CrmActivity
from services.people import Member
from views.slack.crm import activities as views


class SlackActivityDisplay:
    """Speaks to members as the bot of their own workspace."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def show_activity(self, activity: CrmActivity, member: Member) -> ActivityPlace:
        """Draw the outcome where it is waited for, and on its card if there is one.

        Without an open modal the card is posted. Raises Temporary while Slack is away.
        """
        client = await client_for(self._clients, activity.actor)
        view_open = await _drawn(client, activity, member)
        at = Posted(activity.card_channel, activity.card_ts)
        if at.ts or not view_open:
            try:
                at = await draw(client, at, activity.actor.member_id, views.card(activity, member))
            except RefusedBySlack:
                at = Posted(activity.card_channel, activity.card_ts)
        view_id = activity.view_id if view_open else ""
        return ActivityPlace(view_id, at.channel_id, at.ts)


async def _drawn(client: AsyncWebClient, activity: CrmActivity, member: Member) -> bool:
    """Whether the modal is open; it shows the outcome then."""
    if not activity.view_id:
        return False
    try:
        with reaching_slack():
            view = views.outcome(activity, member).to_dict()
            await client.views_update(view_id=activity.view_id, view=view)
    except RefusedBySlack:
        return False
    return True
