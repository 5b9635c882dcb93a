"""The workspace's own copy of its CRM: what is typed is looked for here, in milliseconds."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from db.crm import records as table
from db.store.session import Database, Session
from services.actors import Actor
from services.crm.folding import SHORTEST_MISTYPED, fold, mistyped, prefix_query, trigrams, words
from services.crm.port import Account, Contact, Deal, RecordKind

MOST = 100
# A letter or two begin thousands of words: only names are looked at then.
SHORTEST_WORD = 3
MAX_TYPED = 100
CORRECTIONS = 4
# So many exact hits are answer enough: what is merely near them is not looked for.
ENOUGH = 5
DEALS = 200

ACCOUNT: TypeAdapter[Account] = TypeAdapter(Account)
CONTACT: TypeAdapter[Contact] = TypeAdapter(Contact)
DEAL: TypeAdapter[Deal] = TypeAdapter(Deal)
ADAPTERS: dict[str, TypeAdapter[Account] | TypeAdapter[Contact] | TypeAdapter[Deal]] = {
    "account": ACCOUNT,
    "contact": CONTACT,
    "deal": DEAL,
}


@dataclass(frozen=True, slots=True)
class CrmHit:
    """A record that fits what was typed; `account` names the company of a contact or deal."""

    kind: RecordKind
    id: str
    name: str
    email: str
    title: str
    account_id: str
    account: str


@dataclass(frozen=True, slots=True)
class CrmQuery:
    """What is looked for: `account_id` keeps to one company's records."""

    words: str
    kinds: tuple[RecordKind, ...] = ("contact", "account")
    account_id: str = ""
    limit: int = 20


class CrmIndex:
    """Reads the index; nothing here leaves the process but for PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, actor: Actor, wanted: CrmQuery) -> tuple[CrmHit, ...]:
        """By name, e-mail address and company, the best first; accents and case do not matter.

        Every word typed must begin a word of the record. Words that begin none are taken as
        mistyped, and what is near them comes after the exact hits. 100 at most.
        """
        typed = fold(wanted.words[:MAX_TYPED])
        limit = min(wanted.limit, MOST)
        async with self._database.transaction() as session:
            found = await self._fitting(session, actor, wanted, typed, _groups(typed))
            ranked = sorted(found, key=lambda one: _rank(one, typed))[:limit]
            if len(ranked) < min(limit, ENOUGH):
                near = await self._nearly(session, actor, wanted, typed)
                known = {(one.kind, one.id) for one in ranked}
                ranked += [one for one in near if (one.kind, one.id) not in known]
            hits = await table.shown(session, actor.workspace_id, ranked[:limit])
            return tuple(map(_hit, hits))

    async def accounts(self, actor: Actor, domain: str) -> tuple[Account, ...]:
        """The accounts whose e-mail domain or website is exactly this host."""
        async with self._database.transaction() as session:
            ids = await table.by_domain(session, actor.workspace_id, domain)
            rows = await table.read(session, actor.workspace_id, "account", ids)
        return tuple(ACCOUNT.validate_json(row.data) for row in sorted(rows, key=lambda r: r.id))

    async def account(self, actor: Actor, account_id: str) -> Account | None:
        """The account as the index has it."""
        row = await self._row(actor, "account", account_id)
        return ACCOUNT.validate_json(row.data) if row else None

    async def contact(self, actor: Actor, contact_id: str) -> Contact | None:
        """The contact as the index has it."""
        row = await self._row(actor, "contact", contact_id)
        return CONTACT.validate_json(row.data) if row else None

    async def contacts(self, actor: Actor, account_id: str) -> tuple[Contact, ...]:
        """The account's contacts, 200 at most, by name."""
        rows = await self._of_account(actor, "contact", account_id)
        return tuple(CONTACT.validate_json(row.data) for row in rows)

    async def open_deals(self, actor: Actor, account_id: str) -> tuple[Deal, ...]:
        """The account's deals that are neither won nor lost, by name; the CRM may know newer."""
        rows = await self._of_account(actor, "deal", account_id)
        deals = (DEAL.validate_json(row.data) for row in rows)
        return tuple(deal for deal in deals if not deal.closed)

    async def gone(self, actor: Actor, kind: RecordKind, record_id: str) -> None:
        """The CRM said that this record is no more: it is offered no longer."""
        async with self._database.transaction() as session:
            await table.drop(session, actor.workspace_id, kind, [record_id])

    async def _row(
        self, actor: Actor, kind: RecordKind, record_id: str
    ) -> table.CrmRecordRow | None:
        async with self._database.transaction() as session:
            rows = await table.read(session, actor.workspace_id, kind, [record_id])
        return next(iter(rows), None)

    async def _of_account(
        self, actor: Actor, kind: RecordKind, account_id: str
    ) -> list[table.CrmRecordRow]:
        async with self._database.transaction() as session:
            return await table.of_account(
                session, actor.workspace_id, kind, [account_id], limit=DEALS
            )

    async def _fitting(
        self,
        session: Session,
        actor: Actor,
        wanted: CrmQuery,
        typed: str,
        groups: tuple[tuple[str, ...], ...],
    ) -> list[table.Found]:
        workspace_id = actor.workspace_id
        query = prefix_query(workspace_id, groups) if groups else ""
        asked = table.Asked(tuple(wanted.kinds), typed, query, wanted.account_id)
        return await table.search(session, workspace_id, asked, named=min(wanted.limit, MOST))

    async def _nearly(
        self, session: Session, actor: Actor, wanted: CrmQuery, typed: str
    ) -> list[table.Found]:
        """What fits once mistyped words are put right."""
        right = await self._corrected(session, actor.workspace_id, _whole_words(typed))
        if not any(right.values()):
            return []
        groups = tuple((word, *others) for word, others in right.items())
        found = await self._fitting(session, actor, wanted, typed, groups)
        return sorted(found, key=lambda one: _distance(one, typed))

    async def _corrected(
        self, session: Session, workspace_id: str, typed: tuple[str, ...]
    ) -> dict[str, tuple[str, ...]]:
        """For each word the nearest ones there are, itself not among them."""
        parts = [
            (word, part)
            for word in typed
            if len(word) >= SHORTEST_MISTYPED
            for part in sorted(trigrams(word))
        ]
        apart: dict[str, dict[str, int]] = {word: {} for word in typed}
        for word, other in await table.near(session, workspace_id, parts) if parts else ():
            if far := mistyped(word, other):
                apart[word][other] = far
        return {
            word: tuple(sorted(others, key=lambda one: (others[one], one)))[:CORRECTIONS]
            for word, others in apart.items()
        }


