"""Records as the index keeps them: by which words each is found, and under which domains."""

from collections.abc import Mapping, Sequence

from db.crm import records as table
from db.store.session import Session
from services.crm.folding import address_words, fold, lexeme, trigrams, words
from services.crm.index import ACCOUNT, ADAPTERS, CONTACT, DEAL
from services.crm.port import Account, Contact, Deal, RecordKind

# Contacts and deals of one account that are found by its new name at once; the rest at the next
# full pass.
RENAMED = 2_000


async def keep(
    session: Session,
    workspace_id: str,
    kind: RecordKind,
    found: Sequence[Account | Contact | Deal],
    *,
    seen: int,
) -> None:
    """Write records of one kind; contacts and deals are found by their company's name too."""
    if kind == "account":
        await _renamed(session, workspace_id, found, seen)
    names = await _companies(session, workspace_id, found)
    await _write(session, workspace_id, kind, found, names, seen)
    if kind == "account":
        accounts = [one for one in found if isinstance(one, Account)]
        domains = [(domain, one.id) for one in accounts for domain in one.domains]
        await table.set_domains(session, workspace_id, domains, [one.id for one in accounts])


async def _renamed(
    session: Session, workspace_id: str, found: Sequence[Account | Contact | Deal], seen: int
) -> None:
    """Let the contacts and deals of accounts that changed their name be found by the new one."""
    new = {one.id: one.name for one in found}
    before = await table.read(session, workspace_id, "account", sorted(new))
    changed = sorted(row.id for row in before if row.name != new[row.id])
    for kind in ("contact", "deal") if changed else ():
        rows = await table.of_account(session, workspace_id, kind, changed, limit=RENAMED)
        again = [ADAPTERS[kind].validate_json(row.data) for row in rows]
        await _write(session, workspace_id, kind, again, new, seen)


async def _companies(
    session: Session, workspace_id: str, found: Sequence[Account | Contact | Deal]
) -> dict[str, str]:
    ids = {one.account_id for one in found if not isinstance(one, Account) and one.account_id}
    if not ids:
        return {}
    return {
        row.id: row.name for row in await table.read(session, workspace_id, "account", sorted(ids))
    }


async def _write(
    session: Session,
    workspace_id: str,
    kind: str,
    found: Sequence[Account | Contact | Deal],
    companies: Mapping[str, str],
    seen: int,
) -> None:
    rows = [_entry(workspace_id, one, companies) for one in found]
    await table.write(session, workspace_id, kind, rows, seen=seen)
    new = await table.add_words(
        session, workspace_id, sorted({word for row in rows for word in words(row.folded)})
    )
    if new:
        await table.add_trigrams(
            session, workspace_id, [(part, word) for word in new for part in trigrams(word)]
        )


def _entry(
    workspace_id: str, one: Account | Contact | Deal, companies: Mapping[str, str]
) -> table.Indexed:
    folded = fold(one.name)
    found = [*words(folded)]
    emails: tuple[str, ...] = ()
    if isinstance(one, Account):
        data, account_id = ACCOUNT.dump_json(one), ""
        found += one.domains
    else:
        account_id = one.account_id
        found += words(fold(companies.get(account_id, "")))
        if isinstance(one, Contact):
            data, emails = CONTACT.dump_json(one), one.emails
            found += [word for email in emails for word in address_words(email)]
        else:
            data = DEAL.dump_json(one)
    return table.Indexed(
        id=one.id,
        name=one.name,
        folded=folded,
        email=next(iter(emails), ""),
        account_id=account_id,
        data=data.decode(),
        lexemes=frozenset(lexeme(workspace_id, word) for word in found),
    )
