"""The index of a workspace's accounts, contacts and deals, made to be searched while one types.

Everything stands on core PostgreSQL: a managed or embedded server may lack its contrib modules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Index, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import JsonText

BETWEEN_LEXEMES = "\x1f"
# Names of every word are few beside the records: 50 come closest to a mistyped one.
NEAREST = 50
# Of a beginning that thousands share no order helps; those named exactly so come first anyway.
MOST_HITS = 200


class CrmRecordRow(SQLModel, table=True):
    """One account, contact or deal; `data` is the service's JSON of it.

    `folded` is the name, `lexemes` every word it is found by, both without accents and case;
    a lexeme begins with its workspace. `seen` is the full pass that saw it last.
    """

    __tablename__ = "crm_records"
    __table_args__ = (
        Index(
            "ix_crm_records_folded",
            "workspace_id",
            "folded",
            postgresql_ops={"folded": "text_pattern_ops"},
        ),
        Index("ix_crm_records_account", "workspace_id", "account_id"),
        Index("ix_crm_records_lexemes", "lexemes", postgresql_using="gin"),
    )

    workspace_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)
    email: str = Field(sa_type=Text)
    account_id: str = ""
    data: str = Field(sa_type=JsonText)
    lexemes: str = Field(sa_column=Column(TSVECTOR, nullable=False))
    seen: int


class CrmDomainRow(SQLModel, table=True):
    """An exact host (of e-mail or website) by which an account is matched."""

    __tablename__ = "crm_domains"

    workspace_id: str = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)


class CrmWordRow(SQLModel, table=True):
    """A word that some name of the workspace holds; what mistyped ones are compared with."""

    __tablename__ = "crm_words"

    workspace_id: str = Field(primary_key=True)
    word: str = Field(primary_key=True)


class CrmTrigramRow(SQLModel, table=True):
    """Three letters in a row of a word."""

    __tablename__ = "crm_trigrams"

    workspace_id: str = Field(primary_key=True)
    trigram: str = Field(primary_key=True)
    word: str = Field(primary_key=True)


@dataclass(frozen=True, slots=True)
class Indexed:
    """One record as it is written; `lexemes` with their workspace before them."""

    id: str
    name: str
    folded: str
    email: str
    account_id: str
    data: str
    lexemes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: `beginning` of a folded name, and a tsquery ("" for none)."""

    kinds: tuple[str, ...]
    beginning: str
    tsquery: str
    account_id: str = ""


