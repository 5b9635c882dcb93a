"""Protocols that several services share: the clock and the place where people are looked up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.actors import Actor

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """What Slack says of a person: `locale` as `it-IT`, `tz` as an IANA zone."""

    name: str
    email: str
    locale: str
    tz: str


class Directory(Protocol):
    """Where people are looked up."""

    async def person(self, actor: Actor) -> SlackPerson:
        """What Slack knows of the person; raises Temporary when Slack does not answer."""
