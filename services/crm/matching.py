"""Which account a meeting is about: by exact domain, by what people chose, never by a guess."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files

from publicsuffixlist import PublicSuffixList

from db.crm import refreshes as table
from db.store.session import Database
from services.actors import Actor
from services.connections import CrmKeys
from services.crm.access import CrmAccess
from services.crm.index import CrmIndex
from services.crm.port import GONE, Account, Gone
from services.meetings import Guest, Meeting
from services.people import Members
from services.ports import Clock

MOST_DOMAINS = 5
MAPPINGS = 90
# What people chose when none of the CRM's accounts is the company.
NO_ACCOUNT = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The account a meeting is about, or those of which a person must choose.

    `domain` is what was looked for, "" when no guest's address tells a company. A choice is
    remembered for `decides`: "" when guests of several companies leave open whose it is.
    """

    domain: str = ""
    account: Account | None = None
    candidates: tuple[Account, ...] = ()
    remembered: bool = False
    decides: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A remembered choice; `account` is the account's name, "" for none of the CRM's."""

    domain: str
    account_id: str
    account: str
    chosen_by: str
    chosen_at: datetime


class Matching:
    """Looks in the workspace's index; asks the CRM itself while that is not filled yet."""

    def __init__(
        self,
        database: Database,
        index: CrmIndex,
        access: CrmAccess,
        keys: CrmKeys,
        members: Members,
        clock: Clock,
    ) -> None:
        self._database = database
        self._index = index
        self._access = access
        self._keys = keys
        self._members = members
        self._clock = clock

    async def of(self, actor: Actor, meeting: Meeting) -> Match:
        """The account of a meeting's guests; raises Temporary or Disconnected while unfilled.

        Guests of two companies that both are accounts, or two accounts with one domain, are for
        the person to choose among.
        """
        own = await self._own_domains(actor, meeting)
        domains = company_domains(meeting.guests, own)
        found = [await self._of_domain(actor, domain) for domain in domains]
        candidates = _once(
            account
            for match in found
            for account in ((match.account,) if match.account else match.candidates)
        )
        known = next((match for match in found if match.account is not None), None)
        decides = domains[0] if len(domains) == 1 else ""
        if known is not None and len(candidates) == 1:
            return replace(known, decides=decides)
        decided = next((match for match in found if match.remembered), None)
        if decided is not None and not candidates:
            return replace(decided, decides=decides)
        return Match(next(iter(domains), ""), None, candidates, decides=decides)

    async def choose(self, actor: Actor, domain: str, account_id: str) -> None:
        """Remember the account (NO_ACCOUNT: none) for a domain; raises Gone without it."""
        account = await self.account(actor, account_id) if account_id else None
        await self._keep(actor, domain, account_id, account.name if account else "")

    async def remember(self, actor: Actor, meeting: Meeting, account: Account) -> None:
        """The same for a meeting whose account a person chose and the CRM has just told."""
        match = await self.of(actor, meeting)
        if match.decides and (match.account is None or match.account.id != account.id):
            await self._keep(actor, match.decides, account.id, account.name)

    async def account(self, actor: Actor, account_id: str) -> Account:
        """The account of this id, asked of the CRM while the index is not filled; raises Gone."""
        account = await self._index.account(actor, account_id)
        if account is not None:
            return account
        if await self._is_filled(actor):
            crm = await self._access.of(actor)
            raise Gone(GONE, crm=crm.name if crm else "CRM")
        async with self._access.using(actor) as crm_now:
            return (await crm_now.context(account_id, notes=0)).account

    async def mappings(self, actor: Actor) -> tuple[Mapping, ...]:
        """What was chosen in the workspace, newest first; 90 at most."""
        async with self._database.transaction() as session:
            rows = await table.mappings(session, actor.workspace_id, limit=MAPPINGS)
        return tuple(
            Mapping(row.domain, row.account_id, row.account_name, row.chosen_by, row.chosen_at)
            for row in rows
        )

    async def forget(self, actor: Actor, domain: str) -> None:
        """Match this domain anew."""
        async with self._database.transaction() as session:
            await table.forget_mapping(session, actor.workspace_id, domain)

    async def gone(self, actor: Actor, domain: str, account_id: str) -> None:
        """The CRM has this account no more: it is neither offered nor remembered any longer."""
        await self._index.gone(actor, "account", account_id)
        await self.forget(actor, domain)

    async def _keep(self, actor: Actor, domain: str, account_id: str, name: str) -> None:
        chosen = table.CrmMappingRow(
            workspace_id=actor.workspace_id,
            domain=domain,
            account_id=account_id,
            account_name=name,
            chosen_by=actor.member_id,
            chosen_at=self._clock(),
        )
        async with self._database.transaction() as session:
            await table.choose(session, actor.workspace_id, chosen)

    async def _of_domain(self, actor: Actor, domain: str) -> Match:
        async with self._database.transaction() as session:
            chosen = await table.mapping(session, actor.workspace_id, domain)
        if chosen is not None and chosen.account_id == NO_ACCOUNT:
            return Match(domain, remembered=True)
        if chosen is not None:
            try:
                account = await self.account(actor, chosen.account_id)
            except Gone:
                await self.forget(actor, domain)
            else:
                return Match(domain, account, remembered=True)
        return _decided(domain, await self._accounts(actor, domain)) or Match(
            domain, candidates=await self._registrable(actor, domain)
        )

    async def _accounts(self, actor: Actor, domain: str) -> tuple[Account, ...]:
        found = await self._index.accounts(actor, domain)
        if found or await self._is_filled(actor):
            return found
        async with self._access.using(actor) as crm:
            return await crm.accounts_for(domain)

    async def _is_filled(self, actor: Actor) -> bool:
        progress = await self._keys.progress(actor.workspace_id)
        return progress is not None and progress.filled

    async def _registrable(self, actor: Actor, domain: str) -> tuple[Account, ...]:
        """Accounts of the domain above, to be offered; of a shared host (`*.github.io`) none."""
        above = suffixes().privatesuffix(domain)
        if not above or above == domain or above in public_domains():
            return ()
        return await self._index.accounts(actor, above)

    async def _own_domains(self, actor: Actor, meeting: Meeting) -> frozenset[str]:
        """Domains of the workspace's own people: never a customer's, whatever the CRM holds."""
        domains = {host_of(meeting.recorder.email)}
        return await self._members.domains(actor) | domains


