"""Customers as the API tells them, and what may be sent of one."""

from typing import Literal

from pydantic import BaseModel, Field

from services.email_address import MAX_EMAIL
from services.licensing import Customer, CustomerChanges, NewCustomer
from views.api.kit.wire import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Body,
    NextCursor,
    PageQuery,
    cut,
    timestamp,
)

Status = Literal["active", "blocked"]


class CustomerAnswer(BaseModel):
    """A person or company that holds licenses."""

    id: str = Field(description="Customer identifier, `cus_…`")
    email: str
    name: str
    status: Status = Field(description="Customer status; blocking suspends all licenses")
    notes: str
    created_at: str
    updated_at: str


class CustomerPage(BaseModel):
    """The newest customers first."""

    customers: list[CustomerAnswer]
    next: NextCursor


class CustomerQuery(PageQuery):
    """Which customers."""

    search: str = Field(
        "", max_length=LONGEST_NAME, description="Words in e-mail, name, notes or id"
    )


class NewCustomerBody(Body):
    """A new customer."""

    email: str = Field(max_length=MAX_EMAIL)
    name: str = Field(
        "", max_length=LONGEST_NAME, description="Customer name; the e-mail's local part without it"
    )
    notes: str = Field("", max_length=LONGEST_TEXT)


class CustomerBody(Body):
    """Fields to change; fields left out stay as they are."""

    email: str | None = Field(None, max_length=MAX_EMAIL)
    name: str | None = Field(None, max_length=LONGEST_NAME)
    notes: str | None = Field(None, max_length=LONGEST_TEXT)
    status: Status | None = None


def customer_answer(customer: Customer) -> CustomerAnswer:
    """One customer as the API shows it."""
    return CustomerAnswer.model_validate(
        {
            "id": customer.id,
            "email": customer.email,
            "name": customer.name,
            "status": customer.status,
            "notes": customer.notes,
            "created_at": timestamp(customer.created_at),
            "updated_at": timestamp(customer.updated_at),
        }
    )


def customer_page(customers: tuple[Customer, ...], limit: int) -> CustomerPage:
    """Up to `limit` customers, of which there may be one more."""
    shown, following = cut(customers, limit, lambda one: one.id)
    return CustomerPage(customers=[customer_answer(one) for one in shown], next=following)


def read_new_customer(body: NewCustomerBody) -> NewCustomer:
    """The customer that a body describes."""
    return NewCustomer(email=body.email, name=body.name, notes=body.notes)


def read_customer_changes(body: CustomerBody) -> CustomerChanges:
    """The changes that a body asks for."""
    return CustomerChanges(email=body.email, name=body.name, notes=body.notes, status=body.status)
