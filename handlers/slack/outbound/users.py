"""What the ops channel is told of users, and the receipts on their cards."""

from collections.abc import Sequence

from handlers.slack.outbound.ops_room import LANGUAGE, SlackOpsRoom
from services.alerts import Cause
from services.credits import Credits
from services.operations import DONE, Operation, Place
from services.users import Reconciliation, Users
from views.kit.blocks import Block
from views.slack import users as views


class SlackUserRoom:
    """Speaks in the ops channel; every verb raises Temporary while Slack is away."""

    def __init__(self, room: SlackOpsRoom) -> None:
        self._room = room

    @property
    def place(self) -> Place | None:
        """Where the channel is; None without one."""
        return self._room.place

    async def same_mailbox(self, email: str) -> None:
        """A second address of one mailbox signed up and got no second credits."""
        await self._room.say(views.same_mailbox(email, LANGUAGE))

    async def profiles_not_written(self, problem: str) -> None:
        """Profiles cannot be written to Supabase; it is tried again by itself."""
        await self._room.raise_alert(
            Cause.JOB_FAILED, views.profiles_not_written(problem, LANGUAGE), "users.reconcile"
        )

    async def openrouter_empty(self) -> None:
        """The account at OpenRouter is empty; users wait."""
        await self._room.raise_alert(Cause.BUDGET, views.openrouter_empty(LANGUAGE), "OpenRouter")

    async def reconciled(self, found: Reconciliation) -> None:
        """What the reconciler mended and what is left, with a button for each."""
        await self._room.say(views.reconciled(found, LANGUAGE))


class UserReceipts:
    """What the card of a provisioning says once it is done."""

    def __init__(self, users: Users, credits: Credits) -> None:
        self._users = users
        self._credits = credits

    async def draw(self, operation: Operation) -> Sequence[Block]:
        """The receipt; nothing before the end."""
        if operation.state != DONE:
            return ()
        user = await self._users.get(operation.subject_id)
        balance = await self._credits.balance(user.id)
        return views.receipt(user, balance.available, operation.language)
