"""Which company is which: the account a draft is about, and the choices kept for domains."""

from services.crm import Account, CrmHit, Mapping
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Menu
from views.kit.pickers import Suggest
from views.kit.state import State
from views.kit.text import bold, escape, name
from views.words import common
from views.words.crm import companies as say

LIST = "crm.companies_list"
FORM = "crm.company_form"

COMPANY = Suggest("crm.company", least=0)
SHOW = Button("crm.companies")
ROW = Menu("crm.company_row")

CHANGE, FORGET = "change", "forget"
# "None of the CRM's accounts" is a choice too, and needs a value.
NONE = "-"


def companies(mappings: tuple[Mapping, ...], crm: str, member: Member) -> kit.View:
    """Every choice that is kept, each to be changed or forgotten."""
    language = member.language
    blocks: list[kit.Block] = [kit.section(say.INTRO(language, crm=crm))]
    if not mappings:
        blocks.append(kit.section(say.EMPTY(language)))
    for one in mappings:
        account = bold(name(one.account)) if one.account else say.NOBODY(language)
        row = say.ROW(language, domain=escape(one.domain), account=account)
        text = f"{row}\n{say.BY(language, member=one.chosen_by)}"
        menu = ROW.draw(
            (
                Choice(say.CHANGE(language), f"{CHANGE}:{one.domain}"[:75]),
                Choice(say.FORGET(language), f"{FORGET}:{one.domain}"[:75]),
            )
        )
        blocks.append(kit.section(text, menu))
    return kit.modal(LIST, say.TITLE(language), blocks, close=common.CLOSE(language))


def company_form(domain: str, crm: str, member: Member) -> kit.View:
    """Another account for a domain."""
    language = member.language
    blocks = [
        kit.section(say.ASK(language, domain=escape(domain), crm=crm)),
        COMPANY.draw(say.COMPANY(language, crm=crm), say.TYPE(language)),
    ]
    return kit.modal(
        FORM,
        say.TITLE(language),
        blocks,
        submit=common.SAVE(language),
        close=common.BACK(language),
        metadata=domain,
    )


def read_row(value: str) -> tuple[str, str]:
    """What is to be done with a domain's choice: CHANGE or FORGET, and the domain."""
    what, _, domain = value.partition(":")
    return what, domain


def read_company(state: State) -> str:
    """The chosen account's id; "" for none."""
    return COMPANY.read(state).removeprefix(NONE)


def offers(
    candidates: tuple[Account, ...], hits: tuple[CrmHit, ...], language: str
) -> tuple[Choice, ...]:
    """Those that may be meant first, then what fits the words, then none of them."""
    accounts = {one.id: one.name for one in candidates}
    accounts |= {one.id: one.name for one in hits if one.id not in accounts}
    return (
        *(Choice(found, key) for key, found in accounts.items()),
        Choice(say.NO_ACCOUNT(language), NONE),
    )
