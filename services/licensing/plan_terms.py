"""What a plan's version grants, and for how much."""

from dataclasses import dataclass

# A feature: sites under a site of the license cost no place of their own.
SUBDOMAINS = "subdomains"


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a plan.

    `price_minor` is cents a month, or once when `lifetime`; `monthly_requests` and `max_sites`
    None are unlimited; `providers` are in the order in which they are tried.
    """

    name: str
    version: int
    display_name: str
    price_minor: int
    currency: str
    features: tuple[str, ...]
    monthly_requests: int | None
    max_sites: int | None
    ai_included: bool
    own_key: bool
    providers: tuple[str, ...]
    models: tuple[str, ...]
    max_tokens: int
    hourly_requests: int
    lifetime: bool

    @property
    def chats(self) -> bool:
        """Whether its holders may use the AI gateway at all, with our keys or with their own."""
        return self.ai_included or self.own_key

    def price(self, months: int | None) -> int:
        """What it costs for so many months, in minor units; None is for life."""
        return self.price_minor * (1 if self.lifetime or months is None else months)
