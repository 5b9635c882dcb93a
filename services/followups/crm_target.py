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
    Matching,
)
from services.errors import Disconnected, Invalid
from services.followups.progress import FollowUp
from services.meetings import Meeting, Meetings
from services.people import Members
from services.phrases import Phrase

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

    def __init__(
        self, access: CrmAccess, matching: Matching, meetings: Meetings, members: Members
    ) -> None:
        self.access = access
        self._matching = matching
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
        """The account that matches, or those of which to choose; raises Invalid for none."""
        match = await self._matching.of(followup.actor, await self.meeting(followup))
        language = (await self._members.who(followup.actor)).language
        words = {"crm": crm.name, "account": crm.words.account(language)}
        if not match.domain:
            raise Invalid(NO_GUEST, field="account", **words)
        found = (match.account,) if match.account else match.candidates
        if not found:
            raise Invalid(UNKNOWN, field="account", domains=match.domain, **words)
        return found

    async def find(self, crm: CrmPort, followup: FollowUp, chosen: str = "") -> CrmTarget:
        """The chosen account, else the only one that fits; raises Invalid when that is open.

        A choice is remembered for the guests' domain.
        """
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
        if chosen:
            await self._matching.remember(followup.actor, meeting, known.account)
        addresses = {guest.email for guest in meeting.guests if guest.email}
        present = tuple(one for one in known.contacts if addresses & set(one.emails))
        return CrmTarget(meeting, known, present)
