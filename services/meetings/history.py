"""How far back a member's index of meetings reaches, and how it is taken further.

Fathom can neither search nor sort, and the order of its pages is not promised, so the index grows
by whole windows of time: inside its reach nothing is missing, whatever the order was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from db import meetings as table
from db.store.session import Database
from integrations.fathom.client import Fathom
from integrations.fathom.types import Recording as Recording
from services.actors import Actor
from services.connections import Connections
from services.email_address import is_address
from services.errors import AWAY, Temporary
from services.people import Members
from services.ports import Clock

FIRST_WINDOW = timedelta(days=14)
LONGEST_WINDOW = timedelta(days=360)
# A recording shows up minutes after its meeting; looking a little further back misses none.
OVERLAP = timedelta(hours=12)
EDGE = timedelta(seconds=1)
SHORTEST_WINDOW = timedelta(days=1)
# More in so short a time than we may ask for: no diary, but an answer that never ends.
NARROWEST_WINDOW = timedelta(minutes=1)
# Fathom allows 60 calls a minute; a window aims at six pages of ten and stops at thirty.
AIM = 60
MAX_PAGES = 30


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited: name or address may be empty, as Fathom leaves them."""

    name: str
    email: str
    is_external: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """The index holds every recording between `since` and `until`; `complete`: all there are."""

    since: datetime
    until: datetime
    complete: bool


GUESTS: TypeAdapter[tuple[Guest, ...]] = TypeAdapter(tuple[Guest, ...])


class History:
    """Keeps the index of one member's recordings true over a growing span of time."""

    def __init__(
        self,
        database: Database,
        fathom: Fathom,
        connections: Connections,
        members: Members,
        clock: Clock,
    ) -> None:
        self._database = database
        self._fathom = fathom
        self._connections = connections
        self._members = members
        self._clock = clock

    async def reach(self, actor: Actor, *, refresh: bool) -> Coverage:
        """The present reach, brought up to now when `refresh` or when there is none yet."""
        known = await self._known(actor)
        if known is not None and not refresh:
            return known
        now = self._clock()
        async with self._connections.using_fathom(actor) as key:
            if known is not None:
                found = await self._all(key, known.until - OVERLAP, None)
                if found is not None:
                    return await self._save(actor, found, replace(known, until=now))
                await self._forget(actor)
            found, start = await self._back(key, now, FIRST_WINDOW, None)
        return await self._save(actor, found, Coverage(start, now, complete=False))

    async def further(self, actor: Actor, reach: Coverage) -> Coverage:
        """One window further back, as long as about sixty meetings take in this diary."""
        width = await self._width(actor, reach)
        async with self._connections.using_fathom(actor) as key:
            # Neither end of Fathom's window belongs to it: a second of overlap loses nothing.
            found, start = await self._back(key, reach.since, width, reach.since + EDGE)
            complete = not await self._any_before(key, start + EDGE)
        return await self._save(actor, found, Coverage(start, reach.until, complete))

    async def take(self, actor: Actor, recordings: Sequence[Recording]) -> None:
        """Recordings that are known otherwise than by a look: the reach stays as it is."""
        rows = await self._rows(actor, recordings)
        async with self._database.transaction() as session:
            await table.remember(session, actor.workspace_id, actor.member_id, rows)

    async def _back(
        self, key: str, end: datetime, width: timedelta, before: datetime | None
    ) -> tuple[list[Recording], datetime]:
        """What a window of at most `width` before `end` holds, and where that window begins."""
        while width > NARROWEST_WINDOW:
            found = await self._all(key, end - width, before)
            if found is not None:
                return found, end - width
            # A team that shares its recordings fills two weeks with hundreds.
            width /= 2
        raise Temporary(AWAY, vendor="Fathom")

    async def _width(self, actor: Actor, reach: Coverage) -> timedelta:
        async with self._database.transaction() as session:
            known = await table.count(session, actor.workspace_id, actor.member_id)
        span = reach.until - reach.since
        return min(LONGEST_WINDOW, max(SHORTEST_WINDOW, span * AIM / max(known, 1)))

    async def _forget(self, actor: Actor) -> None:
        async with self._database.transaction() as session:
            await table.forget(session, actor.workspace_id, actor.member_id)

    async def _any_before(self, key: str, before: datetime) -> bool:
        page = await self._fathom.meetings(
            key, created_after=None, created_before=before, cursor=None
        )
        return bool(page.meetings)

    async def _all(
        self, key: str, after: datetime, before: datetime | None
    ) -> list[Recording] | None:
        """Every recording of the window; None when it holds more than we may ask for at once."""
        found: list[Recording] = []
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            page = await self._fathom.meetings(
                key, created_after=after, created_before=before, cursor=cursor
            )
            found.extend(page.meetings)
            cursor = page.next_cursor
            if not cursor:
                return found
        return None

    async def _known(self, actor: Actor) -> Coverage | None:
        async with self._database.transaction() as session:
            row = await table.reach(session, actor.workspace_id, actor.member_id)
            return Coverage(row.since, row.until, row.complete) if row else None

    async def _save(self, actor: Actor, found: list[Recording], reach: Coverage) -> Coverage:
        owner = (actor.workspace_id, actor.member_id)
        rows = await self._rows(actor, found)
        async with self._database.transaction() as session:
            await table.remember(session, *owner, rows)
            await table.extend(
                session, *owner, since=reach.since, until=reach.until, complete=reach.complete
            )
        return reach

    async def _rows(self, actor: Actor, found: Sequence[Recording]) -> list[table.MeetingRow]:
        own = await self._connections.addresses(actor)
        own |= (await self._members.who(actor)).addresses
        return [_row(actor, recording, own - {""}) for recording in found]


def _row(actor: Actor, recording: Recording, own: frozenset[str]) -> table.MeetingRow:
    guests = tuple(
        Guest(invitee.name, _address(invitee.email), invitee.is_external)
        for invitee in recording.invitees
    )
    recorder = recording.recorded_by.email.lower()
    present = {recorder, *(guest.email for guest in guests)}
    spoken_of = (recording.title, *(f"{guest.name} {guest.email}" for guest in guests))
    return table.MeetingRow(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        recording_id=recording.recording_id,
        title=recording.title,
        url=recording.url,
        share_url=recording.share_url,
        started_at=recording.started_at,
        ended_at=recording.ended_at,
        language=recording.language,
        recorder_name=recording.recorded_by.name,
        recorder_email=recorder,
        shared=recording.shared,
        invitees=GUESTS.dump_json(guests).decode(),
        words=" ".join(spoken_of).lower(),
        # Of somebody whose address we do not know everything is shown.
        mine=not own or not own.isdisjoint(present),
        external=any(guest.is_external for guest in guests),
    )


def _address(email: str) -> str:
    """The address, lower-case; "" for what is none: it would spoil the draft's headers."""
    return email.lower() if is_address(email) else ""
