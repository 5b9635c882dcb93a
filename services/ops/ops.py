"""Who may run the business from Slack: the ops admins, in one channel of the home workspace."""

from collections.abc import Set

from services.actors import Actor, Operator
from services.audit import Audit, Subject
from services.errors import NotAllowed
from services.people import Members
from services.phrases import Phrase

SLACK = "slack"
COMMAND = "command"

NOT_HERE = Phrase(
    "This command works in the ops channel only: type it there.",
    "Questo comando funziona solo nel canale ops: scrivilo lì.",
)
NOT_YOU = Phrase(
    "Only ops admins may use this command: ask one of them.",
    "Solo gli admin ops possono usare questo comando: chiedi a uno di loro.",
)


class Ops:
    """The one rule of every ops command."""

    def __init__(
        self, audit: Audit, members: Members, home_team: str, channel: str, admins: Set[str]
    ) -> None:
        """`home_team` and `channel` are Slack ids, `admins` member ids; "" allows nobody."""
        self._audit = audit
        self._members = members
        self._home_team = home_team
        self._channel = channel
        self._admins = frozenset(admins)

    async def allow(self, actor: Actor, channel_id: str, command: str) -> Operator:
        """Who is asking, in the audit log's terms.

        Raises NotAllowed, which says what is missing: that one is an admin, or the channel. The
        try is written down.
        """
        here = bool(self._channel) and channel_id == self._channel
        return await self._judged(actor, command, here=here)

    async def allow_again(self, actor: Actor, command: str) -> Operator:
        """The same for a button of ours: Slack may have shown it in a direct message."""
        return await self._judged(actor, command, here=True)

    def channel_for(self, actor: Actor) -> str:
        """The channel where this person may operate; "" for everybody else."""
        return self._channel if self.is_admin(actor) else ""

    def is_admin(self, actor: Actor) -> bool:
        """Whether the settings name this person of the home workspace, wherever they are."""
        # An organisation that installed us as a whole may have the home workspace in it.
        at_home = self._home_team in (actor.workspace_id, actor.team_id)
        return bool(self._home_team) and at_home and actor.member_id in self._admins

    async def _judged(self, actor: Actor, command: str, *, here: bool) -> Operator:
        name = (await self._members.who(actor)).name
        operator = operator_of(actor, name)
        admin = self.is_admin(actor)
        if admin and here:
            return operator
        await self._audit.refused(operator, "ops.allow", Subject(COMMAND, command))
        raise NotAllowed(NOT_HERE if admin else NOT_YOU)


def operator_of(actor: Actor, name: str) -> Operator:
    """The person as the audit log names them."""
    return Operator(SLACK, f"{actor.workspace_id}:{actor.member_id}", name)
