"""Tenants as the API tells them: to whoever signs up, and to the admin."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr

from services.email_address import MAX_EMAIL
from services.operations import Operation
from services.phrases import language_of
from services.tenants import (
    FAILED,
    NEEDS_PERSON,
    ONBOARDING,
    NewTenant,
    Tenant,
    TenantAdmin,
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
from views.words import tenants as say

LONGEST_COMPANY = 100
LONGEST_REASON = 300
LONGEST_URL = 2_000
MOST_DAYS = 90
PublicState = Literal["running", "delayed", "ready"]
State = Literal[
    "onboarding",
    "needs_person",
    "failed",
    "ready",
    "paused",
    "suspended",
    "resuming",
    "deleting",
    "deleted",
]
Plan = Literal["starter", "professional", "enterprise"]
COMPANY = "Name of the company"
EMAIL = "E-mail address of its administrator"


class SignUpTenantBody(Body):
    """A company that signs up."""

    email: str = Field(max_length=MAX_EMAIL, description=EMAIL)
    company_name: str = Field(
        max_length=LONGEST_COMPANY, description=COMPANY, examples=["Acme S.r.l."]
    )


class OnboardingStarted(BaseModel):
    """The onboarding that was begun, by this request or an earlier one."""

    id: str = Field(
        description="Onboarding identifier, a secret of whoever signed up", examples=["onb_8c1f"]
    )


class OnboardingStep(BaseModel):
    """One step of an onboarding."""

    name: str = Field(description="Name of the step", examples=["create"])
    state: str = Field(description="State of the step", examples=["done"])
    ended_at: str | None = Field(description="Time of its end")


class OnboardingAnswer(BaseModel):
    """Progress of an onboarding."""

    id: str = Field(description="Identifier of the onboarding", examples=["onb_8c1f"])
    company_name: str = Field(description=COMPANY, examples=["Acme S.r.l."])
    state: PublicState = Field(description="State of the onboarding", examples=["running"])
    message: str = Field(
        description="Sentence for people",
        examples=["Everything is ready. The invitation is on its way by e-mail."],
    )
    steps: list[OnboardingStep] = Field(description="Steps in their order")
    created_at: str = Field(description="Time of the sign-up")


class TenantAnswer(BaseModel):
    """A company with a database of its own."""

    id: str = Field(description="Identifier of the tenant", examples=["ten_5d0b"])
    company_name: str = Field(description=COMPANY, examples=["Acme S.r.l."])
    email: str = Field(description=EMAIL)
    slug: str = Field(description="Short name, empty until chosen", examples=["acme"])
    state: State = Field(description="State of the tenant", examples=["ready"])
    problem: str = Field(description="Reason why it is not ready, empty for none", examples=[""])
    reason: str = Field(description="Reason of its suspension, empty for none", examples=[""])
    suspended_by: str = Field(description="`operator` or `billing`, empty for none", examples=[""])
    provider: str = Field(description="Provider of its database", examples=["supabase"])
    database: str = Field(
        description="Name of the database at its provider", examples=["seguito-3f2a1b-acme"]
    )
    server_version: str = Field(description="Version of PostgreSQL", examples=["16.4"])
    plan: str = Field(description="Name of the plan", examples=["starter"])
    modules: list[str] = Field(description="Modules in use", examples=[["followups", "crm"]])
    overrides: dict[str, bool] = Field(
        description="Modules switched on or off whatever the plan says",
        examples=[{"reports": True}],
    )
    customer_id: str = Field(description="Customer who pays, empty for none", examples=["cus_1"])
    administrator: str = Field(
        description="Name of whoever accepted the invitation, empty for nobody yet",
        examples=["Ada Rossi"],
    )
    trial_ends_at: str | None = Field(
        description="End of the trial", examples=["2026-12-05T09:30:00Z"]
    )
    delete_after: str | None = Field(
        description="Time from which it is deleted, null for never", examples=[None]
    )
    operation_id: str = Field(description="Latest operation; empty in lists", examples=["op_8c1f"])
    ready_at: str | None = Field(
        description="Time at which it was ready first", examples=["2026-11-21T09:30:00Z"]
    )
    created_at: str = Field(description="Time of the sign-up")


class TenantPage(BaseModel):
    """The newest tenants first."""

    tenants: list[TenantAnswer] = Field(description="Tenants on this page")
    next: NextCursor


class TenantListQuery(PageQuery):
    """Which tenants."""

    state: State | None = Field(None, description="State of the tenants", examples=["ready"])
    search: str = Field(
        "", max_length=LONGEST_NAME, description="Words in company, e-mail or short name"
    )


class NewTenantBody(Body):
    """A company to be onboarded; fields left out are as for everybody."""

    email: str = Field(max_length=MAX_EMAIL, description=EMAIL)
    company_name: str = Field(
        max_length=LONGEST_COMPANY, description=COMPANY, examples=["Acme S.r.l."]
    )
    plan: Plan | None = Field(None, description="Name of the plan", examples=["professional"])
    database_url: SecretStr | None = Field(
        None,
        max_length=LONGEST_URL,
        description="Address of an empty database of theirs; without it one of ours is made",
        examples=["postgresql://acme:secret@db.acme.example:5432/app?sslmode=require"],
    )
    language: Literal["en", "it"] = Field("en", description="Language of its e-mails")


class TenantBody(Body):
    """Fields to change; fields left out stay as they are."""

    plan: Plan | None = Field(None, description="Name of the plan", examples=["professional"])
    customer_id: str | None = Field(
        None, max_length=LONGEST_NAME, description="Customer who pays, empty for nobody"
    )


class SuspendTenantBody(Body):
    """Reason of a suspension."""

    reason: str = Field(
        min_length=1,
        max_length=LONGEST_REASON,
        description="Reason of the suspension",
        examples=["Unpaid"],
    )


class ExtendTrialBody(Body):
    """Days to add to a trial."""

    days: int = Field(ge=1, le=MOST_DAYS, description="Days to add", examples=[14])


class DeleteTenantBody(Body):
    """Confirmation of a deletion."""

    confirm: str = Field(
        max_length=LONGEST_NAME, description="Short name of the tenant", examples=["acme"]
    )


class ModulesBody(Body):
    """Modules switched on or off; those left out follow the plan."""

    overrides: dict[str, bool] = Field(
        max_length=20, description="Modules by name", examples=[{"reports": True}]
    )


def read_sign_up(body: SignUpTenantBody, locale: str) -> NewTenant:
    """The company that a body describes, in the language of whoever sent it."""
    return NewTenant(body.email, body.company_name, language=language_of(locale))


def read_new_tenant(body: NewTenantBody) -> NewTenant:
    """The company that an operator's body describes."""
    url = body.database_url or SecretStr("")
    return NewTenant(body.email, body.company_name, body.plan or "", url, body.language)


