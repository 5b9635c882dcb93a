"""What the CRM knows of the company that was met, as facts the draft may rely on."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from services.actors import Actor
from services.crm.access import CrmAccess
from services.crm.matching import NO_ACCOUNT, Match, Matching
from services.crm.port import AccountContext, Amount, Deal, Gone, Pipeline
from services.meetings import Meeting
from services.phrases import Phrase
from services.prompt_text import one_line

NOTES = 3
# What is chosen when none of the CRM's accounts is the company.
NOT_IN_CRM = "-"
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
    candidate_ids: tuple[str, ...] = ()
    account_id: str = ""
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
    """What a draft may rely on; reads the workspace's CRM and writes nothing there."""

    def __init__(self, access: CrmAccess, matching: Matching) -> None:
        self._access = access
        self._matching = matching

    async def context(self, actor: Actor, meeting: Meeting, account_id: str = "") -> Context:
        """Facts about the account chosen, else the one that matches; Temporary or Disconnected.

        A choice (NOT_IN_CRM: none of the accounts) is remembered for the guests' domain. One whose
        account the CRM has no more is forgotten, and matched anew.
        """
        match = await self._matching.of(actor, meeting)
        port = await self._access.of(actor)
        name = port.name if port else ""
        if account_id == NOT_IN_CRM:
            await self._remember(actor, match, NO_ACCOUNT)
            return Context(match.domain, crm=name)
        chosen = account_id or (match.account.id if match.account else "")
        if not chosen:
            found = match.candidates
            names, ids = (tuple(one.name for one in found), tuple(one.id for one in found))
            return Context(match.domain, candidates=names, candidate_ids=ids, crm=name)
        try:
            context = await self._known(actor, match.domain, chosen)
        except Gone:
            await self._matching.gone(actor, match.domain, chosen)
            return await self.context(actor, meeting)
        if account_id:
            await self._remember(actor, match, account_id)
        return context

    async def _known(self, actor: Actor, domain: str, account_id: str) -> Context:
        async with self._access.using(actor) as crm:
            known = await crm.context(account_id, notes=NOTES)
            pipelines = await crm.pipelines() if known.deals else ()
            return _context(domain, known, pipelines, crm.name)

    async def _remember(self, actor: Actor, match: Match, account_id: str) -> None:
        known = match.account is not None and match.account.id == account_id
        if match.decides and not known:
            await self._matching.choose(actor, match.decides, account_id)


def stored_context(stored: str) -> Context | None:
    """The context as it was kept with a follow-up; None when there is none."""
    return STORED.validate_json(stored)


def facts(stored: str) -> str:
    """Stored context as lines for the model; "" when there is none."""
    context = stored_context(stored)
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
        account_id=known.account.id,
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
