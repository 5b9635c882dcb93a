"""What the business is told in Slack: receipts for one person, progress for the ops channel."""

from handlers.slack.outbound import files
from handlers.slack.outbound.post import Posted, draw, whisper
from handlers.slack.outbound.reach import Clients, Refused, client_for
from services.actors import Actor
from services.errors import DomainError
from services.issuing import BulkLine, BulkProgress, IssueReceipt, ProgressLocation
from services.people import Members
from views.kit.blocks import Message
from views.slack.issuing import bulk as bulk_views
from views.slack.issuing import single as views


class OpsMessenger:
    """Speaks to ops admins as the bot of the home workspace."""

    def __init__(self, clients: Clients, members: Members) -> None:
        self._clients = clients
        self._members = members

    async def issued(self, actor: Actor, channel_id: str, receipt: IssueReceipt) -> None:
        """The receipt with the key; raises Temporary while Slack is away."""
        language = (await self._members.who(actor)).language
        await self._whisper(actor, channel_id, views.receipt(receipt, language))

    async def not_issued(
        self, actor: Actor, channel_id: str, error: DomainError, reference: str
    ) -> None:
        """Why there is no receipt; raises Temporary while Slack is away."""
        language = (await self._members.who(actor)).language
        message = views.not_issued(error.sentence(language), reference, language)
        await self._whisper(actor, channel_id, message)

    async def show(self, progress: BulkProgress, bad: tuple[BulkLine, ...]) -> ProgressLocation:
        """The message that counts along; drawn anew where it is, posted where it is not."""
        manner, place = progress.manner, progress.manner.place
        message = bulk_views.progress(progress, bad, manner.language)
        client = await client_for(self._clients, Actor(place.workspace_id, place.member_id))
        at = Posted(place.channel_id, place.message_ts)
        try:
            at = await draw(client, at, place.channel_id, message)
        except Refused:
            at = await draw(client, Posted(""), place.member_id, message)
        return ProgressLocation(place.workspace_id, place.member_id, at.channel_id, at.ts)

    async def fetch(self, actor: Actor, file_id: str) -> bytes:
        """A file somebody uploaded in a form of ours.

        Raises Invalid (field `csv`) when it is too large or not to be had, Temporary.
        """
        return await files.fetch(await client_for(self._clients, actor), file_id)

    async def _whisper(self, actor: Actor, channel_id: str, message: Message) -> None:
        client = await client_for(self._clients, actor)
        await whisper(client, channel_id, actor.member_id, message)
