"""Answers to a validation: rendered once, with a receipt, and cached while true."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db.gateway.months import next_month
from services.licensing import (
    ACTIVE,
    CANCELLED,
    SUSPENDED,
    Code,
    Domain,
    Eligibility,
    Facts,
    status_at,
)
from services.phrases import Phrase
from services.validation.license_cache import CachedLicense, CachedResponse, RenderedResponse
from services.validation.receipts import Receipts, ReceiptTerms

# Each answer leaves nearly a whole day until its receipt needs grace.
RECEIPT_AGAIN = timedelta(hours=1)
# A receipt of a license with more sites names the asking one only.
SITES_IN_RECEIPT = 25
MOST_RECEIPTS = 32
FROM_MEMORY = Phrase(
    "{detail} (Our database is away: this is what was known {age} seconds ago.)",
    "{detail} (Il nostro database non risponde: è quanto era noto {age} secondi fa.)",
)


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """What an answer says. `facts` None: the key is unknown, and nothing else is said.

    `status` is that of the moment; `receipt` is "" unless the license stands.
    """

    eligibility: Eligibility
    facts: Facts | None
    detail: str
    status: str = ""
    receipt: str = ""


Render = Callable[[ValidationResult], bytes]


@dataclass(frozen=True, slots=True)
class ValidationRequest:
    """One question: for which domain (None: for the license alone), when, and what is the case."""

    domain: Domain | None
    now: datetime
    eligibility: Eligibility


class ValidationResponses:
    """Renders responses, and signs their receipts once for all that say the same."""

    def __init__(self, receipts: Receipts, render: Render) -> None:
        """`render` makes the body, see views/api/validation.py."""
        self._receipts = receipts
        self._render = render

    def response(self, entry: CachedLicense, asked: ValidationRequest) -> CachedResponse:
        """The answer and how long it is true, as far as time alone can change it."""
        result, turns = self._result(entry, asked)
        site = asked.domain.host if asked.domain and asked.eligibility.valid else ""
        seen = (entry.facts.license_id if entry.facts else "", site)
        return CachedResponse(RenderedResponse(self._render(result)), asked.now, turns, seen)

    def from_memory(
        self, entry: CachedLicense, asked: ValidationRequest, age: int
    ) -> RenderedResponse:
        """The answer while PostgreSQL is away, which says so and how old it is in seconds."""
        result, _ = self._result(entry, asked)
        detail = FROM_MEMORY("en", detail=result.detail, age=age)
        return RenderedResponse(self._render(replace(result, detail=detail)), age)

    def unknown(self, eligibility: Eligibility) -> RenderedResponse:
        """The answer to a key that nobody has."""
        return RenderedResponse(
            self._render(ValidationResult(eligibility, None, eligibility.detail))
        )

    def _result(
        self, entry: CachedLicense, asked: ValidationRequest
    ) -> tuple[ValidationResult, datetime]:
        facts, now = entry.facts, asked.now
        if facts is None or asked.eligibility.code is Code.NOT_FOUND:
            unknown = ValidationResult(asked.eligibility, None, asked.eligibility.detail)
            return unknown, now + RECEIPT_AGAIN
        if facts.resets_at <= now:
            facts = replace(facts, used=0, tokens=0, resets_at=next_month(now))
        receipt, again = self._receipt(entry, facts, asked)
        status = status_at(facts.status, facts.expires_at, now)
        if facts.blocked and status != CANCELLED:
            status = SUSPENDED
        turns = (again, facts.resets_at, facts.expires_at, facts.key_expires_at)
        result = ValidationResult(
            asked.eligibility, facts, asked.eligibility.detail, status, receipt
        )
        return result, min(turn for turn in turns if turn is not None and turn > now)

    def _receipt(
        self, entry: CachedLicense, facts: Facts, asked: ValidationRequest
    ) -> tuple[str, datetime]:
        """The receipt, and when to write a new one."""
        # A domain without a place yet (PostgreSQL is away) gets none: it could be one too many.
        if not asked.eligibility.valid or asked.eligibility.activates:
            return "", asked.now + RECEIPT_AGAIN
        terms = _terms(facts, asked.domain)
        kept, issued_at = entry.receipts.get(terms, ("", asked.now))
        # Also when the clock was set back.
        if not kept or not issued_at <= asked.now < issued_at + RECEIPT_AGAIN:
            kept, issued_at = self._receipts.issue(terms, asked.now), asked.now
            if len(entry.receipts) >= MOST_RECEIPTS:
                entry.receipts.clear()
            entry.receipts[terms] = (kept, issued_at)
        return kept, issued_at + RECEIPT_AGAIN


def _terms(facts: Facts, domain: Domain | None) -> ReceiptTerms:
    domains = facts.sites if len(facts.sites) <= SITES_IN_RECEIPT else ()
    if domain is not None and domain.host not in domains:
        domains = (*domains, domain.host)
    ends = [end for end in (facts.expires_at, facts.key_expires_at) if end is not None]
    return ReceiptTerms(
        license_id=facts.license_id,
        status=ACTIVE,
        plan=facts.plan.name,
        features=facts.plan.features,
        domains=domains,
        max_sites=facts.plan.max_sites,
        ends_at=min(ends, default=None),
    )
