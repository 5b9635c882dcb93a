"""The CRM as the product sees it: one Protocol, and the neutral words in which it speaks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from integrations.errors import RefusedByVendor
from services.errors import DomainError, NotFound
from services.phrases import Phrase

RecordKind = Literal["account", "contact", "deal"]
KINDS: tuple[RecordKind, ...] = ("account", "contact", "deal")
TaskType = Literal["email", "call", "linkedin", "inmail", "generic"]

GONE = Phrase(
    "This record is not in {crm} any more. Please choose another one.",
    "Questo record non è più in {crm}. Scegline un altro.",
)


class Gone(NotFound):
    """The record was deleted or merged in the CRM: forget what was remembered of it, ask anew."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole minor units; `currency` as ISO 4217, "" (then hundredths) where the CRM has none."""

    minor: int
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A company; `domains` are hosts in lower case without `www.`, of e-mail and website.

    `site` is the website's alone, "" where the CRM does not tell them apart.
    """

    id: str
    name: str
    domains: tuple[str, ...] = ()
    site: str = ""
    industry: str = ""
    country: str = ""
    owner_id: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a company (Crono: prospect); `emails` in lower case, the first is the main one.

    `account_id` is "" when the person belongs to no company.
    """

    id: str
    name: str
    emails: tuple[str, ...] = ()
    title: str = ""
    account_id: str = ""
    owner_id: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity; `stage` and `pipeline` are ids, `closes_on` the day people in the CRM see."""

    id: str
    name: str
    account_id: str
    stage: str = ""
    pipeline: str = ""
    amount: Amount | None = None
    closes_on: date | None = None
    description: str = ""
    closed: bool = False
    won: bool = False
    owner_id: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A deal's stage; `closed` without `won` is lost, `writable` False: nobody may move there."""

    id: str
    name: str
    closed: bool = False
    won: bool = False
    writable: bool = True


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Stages in their order."""

    id: str
    name: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A note as the CRM has it; the text may contain HTML. `url` is "" where no link is known."""

    id: str
    text: str
    created_at: datetime | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as the CRM has it; `id` is "" when the CRM did not tell it (Crono at creation)."""

    id: str
    subject: str
    due_at: datetime | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A colleague as the CRM knows them."""

    id: str
    name: str
    email: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note to write: plain text, to which the adapter adds `marker` as a last line of its own.

    `marker` holds the recording's id: by it the note is found again. `at` is the meeting's start.
    """

    account_id: str
    text: str
    marker: str
    at: datetime
    deal_id: str = ""
    contact_ids: tuple[str, ...] = ()
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to create; `due_at` is an instant. `owner_id` counts where `task_owners` says so."""

    account_id: str
    type: TaskType
    subject: str
    due_at: datetime
    description: str = ""
    contact_id: str = ""
    deal_id: str = ""
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class DealChange:
    """Only what is to be changed: None leaves a field alone.

    `cleared` names fields to empty: "amount", "closes_on", "description". A stage of another
    pipeline needs `pipeline` too.
    """

    name: str | None = None
    stage: str | None = None
    pipeline: str | None = None
    amount: Amount | None = None
    closes_on: date | None = None
    description: str | None = None
    cleared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AccountContext:
    """What is known of one account: people, open deals, newest notes first."""

    account: Account
    contacts: tuple[Contact, ...] = ()
    deals: tuple[Deal, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A part of what changed; `gone` are ids of records that are no more.

    `cursor` goes on from here: with `more` at once, else at the next refresh. `total` counts what
    the reading as a whole brings, None when the CRM does not say.
    """

    records: tuple[Account | Contact | Deal, ...]
    cursor: str
    more: bool
    gone: tuple[str, ...] = ()
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this CRM can do beyond what every one can: texts and *Undo* read this, not a name."""

    can_edit_note: bool
    can_undo_note: bool
    can_undo_task: bool
    task_owners: bool
    currency: bool
    note_limit: int
    # Whether every note and task belongs to an account.
    needs_account: bool = True
    task_types: tuple[TaskType, ...] = ("email", "call", "linkedin", "inmail", "generic")


@dataclass(frozen=True, slots=True)
class CrmWords:
    """The CRM's own words, singular and in lower case."""

    account: Phrase
    contact: Phrase
    deal: Phrase


class CrmPort(Protocol):
    """One workspace's CRM with its keys; every verb leaves the process unless it says otherwise.

    Verbs raise the four errors of `integrations.errors`; `CrmAccess.using` turns them into
    sentences, with `refusal` for what the CRM declined. Creates are never repeated here when their
    reply was lost: look with the find verb first.
    """

    @property
    def vendor(self) -> str:
        """`crono`; stays in this process."""

    @property
    def name(self) -> str:
        """`Crono`, for people; stays in this process."""

    @property
    def words(self) -> CrmWords:
        """The CRM's own words; stays in this process."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do; stays in this process."""

    def refusal(self, error: RefusedByVendor) -> DomainError | None:
        """The sentence for a refusal: Gone, Invalid with the field, or None for the general one."""

    def link(self, kind: RecordKind, record_id: str) -> str:
        """The record's page in the CRM; "" when unknown. Stays in this process."""

    async def check(self) -> None:
        """Return when the keys work for all we need; a missing right is a refusal."""

    async def changes(self, kind: RecordKind, cursor: str) -> ChangePage:
        """The next page of what changed; "" begins a full pass over everything.

        What a whole full pass did not bring is no more in the CRM.
        """

    async def size(self, kind: RecordKind) -> int | None:
        """How many there are, by one cheap call; None when the CRM does not tell."""

    async def accounts_for(self, domain: str) -> tuple[Account, ...]:
        """Accounts whose e-mail domain or website is exactly `domain`, asked of the CRM itself."""

    async def context(self, account_id: str, *, notes: int) -> AccountContext:
        """The account, its contacts, open deals and newest notes."""

    async def open_deals(self, account_id: str) -> tuple[Deal, ...]:
        """The account's deals that are neither won nor lost nor deleted; of "": everyone's."""

    async def deal(self, deal_id: str) -> Deal:
        """The deal as it is now."""

    async def update_deal(self, deal: Deal, change: DealChange) -> Deal:
        """Send only what `change` names, and read the deal back."""

    async def pipelines(self) -> tuple[Pipeline, ...]:
        """Every pipeline with its stages, in the CRM's order."""

    async def owners(self) -> tuple[Owner, ...]:
        """Everyone with a seat in the CRM."""

    async def create_note(self, note: NewNote) -> Note:
        """Write the note, linked to account, deal and contacts."""

    async def find_note(self, account_id: str, marker: str) -> Note | None:
        """The account's note that carries the marker."""

    async def update_note(self, note_id: str, note: NewNote) -> Note:
        """Replace the text; only where `can_edit_note`."""

    async def delete_note(self, note_id: str) -> None:
        """Delete the note, gone already is fine; only where `can_undo_note`."""

    async def create_task(self, task: NewTask) -> Task:
        """Create the task; its id may be unknown afterwards."""

    async def find_task(self, task: NewTask, since: datetime) -> Task | None:
        """A task of the same account, contact, type, subject and due time, made after `since`."""

    async def delete_task(self, task_id: str) -> None:
        """Delete the task, gone already is fine; only where `can_undo_task`."""


@dataclass(frozen=True, slots=True)
class KeyField:
    """One thing to type when connecting: its label, and where in the CRM it is found."""

    id: str
    label: Phrase
    hint: Phrase


class CrmVendor(Protocol):
    """A CRM one can connect: which keys it wants, and the port they open."""

    @property
    def id(self) -> str:
        """`crono`."""

    @property
    def name(self) -> str:
        """`Crono`."""

    @property
    def fields(self) -> tuple[KeyField, ...]:
        """What must be typed, in this order."""

    def open(self, keys: tuple[str, ...]) -> CrmPort:
        """The port for these keys, as many as `fields`; nothing leaves the process yet."""
