"""What the business is told in Slack: receipts for one person, progress for the ops channel."""

import structlog
from aiohttp import ClientResponse, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from handlers.slack.kit.context import code_of
from handlers.slack.outbound.messenger import CARD_GONE, Clients, reaching_slack
from services.actors import Actor
from services.errors import AWAY, DomainError, Invalid, Temporary
from services.issuing import (
    MAX_BYTES,
    BulkLine,
    BulkProgress,
    IssueReceipt,
    ProgressLocation,
    too_large,
)
from services.people import Members
from services.phrases import Phrase
from views.kit.blocks import Message
from views.slack.issuing import bulk as bulk_views
from views.slack.issuing import single as views

# Slack's own file host (docs.slack.dev, url_private); our token goes nowhere else.
FILE_HOST = "files.slack.com"
FILE_SECONDS = 30
PIECE = 65_536
OK = 200

NO_FILE = Phrase(
    "Slack does not hand out this file. Attach it again, or paste its lines.",
    "Slack non consegna questo file. Allegalo di nuovo, o incolla le righe.",
)

log = structlog.get_logger(__name__)


class OpsMessenger:
    """Speaks to ops admins as the bot of the home workspace."""

    def __init__(self, clients: Clients, members: Members) -> None:
        self._clients = clients
        self._members = members

    async def whisper(self, actor: Actor, channel_id: str, message: Message) -> None:
        """Only this person sees it: in the channel, or where that fails in a direct message.

        Raises Temporary while Slack is away.
        """
        client = await self._client(actor)
        person, text, blocks = actor.member_id, message.text, message.blocks
        try:
            with reaching_slack():
                await client.chat_postEphemeral(
                    channel=channel_id, user=person, text=text, blocks=blocks
                )
        except SlackApiError as error:
            log.info("slack.not_whispered", reason=code_of(error))
            await _post(client, person, message)

    async def issued(self, actor: Actor, channel_id: str, receipt: IssueReceipt) -> None:
        """The receipt with the key."""
        language = (await self._members.who(actor)).language
        await self.whisper(actor, channel_id, views.receipt(receipt, language))

    async def not_issued(
        self, actor: Actor, channel_id: str, error: DomainError, reference: str
    ) -> None:
        """Why there is no receipt."""
        language = (await self._members.who(actor)).language
        message = views.not_issued(error.sentence(language), reference, language)
        await self.whisper(actor, channel_id, message)

    async def show(self, progress: BulkProgress, bad: tuple[BulkLine, ...]) -> ProgressLocation:
        """The message that counts along; drawn anew where it is, posted where it is not."""
        manner, place = progress.manner, progress.manner.place
        message = bulk_views.progress(progress, bad, manner.language)
        client = await self._client(Actor(place.workspace_id, place.member_id))
        if place.message_ts and await _redrawn(client, place, message):
            return place
        try:
            channel_id, ts = await _post(client, place.channel_id, message)
        except NotPosted:
            channel_id, ts = await _post(client, place.member_id, message)
        return ProgressLocation(place.workspace_id, place.member_id, channel_id, ts)

    async def fetch(self, actor: Actor, file_id: str) -> bytes:
        """A file somebody uploaded in a form of ours.

        Raises Invalid (field `csv`) when it is too large or not to be had, Temporary.
        """
        client = await self._client(actor)
        try:
            with reaching_slack():
                answer = await client.files_info(file=file_id)
        except SlackApiError as error:
            raise Invalid(NO_FILE, field="csv") from error
        described = answer["file"]
        if int(described.get("size") or 0) > MAX_BYTES:
            raise too_large()
        return await _download(client, str(described.get("url_private_download") or ""))

    async def _client(self, actor: Actor) -> AsyncWebClient:
        try:
            return await self._clients(actor)
        except DomainError as error:
            raise Temporary(AWAY, vendor="Slack") from error


class NotPosted(DomainError):
    """Slack does not let us write there."""


async def _post(client: AsyncWebClient, channel: str, message: Message) -> tuple[str, str]:
    """Channel and ts of what was posted."""
    try:
        with reaching_slack():
            posted = await client.chat_postMessage(
                channel=channel, text=message.text, blocks=message.blocks
            )
    except SlackApiError as error:
        log.warning("slack.not_told", reason=code_of(error))
        raise NotPosted(AWAY, vendor="Slack") from error
    return posted["channel"], posted["ts"]


async def _redrawn(client: AsyncWebClient, place: ProgressLocation, message: Message) -> bool:
    """Whether the message is still there to be drawn anew."""
    try:
        with reaching_slack():
            await client.chat_update(
                channel=place.channel_id,
                ts=place.message_ts,
                text=message.text,
                blocks=message.blocks,
            )
    except SlackApiError as error:
        if code_of(error) not in CARD_GONE:
            log.warning("slack.not_told", reason=code_of(error))
        return False
    return True


async def _download(client: AsyncWebClient, url: str) -> bytes:
    if not _is_slacks(url, URL(client.base_url)) or client.session is None:
        raise Invalid(NO_FILE, field="csv")
    headers = {"Authorization": f"Bearer {client.token}"}
    timeout = ClientTimeout(FILE_SECONDS)
    with reaching_slack():
        async with client.session.get(
            url, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            # Without the scope Slack answers with the page of its sign-in.
            if response.status != OK or response.content_type == "text/html":
                raise Invalid(NO_FILE, field="csv")
            return await _body(response)


async def _body(response: ClientResponse) -> bytes:
    data = bytearray()
    async for piece in response.content.iter_chunked(PIECE):
        data += piece
        if len(data) > MAX_BYTES:
            raise too_large()
    return bytes(data)


def _is_slacks(address: str, api: URL) -> bool:
    """Whether our token may go there: Slack's file host, or the host of its API as set."""
    try:
        url = URL(address)
    except ValueError:
        return False
    if url.scheme == "https" and url.host == FILE_HOST:
        return True
    return url.absolute and url.scheme == api.scheme and url.origin() == api.origin()