UPSERT = text("""
    INSERT INTO crm_records
        (workspace_id, kind, id, name, folded, email, account_id, data, lexemes, seen)
    SELECT :workspace_id, :kind, id, name, folded, email, account_id, data,
        array_to_tsvector(string_to_array(words, :between)), :seen
    FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:foldeds AS text[]),
        CAST(:emails AS text[]), CAST(:account_ids AS text[]), CAST(:datas AS text[]),
        CAST(:words AS text[]))
        AS row(id, name, folded, email, account_id, data, words)
    ON CONFLICT (workspace_id, kind, id) DO UPDATE SET
        name = excluded.name, folded = excluded.folded, email = excluded.email,
        account_id = excluded.account_id, data = excluded.data, lexemes = excluded.lexemes,
        seen = excluded.seen
""")
WORDS = text("""
    INSERT INTO crm_words (workspace_id, word)
    SELECT :workspace_id, word FROM unnest(CAST(:words AS text[])) AS word
    ON CONFLICT DO NOTHING RETURNING word
""")
TRIGRAMS = text("""
    INSERT INTO crm_trigrams (workspace_id, trigram, word)
    SELECT :workspace_id, trigram, word
    FROM unnest(CAST(:trigrams AS text[]), CAST(:words AS text[])) AS row(trigram, word)
    ON CONFLICT DO NOTHING
""")
DOMAINS = text("""
    INSERT INTO crm_domains (workspace_id, domain, account_id)
    SELECT :workspace_id, domain, account_id
    FROM unnest(CAST(:domains AS text[]), CAST(:account_ids AS text[])) AS row(domain, account_id)
    ON CONFLICT DO NOTHING
""")
# Two ways in one round trip: by how the whole name begins, in order, so that what is called
# exactly so is always there; and by the beginnings of words, in none.
SEARCH = text("""
    (SELECT kind, id, folded, email FROM crm_records
     WHERE workspace_id = :workspace_id AND kind = ANY(:kinds)
       AND folded LIKE :beginning AND (:account_id = '' OR account_id = :account_id)
     ORDER BY folded, id LIMIT :named)
    UNION
    (SELECT kind, id, folded, email FROM crm_records
     WHERE :tsquery <> '' AND lexemes @@ CAST(nullif(:tsquery, '') AS tsquery)
       AND workspace_id = :workspace_id AND kind = ANY(:kinds)
       AND (:account_id = '' OR account_id = :account_id)
     LIMIT :worded)
""")
SHOWN = text("""
    SELECT one.kind, one.id, one.name, one.email, one.account_id, one.data,
        coalesce(company.name, '') AS account
    FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS text[]))
        WITH ORDINALITY AS row(kind, id, place)
    JOIN crm_records AS one
        ON one.workspace_id = :workspace_id AND one.kind = row.kind AND one.id = row.id
    LEFT JOIN crm_records AS company ON company.workspace_id = :workspace_id
        AND company.kind = 'account' AND company.id = one.account_id AND one.account_id <> ''
    ORDER BY place
""")
NEAR = text("""
    SELECT typed, word FROM (
        SELECT typed, word, row_number() OVER (
            PARTITION BY typed ORDER BY count(*) DESC, length(word), word) AS place
        FROM unnest(CAST(:typed AS text[]), CAST(:trigrams AS text[])) AS row(typed, part)
        JOIN crm_trigrams ON workspace_id = :workspace_id AND trigram = part
        GROUP BY typed, word) AS ranked
    WHERE place <= :nearest
""")
COUNTS = text("""
    SELECT kind, count(*) AS number FROM crm_records
    WHERE workspace_id = :workspace_id GROUP BY kind
""")


@dataclass(frozen=True, slots=True)
class Found:
    """One record that was found, as much as ranking needs."""

    kind: str
    id: str
    folded: str
    email: str


@dataclass(frozen=True, slots=True)
class CrmRecordShown:
    """One record as people see it; `account` is its company's name."""

    kind: str
    id: str
    name: str
    email: str
    account_id: str
    data: str
    account: str


async def write(
    session: Session, workspace_id: str, kind: str, rows: Sequence[Indexed], *, seen: int
) -> None:
    """Insert or replace records; of one id the last counts."""
    last = list({row.id: row for row in rows}.values())
    values = {
        "ids": [row.id for row in last],
        "names": [row.name for row in last],
        "foldeds": [row.folded for row in last],
        "emails": [row.email for row in last],
        "account_ids": [row.account_id for row in last],
        "datas": [row.data for row in last],
        "words": [BETWEEN_LEXEMES.join(sorted(row.lexemes)) for row in last],
    }
    fixed = {"workspace_id": workspace_id, "kind": kind, "seen": seen, "between": BETWEEN_LEXEMES}
    await session.execute(UPSERT, {**fixed, **values})


async def add_words(session: Session, workspace_id: str, words: Sequence[str]) -> list[str]:
    """Keep words; those that are new."""
    values = {"workspace_id": workspace_id, "words": sorted(words)}
    return list((await session.execute(WORDS, values)).scalars())


async def add_trigrams(
    session: Session, workspace_id: str, trigrams: Sequence[tuple[str, str]]
) -> None:
    """Keep trigrams with their words."""
    values = {
        "workspace_id": workspace_id,
        "trigrams": [one for one, _ in trigrams],
        "words": [word for _, word in trigrams],
    }
    await session.execute(TRIGRAMS, values)


async def set_domains(
    session: Session, workspace_id: str, domains: Sequence[tuple[str, str]], ids: Sequence[str]
) -> None:
    """Make `domains` (host, account) all there is of the accounts `ids`."""
    await _without_domains(session, workspace_id, ids)
    values = {
        "workspace_id": workspace_id,
        "domains": [domain for domain, _ in domains],
        "account_ids": [account for _, account in domains],
    }
    await session.execute(DOMAINS, values)