def onboarding_answer(tenant: Tenant, operation: Operation, language: str) -> OnboardingAnswer:
    """How it goes, without anything that is not whoever signed up's business."""
    state: PublicState = "ready"
    if tenant.state == ONBOARDING:
        state = "running"
    elif tenant.state in (FAILED, NEEDS_PERSON):
        state = "delayed"
    steps = [
        OnboardingStep(name=step.name, state=step.state, ended_at=optional_timestamp(step.ended_at))
        for step in operation.steps
    ]
    return OnboardingAnswer(
        id=tenant.onboarding_id,
        company_name=tenant.company,
        state=state,
        message=say.PUBLIC_STATES[state](language),
        steps=steps,
        created_at=timestamp(tenant.created_at),
    )


def tenant_answer(tenant: Tenant, admin: TenantAdmin | None = None) -> TenantAnswer:
    """One tenant as the admin sees it."""
    return TenantAnswer.model_validate(
        {
            "id": tenant.id,
            "company_name": tenant.company,
            "email": tenant.email,
            "slug": tenant.slug,
            "state": tenant.state,
            "problem": tenant.problem,
            "reason": tenant.reason,
            "suspended_by": tenant.suspended_by,
            "provider": tenant.provider,
            "database": tenant.database,
            "server_version": tenant.server_version,
            "plan": tenant.plan,
            "modules": list(tenant.modules),
            "overrides": dict(tenant.overrides),
            "customer_id": tenant.customer_id,
            "administrator": admin.name if admin else "",
            "trial_ends_at": optional_timestamp(tenant.trial_ends_at),
            "delete_after": optional_timestamp(tenant.delete_after),
            "operation_id": tenant.operation_id,
            "ready_at": optional_timestamp(tenant.ready_at),
            "created_at": timestamp(tenant.created_at),
        }
    )


def tenant_page(found: tuple[Tenant, ...], limit: int) -> TenantPage:
    """Up to `limit` tenants, of whom there may be one more."""
    shown, following = cut(found, limit, lambda one: one.id)
    return TenantPage(tenants=[tenant_answer(one) for one in shown], next=following)
