"""Who a member is and how that person likes follow-ups: language, zone, tone, quiet hours."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from cachetools import TTLCache

from db import people as table
from db.store.session import Database
from services.actors import Actor
from services.clock import known_zone
from services.email_address import is_address, wire_address
from services.errors import DomainError, Invalid
from services.people.quiet import EVENING_TO_MORNING, QuietHours
from services.phrases import Phrase, language_of
from services.ports import Clock, Directory

TONES = ("friendly", "formal", "direct")
LENGTHS = ("short", "medium", "long")
# When a meeting is ready: say so and ask, draft at once, the same only with guests from outside,
# nothing.
ASK, DRAFT, EXTERNAL, OFF = "ask", "draft", "external", "off"
AUTO_STARTS = (ASK, DRAFT, EXTERNAL, OFF)

# What Slack says of a person is asked for again after so long.
FRESH = timedelta(hours=12)
# Another process may have saved new preferences.
REMEMBER = timedelta(minutes=1)
# A first request waits for this, and Slack waits 3 s for that request.
ASK_SECONDS = 1.5
MAX_SIGNATURE = 2_000
MAX_ALIASES = 10
REMEMBERED = 20_000

LONG_SIGNATURE = Phrase(
    "A signature has at most {limit} characters.", "Una firma ha al massimo {limit} caratteri."
)
NO_ALIAS = Phrase(
    "“{address}” is no e-mail address. Write them like you@example.com, with commas between.",
    "“{address}” non è un indirizzo e-mail. Scrivili come tu@example.com, separati da virgole.",
)
NO_ZONE = Phrase(
    "There is no time zone “{zone}”. Type a big city, like Rome.",
    "Il fuso orario “{zone}” non esiste. Scrivi una grande città, come Rome.",
)
TOO_MANY_ALIASES = Phrase(
    "That is {n} addresses; {limit} is the most.", "Sono {n} indirizzi; il massimo è {limit}."
)
NEVER_QUIET = Phrase(
    "Quiet hours begin and end at the same time. Choose another end, or none.",
    "Le ore di silenzio iniziano e finiscono alla stessa ora. Scegli un’altra fine, o nessuna.",
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Defaults of the follow-up options, and what may happen by itself.

    `language` "" follows the meeting, `zone` "" follows Slack; without `quiet` there are no quiet
    hours. `aliases` are further addresses of the person, never recipients.
    """

    language: str = ""
    tone: str = "friendly"
    length: str = "medium"
    signature: str = ""
    auto_start: str = ASK
    quiet: QuietHours | None = EVENING_TO_MORNING
    zone: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the product knows them; `language` is the one we speak to them.

    `tz` is the zone they live in: the one they chose, else Slack's. `admin` and `outsider` are
    what Slack said last: good for what is shown, not for what is allowed.
    """

    actor: Actor
    name: str
    email: str
    language: str
    tz: str
    preferences: Preferences
    admin: bool = False
    outsider: bool = False

    @property
    def signature(self) -> str:
        """What stands below every draft: the person's own signature, else the name."""
        return self.preferences.signature or self.name

    @property
    def zone(self) -> tzinfo:
        """The person's time zone; UTC when Slack names one that does not exist."""
        return known_zone(self.tz) or UTC

    @property
    def addresses(self) -> frozenset[str]:
        """The person's own, Slack's and those they typed; none of them is ever a recipient."""
        return frozenset((self.email, *self.preferences.aliases)) - {""}


def quiet_until(member: Member, now: datetime) -> datetime | None:
    """When the member may be told something by itself again, in UTC; None: now."""
    quiet = member.preferences.quiet
    return quiet.until(now, member.zone) if quiet else None


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
        """Save the person's defaults; raises Invalid naming the field that cannot be used."""
        aliases = _checked(preferences)
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
            chosen, quiet = preferences.auto_start, preferences.quiet
            row.auto_start = chosen if chosen in AUTO_STARTS else ASK
            row.quiet_from = quiet.begin if quiet else None
            row.quiet_until = quiet.end if quiet else None
            row.zone, row.aliases = preferences.zone, " ".join(aliases)
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
        seen.admin, seen.outsider = person.admin, person.outsider
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
        tz=row.zone or row.tz,
        preferences=Preferences(
            row.language,
            row.tone,
            row.length,
            row.signature,
            row.auto_start,
            _quiet(row),
            row.zone,
            tuple(row.aliases.split()),
        ),
        admin=row.admin,
        outsider=row.outsider,
    )


def _quiet(row: table.MemberRow) -> QuietHours | None:
    if row.quiet_from is None or row.quiet_until is None:
        return None
    return QuietHours(row.quiet_from, row.quiet_until)


def _checked(preferences: Preferences) -> tuple[str, ...]:
    """The aliases as mail has them, each once; raises Invalid for what cannot be kept."""
    if len(preferences.signature) > MAX_SIGNATURE:
        raise Invalid(LONG_SIGNATURE, field="signature", limit=MAX_SIGNATURE)
    if preferences.zone and known_zone(preferences.zone) is None:
        raise Invalid(NO_ZONE, field="zone", zone=preferences.zone)
    if preferences.quiet and preferences.quiet.begin == preferences.quiet.end:
        raise Invalid(NEVER_QUIET, field="quiet_until")
    for alias in preferences.aliases:
        if not is_address(alias):
            raise Invalid(NO_ALIAS, field="aliases", address=alias)
    found = (wire_address(one, field="aliases").lower() for one in preferences.aliases)
    aliases = tuple(dict.fromkeys(found))
    if len(aliases) > MAX_ALIASES:
        raise Invalid(TOO_MANY_ALIASES, field="aliases", n=len(aliases), limit=MAX_ALIASES)
    return aliases
