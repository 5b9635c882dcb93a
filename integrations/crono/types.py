"""What Crono knows of customers, in our words; ids are opaque text."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CronoKeys:
    """The public and the private half of one Crono API key."""

    public: str = field(repr=False)
    private: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A company; `email_domain` and `website` as Crono has them, empty when unknown."""

    id: str
    name: str
    email_domain: str
    website: str
    industry: str
    status: str


@dataclass(frozen=True, slots=True)
class Prospect:
    """A contact at a company."""

    id: str
    name: str
    email: str
    title: str
    account_id: str


@dataclass(frozen=True, slots=True)
class Deal:
    """An open opportunity; Crono names no currency, `amount_cents` is hundredths of whatever it is.

    `stage` and `pipeline` are external names: the pipelines tell what people call them.
    """

    id: str
    name: str
    stage: str
    pipeline: str
    amount_cents: int | None
    closes_at: datetime | None
    description: str
    account_id: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a company; the text may contain HTML."""

    id: str
    text: str
    created_at: datetime | None
