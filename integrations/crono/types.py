"""What Crono knows of customers, in Crono's words; ids are opaque text."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CronoKeys:
    """The public and the private half of one Crono API key."""

    public: str = field(repr=False)
    private: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CronoAccount:
    """A company; `email_domain` and `website` as Crono has them, empty when unknown."""

    id: str
    name: str
    email_domain: str
    website: str
    industry: str
    status: str
    country: str = ""
    user_id: str = ""
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """A contact at a company; `active` False: deleted."""

    id: str
    name: str
    email: str
    title: str
    account_id: str
    user_id: str = ""
    active: bool = True
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An opportunity; Crono names no currency, `amount_cents` is hundredths of whatever it is.

    `stage` and `pipeline` are external names: the pipelines tell what people call them.
    `active` False: deleted.
    """

    id: str
    name: str
    stage: str
    pipeline: str
    amount_cents: int | None
    closes_at: datetime | None
    description: str
    account_id: str
    closed: bool = False
    won: bool = False
    user_id: str = ""
    active: bool = True
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CronoNote:
    """A note on a company; the text may contain HTML."""

    id: str
    text: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class CronoTask:
    """A task as `Tasks/search` tells it."""

    id: str
    type: str
    subject: str
    due_at: datetime | None
    created_at: datetime | None
    prospect_id: str


@dataclass(frozen=True, slots=True)
class CronoUser:
    """A colleague in Crono; `id` exactly as `GET /Users` writes it, as text."""

    id: str
    name: str
    email: str
    active: bool


@dataclass(frozen=True, slots=True)
class CronoStage:
    """A deal's stage by the external name that deals hold; people read `public_name`."""

    name: str
    public_name: str
    closed: bool
    won: bool


@dataclass(frozen=True, slots=True)
class CronoPipeline:
    """A pipeline by its external name, with its stages in order."""

    name: str
    public_name: str
    stages: tuple[CronoStage, ...]
