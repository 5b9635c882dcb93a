"""What the ops channel is told of users."""

from handlers.slack.outbound.ops_room import LANGUAGE, SlackOpsRoom
from services.operations import Place
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
        await self._room.say(views.profiles_not_written(problem, LANGUAGE))

    async def openrouter_empty(self) -> None:
        """The account at OpenRouter is empty; users wait."""
        await self._room.say(views.openrouter_empty(LANGUAGE))
