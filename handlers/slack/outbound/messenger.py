"""The services' ports to Slack made real: look people up, draw follow-ups, tell news privately."""

from contextlib import suppress
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.outbound.post import Posted, draw, post, respond
from handlers.slack.outbound.reach import Clients, RefusedBySlack, client_for, reaching_slack
from services.actors import Actor
from services.connections import GOOGLE, HOME, MESSAGE, LinkOrigin, News
from services.errors import DomainError, Temporary
from services.followups import WRITING, FollowUp, Shown
from services.people import Member
from services.phrases import language_of
from services.ports import SlackPerson
from views.kit.blocks import Message
from views.slack import connections as connection_views
from views.slack.followups.card import card
from views.slack.followups.editor import current

UNTOLD = (RefusedBySlack, Temporary)


class HomeRefresh(Protocol):
    """Draws somebody's Home anew, if they have it open."""

    async def changed(self, actor: Actor) -> None:
        """Something on it may be different; never fails."""


class SlackMessenger:
    """Speaks to members as the bot of their own workspace."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        # Set when the services are there: what is told here, Home shows too.
        self.home: HomeRefresh | None = None

    async def person(self, actor: Actor) -> SlackPerson:
        """What users.info says; raises Temporary, or RefusedBySlack when Slack knows nobody so."""
        client = await self.clients(actor)
        with reaching_slack():
            answer = await client.users_info(user=actor.member_id, include_locale=True)
        user = answer["user"]
        profile = user.get("profile", {})
        return SlackPerson(
            name=profile.get("real_name") or user.get("real_name") or user.get("name", ""),
            email=profile.get("email", ""),
            locale=user.get("locale", "en-US"),
            tz=user.get("tz") or "UTC",
            admin=bool(user.get("is_admin") or user.get("is_owner")),
            outsider=bool(user.get("deleted") or user.get("is_stranger")),
        )

    async def show(self, followup: FollowUp, member: Member) -> Shown:
        """Draw it in the open modal, on the card, and in Home once it is written; what Slack
        refuses is logged, never raised."""
        if followup.status != WRITING:
            await self._draw_home(followup.actor)
        view_open, known = bool(followup.view_id), (followup.card_channel, followup.card_ts)
        try:
            client = await client_for(self.clients, followup.actor)
        except Temporary:
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
        with suppress(*UNTOLD):
            client = await client_for(self.clients, actor)
            with reaching_slack():
                await client.chat_delete(channel=channel, ts=ts)

    async def connected(self, member: Member, news: News) -> None:
        """Gmail is connected: shown where its link was followed, doubts in a message as well."""
        warnings = news.account.warnings(member.language)
        message = connection_views.gmail_connected(news.account.address, member.language, warnings)
        shown = news.place is not None and await self._drawn_there(member, news, message)
        if not shown or (warnings and news.place is not None and news.place.kind != MESSAGE):
            await self._tell(member.actor, message)
        await self._draw_home(member.actor)

    async def expired(self, actor: Actor, vendor: str) -> None:
        """A connection died; only Gmail's dies without the person looking on."""
        if vendor == GOOGLE:
            await self._tell(actor, connection_views.gmail_expired(await self._language(actor)))
        await self._draw_home(actor)

    async def _draw_home(self, actor: Actor) -> None:
        if self.home is not None:
            await self.home.changed(actor)

    async def _language(self, actor: Actor) -> str:
        try:
            return language_of((await self.person(actor)).locale)
        except DomainError:
            return "en"

    async def _tell(self, actor: Actor, message: Message) -> None:
        with suppress(*UNTOLD):
            await post(await client_for(self.clients, actor), actor.member_id, message)

    async def _drawn_there(self, member: Member, news: News, message: Message) -> bool:
        """Whether the place where the link was followed shows the outcome now."""
        place = news.place or LinkOrigin("")
        try:
            client = await client_for(self.clients, member.actor)
            if place.kind == MESSAGE:
                text, blocks = message.text, message.blocks
                return await respond(
                    client, place.at, text=text, blocks=blocks, replace_original=True
                )
            with reaching_slack():
                await _draw_connections(client, member, news, place)
        except UNTOLD:
            return False
        return True


async def _draw_connections(
    client: AsyncWebClient, member: Member, news: News, place: LinkOrigin
) -> None:
    # Home is drawn anew whatever was connected where.
    if place.kind != HOME:
        overview = connection_views.overview(news.health, member)
        await client.views_update(view_id=place.at, view=overview.to_dict())


async def _draw_view(client: AsyncWebClient, followup: FollowUp, member: Member) -> bool | None:
    """Whether the modal is open; None when Slack was out of reach."""
    try:
        with reaching_slack():
            view = current(followup, member).to_dict()
            await client.views_update(view_id=followup.view_id, view=view)
    except RefusedBySlack:
        return False
    except Temporary:
        return None
    return True


async def _draw_card(
    client: AsyncWebClient, followup: FollowUp, member: Member
) -> tuple[str, str] | None:
    """Where the card is; None when Slack was out of reach."""
    at = Posted(followup.card_channel, followup.card_ts)
    try:
        at = await draw(client, at, followup.actor.member_id, card(followup, member))
    except RefusedBySlack:
        pass
    except Temporary:
        return None
    return at.channel_id, at.ts
