"""Who a member is and how that person likes follow-ups: language, zone, tone, signature."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cachetools import TTLCache

from db import people as table
from db.store.session import Database
from services.actors import Actor
from services.errors import DomainError, Invalid
from services.phrases import Phrase, language_of
from services.ports import Clock, Directory

# What Slack says of a person is asked for again after so long.
TONES = ("friendly", "formal", "direct")
LENGTHS = ("short", "medium", "long")

FRESH = timedelta(hours=12)
# Another process may have saved new preferences.
REMEMBER = timedelta(minutes=1)
# A first request waits for this, and Slack waits 3 s for that request.
ASK_SECONDS = 1.5
MAX_SIGNATURE = 2_000
REMEMBERED = 20_000

LONG_SIGNATURE = Phrase(
    "A signature has at most {limit} characters.", "Una firma ha al massimo {limit} caratteri."
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Defaults of the follow-up options; `language` "" follows the meeting."""

    language: str = ""
    tone: str = "friendly"
    length: str = "medium"
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the product knows them; `language` is the one we speak to them."""

    actor: Actor
    name: str
    email: str
    language: str
    tz: str
    preferences: Preferences

    @property
    def signature(self) -> str:
        """What stands below every draft: the person's own signature, else the name."""
        return self.preferences.signature or self.name

    @property
    def zone(self) -> tzinfo:
        """The person's time zone; UTC when Slack names one that does not exist."""
        try:
            return ZoneInfo(self.tz)
        except (ZoneInfoNotFoundError, ValueError):
            return UTC


class Members:
    """Looks people up (memory, then database, then Slack) and keeps their preferences."""

    def __init__(self, database: Database, directory: Directory, clock: Clock) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock
        self._known: TTLCache[tuple[str, str], Member] = TTLCache(
            REMEMBERED, REMEMBER.total_seconds(), lambda: clock().timestamp()
        )

    async def who(self, actor: Actor) -> Member:
        """The member; never fails: an unreachable Slack leaves what we knew, or English and UTC."""
        known = self._known.get((actor.workspace_id, actor.member_id))
        if known is not None:
            return known
        return await self.afresh(actor)

    async def afresh(self, actor: Actor) -> Member:
        """The member with the preferences as they are now, whichever process saved them."""
        now = self._clock()
        row = await self._row(actor)
        if row is None or row.seen_at <= now - FRESH:
            row = await self._ask(actor, now) or row
        member = _member(actor, row or _stranger(actor, now))
        if row is not None:
            self._known[actor.workspace_id, actor.member_id] = member
        return member

    async def prefer(self, actor: Actor, preferences: Preferences) -> Member:
        """Save the person's defaults; raises Invalid for a signature that is too long."""
        if len(preferences.signature) > MAX_SIGNATURE:
            raise Invalid(LONG_SIGNATURE, field="signature", limit=MAX_SIGNATURE)
        await self.who(actor)
        now = self._clock()
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id)
            if row is None:
                row = _stranger(actor, now - FRESH)
                session.add(row)
            row.language = preferences.language if preferences.language in ("en", "it") else ""
            row.tone = preferences.tone if preferences.tone in TONES else TONES[0]
            row.length = preferences.length if preferences.length in LENGTHS else "medium"
            row.signature = preferences.signature.strip()
            member = _member(actor, row)
        self._known[actor.workspace_id, actor.member_id] = member
        return member

    async def domains(self, actor: Actor) -> frozenset[str]:
        """The e-mail domains of everybody in the workspace whom we have met."""
        async with self._database.transaction() as session:
            return frozenset(await table.domains(session, actor.workspace_id))

    async def _row(self, actor: Actor) -> table.MemberRow | None:
        async with self._database.transaction() as session:
            return await table.find(session, actor.workspace_id, actor.member_id)

    async def _ask(self, actor: Actor, now: datetime) -> table.MemberRow | None:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                person = await self._directory.person(actor)
        except (DomainError, TimeoutError):
            return None
        seen = _stranger(actor, now)
        seen.name, seen.email = person.name, person.email.lower()
        seen.locale, seen.tz = person.locale, person.tz
        async with self._database.transaction() as session:
            await table.remember(session, actor.workspace_id, actor.member_id, seen)
        return await self._row(actor)


def _stranger(actor: Actor, now: datetime) -> table.MemberRow:
    return table.MemberRow(workspace_id=actor.workspace_id, member_id=actor.member_id, seen_at=now)


def _member(actor: Actor, row: table.MemberRow) -> Member:
    return Member(
        actor=actor,
        name=row.name,
        email=row.email,
        language=language_of(row.locale),
        tz=row.tz,
        preferences=Preferences(row.language, row.tone, row.length, row.signature),
    )