def company_domains(
    guests: tuple[Guest, ...], own: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The e-mail domains of external guests, those of most guests first; without public mail."""
    hosts = [host_of(guest.email) for guest in guests if guest.is_external and guest.email]
    companies = [host for host in hosts if host and host not in public_domains() | own]
    ordered = sorted(dict.fromkeys(companies), key=companies.count, reverse=True)
    return tuple(ordered[:MOST_DOMAINS])


def host_of(email: str) -> str:
    """The domain of an address in lower case; "" without one."""
    return email.rpartition("@")[2].strip().lower() if "@" in email else ""


@cache
def public_domains() -> frozenset[str]:
    """Domains of public mail providers: an address there says nothing about a company."""
    return frozenset(
        files("services.crm").joinpath("public_domains.txt").read_text("utf-8").split()
    )


@cache
def suffixes() -> PublicSuffixList:
    """Mozilla's list, hosts that many strangers share included."""
    return PublicSuffixList()


def _decided(domain: str, found: tuple[Account, ...]) -> Match | None:
    """One account, or several to choose among; None without any.

    Of sister companies with one mail domain the website tells whose it is, when each has one.
    """
    here = [one for one in found if one.site == domain]
    if len(here) == 1 and all(one.site for one in found):
        return Match(domain, here[0])
    if len(found) == 1:
        return Match(domain, found[0])
    return Match(domain, candidates=found) if found else None


def _once(accounts: Iterable[Account]) -> tuple[Account, ...]:
    return tuple({one.id: one for one in accounts}.values())
