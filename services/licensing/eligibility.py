"""What a license is good for: a pure function of its facts, the domain that asks, and the time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.licensing.domains import NOT_A_DOMAIN, Domain
from services.licensing.plan_terms import SUBDOMAINS, Plan
from services.phrases import Phrase

# As they are stored: db/licensing/licenses.py has the same words for its queries.
ACTIVE = "active"
EXPIRED = "expired"
SUSPENDED = "suspended"
CANCELLED = "cancelled"
UNPAID = "unpaid"


class Code(StrEnum):
    """The answer for machines; never rename one, customers' sites compare them."""

    VALID = "VALID"
    EXPIRED = "EXPIRED"
    SUSPENDED = "SUSPENDED"
    CANCELLED = "CANCELLED"
    PAYMENT_REQUIRED = "PAYMENT_REQUIRED"
    DOMAIN_MISMATCH = "DOMAIN_MISMATCH"
    DOMAIN_INVALID = "DOMAIN_INVALID"
    SITE_LIMIT = "SITE_LIMIT"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    NOT_FOUND = "NOT_FOUND"


DETAILS = {
    Code.VALID: Phrase("The license is valid.", "La licenza è valida."),
    Code.EXPIRED: Phrase(
        "The license has expired. Renew it to go on.",
        "La licenza è scaduta. Rinnovala per continuare.",
    ),
    Code.SUSPENDED: Phrase(
        "The license is suspended. Please contact support.",
        "La licenza è sospesa. Contatta l’assistenza.",
    ),
    Code.CANCELLED: Phrase(
        "The license was cancelled. Please contact support.",
        "La licenza è stata annullata. Contatta l’assistenza.",
    ),
    Code.PAYMENT_REQUIRED: Phrase(
        "The subscription behind this license is not paid. Pay it, and the license works at once.",
        "L’abbonamento di questa licenza non è pagato. Pagalo, e la licenza funziona subito.",
    ),
    Code.DOMAIN_MISMATCH: Phrase(
        "The license belongs to another domain. Release that first, or get a plan for more sites.",
        "La licenza appartiene a un altro dominio. Liberalo prima, o scegli un piano per più siti.",
    ),
    Code.DOMAIN_INVALID: NOT_A_DOMAIN,
    Code.SITE_LIMIT: Phrase(
        "All sites of the plan are taken. Release one first, or get a plan for more sites.",
        "Tutti i siti del piano sono occupati. Liberane uno, o scegli un piano per più siti.",
    ),
    Code.QUOTA_EXCEEDED: Phrase(
        "The license is valid; this month’s AI requests are used up.",
        "La licenza è valida; le richieste AI di questo mese sono esaurite.",
    ),
    Code.NOT_FOUND: Phrase(
        "This license key is not known. Check that it was copied whole.",
        "Questa chiave di licenza non è nota. Controlla di averla copiata intera.",
    ),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a license when it is asked for.

    `status` is as stored; `blocked` says that its holder is. `domain` is the one it was ordered
    for or bound to, "" for none; `sites` are the hosts that hold a place. `used`, `tokens` and
    `resets_at` are this month's AI usage. `key_expires_at` is set for a rotated key only.
    """

    license_id: str
    customer_id: str
    status: str
    expires_at: datetime | None
    activated_at: datetime | None
    plan: Plan
    domain: str
    sites: tuple[str, ...]
    used: int
    tokens: int
    resets_at: datetime
    key_expires_at: datetime | None = None
    budget_micro: int | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The judgement; `activates`: the domain is new and there is a place for it."""

    valid: bool
    code: Code
    activates: bool = False

    @property
    def detail(self) -> str:
        """What the code means and what to do, in English."""
        return DETAILS[self.code].en

    def sentence(self, language: str) -> str:
        """The same in the reader's language."""
        return DETAILS[self.code](language)


VALID = Eligibility(True, Code.VALID)
# What a domain that cannot be read gets, once the license itself stands.
DOMAIN_INVALID = Eligibility(False, Code.DOMAIN_INVALID)


def evaluate(facts: Facts | None, domain: Domain | None, now: datetime) -> Eligibility:
    """Judge a license at the time `now` for `domain`; None asks for the license alone."""
    code = _of_license(facts, now)
    if code is not Code.VALID or facts is None:
        return Eligibility(False, code)
    place = VALID if domain is None else place_for(facts, domain)
    if place.code is Code.VALID and _used_up(facts, now):
        return Eligibility(True, Code.QUOTA_EXCEEDED, place.activates)
    return place


def status_at(status: str, expires_at: datetime | None, now: datetime) -> str:
    """What a license is at the time `now`; the stored active and expired are judged afresh."""
    if status not in (ACTIVE, EXPIRED):
        return status
    return EXPIRED if expires_at is not None and expires_at <= now else ACTIVE


def place_for(facts: Facts, domain: Domain) -> Eligibility:
    """Whether the domain holds a place, needs none, or may have one."""
    if domain.free or domain.host in facts.sites or _under_a_site(facts, domain):
        return VALID
    taken = {*facts.sites, facts.domain} - {"", domain.site}
    places = facts.plan.max_sites
    if places is None or len(taken) < places:
        return Eligibility(True, Code.VALID, activates=True)
    return Eligibility(False, Code.DOMAIN_MISMATCH if places == 1 else Code.SITE_LIMIT)


def _of_license(facts: Facts | None, now: datetime) -> Code:
    if facts is None or (facts.key_expires_at is not None and facts.key_expires_at <= now):
        return Code.NOT_FOUND
    if facts.status == CANCELLED:
        return Code.CANCELLED
    if facts.blocked or facts.status == SUSPENDED:
        return Code.SUSPENDED
    if facts.status == UNPAID:
        return Code.PAYMENT_REQUIRED
    expired = status_at(facts.status, facts.expires_at, now) == EXPIRED
    return Code.EXPIRED if expired else Code.VALID


def _under_a_site(facts: Facts, domain: Domain) -> bool:
    if SUBDOMAINS in facts.plan.features and any(map(domain.within, facts.sites)):
        return True
    # A copy is free beside its own site only, or one place would be good for every customer's.
    return any(map(domain.copies, facts.sites))


def _used_up(facts: Facts, now: datetime) -> bool:
    limit = facts.plan.monthly_requests
    return limit is not None and facts.used >= limit and now < facts.resets_at
