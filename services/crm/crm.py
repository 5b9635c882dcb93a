"""What the CRM knows of the company that was met, as facts the draft may rely on."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from integrations.crono.client import Crono
from integrations.crono.types import Account, CronoKeys, Deal, Note, Prospect
from services.errors import translate_vendor_errors
from services.meetings import Guest, Meeting
from services.phrases import Phrase
from services.prompt_text import one_line

NOTES = 3
MAX_NOTE = 1_000

NO_COMPANY = Phrase("no company to look up", "nessuna azienda da cercare")
SEVERAL = Phrase(
    "several accounts match ({names}); none was used",
    "più account corrispondono ({names}); nessuno è stato usato",
)
UNKNOWN = Phrase("no match in Crono", "nessuna corrispondenza in Crono")


@dataclass(frozen=True, slots=True)
class DealFact:
    """An open deal; `amount` as Crono gives it (it has no currency)."""

    name: str
    stage: str
    amount: str
    closes: str


@dataclass(frozen=True, slots=True)
class Context:
    """The account met, its open deals, known contacts and last notes; all empty when unknown."""

    looked_for: str = ""
    account: str = ""
    industry: str = ""
    contacts: tuple[str, ...] = ()
    deals: tuple[DealFact, ...] = ()
    notes: tuple[str, ...] = ()
    # Accounts of which any may be the one: nothing is assumed of them.
    candidates: tuple[str, ...] = ()

    def headline(self, language: str) -> str:
        """One short line for the progress card."""
        if self.account:
            return self.account
        if self.candidates:
            return SEVERAL(language, names=", ".join(self.candidates))
        return (UNKNOWN if self.looked_for else NO_COMPANY)(language)

    def json(self) -> str:
        """The context as it is stored with the follow-up."""
        return CONTEXT.dump_json(self).decode()


CONTEXT: TypeAdapter[Context] = TypeAdapter(Context)
STORED: TypeAdapter[Context | None] = TypeAdapter(Context | None)


class Crm:
    """Reads Crono; writes nothing."""

    def __init__(self, crono: Crono) -> None:
        self._crono = crono

    async def check(self, keys: CronoKeys) -> None:
        """Ask Crono whether it accepts the keys; raises Disconnected or Temporary."""
        with translate_vendor_errors("Crono"):
            await self._crono.check_keys(keys)

    async def context(self, keys: CronoKeys, meeting: Meeting) -> Context:
        """Facts about the first external company; raises Temporary or Disconnected."""
        domain = company_domain(meeting.guests)
        if not domain:
            return Context()
        with translate_vendor_errors("Crono"):
            name = domain.split(".")[0]
            found = await self._crono.accounts_for(keys, domain=domain, name=name)
            if len(found) != 1:
                names = tuple(account.name for account in found)
                return Context(looked_for=domain, candidates=names)
            [account] = found
            people, deals, notes = await asyncio.gather(
                self._crono.prospects(keys, account.id),
                self._crono.open_deals(keys, account.id),
                self._crono.last_notes(keys, account.id, NOTES),
            )
        return _context(domain, account, people, deals, notes)


def company_domain(guests: tuple[Guest, ...]) -> str:
    """The e-mail domain most external guests share; "" when all are private addresses."""
    domains = [
        guest.email.rpartition("@")[2] for guest in guests if guest.is_external and guest.email
    ]
    companies = [domain for domain in domains if domain not in public_domains()]
    return max(companies, key=companies.count, default="")


@cache
def public_domains() -> frozenset[str]:
    """Domains of public mail providers: an address there says nothing about a company."""
    return frozenset(
        files("services.crm").joinpath("public_domains.txt").read_text("utf-8").split()
    )


def facts(stored: str) -> str:
    """Stored context as lines for the model; "" when there is none."""
    context = STORED.validate_json(stored)
    if context is None or not context.account:
        return ""
    lines = [f"Account: {context.account}", f"Industry: {context.industry or 'not stated'}"]
    lines += [f"Contact: {contact}" for contact in context.contacts]
    lines += [
        f"Open deal: {deal.name}; stage {deal.stage}; amount {deal.amount}; closes {deal.closes}"
        for deal in context.deals
    ]
    lines += [f"Earlier note: {note}" for note in context.notes]
    return "\n".join(map(one_line, lines))


def _context(
    domain: str,
    account: Account,
    people: tuple[Prospect, ...],
    deals: tuple[Deal, ...],
    notes: tuple[Note, ...],
) -> Context:
    return Context(
        looked_for=domain,
        account=account.name,
        industry=account.industry,
        contacts=tuple(f"{person.name}, {person.title}".strip(", ") for person in people[:20]),
        deals=tuple(
            DealFact(deal.name, deal.stage, _amount(deal), _day(deal.closes_at))
            for deal in deals[:10]
        ),
        notes=tuple(note.text[:MAX_NOTE] for note in notes),
    )


def _amount(deal: Deal) -> str:
    if deal.amount_cents is None:
        return "not stated"
    whole, cents = divmod(deal.amount_cents, 100)
    return f"{whole:,}.{cents:02d}"


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else "not stated"
