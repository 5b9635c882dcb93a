"""The channels recaps go to: looked at before, posted into once, taken back from."""

from contextlib import suppress

from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.outbound.reach import (
    FAILURES,
    TROUBLE,
    Clients,
    RefusedBySlack,
    client_for,
    code_of,
    log,
    reaching_slack,
    reason_of,
)
from services.actors import Actor
from services.errors import AWAY, REFUSED, DomainError, NotAllowed, Temporary
from services.followups import FollowUp, RecapChannel, RecapPost, recap_lost, recap_refusal
from views.slack.followups import recap as views

# Of these Slack says itself that nothing was posted.
NOT_TAKEN = frozenset({"ratelimited", "rate_limited"})
GONE = frozenset({"message_not_found"})
EVENT_TYPE = "seguito_recap"


class SlackRecapRoom:
    """Speaks in channels as the bot of the owner's workspace, when they press the button."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def channel(self, actor: Actor, channel_id: str) -> RecapChannel:
        """What conversations.info says now; Conflict when we may not see it, or Temporary."""
        client = await client_for(self._clients, actor)
        try:
            with reaching_slack():
                answer = await client.conversations_info(channel=channel_id)
        except RefusedBySlack as refused:
            raise recap_refusal(refused.code, channel_id) or refused from refused
        channel = answer["channel"]
        shared = ("is_ext_shared", "is_shared", "is_pending_ext_shared")
        return RecapChannel(
            id=channel["id"],
            name=channel.get("name", ""),
            is_member=bool(channel.get("is_member")),
            is_archived=bool(channel.get("is_archived")),
            is_shared=any(channel.get(name) for name in shared),
        )

    async def post(
        self, followup: FollowUp, channel: RecapChannel, text: str, *, language: str
    ) -> RecapPost:
        """One message, without previews of its links."""
        client = _without_repeats(await client_for(self._clients, followup.actor))
        message = views.message(followup, text, language)
        try:
            posted = await client.chat_postMessage(
                channel=channel.id,
                text=message.text,
                blocks=message.blocks,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"followup": followup.id}},
            )
        except FAILURES as error:
            raise _not_posted(error, channel) from error
        url = ""
        with suppress(*FAILURES):
            link = await client.chat_getPermalink(
                channel=posted["channel"], message_ts=posted["ts"]
            )
            url = link["permalink"]
        return RecapPost(posted["channel"], posted["ts"], url)

    async def delete(self, actor: Actor, channel_id: str, ts: str) -> None:
        """Take it back; what is gone already is fine."""
        client = await client_for(self._clients, actor)
        try:
            with reaching_slack():
                await client.chat_delete(channel=channel_id, ts=ts)
        except RefusedBySlack as refused:
            if refused.code not in GONE:
                raise NotAllowed(REFUSED, vendor="Slack", code=refused.code) from refused


def _without_repeats(client: AsyncWebClient) -> AsyncWebClient:
    """The same client, but it sends once: the SDK repeats a call whose reply got lost."""
    return AsyncWebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=client.timeout,
        session=client.session,
        trust_env_in_session=client.trust_env_in_session,
        retry_handlers=[],
    )


def _not_posted(error: Exception, channel: RecapChannel) -> DomainError:
    """What a failed call says of the message: refused, surely not posted, or nobody knows."""
    reason = reason_of(error)
    log.warning("slack.recap_not_posted", reason=reason)
    if isinstance(error, ClientConnectorError):
        return Temporary(AWAY, vendor="Slack")
    if isinstance(error, SlackApiError) and (code := code_of(error)):
        if code in NOT_TAKEN:
            return Temporary(AWAY, vendor="Slack")
        if code not in TROUBLE:
            return recap_refusal(code, channel.name) or RefusedBySlack(code)
    return recap_lost(channel.name)
