"""Validation as the API tells it; the answer is drawn by hand, because it is drawn often."""

from typing import Any

import orjson
from pydantic import BaseModel, Field

from services.licensing import Code, Facts
from services.validation import ValidationResult

TIMES = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


class ValidateBody(BaseModel):
    """The site that asks; unknown fields are ignored."""

    domain: str | None = Field(
        None, description="The site's domain or address; without one the license alone is judged"
    )


class LicensePart(BaseModel):
    """The license; every field is null when the key is unknown."""

    status: str | None = Field(
        description="License status: active, suspended, unpaid, expired or cancelled"
    )
    expires_at: str | None = Field(description="Time of expiry; null for lifetime licenses")
    activated_at: str | None = Field(description="Time of the first activation")
    domain: str | None = Field(description="The domain it is bound to, or its first site")
    is_lifetime: bool


class PlanPart(BaseModel):
    """Plan of the license."""

    name: str | None
    display_name: str | None
    features: list[str]
    monthly_requests: int | None = Field(description="AI requests a month; null is unlimited")
    max_sites: int | None = Field(description="Maximum number of sites; null is unlimited")


class UsagePart(BaseModel):
    """This month's AI requests, at most ten seconds old."""

    requests_used: int
    requests_limit: int | None = Field(description="Monthly quota of requests; null is unlimited")
    tokens_used: int
    resets_at: str | None


class ValidateAnswer(BaseModel):
    """Result of a validation."""

    valid: bool
    code: Code = Field(description="Result code; QUOTA_EXCEEDED is valid without AI")
    detail: str = Field(description="Result as a sentence for people")
    license: LicensePart
    plan: PlanPart
    usage: UsagePart
    features: list[str] = Field(description="Features that may be used now; empty unless valid")
    receipt: str | None = Field(description="Signed receipt (JWS); null unless valid")


class RootAnswer(BaseModel):
    """Addresses of the documents."""

    name: str
    documentation: str
    openapi: str
    health: str
    keys: str


class SigningKey(BaseModel):
    """One public key (RFC 8037)."""

    kty: str
    crv: str
    x: str
    kid: str
    alg: str
    use: str


class KeySet(BaseModel):
    """The keys that receipts are signed with, the newest first (RFC 7517)."""

    keys: list[SigningKey]


def validate_json(result: ValidationResult) -> bytes:
    """The body of an answer, in one shape whether the key is known or not.

    It is kept for as long as it is true, so it takes no more memory than it is long.
    """
    facts, plan = result.facts, result.facts.plan if result.facts else None
    document = {
        "valid": result.eligibility.valid,
        "code": result.eligibility.code.value,
        "detail": result.detail,
        "license": _license(facts, result.status),
        "plan": {
            "name": plan.name if plan else None,
            "display_name": plan.display_name if plan else None,
            "features": plan.features if plan else (),
            "monthly_requests": plan.monthly_requests if plan else None,
            "max_sites": plan.max_sites if plan else None,
        },
        "usage": {
            "requests_used": facts.used if facts else 0,
            "requests_limit": plan.monthly_requests if plan else None,
            "tokens_used": facts.tokens if facts else 0,
            "resets_at": facts.resets_at if facts else None,
        },
        "features": plan.features if plan and result.eligibility.valid else (),
        "receipt": result.receipt or None,
    }
    # A copy: orjson's own bytes leave the rest of the 8 KB that they were written in unused.
    return bytes(memoryview(orjson.dumps(document, option=TIMES)))


def root_json() -> bytes:
    """What a program finds at the front door."""
    return orjson.dumps(
        {
            "name": "Seguito",
            "documentation": "/api/docs",
            "openapi": "/api/openapi.json",
            "health": "/api/health",
            "keys": "/.well-known/jwks.json",
        }
    )


def _license(facts: Facts | None, status: str) -> dict[str, Any]:
    first = facts.sites[0] if facts and facts.sites else None
    return {
        "status": status or None,
        "expires_at": facts.expires_at if facts else None,
        "activated_at": facts.activated_at if facts else None,
        "domain": facts.domain or first if facts else None,
        "is_lifetime": facts.expires_at is None if facts else False,
    }
