"""Plans as the API tells them, and what may be changed of one."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.licensing import (
    KEEP,
    MAX_NAME,
    MAX_PRICE,
    MAX_REQUESTS,
    MAX_TOKENS,
    Plan,
    PlanChanges,
    Stock,
)
from views.api.kit.wire import Body

MOST_STOCK = 1_000_000_000
Word = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
Provider = Literal["openai", "anthropic", "deepseek"]


class PlanAnswer(BaseModel):
    """One version of a plan; licenses keep the version they were sold with."""

    name: str
    version: int
    display_name: str
    price_minor: int = Field(description="Price in cents a month, or once for a lifetime plan")
    currency: str = Field(description="ISO 4217, as `EUR`")
    features: list[str]
    monthly_requests: int | None = Field(description="AI requests a month; null is unlimited")
    max_sites: int | None = Field(description="Maximum number of sites; null is unlimited")
    ai_included: bool = Field(description="Whether AI requests are included")
    own_key: bool = Field(description="Whether a provider key of the customer's own is used")
    providers: list[str] = Field(description="AI providers in order of preference")
    models: list[str] = Field(description="Models that may be requested")
    max_tokens: int = Field(description="Maximum tokens of an answer")
    hourly_requests: int
    lifetime: bool
    stock_total: int | None = Field(None, description="Total stock; null for unlimited plans")
    stock_sold: int | None = Field(
        None, description="Number of licenses sold; null for unlimited plans"
    )


class PlanList(BaseModel):
    """Plans for sale now."""

    plans: list[PlanAnswer]


class PlanBody(Body):
    """Fields to change, which makes a new version; fields left out stay as they are."""

    display_name: str | None = Field(None, min_length=1, max_length=MAX_NAME)
    price_minor: int | None = Field(None, ge=0, le=MAX_PRICE)
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    features: list[Word] | None = None
    monthly_requests: int | None = Field(
        KEEP, ge=KEEP, le=MAX_REQUESTS, description="AI requests a month; null is unlimited"
    )
    max_sites: int | None = Field(
        KEEP, ge=KEEP, le=MAX_REQUESTS, description="Maximum number of sites; null is unlimited"
    )
    ai_included: bool | None = None
    own_key: bool | None = None
    providers: list[Provider] | None = Field(None, min_length=1)
    models: list[Word] | None = Field(None, min_length=1)
    max_tokens: int | None = Field(None, ge=1, le=MAX_TOKENS)
    hourly_requests: int | None = Field(None, ge=1, le=MAX_REQUESTS)
    stock: int | None = Field(None, ge=0, le=MOST_STOCK, description="New total of a limited plan")


def plan_answer(plan: Plan, stock: Stock | None = None) -> PlanAnswer:
    """One plan's version as the API shows it, with what is left of its stock."""
    return PlanAnswer(
        name=plan.name,
        version=plan.version,
        display_name=plan.display_name,
        price_minor=plan.price_minor,
        currency=plan.currency,
        features=list(plan.features),
        monthly_requests=plan.monthly_requests,
        max_sites=plan.max_sites,
        ai_included=plan.ai_included,
        own_key=plan.own_key,
        providers=list(plan.providers),
        models=list(plan.models),
        max_tokens=plan.max_tokens,
        hourly_requests=plan.hourly_requests,
        lifetime=plan.lifetime,
        stock_total=stock.total if stock else None,
        stock_sold=stock.sold if stock else None,
    )


def read_changes(body: PlanBody) -> PlanChanges:
    """The changes that a body asks for."""
    given = body.model_dump()
    for name in ("features", "providers", "models"):
        given[name] = None if given[name] is None else tuple(given[name])
    return PlanChanges(**given)
