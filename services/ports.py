"""Protocols that several services share: the clock and the place where people are looked up."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from db.store.session import DatabaseUnavailable as DatabaseUnavailable
from db.store.session import Session
from services.actors import Actor

Clock = Callable[[], datetime]
# Tells other people's systems what happened (`license.issued`, its facts), once the caller's
# transaction commits.
Announce = Callable[[Session, str, Mapping[str, JsonValue]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """What Slack says of a person: `locale` as `it-IT`, `tz` as an IANA zone.

    `admin`: an admin or owner of the workspace. `outsider`: deleted, or here through Slack Connect.
    """

    name: str
    email: str
    locale: str
    tz: str
    admin: bool = False
    outsider: bool = False


class Directory(Protocol):
    """Where people are looked up."""

    async def person(self, actor: Actor) -> SlackPerson:
        """What Slack knows of the person; raises Temporary when Slack does not answer."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail to be written when it is sent: what kind, to whom, about which row of ours.

    Of letters with the same `dedupe` only the first is ever sent.
    """

    kind: str
    to: str
    subject_id: str
    dedupe: str
    language: str = "en"


class Outbox(Protocol):
    """Where e-mails are put; they leave after the caller's transaction commits."""

    async def queue(self, session: Session, letter: Letter) -> bool:
        """Keep the letter and start the job that sends it; False: it is a repeat."""
