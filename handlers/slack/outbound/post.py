"""What can be done with a message, once each; all of it raises Temporary while Slack is away."""

from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.slack.outbound.reach import FAILURES, RefusedBySlack, log, reaching_slack, reason_of
from views.kit.blocks import Message

RESPONSE_SECONDS = 10
OK = 200
# What Slack answers once a message is no longer there to be drawn anew.
GONE = frozenset({"message_not_found", "cant_update_message", "channel_not_found"})


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is; `ts` is "" before it is there."""

    channel_id: str
    ts: str = ""


async def post(
    client: AsyncWebClient, channel_id: str, message: Message, *, thread_ts: str = ""
) -> Posted:
    """Say it in a channel, or to a person in a direct message; raises RefusedBySlack.

    `thread_ts`: below that message.
    """
    with reaching_slack():
        posted = await client.chat_postMessage(
            channel=channel_id,
            text=message.text,
            blocks=message.blocks,
            thread_ts=thread_ts or None,
        )
    return Posted(posted["channel"], posted["ts"])


async def update(client: AsyncWebClient, at: Posted, message: Message) -> bool:
    """Draw it anew; whether it is still there. What Slack refuses otherwise stays as it was."""
    try:
        with reaching_slack():
            await client.chat_update(
                channel=at.channel_id, ts=at.ts, text=message.text, blocks=message.blocks
            )
    except RefusedBySlack as refused:
        return refused.code not in GONE
    return True


async def draw(client: AsyncWebClient, at: Posted, channel_id: str, message: Message) -> Posted:
    """Draw it anew where it is, else post it; where it is now. Raises RefusedBySlack."""
    if at.ts and await update(client, at, message):
        return at
    return await post(client, channel_id, message)


async def whisper(
    client: AsyncWebClient, channel_id: str, member_id: str, message: Message
) -> None:
    """Only this person sees it, in that channel; where Slack refuses, in a direct message.

    Raises RefusedBySlack when it refuses that too.
    """
    try:
        with reaching_slack():
            await client.chat_postEphemeral(
                channel=channel_id, user=member_id, text=message.text, blocks=message.blocks
            )
    except RefusedBySlack:
        await post(client, member_id, message)


async def respond(client: AsyncWebClient, url: str, **answer: Any) -> bool:
    """Whether Slack took it; a response_url is good for 30 minutes and 5 messages."""
    webhook = AsyncWebhookClient(url, timeout=RESPONSE_SECONDS, session=client.session)
    try:
        return (await webhook.send(**answer)).status_code == OK
    except FAILURES as error:
        log.info("slack.not_delivered", reason=reason_of(error))
        return False
