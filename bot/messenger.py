"""The services' ports to Slack made real: look people up, draw follow-ups, tell news privately."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from services.actors import Actor
from services.connections import GOOGLE
from services.errors import AWAY, Temporary
from services.members import Member
from services.phrases import language_of
from services.ports import SlackPerson
from services.progress import FollowUp
from services.stage import Shown
from views.slack import connections as connection_views
from views.slack.blocks import Message
from views.slack.followups import card
from views.slack.followups_draft import current

Clients = Callable[[Actor], Awaitable[AsyncWebClient]]

# What Slack answers once the person has put a modal away.
VIEW_GONE = frozenset({"not_found", "view_not_found", "expired_trigger_id"})
CARD_GONE = frozenset({"message_not_found", "cant_update_message", "channel_not_found"})

log = structlog.get_logger(__name__)


class SlackMessenger:
    """Speaks to members as the bot of their own workspace."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def person(self, actor: Actor) -> SlackPerson:
        """What users.info says; raises Temporary when Slack does not answer."""
        try:
            client = await self._clients(actor)
            answer = await client.users_info(user=actor.member_id, include_locale=True)
        except (SlackApiError, ClientError, TimeoutError) as error:
            raise Temporary(AWAY, vendor="Slack") from error
        user = answer["user"]
        profile = user.get("profile", {})
        return SlackPerson(
            name=profile.get("real_name") or user.get("real_name") or user.get("name", ""),
            email=profile.get("email", ""),
            locale=user.get("locale", "en-US"),
            tz=user.get("tz") or "UTC",
        )

    async def show(self, followup: FollowUp, member: Member) -> Shown:
        """Draw it in the open modal and on the card; Slack's refusals are logged, never raised."""
        client = await self._clients(followup.actor)
        view_open = False
        if followup.view_id:
            view_open = await self._update_view(client, followup, member)
        if view_open and not followup.card_ts and followup.draft is None:
            return Shown(view_open=True)
        channel, ts = await self._draw_card(client, followup, member)
        return Shown(view_open, channel, ts)

    async def connected(self, actor: Actor, account: str) -> None:
        """Gmail is connected."""
        language = await self._language(actor)
        await self._tell(actor, connection_views.gmail_connected(account, language))

    async def expired(self, actor: Actor, vendor: str) -> None:
        """A connection died; only Gmail's dies without the person looking on."""
        if vendor == GOOGLE:
            await self._tell(actor, connection_views.gmail_expired(await self._language(actor)))

    async def _language(self, actor: Actor) -> str:
        try:
            return language_of((await self.person(actor)).locale)
        except Temporary:
            return "en"

    async def _tell(self, actor: Actor, message: Message) -> None:
        client = await self._clients(actor)
        try:
            await client.chat_postMessage(
                channel=actor.member_id, text=message.text, blocks=message.blocks
            )
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("slack.not_told", reason=type(error).__name__)

    async def _update_view(
        self, client: AsyncWebClient, followup: FollowUp, member: Member
    ) -> bool:
        try:
            await client.views_update(view_id=followup.view_id, view=current(followup, member))
        except SlackApiError as error:
            if error.response["error"] not in VIEW_GONE:
                log.warning("slack.view_not_drawn", reason=error.response["error"])
            return False
        except (ClientError, TimeoutError) as error:
            log.warning("slack.view_not_drawn", reason=type(error).__name__)
            return True
        return True

    async def _draw_card(
        self, client: AsyncWebClient, followup: FollowUp, member: Member
    ) -> tuple[str, str]:
        message = card(followup, member)
        known = (followup.card_channel, followup.card_ts)
        try:
            if followup.card_ts and await _redrawn(client, known, message):
                return known
            posted = await client.chat_postMessage(
                channel=followup.actor.member_id, text=message.text, blocks=message.blocks
            )
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("slack.card_not_drawn", reason=type(error).__name__)
            return known
        return posted["channel"], posted["ts"]


async def _redrawn(client: AsyncWebClient, place: tuple[str, str], message: Message) -> bool:
    """Whether the card is still there to be drawn anew."""
    channel, ts = place
    try:
        await client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks)
    except SlackApiError as error:
        if error.response["error"] in CARD_GONE:
            return False
        raise
    return True