def _whole_words(typed: str) -> tuple[str, ...]:
    """The words of what was typed; an address or a domain is one."""
    return (typed,) if "@" in typed or ("." in typed and " " not in typed) else words(typed)


def _groups(typed: str) -> tuple[tuple[str, ...], ...]:
    """Words to look for, each alone; none when what was typed is too short to choose among."""
    found = _whole_words(typed)
    if max(map(len, found), default=0) < SHORTEST_WORD:
        return ()
    return tuple((word,) for word in found)


def _rank(one: table.Found, typed: str) -> tuple[int, str, str]:
    """Named exactly so, then beginning so, then by own words, then by address, then company."""
    own = words(one.folded)
    begins = all(any(there.startswith(word) for there in own) for word in _whole_words(typed))
    order = (
        one.folded == typed or one.email == typed,
        one.folded.startswith(typed),
        begins,
        one.email.startswith(typed),
        True,
    )
    return order.index(True), one.folded, one.id


def _distance(one: table.Found, typed: str) -> tuple[int, str, str]:
    own = words(one.folded)
    apart = (
        min((far for there in own if (far := mistyped(word, there)) is not None), default=3)
        for word in words(typed)
    )
    return sum(apart), one.folded, one.id


def _hit(one: table.CrmRecordShown) -> CrmHit:
    record = ADAPTERS[one.kind].validate_json(one.data)
    title = record.title if isinstance(record, Contact) else ""
    kind: RecordKind = "account"
    if isinstance(record, Contact):
        kind = "contact"
    elif isinstance(record, Deal):
        kind = "deal"
    return CrmHit(kind, one.id, one.name, one.email, title, one.account_id, one.account)