async def drop(session: Session, workspace_id: str, kind: str, ids: Sequence[str]) -> None:
    """Forget records that are no more."""
    if not ids:
        return
    statement = delete(CrmRecordRow).where(
        col(CrmRecordRow.workspace_id) == workspace_id,
        col(CrmRecordRow.kind) == kind,
        col(CrmRecordRow.id).in_(ids),
    )
    await session.execute(statement)
    if kind == "account":
        await _without_domains(session, workspace_id, ids)


async def unseen(
    session: Session, workspace_id: str, kind: str, seen: int, *, limit: int
) -> list[str]:
    """Ids that the full pass `seen` did not bring."""
    query = select(CrmRecordRow.id).where(
        CrmRecordRow.workspace_id == workspace_id,
        CrmRecordRow.kind == kind,
        CrmRecordRow.seen < seen,
    )
    return list((await session.exec(query.limit(limit))).all())


async def read(
    session: Session, workspace_id: str, kind: str, ids: Sequence[str]
) -> list[CrmRecordRow]:
    """The records of these ids that are there."""
    query = select(CrmRecordRow).where(
        CrmRecordRow.workspace_id == workspace_id,
        CrmRecordRow.kind == kind,
        col(CrmRecordRow.id).in_(ids),
    )
    return list((await session.exec(query)).all())


async def of_account(
    session: Session, workspace_id: str, kind: str, account_ids: Sequence[str], *, limit: int
) -> list[CrmRecordRow]:
    """Contacts or deals of these accounts, by name."""
    query = (
        select(CrmRecordRow)
        .where(
            CrmRecordRow.workspace_id == workspace_id,
            CrmRecordRow.kind == kind,
            col(CrmRecordRow.account_id).in_(account_ids),
        )
        .order_by(col(CrmRecordRow.folded), col(CrmRecordRow.id))
    )
    return list((await session.exec(query.limit(limit))).all())


async def by_domain(session: Session, workspace_id: str, domain: str) -> list[str]:
    """Ids of the accounts with exactly this host."""
    query = select(CrmDomainRow.account_id).where(
        CrmDomainRow.workspace_id == workspace_id, CrmDomainRow.domain == domain
    )
    return sorted((await session.exec(query)).all())


async def search(session: Session, workspace_id: str, asked: Asked, *, named: int) -> list[Found]:
    """What fits, in no order: `named` of those called so, and many of those with such words."""
    values = {
        "workspace_id": workspace_id,
        "kinds": list(asked.kinds),
        "beginning": _like(asked.beginning),
        "tsquery": asked.tsquery,
        "account_id": asked.account_id,
        "named": named,
        "worded": MOST_HITS,
    }
    return [Found(**row) for row in (await session.execute(SEARCH, values)).mappings()]


async def shown(
    session: Session, workspace_id: str, found: Sequence[Found]
) -> list[CrmRecordShown]:
    """The records with their companies' names, in the order given."""
    values = {
        "workspace_id": workspace_id,
        "kinds": [one.kind for one in found],
        "ids": [one.id for one in found],
    }
    return [CrmRecordShown(**row) for row in (await session.execute(SHOWN, values)).mappings()]


async def near(
    session: Session, workspace_id: str, parts: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """For each typed word (given with its trigrams) words that share most of them."""
    values = {
        "workspace_id": workspace_id,
        "typed": [word for word, _ in parts],
        "trigrams": [part for _, part in parts],
        "nearest": NEAREST,
    }
    rows = (await session.execute(NEAR, values)).mappings()
    return [(row["typed"], row["word"]) for row in rows]


async def counts(session: Session, workspace_id: str) -> dict[str, int]:
    """How many records of each kind there are."""
    rows = await session.execute(COUNTS, {"workspace_id": workspace_id})
    return {row["kind"]: row["number"] for row in rows.mappings()}


async def forget(session: Session, workspace_id: str) -> None:
    """Drop the workspace's whole index."""
    for table in (CrmRecordRow, CrmDomainRow, CrmWordRow, CrmTrigramRow):
        await session.execute(delete(table).where(col(table.workspace_id) == workspace_id))


async def _without_domains(session: Session, workspace_id: str, ids: Sequence[str]) -> None:
    statement = delete(CrmDomainRow).where(
        col(CrmDomainRow.workspace_id) == workspace_id, col(CrmDomainRow.account_id).in_(ids)
    )
    await session.execute(statement)


def _like(beginning: str) -> str:
    escaped = beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"
