"""Customers: who holds licenses, one row per e-mail address."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Index, Text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, or_, select

from db.store.session import Session
from db.store.types import UtcDateTime

ACTIVE = "active"
BLOCKED = "blocked"


class CustomerRow(SQLModel, table=True):
    """A person or company; `email` is lower case, `status` is active or blocked."""

    __tablename__ = "customers"
    __table_args__ = (Index("customers_created_at_idx", "created_at", "id"),)

    id: str = Field(default_factory=lambda: f"cus_{uuid4().hex}", primary_key=True)
    email: str = Field(unique=True)
    name: str = ""
    status: str = ACTIVE
    notes: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


async def find(session: Session, customer_id: str, *, lock: bool = False) -> CustomerRow | None:
    """The customer; `lock` holds the row until the transaction ends."""
    query = select(CustomerRow).where(CustomerRow.id == customer_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def of_email(session: Session, email: str) -> CustomerRow | None:
    """Global: the customer with this address, which is lower case."""
    return (await session.exec(select(CustomerRow).where(CustomerRow.email == email))).one_or_none()


async def add(session: Session, new: CustomerRow) -> bool:
    """Global: write a new customer; False when the address is taken."""
    row = insert(CustomerRow).values(**new.model_dump()).on_conflict_do_nothing()
    written = await session.execute(row.returning(col(CustomerRow.id)))
    return written.scalar_one_or_none() is not None


async def found_or_added(session: Session, new: CustomerRow) -> CustomerRow:
    """Global: the customer with the new one's address, written when there was none; locked.

    Two transactions at once get the same row: the second waits for the first.
    """
    row = insert(CustomerRow).values(**new.model_dump())
    # An update that changes nothing, because only a written row is locked and returned.
    same = row.on_conflict_do_update(
        index_elements=["email"], set_={"updated_at": CustomerRow.updated_at}
    )
    found = select(CustomerRow).from_statement(same.returning(CustomerRow))
    options = {"populate_existing": True}
    customer: CustomerRow = (await session.execute(found, execution_options=options)).scalar_one()
    return customer


async def readdress(session: Session, row: CustomerRow, email: str) -> bool:
    """Global: give the customer another address; False when it is somebody else's."""
    try:
        async with session.begin_nested():
            row.email = email
            await session.flush()
    except IntegrityError:
        await session.refresh(row)
        return False
    return True


async def page(
    session: Session, *, words: tuple[str, ...], after: CustomerRow | None, limit: int
) -> list[CustomerRow]:
    """Global: the newest first, older than `after`; every word in e-mail, name, notes or id."""
    query = select(CustomerRow).where(*matching(words))
    place = tuple_(col(CustomerRow.created_at), col(CustomerRow.id))
    if after is not None:
        query = query.where(place < (after.created_at, after.id))
    newest = (col(CustomerRow.created_at).desc(), col(CustomerRow.id).desc())
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())


def matching(words: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """What a customer with every word in e-mail, name, notes or id fulfils."""
    columns = (CustomerRow.email, CustomerRow.name, CustomerRow.notes, CustomerRow.id)
    return [or_(*(col(one).icontains(word, autoescape=True) for one in columns)) for word in words]
