"""The workspace's part of the check-up: its installation, its CRM, its members' connections."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from db.connections import connections as table
from db.store.session import Database
from services.actors import Actor
from services.connections import CRM, FATHOM, GOOGLE, CrmKeys
from services.doctor.checkups import Finding, fine, tried
from services.errors import DomainError
from services.ops import Ops
from services.phrases import Phrase
from services.ports import Clock, Directory

SLACK = "slack"
# An index is read anew every few minutes; one that is older stands still.
STALE = timedelta(hours=6)

INSTALLED = Phrase(
    "installed in {team}, with every permission", "installato in {team}, con tutti i permessi"
)
LACKS = Phrase(
    "installed in {team}, without: {scopes}. Open {url} and allow it again; nothing gets lost.",
    "installato in {team}, senza: {scopes}. Apri {url} e autorizza di nuovo; non si perde nulla.",
)
LAPSES = Phrase(
    "the token cannot be renewed any more. Open {url} and allow Seguito again; nothing gets lost.",
    "il token non si può più rinnovare. Apri {url} e autorizza di nuovo Seguito; non si perde "
    "nulla.",
)
REFUSED = Phrase(
    "Slack no longer accepts our token ({code}). Open {url} and allow Seguito again.",
    "Slack non accetta più il nostro token ({code}). Apri {url} e autorizza di nuovo Seguito.",
)
NO_CRM = Phrase(
    "not connected; an admin connects it under /seguito connections",
    "non collegato; un admin lo collega con /seguito connections",
)
CRM_REFUSED = Phrase(
    "its keys are no longer accepted; change them under /seguito connections",
    "le chiavi non sono più accettate; cambiale con /seguito connections",
)
CRM_FILLING = Phrase(
    "connected; reading it for the first time: {done} so far",
    "collegato; prima lettura in corso: {done} finora",
)
CRM_FRESH = Phrase("connected, {done} entries known", "collegato, {done} voci note")
CRM_STALE = Phrase(
    "not read for {hours} hours; if that stays so, tell your operator",
    "non letto da {hours} ore; se continua, avvisa il gestore",
)
MEMBERS = Phrase(
    "{works} connected, {refused} to connect again", "{works} collegati, {refused} da ricollegare"
)


@dataclass(frozen=True, slots=True)
class SlackStanding:
    """How our bot stands in a workspace: what Slack says of its token right now.

    `refused` is Slack's word when it takes the token no more; `lapses` when it cannot be renewed.
    """

    team: str
    missing: tuple[str, ...] = ()
    refused: str = ""
    lapses: bool = False


class SlackProbe(Protocol):
    """Asks Slack how we stand."""

    async def look(self, actor: Actor) -> SlackStanding:
        """In the actor's workspace, now; raises DomainError when nothing can be found out."""


class Standing:
    """Looks for admins only; changes nothing."""

    def __init__(
        self,
        database: Database,
        probe: SlackProbe,
        admins: tuple[Directory, Ops],
        crm_keys: CrmKeys,
        install_url: str,
        clock: Clock,
    ) -> None:
        """`admins`: Slack's directory and the rule of ops; `install_url` is where to install."""
        self._database = database
        self._probe = probe
        self._directory, self._ops = admins
        self._crm_keys = crm_keys
        self._url = install_url
        self._clock = clock

    async def run(self, actor: Actor) -> tuple[Finding, ...]:
        """Slack, the CRM, and how many members are connected; nothing for who is no admin."""
        if not await self._is_admin(actor):
            return ()
        looks: tuple[Awaitable[Finding], ...] = (
            tried(SLACK, self._slack(actor), "Slack"),
            self._crm(actor),
            self._members(actor, FATHOM),
            self._members(actor, GOOGLE),
        )
        return tuple(await asyncio.gather(*looks))

    async def _is_admin(self, actor: Actor) -> bool:
        if self._ops.is_admin(actor):
            return True
        try:
            return (await self._directory.person(actor)).admin
        except DomainError:
            return False

    async def _slack(self, actor: Actor) -> Finding:
        found = await self._probe.look(actor)
        if found.refused:
            return _wrong(SLACK, REFUSED, code=found.refused, url=self._url)
        if found.lapses:
            return _wrong(SLACK, LAPSES, url=self._url)
        if found.missing:
            scopes = ", ".join(found.missing)
            return _wrong(SLACK, LACKS, team=found.team, scopes=scopes, url=self._url)
        return fine(SLACK, INSTALLED, team=found.team)

    async def _crm(self, actor: Actor) -> Finding:
        everybody = Actor(actor.workspace_id, "")
        keys = await self._crm_keys.of(everybody)
        if keys is None:
            return fine(CRM, NO_CRM)
        if not keys.works:
            return _wrong(keys.vendor, CRM_REFUSED)
        index = await self._crm_keys.progress(actor.workspace_id)
        if index is None or not index.filled:
            return fine(keys.vendor, CRM_FILLING, done=index.done if index else 0)
        old = self._clock() - (index.refreshed_at or self._clock())
        if old > STALE:
            return _wrong(keys.vendor, CRM_STALE, hours=int(old / timedelta(hours=1)))
        return fine(keys.vendor, CRM_FRESH, done=index.done)

    async def _members(self, actor: Actor, vendor: str) -> Finding:
        async with self._database.transaction() as session:
            works, refused = await table.counts(session, actor.workspace_id, vendor)
        words = {"works": works, "refused": refused}
        return _wrong(vendor, MEMBERS, **words) if refused else fine(vendor, MEMBERS, **words)


def _wrong(vendor: str, words: Phrase, **values: object) -> Finding:
    found = fine(vendor, words, **values)
    return Finding(found.vendor, fine=False, en=found.en, it=found.it)
