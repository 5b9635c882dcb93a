"""Customers: who holds licenses, one row per e-mail address."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Index, Text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, or_, select

from db.session import Session
from db.types import UtcDateTime

ACTIVE = "active"
BLOCKED = "blocked"


class Customer(SQLModel, table=True):
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


async def find(session: Session, customer_id: str, *, lock: bool = False) -> Customer | None:
    """The customer; `lock` holds the row until the transaction ends."""
    query = select(Customer).where(Customer.id == customer_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def of_email(session: Session, email: str) -> Customer | None:
    """Global: the customer with this address, which is lower case."""
    return (await session.exec(select(Customer).where(Customer.email == email))).one_or_none()


async def add(session: Session, new: Customer) -> bool:
    """Global: write a new customer; False when the address is taken."""
    row = insert(Customer).values(**new.model_dump()).on_conflict_do_nothing()
    written = await session.execute(row.returning(col(Customer.id)))
    return written.scalar_one_or_none() is not None


async def found_or_added(session: Session, new: Customer) -> Customer:
    """Global: the customer with the new one's address, written when there was none; locked.

    Two transactions at once get the same row: the second waits for the first.
    """
    row = insert(Customer).values(**new.model_dump())
    # An update that changes nothing, because only a written row is locked and returned.
    same = row.on_conflict_do_update(
        index_elements=["email"], set_={"updated_at": Customer.updated_at}
    )
    found = select(Customer).from_statement(same.returning(Customer))
    options = {"populate_existing": True}
    customer: Customer = (await session.execute(found, execution_options=options)).scalar_one()
    return customer


async def readdress(session: Session, row: Customer, email: str) -> bool:
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
    session: Session, *, words: tuple[str, ...], after: Customer | None, limit: int
) -> list[Customer]:
    """Global: the newest first, older than `after`; every word in e-mail, name, notes or id."""
    query = select(Customer)
    for word in words:
        columns = (Customer.email, Customer.name, Customer.notes, Customer.id)
        query = query.where(or_(*(col(one).icontains(word, autoescape=True) for one in columns)))
    place = tuple_(col(Customer.created_at), col(Customer.id))
    if after is not None:
        query = query.where(place < (after.created_at, after.id))
    newest = (col(Customer.created_at).desc(), col(Customer.id).desc())
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())
