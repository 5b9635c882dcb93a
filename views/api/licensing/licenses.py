"""Licenses as the API tells them, and what may be sent of one."""

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, Field

from services.email_address import MAX_EMAIL
from services.licensing import (
    MAX_BUDGET,
    MAX_MONTHS,
    MAX_OVERLAP,
    MAX_REASON,
    Issued,
    License,
    LicenseSearch,
    Order,
)
from views.api.kit.wire import (
    LONGEST_NAME,
    Body,
    NextCursor,
    PageQuery,
    cut,
    optional_timestamp,
    timestamp,
)

LONGEST_DOMAIN = 400
LONGEST_PLAN = 60
MOST_HOURS = MAX_OVERLAP // timedelta(hours=1)
Status = Literal["active", "expired", "suspended", "unpaid", "cancelled"]


class LicenseAnswer(BaseModel):
    """Current state of a license; only the end of its key is shown."""

    id: str = Field(description="License identifier, `lic_…`")
    customer_id: str
    email: str
    plan: str
    plan_version: int = Field(description="The version of the plan it was sold with")
    status: Status
    reason: str = Field(description="Reason for the suspension or cancellation")
    is_lifetime: bool
    issued_at: str
    expires_at: str | None = Field(description="Time of expiry; null for lifetime licenses")
    activated_at: str | None = Field(description="Time of the first activation")
    domain: str = Field(description="Domain the license is bound to; empty for none")
    key_hint: str
    old_key_until: str | None = Field(description="Time the previous key stops working")
    budget_micro: int | None = Field(
        description="Monthly limit of AI costs in millionths of a US dollar"
    )


class IssuedAnswer(BaseModel):
    """A license with its key, shown only here."""

    license: LicenseAnswer
    license_key: str = Field(description="License key, `CHA-…`; shown only once")


class LicensePage(BaseModel):
    """The newest licenses first."""

    licenses: list[LicenseAnswer]
    next: NextCursor


class LicenseQuery(PageQuery):
    """Which licenses."""

    search: str = Field(
        "", max_length=LONGEST_NAME, description="Words in e-mail, name, id, domain or key hint"
    )
    customer: str = Field("", max_length=LONGEST_NAME, description="Customer to filter by")
    plan: str = Field("", max_length=LONGEST_PLAN)
    status: Status | Literal[""] = ""


class OrderBody(Body):
    """A license to issue; the customer is found by e-mail, or made."""

    email: str = Field(max_length=MAX_EMAIL)
    plan: str = Field(max_length=LONGEST_PLAN, description="`starter`, `pro`, `agency`, `founders`")
    months: int | None = Field(
        None, ge=1, le=MAX_MONTHS, description="Calendar months; leave out for lifetime plans"
    )
    domain: str = Field(
        "",
        max_length=LONGEST_DOMAIN,
        description="Site that a place of the plan is kept for; with a plan for one site, the only "
        "one it runs on. Of a staging copy, its site",
    )
    name: str = Field("", max_length=LONGEST_NAME, description="Name of a new customer")
    send_email: bool = Field(False, description="Whether the customer is sent the key")


class RenewBody(Body):
    """Extension of a license."""

    months: int = Field(ge=1, le=MAX_MONTHS, description="Calendar months to add")


class ReasonBody(Body):
    """Reason for the change."""

    reason: str = Field("", max_length=MAX_REASON)


class RotateBody(Body):
    """Overlap of the old and new key."""

    overlap_hours: int = Field(24, ge=0, le=MOST_HOURS)


class TransferBody(Body):
    """New owner of the license."""

    email: str = Field(max_length=MAX_EMAIL)


class BudgetBody(Body):
    """Monthly limit of AI costs."""

    budget_micro: int | None = Field(
        ge=0, le=MAX_BUDGET, description="Limit in millionths of a US dollar; null for none"
    )


def license_answer(license: License) -> LicenseAnswer:
    """One license as the API shows it, without its key."""
    return LicenseAnswer.model_validate(
        {
            "id": license.id,
            "customer_id": license.customer_id,
            "email": license.email,
            "plan": license.plan,
            "plan_version": license.plan_version,
            "status": license.status,
            "reason": license.reason,
            "is_lifetime": license.expires_at is None,
            "issued_at": timestamp(license.issued_at),
            "expires_at": optional_timestamp(license.expires_at),
            "activated_at": optional_timestamp(license.activated_at),
            "domain": license.domain,
            "key_hint": license.key_hint,
            "old_key_until": optional_timestamp(license.old_key_until),
            "budget_micro": license.budget_micro,
        }
    )


def issued_answer(issued: Issued) -> IssuedAnswer:
    """A license with its key."""
    return IssuedAnswer(license=license_answer(issued.license), license_key=issued.key)


def license_page(licenses: tuple[License, ...], limit: int) -> LicensePage:
    """Up to `limit` licenses, of which there may be one more."""
    shown, following = cut(licenses, limit, lambda one: one.id)
    return LicensePage(licenses=[license_answer(one) for one in shown], next=following)


def read_search(query: LicenseQuery) -> LicenseSearch:
    """The search that a query asks for, with one license more than the page holds."""
    return LicenseSearch(
        words=query.search,
        customer_id=query.customer,
        plan=query.plan,
        status=query.status,
        limit=query.limit + 1,
        after=query.cursor,
    )


def read_order(body: OrderBody) -> Order:
    """The order that a body describes."""
    return Order(
        body.email, body.plan, body.months, body.domain, body.name, send_email=body.send_email
    )


def read_overlap(body: RotateBody) -> timedelta:
    """Overlap of the old and new key."""
    return timedelta(hours=body.overlap_hours)
