"""What the CRM knows of the company that was met, as facts the draft may rely on."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from services.actors import Actor
from services.crm.access import CrmAccess
from services.crm.port import AccountContext, Amount, Deal, Pipeline
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
UNKNOWN = Phrase("no match in {crm}", "nessuna corrispondenza in {crm}")


@dataclass(frozen=True, slots=True)
class DealFact:
    """An open deal; `amount` with its currency where the CRM knows one."""

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
    crm: str = "Crono"

    def headline(self, language: str) -> str:
        """One short line for the progress card."""
        if self.account:
            return self.account
        if self.candidates:
            return SEVERAL(language, names=", ".join(self.candidates))
        return UNKNOWN(language, crm=self.crm) if self.looked_for else NO_COMPANY(language)

    def json(self) -> str:
        """The context as it is stored with the follow-up."""
        return CONTEXT.dump_json(self).decode()


CONTEXT: TypeAdapter[Context] = TypeAdapter(Context)
STORED: TypeAdapter[Context | None] = TypeAdapter(Context | None)


class Crm:
    """What a draft may rely on; reads the workspace's CRM and writes nothing."""

    def __init__(self, access: CrmAccess) -> None:
        self._access = access

    async def context(self, actor: Actor, meeting: Meeting) -> Context:
        """Facts about the first external company; raises Temporary or Disconnected."""
        domain = company_domain(meeting.guests)
        if not domain:
            return Context()
        async with self._access.using(actor) as crm:
            found = await crm.accounts_for(domain)
            if len(found) != 1:
                names = tuple(account.name for account in found)
                return Context(looked_for=domain, candidates=names, crm=crm.name)
            known = await crm.context(found[0].id, notes=NOTES)
            pipelines = await crm.pipelines() if known.deals else ()
            return _context(domain, known, pipelines, crm.name)


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
    domain: str, known: AccountContext, pipelines: tuple[Pipeline, ...], crm: str
) -> Context:
    stages = {(one.id, stage.id): stage.name for one in pipelines for stage in one.stages}
    return Context(
        looked_for=domain,
        account=known.account.name,
        industry=known.account.industry,
        contacts=tuple(f"{one.name}, {one.title}".strip(", ") for one in known.contacts[:20]),
        deals=tuple(_fact(deal, stages) for deal in known.deals[:10]),
        notes=tuple(note.text[:MAX_NOTE] for note in known.notes),
        crm=crm,
    )


def _fact(deal: Deal, stages: dict[tuple[str, str], str]) -> DealFact:
    stage = stages.get((deal.pipeline, deal.stage), deal.stage)
    closes = deal.closes_on.isoformat() if deal.closes_on else "not stated"
    return DealFact(deal.name, stage, _amount(deal.amount), closes)


def _amount(amount: Amount | None) -> str:
    if amount is None:
        return "not stated"
    whole, cents = divmod(amount.minor, 100)
    return f"{whole:,}.{cents:02d} {amount.currency}".strip()
