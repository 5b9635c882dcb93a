"""Files that people attached in a form of ours, from Slack's own hosts only."""

from aiohttp import ClientResponse, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from handlers.slack.outbound.post import OK
from handlers.slack.outbound.reach import RefusedBySlack, reaching_slack
from services.errors import Invalid
from services.issuing import MAX_BYTES, too_large
from services.phrases import Phrase

# Slack's own file host (docs.slack.dev, url_private); our token goes nowhere else.
FILE_HOST = "files.slack.com"
FILE_SECONDS = 30
PIECE = 65_536

NO_FILE = Phrase(
    "Slack does not hand out this file. Attach it again, or paste its lines.",
    "Slack non consegna questo file. Allegalo di nuovo, o incolla le righe.",
)


async def fetch(client: AsyncWebClient, file_id: str) -> bytes:
    """The file's bytes.

    Raises Invalid (field `csv`) when it is too large or not to be had, Temporary.
    """
    try:
        with reaching_slack():
            described = (await client.files_info(file=file_id))["file"]
    except RefusedBySlack as error:
        raise Invalid(NO_FILE, field="csv") from error
    if int(described.get("size") or 0) > MAX_BYTES:
        raise too_large()
    return await _download(client, str(described.get("url_private_download") or ""))


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
