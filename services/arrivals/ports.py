"""What arrivals need of Slack: who is there, and a card in a direct message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.followups import FollowUps, Mails
from services.meetings import Meetings
from services.people import Member, Members


@dataclass(frozen=True, slots=True)
class ArrivalSources:
    """What is asked about a meeting that arrived, and who writes of it."""

    meetings: Meetings
    members: Members
    followups: FollowUps
    mails: Mails


@dataclass(frozen=True, slots=True)
class ArrivalPlace:
    """Where a card is; `ts` is "" before it is there."""

    channel: str = ""
    ts: str = ""


@dataclass(frozen=True, slots=True)
class ArrivalCard:
    """What is told of a meeting that arrived, before a follow-up of it is written.

    `guests` are the names of whom it was with. `state` is ASKED, WAITING, DISMISSED or OVER;
    `reason` says why the draft does not begin by itself, "" for it is only asked. `again_at`: when
    the transcript is looked for again.
    """

    id: str
    title: str
    guests: tuple[str, ...]
    started_at: datetime
    url: str
    state: str
    reason: str
    again_at: datetime | None = None


class ArrivalRoom(Protocol):
    """A member's direct messages; nothing here ever goes to a channel."""

    async def installed(self, workspace_id: str) -> bool | None:
        """Whether the app is in that workspace; None while nobody knows."""

    async def show(
        self, member: Member, card: ArrivalCard, at: ArrivalPlace
    ) -> ArrivalPlace | None:
        """Draw the card there, or post it; where it is now, None when Slack wants none.

        Raises Temporary while Slack is away.
        """

    async def withdraw(self, member: Member, at: ArrivalPlace) -> None:
        """Take back a card that turned out to be the second."""

    async def remind(self, member: Member, title: str, at: ArrivalPlace) -> None:
        """Say below the card that its draft was not used. Raises Temporary."""
