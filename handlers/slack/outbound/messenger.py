"""The services' ports to Slack made real: look people up, draw follow-ups, tell news privately."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.slack.kit.context import OK, RESPONSE_SECONDS, code_of
from services.actors import Actor
from services.connections import GOOGLE, HOME, MESSAGE, VIEW, LinkOrigin, News
from services.errors import AWAY, DomainError, Temporary
from services.followups import FollowUp, Shown
from services.people import Member
from services.phrases import language_of
from services.ports import SlackPerson
from views.kit.blocks import Message
from views.slack import connections as connection_views
from views.slack import people as settings_views
from views.slack.followups.card import card
from views.slack.followups.editor import current

Clients = Callable[[Actor], Awaitable[AsyncWebClient]]

# What Slack answers once the person has put a modal away.
VIEW_GONE = frozenset({"not_found", "view_not_found", "expired_trigger_id"})
CARD_GONE = frozenset({"message_not_found", "cant_update_message", "channel_not_found"})
# Slack's words for trouble of its own ("": no words at all, a gateway's page).
TROUBLE = frozenset(
    {"", "fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}
)
FAILURES = (SlackClientError, ClientError, TimeoutError)

log = structlog.get_logger(__name__)


class SlackMessenger:
    """Speaks to members as the bot of their own workspace."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients

    async def person(self, actor: Actor) -> SlackPerson:
        """What users.info says; raises Temporary when Slack does not answer."""
        try:
            client = await self.clients(actor)
            answer = await client.users_info(user=actor.member_id, include_locale=True)
        except FAILURES as error:
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
        """Draw it in the open modal and on the card; what Slack refuses is logged, never raised."""
        view_open, known = bool(followup.view_id), (followup.card_channel, followup.card_ts)
        client = await self._client(followup.actor)
        if client is None:
            return Shown(view_open, *known, away=True)
        drawn = await _draw_view(client, followup, member) if view_open else False
        # A modal that could not be reached may still be there.
        view_open = drawn is not False
        if view_open and not followup.card_ts and followup.draft is None:
            return Shown(view_open=True, away=drawn is None)
        place = await _draw_card(client, followup, member)
        return Shown(view_open, *(place or known), away=drawn is None or place is None)

    async def withdraw(self, actor: Actor, channel: str, ts: str) -> None:
        """Take back a card that turned out to be the second."""
        client = await self._client(actor)
        try:
            if client is not None:
                await client.chat_delete(channel=channel, ts=ts)
        except FAILURES as error:
            log.warning("slack.card_not_withdrawn", reason=reason_of(error))

    async def connected(self, member: Member, news: News) -> None:
        """Gmail is connected: shown where its link was followed, doubts in a message as well."""
        warnings = news.account.warnings(member.language)
        message = connection_views.gmail_connected(news.account.address, member.language, warnings)
        client = await self._client(member.actor)
        if client is None:
            return
        shown = news.place is not None and await _drawn_there(client, member, news, message)
        if not shown or (warnings and news.place is not None and news.place.kind != MESSAGE):
            await self._tell(member.actor, message)

    async def expired(self, actor: Actor, vendor: str) -> None:
        """A connection died; only Gmail's dies without the person looking on."""
        if vendor == GOOGLE:
            await self._tell(actor, connection_views.gmail_expired(await self._language(actor)))

    async def _language(self, actor: Actor) -> str:
        try:
            return language_of((await self.person(actor)).locale)
        except DomainError:
            return "en"

    async def _tell(self, actor: Actor, message: Message) -> None:
        client = await self._client(actor)
        try:
            if client is not None:
                await client.chat_postMessage(
                    channel=actor.member_id, text=message.text, blocks=message.blocks
                )
        except FAILURES as error:
            log.warning("slack.not_told", reason=reason_of(error))

    async def _client(self, actor: Actor) -> AsyncWebClient | None:
        """None while Slack does not say who we are there, or when we are no longer installed."""
        try:
            return await self.clients(actor)
        except DomainError as error:
            log.warning("slack.no_client", reason=type(error).__name__)
            return None


async def _drawn_there(
    client: AsyncWebClient, member: Member, news: News, message: Message
) -> bool:
    """Whether the place where the link was followed shows the outcome now."""
    place = news.place or LinkOrigin("")
    try:
        if place.kind == HOME:
            home = settings_views.home(news.health, member)
            await client.views_publish(user_id=member.actor.member_id, view=home.to_dict())
        elif place.kind == VIEW:
            overview = connection_views.overview(news.health, member)
            await client.views_update(view_id=place.at, view=overview.to_dict())
        else:
            webhook = AsyncWebhookClient(place.at, timeout=RESPONSE_SECONDS, session=client.session)
            answer = await webhook.send(
                text=message.text, blocks=message.blocks, replace_original=True
            )
            return answer.status_code == OK
    except FAILURES as error:
        log.info("slack.place_gone", reason=reason_of(error))
        return False
    return True


async def _draw_view(client: AsyncWebClient, followup: FollowUp, member: Member) -> bool | None:
    """Whether the modal is open; None when Slack was out of reach."""
    try:
        view = current(followup, member).to_dict()
        await client.views_update(view_id=followup.view_id, view=view)
    except FAILURES as error:
        reason = reason_of(error)
        if reason not in VIEW_GONE:
            log.warning("slack.view_not_drawn", reason=reason)
        return None if passes(error) else False
    return True


async def _draw_card(
    client: AsyncWebClient, followup: FollowUp, member: Member
) -> tuple[str, str] | None:
    """Where the card is; None when Slack was out of reach."""
    message = card(followup, member)
    known = (followup.card_channel, followup.card_ts)
    try:
        if followup.card_ts and await _redrawn(client, known, message):
            return known
        posted = await client.chat_postMessage(
            channel=followup.actor.member_id, text=message.text, blocks=message.blocks
        )
    except FAILURES as error:
        log.warning("slack.card_not_drawn", reason=reason_of(error))
        return None if passes(error) else known
    return posted["channel"], posted["ts"]


async def _redrawn(client: AsyncWebClient, place: tuple[str, str], message: Message) -> bool:
    """Whether the card is still there to be drawn anew."""
    channel, ts = place
    try:
        await client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks)
    except SlackApiError as error:
        if code_of(error) in CARD_GONE:
            return False
        raise
    return True


def reason_of(error: Exception) -> str:
    """For the log: Slack's own word, or the kind of failure."""
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__


@contextmanager
def reaching_slack() -> Iterator[None]:
    """Raise Temporary when Slack is out of reach; what it refuses stays a SlackApiError."""
    try:
        yield
    except FAILURES as error:
        if passes(error):
            raise Temporary(AWAY, vendor="Slack") from error
        raise


def passes(error: Exception) -> bool:
    """Whether Slack was out of reach, rather than of another opinion."""
    return not isinstance(error, SlackApiError) or code_of(error) in TROUBLE
