"""Files that people attached in a form of ours or posted, from Slack's own hosts only."""

from collections.abc import Mapping
from dataclasses import dataclass

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
# A free workspace keeps old files to itself.
HIDDEN = "hidden_by_limit"
MISSING_SCOPE = "missing_scope"

NO_FILE = Phrase(
    "Slack does not hand out this file. Attach it again, or paste its lines.",
    "Slack non consegna questo file. Allegalo di nuovo, o incolla le righe.",
)
MAY_NOT_READ = Phrase(
    "I may not read files in this workspace. An admin must install Seguito again, with the "
    "permission files:read.",
    "Non ho il permesso di leggere file in questo workspace. Un admin deve reinstallare Seguito "
    "con il permesso files:read.",
)
NOT_SEEN = Phrase(
    "Slack does not show me this file. Invite me to its channel, or use it with /followup → *Use a "
    "transcript*.",
    "Slack non mi mostra questo file. Invitami nel suo canale, o usalo con /followup → *Usa una "
    "trascrizione*.",
)
ELSEWHERE = Phrase(
    "“{name}” lies outside Slack, where I cannot read it. Download it and attach it to Slack.",
    "“{name}” si trova fuori da Slack, dove non posso leggerlo. Scaricalo e allegalo in Slack.",
)
DELETED = Phrase(
    "This file was deleted from Slack. Attach it again.",
    "Questo file è stato eliminato da Slack. Allegalo di nuovo.",
)


REFUSALS = {MISSING_SCOPE: MAY_NOT_READ, "file_deleted": DELETED}


@dataclass(frozen=True, slots=True)
class SlackFile:
    """A file as Slack describes it; `size` in bytes, `owner` is who uploaded it."""

    id: str
    name: str
    size: int
    owner: str
    url: str


class FileTooLarge(Exception):
    """There are more bytes than were wanted."""


async def fetch(client: AsyncWebClient, file_id: str) -> bytes:
    """The bytes of a CSV.

    Raises Invalid (field `csv`) when it is too large or not to be had, Temporary.
    """
    try:
        file = await describe(client, file_id)
        return await download(client, file, MAX_BYTES)
    except FileTooLarge as error:
        raise too_large() from error
    except Invalid as error:
        raise Invalid(NO_FILE, field="csv") from error


async def describe(client: AsyncWebClient, file_id: str) -> SlackFile:
    """What the file is, by files.info; Invalid (field `file`) when there is nothing to read."""
    try:
        with reaching_slack():
            answer = await client.files_info(file=file_id)
    except RefusedBySlack as error:
        raise Invalid(REFUSALS.get(error.code, NOT_SEEN), field="file") from error
    return _described(answer["file"])


async def download(client: AsyncWebClient, file: SlackFile, limit: int) -> bytes:
    """The file's bytes; FileTooLarge beyond `limit`, Invalid (field `file`), Temporary."""
    if file.size > limit:
        raise FileTooLarge
    if not _is_slacks(file.url, URL(client.base_url)) or client.session is None:
        raise Invalid(NOT_SEEN, field="file")
    headers = {"Authorization": f"Bearer {client.token}"}
    timeout = ClientTimeout(FILE_SECONDS)
    with reaching_slack():
        async with client.session.get(
            file.url, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            # Without the scope Slack answers with the page of its sign-in.
            if response.status != OK or response.content_type == "text/html":
                raise Invalid(MAY_NOT_READ, field="file")
            return await _body(response, limit)


def _described(file: Mapping[str, object]) -> SlackFile:
    name, mode = str(file.get("name") or "file"), file.get("mode")
    if mode == "tombstone":
        raise Invalid(DELETED, field="file")
    if file.get("is_external") or mode == "external":
        raise Invalid(ELSEWHERE, field="file", name=name)
    if mode == HIDDEN:
        raise Invalid(NOT_SEEN, field="file")
    size = file.get("size")
    return SlackFile(
        id=str(file.get("id") or ""),
        name=name,
        size=size if isinstance(size, int) else 0,
        owner=str(file.get("user") or ""),
        url=str(file.get("url_private_download") or ""),
    )


async def _body(response: ClientResponse, limit: int) -> bytes:
    data = bytearray()
    async for piece in response.content.iter_chunked(PIECE):
        data += piece
        if len(data) > limit:
            raise FileTooLarge
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
