"""What the ops channel is told of users: lasting trouble once an hour, failures a few at a time."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import structlog

from db import operations
from db.store.session import Database
from db.users import notices as table
from services.errors import Temporary
from services.operations import Place
from services.ports import Clock
from services.users.ports import UserRoom

AGAIN_AFTER = timedelta(hours=1)
Saying = Callable[[], Awaitable[None]]
# Should everything fail at once, the first cards say why; the list has the others.
CARDS, CARDS_WITHIN = 5, timedelta(minutes=10)

log = structlog.get_logger(__name__)


class UserNotices:
    """Says it in the room; nobody's provisioning fails because Slack is away."""

    def __init__(self, database: Database, room: UserRoom, clock: Clock) -> None:
        self._database = database
        self._room = room
        self._clock = clock

    async def same_mailbox(self, email: str) -> None:
        """A second address of one mailbox got no second credits."""
        await self._said("same_mailbox", partial(self._room.same_mailbox, email))

    async def not_mirrored(self, problem: str) -> None:
        """Profiles cannot be written to Supabase; it is tried again by itself."""
        await self._once("not_mirrored", partial(self._room.profiles_not_written, problem))

    async def out_of_credits(self) -> None:
        """The account at OpenRouter is empty; users wait."""
        await self._once("out_of_credits", self._room.openrouter_empty)

    async def place_of_failures(self, kind: str) -> Place | None:
        """Where the card of one more failed operation goes; None without a channel, or enough."""
        async with self._database.transaction() as session:
            since = self._clock() - CARDS_WITHIN
            shown = await operations.failed_cards(session, kind, since)
        return self._room.place if shown < CARDS else None

    async def _once(self, kind: str, saying: Saying) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            mine = await table.claim(session, kind, now, now - AGAIN_AFTER)
        if not mine:
            return
        if not await self._said(kind, saying):
            async with self._database.transaction() as session:
                await table.release(session, kind)

    async def _said(self, kind: str, saying: Saying) -> bool:
        try:
            await saying()
        except Temporary:
            log.warning("users.not_told", kind=kind)
            return False
        return True
