"""Whom a follow-up's note, deal and tasks are about in the CRM: account, people who were there."""

import asyncio
from dataclasses import dataclass

from services.actors import Actor
from services.crm import (
    NO_CRM,
    Account,
    AccountContext,
    Contact,
    CrmAccess,
    CrmPort,
    Deal,
    public_domains,
)
from services.errors import Disconnected, Invalid
from services.followups.progress import FollowUp
from services.meetings import Meeting, Meetings
from services.people import Member, Members
from services.phrases import Phrase

MOST_DOMAINS = 5

NO_GUEST = Phrase(
    "Nobody from another company was invited, so I cannot tell which {account} this is about.",
    "Nessuno di un’altra azienda era invitato, quindi non so di quale {account} si tratta.",
)
UNKNOWN = Phrase(
    "{crm} knows no {account} with the domain {domains}. Add it there, then try again.",
    "{crm} non conosce nessun {account} con il dominio {domains}. Aggiungilo lì, poi riprova.",
)
SEVERAL = Phrase(
    "Several accounts in {crm} may be meant ({names}): choose one with “Change”.",
    "In {crm} possono essere più account ({names}): scegline uno con «Modifica».",
)


@dataclass(frozen=True, slots=True)
class CrmTarget:
    """The account with its open deals, and which of its contacts were in the meeting."""

    meeting: Meeting
    known: AccountContext
    present: tuple[Contact, ...]

    @property
    def account(self) -> Account:
        """Whom it is about."""
        return self.known.account

    def deal(self, deal_id: str) -> Deal | None:
        """An open deal of the account."""
        return next((one for one in self.known.deals if one.id == deal_id), None)

    @property
    def only_deal(self) -> str:
        """The id of the one open deal there is; "" for none or several: nothing is guessed."""
        return self.known.deals[0].id if len(self.known.deals) == 1 else ""


class CrmTargets:
    """Finds the account of a meeting; a person's choice goes before every rule."""

    def __init__(self, access: CrmAccess, meetings: Meetings, members: Members) -> None:
        self.access = access
        self._meetings = meetings
        self._members = members

    async def connected(self, actor: Actor) -> None:
        """Raises Disconnected without a CRM; leaves the process for nothing."""
        if await self.access.of(actor) is None:
            raise Disconnected(NO_CRM, vendor="crm")

    async def meeting(self, followup: FollowUp) -> Meeting:
        """The meeting it is of; raises NotFound."""
        return await self._meetings.find(followup.actor, followup.recording_id)

    async def candidates(self, crm: CrmPort, followup: FollowUp) -> tuple[Account, ...]:
        """Every account that one of the guests' companies may be; raises Invalid for none."""
        meeting = await self.meeting(followup)
        member = await self._members.who(followup.actor)
        domains = company_domains(meeting, member)
        words = {"crm": crm.name, "account": crm.words.account(member.language)}
        if not domains:
            raise Invalid(NO_GUEST, field="account", **words)
        found = await asyncio.gather(*(crm.accounts_for(one) for one in domains))
        accounts = {one.id: one for listed in found for one in listed}
        if not accounts:
            raise Invalid(UNKNOWN, field="account", domains=", ".join(domains), **words)
        return tuple(accounts.values())

    async def find(self, crm: CrmPort, followup: FollowUp, chosen: str = "") -> CrmTarget:
        """The chosen account, else the only one that fits; raises Invalid when that is open."""
        account_id = chosen
        if not account_id:
            found = await self.candidates(crm, followup)
            if len(found) > 1:
                names = ", ".join(one.name for one in found)
                raise Invalid(SEVERAL, field="account", crm=crm.name, names=names)
            account_id = found[0].id
        meeting, known = await asyncio.gather(
            self.meeting(followup), crm.context(account_id, notes=0)
        )
        addresses = {guest.email for guest in meeting.guests if guest.email}
        present = tuple(one for one in known.contacts if addresses & set(one.emails))
        return CrmTarget(meeting, known, present)


def company_domains(meeting: Meeting, member: Member) -> tuple[str, ...]:
    """E-mail domains of guests from outside, most shared first.

    Never those of public mail, nor our own: one's own company is no account.
    """
    own = {email.rpartition("@")[2] for email in (member.email, meeting.recorder.email) if email}
    found = [
        guest.email.rpartition("@")[2]
        for guest in meeting.guests
        if guest.is_external and guest.email
    ]
    companies = [one for one in found if one not in own and one not in public_domains()]
    return tuple(sorted(dict.fromkeys(companies), key=companies.count, reverse=True))[:MOST_DOMAINS]
