"""App Home: published when it is opened and after what changes it, as it is at that moment."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from db import home as table
from db.store.session import Database
from services.actors import Actor
from services.errors import DomainError
from services.home.page import LISTS, HomePage
from services.home.reading import HomeReading
from services.people import Members
from services.ports import Clock

# Who opened it longer ago gets it anew when they open it again.
OPENED_LATELY = timedelta(hours=1)
# A hash that is not Slack's any more is left out in the last try.
TRIES = 3

log = structlog.get_logger(__name__)


class HomeMoved(Exception):
    """Somebody published meanwhile: what we have may be older than what is seen."""


class HomeDisplay(Protocol):
    """Draws a person's Home."""

    async def publish(self, page: HomePage, hash_: str) -> str:
        """Slack's hash of what is seen now.

        Raises HomeMoved when `hash_` is not "" and no longer Slack's, Temporary while Slack is
        away, and DomainError when it refuses.
        """


class Home:
    """Keeps who has Home open and publishes it; one publishing at a time and person.

    Over several processes Slack's hash decides: whoever read before somebody else published is
    refused, reads again, and publishes that.
    """

    def __init__(
        self,
        database: Database,
        people: Members,
        reading: HomeReading,
        display: HomeDisplay,
        clock: Clock,
    ) -> None:
        self._database = database
        self._people = people
        self._reading = reading
        self._display = display
        self._clock = clock
        self._locks: WeakValueDictionary[Actor, asyncio.Lock] = WeakValueDictionary()

    async def opened(self, actor: Actor, hash_: str = "") -> None:
        """It came into sight, with the view of this hash in it ("": with none yet)."""
        if (await self._people.who(actor)).outsider:
            return
        async with self._database.transaction() as session:
            now = self._clock()
            await table.open_(session, actor.workspace_id, actor.member_id, now, hash_)
        await self._publish(actor)

    async def refresh(self, actor: Actor, *, link: str = "", expand: str = "") -> None:
        """Publish it as it is now, after a click in it.

        `link` connects Gmail; `expand` is the list to be shown longer, one of LISTS.
        """
        if expand in LISTS:
            await self._keep(actor, expand=expand)
        await self._publish(actor, link)

    async def changed(self, actor: Actor) -> None:
        """Something that Home shows may be different: published if it was opened lately, and looks
        different. What Slack refuses is logged, never raised: Home is right when it is opened."""
        try:
            async with self._database.transaction() as session:
                row = await table.find(session, actor.workspace_id, actor.member_id)
            if row is not None and row.opened_at > self._clock() - OPENED_LATELY:
                await self._publish(actor, unless=row.digest)
        except DomainError as error:
            log.warning("home.unpublished", reason=type(error).__name__)

    async def _publish(self, actor: Actor, link: str = "", unless: str = "") -> None:
        member = await self._people.afresh(actor)
        if member.outsider:
            return
        async with self._locks.setdefault(actor, asyncio.Lock()):
            for tries in range(1, TRIES + 1):
                page, held = await self._reading.page(member)
                digest = hashlib.sha256(repr(page).encode()).hexdigest()
                if digest == unless:
                    return
                page = replace(page, link=link)
                try:
                    drawn = await self._display.publish(page, held if tries < TRIES else "")
                except HomeMoved:
                    continue
                # With the link in it, it looks different from any page without.
                await self._keep(actor, hash_=drawn, digest="" if link else digest)
                return

    async def _keep(
        self, actor: Actor, *, hash_: str = "", digest: str = "", expand: str = ""
    ) -> None:
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id)
            if row is None:
                return
            if expand:
                row.expanded = " ".join(sorted({*row.expanded.split(), expand}))
            else:
                row.hash, row.digest = hash_, digest
            session.add(row)
