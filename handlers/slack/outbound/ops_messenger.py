"""What the business is told in Slack: receipts for one person, and what they attached."""

from handlers.slack.outbound import files
from handlers.slack.outbound.post import whisper
from handlers.slack.outbound.reach import Clients, client_for
from services.actors import Actor
from services.errors import DomainError
from services.issuing import IssueReceipt
from services.people import Members
from views.kit.blocks import Message
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

    async def fetch(self, actor: Actor, file_id: str) -> bytes:
        """A file somebody uploaded in a form of ours.

        Raises Invalid (field `csv`) when it is too large or not to be had, Temporary.
        """
        return await files.fetch(await client_for(self._clients, actor), file_id)

    async def _whisper(self, actor: Actor, channel_id: str, message: Message) -> None:
        client = await client_for(self._clients, actor)
        await whisper(client, channel_id, actor.member_id, message)
