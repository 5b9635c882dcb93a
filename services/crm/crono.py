"""Crono behind the port: its words, its fields, and what it refuses, said in sentences."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Final

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from integrations.crono.client import Crono, PageWindow, website_host
from integrations.crono.records import account, deal, prospect
from integrations.crono.types import (
    CronoAccount,
    CronoKeys,
    CronoNote,
    Opportunity,
    Prospect,
)
from integrations.errors import RefusedByVendor
from integrations.json_fields import Record, text
from services.crm.port import (
    GONE,
    Account,
    AccountContext,
    Amount,
    Capabilities,
    ChangePage,
    Contact,
    CrmPort,
    CrmWords,
    Deal,
    DealChange,
    Gone,
    KeyField,
    NewNote,
    NewTask,
    Note,
    Owner,
    Pipeline,
    RecordKind,
    Stage,
    Task,
    TaskType,
)
from services.errors import DomainError, Invalid, NotAllowed
from services.phrases import Phrase

ID = "crono"
NAME = "Crono"
RESOURCES: Final[dict[RecordKind, str]] = {
    "account": "Accounts",
    "contact": "Prospects",
    "deal": "Opportunities",
}
TASK_TYPES: Final[dict[TaskType, str]] = {
    "email": "Email",
    "call": "Call",
    "linkedin": "Linkedin",
    "inmail": "InMail",
    "generic": "Generic",
}
# Crono's notes are plain text of undocumented length; this much was written by others.
NOTE_LIMIT = 30_000
# Read again at each refresh: clocks differ, and a row may be committed after its time.
OVERLAP = timedelta(minutes=2)
NOON = timedelta(hours=12)
DELETED = frozenset({"EntityNotFound", "EntityDeleted"})
RIGHTS = frozenset({"Forbidden", "NotAllowedWithCurrentPlan", "NotAllowedWithCurrentRole"})
CRM_OWN_KEYS = frozenset({"HubspotTokenExpired", "SalesforceTokenExpired", "PipedriveTokenExpired"})

WORDS = CrmWords(
    account=Phrase("account", "account"),
    contact=Phrase("prospect", "prospect"),
    deal=Phrase("opportunity", "opportunità"),
)
CAPABILITIES = Capabilities(
    can_edit_note=False,
    can_undo_note=False,
    can_undo_task=False,
    task_owners=False,
    currency=False,
    note_limit=NOTE_LIMIT,
)
NO_STAGE = Phrase(
    "Crono has no such stage any more. Please choose another one.",
    "In Crono questa fase non c’è più. Scegline un’altra.",
)
NO_RIGHT = Phrase(
    "These Crono keys may not do this ({code}). Ask whoever manages Crono for keys of a Manager "
    "on the Ultra plan.",
    "Queste chiavi Crono non possono farlo ({code}). Chiedi a chi gestisce Crono le chiavi di un "
    "Manager con il piano Ultra.",
)
INNER_CRM = Phrase(
    "Crono lost its own connection to your CRM ({code}). Reconnect it in Crono › Settings › "
    "Integrations, then try again.",
    "Crono ha perso il proprio collegamento al tuo CRM ({code}). Ricollegalo in Crono › Settings › "
    "Integrations, poi riprova.",
)
SUBSCRIPTION = Phrase(
    "Your Crono subscription is not active ({code}). Ask whoever manages Crono.",
    "Il tuo abbonamento a Crono non è attivo ({code}). Chiedi a chi gestisce Crono.",
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reading came: `newest` is the latest change seen in it, `total` of last page."""

    since: datetime | None = None
    offset: int = 0
    newest: datetime | None = None
    total: int | None = None
    size: int = 200


CURSOR: TypeAdapter[Cursor] = TypeAdapter(Cursor)


class CronoVendor:
    """Crono as something to connect."""

    id = ID
    name = NAME
    fields = (
        KeyField(
            "public",
            Phrase("Public key", "Chiave pubblica"),
            Phrase(
                "Crono › Account Settings › Integrations › API",
                "Crono › Account Settings › Integrations › API",
            ),
        ),
        KeyField(
            "private",
            Phrase("Private key", "Chiave privata"),
            Phrase("Shown beside the public one", "Accanto a quella pubblica"),
        ),
    )

    def __init__(self, client: Crono) -> None:
        self._client = client

    def open(self, keys: tuple[str, ...]) -> CrmPort:
        """Crono with these keys."""
        public, private = keys
        return CronoCrm(self._client, CronoKeys(public, private))


class CronoCrm:
    """One workspace's Crono; the docstrings are those of the port."""

    vendor = ID
    name = NAME
    words = WORDS
    capabilities = CAPABILITIES

    def __init__(self, client: Crono, keys: CronoKeys) -> None:
        self._client = client
        self._keys = keys

    def refusal(self, error: RefusedByVendor) -> DomainError | None:
        """Crono's codes (contract B5) as sentences."""
        code = error.code
        if code in DELETED:
            return Gone(GONE, crm=NAME)
        if code == "EntityNotConsistent":
            return Invalid(NO_STAGE, field="stage")
        if code in RIGHTS:
            return NotAllowed(NO_RIGHT, code=code)
        if code in CRM_OWN_KEYS:
            return DomainError(INNER_CRM, code=code)
        if code.startswith("Subscription"):
            return DomainError(SUBSCRIPTION, code=code)
        return None

    def link(self, kind: RecordKind, record_id: str) -> str:
        """Crono documents no addresses of its pages."""
        return ""

    async def check(self) -> None:
        """The vendor's own credential test."""
        await self._client.check_keys(self._keys)

    async def changes(self, kind: RecordKind, cursor: str) -> ChangePage:
        """By `lastModifiedDate`; Crono only sorts by creation, so that is the order of pages."""
        at = CURSOR.validate_json(cursor) if cursor else Cursor()
        window = PageWindow(at.since, at.offset, at.size)
        page = await self._client.changed(self._keys, RESOURCES[kind], window)
        found = tuple(_record(kind, row) for row in page.rows if text(row, "objectId"))
        stamps = [one.changed_at for one, _ in found if one.changed_at]
        newest = max([*stamps, *([at.newest] if at.newest else [])], default=None)
        # ChangedRows that were deleted meanwhile moved those after them forward.
        lost = max(0, (at.total or 0) - page.total) if page.total is not None else 0
        reached = at.offset + len(page.rows) - lost
        more = len(page.rows) == page.size if page.total is None else reached < page.total
        more = more and bool(page.rows)
        following = (
            Cursor(at.since, max(0, reached), newest, page.total, page.size)
            if more
            else Cursor(since=newest - OVERLAP if newest else at.since, size=page.size)
        )
        return ChangePage(
            records=tuple(one for one, active in found if active),
            cursor=CURSOR.dump_json(following).decode(),
            more=more,
            gone=tuple(one.id for one, active in found if not active),
            total=page.total,
        )

    async def size(self, kind: RecordKind) -> int | None:
        """The `total` of a page of one."""
        return (
            await self._client.changed(self._keys, RESOURCES[kind], PageWindow(None, 0, 1))
        ).total

    async def accounts_for(self, domain: str) -> tuple[Account, ...]:
        """By part of a name, then compared here: Crono cannot search by domain."""
        name = domain.split(".")[0]
        found = await self._client.accounts_for(self._keys, domain=domain, name=name)
        return tuple(map(_account, found))

    async def context(self, account_id: str, *, notes: int) -> AccountContext:
        """Four calls at once."""
        account, people, deals, last = await asyncio.gather(
            self._client.account(self._keys, account_id),
            self._client.prospects(self._keys, account_id),
            self._client.open_deals(self._keys, account_id),
            self._client.last_notes(self._keys, account_id, notes),
        )
        return AccountContext(
            _account(account),
            tuple(map(_contact, people)),
            tuple(map(_deal, deals)),
            tuple(map(_note, last)),
        )

    async def open_deals(self, account_id: str) -> tuple[Deal, ...]:
        """200 at most."""
        return tuple(map(_deal, await self._client.open_deals(self._keys, account_id)))

    async def deal(self, deal_id: str) -> Deal:
        """One call."""
        return _deal(await self._client.deal(self._keys, deal_id))

    async def update_deal(self, deal: Deal, change: DealChange) -> Deal:
        """PATCH with the ids in the body, then a read: Crono may move more than was sent."""
        fields = _changed_fields(change)
        if fields:
            ids = {"accountId": deal.account_id, "opportunityId": deal.id}
            await self._client.change_deal(self._keys, {**ids, **fields})
        return await self.deal(deal.id)

    async def pipelines(self) -> tuple[Pipeline, ...]:
        """One call; public names for people, external ones as ids."""
        return tuple(
            Pipeline(
                one.name,
                one.public_name,
                tuple(Stage(s.name, s.public_name, s.closed, s.won) for s in one.stages),
            )
            for one in await self._client.pipelines(self._keys)
        )

    async def owners(self) -> tuple[Owner, ...]:
        """One call."""
        found = await self._client.users(self._keys)
        return tuple(Owner(one.id, one.name, one.email, one.active) for one in found)

    async def create_note(self, note: NewNote) -> Note:
        """For ever: Crono's API neither changes nor deletes notes."""
        fields: dict[str, object] = {"accountId": note.account_id, "description": _note_text(note)}
        if note.deal_id:
            fields["opportunityId"] = note.deal_id
        if note.contact_ids:
            fields["prospectIds"] = list(note.contact_ids)
        return _note(await self._client.add_note(self._keys, fields))

    async def find_note(self, account_id: str, marker: str) -> Note | None:
        """By `descriptionContains`."""
        found = await self._client.notes_with(self._keys, account_id, marker)
        return next((_note(one) for one in found if marker in one.text), None)

    async def update_note(self, note_id: str, note: NewNote) -> Note:
        """Not in Crono."""
        raise NotImplementedError("capabilities say that Crono's notes cannot be edited")

    async def delete_note(self, note_id: str) -> None:
        """Not in Crono."""
        raise NotImplementedError("capabilities say that Crono's notes cannot be undone")

    async def create_task(self, task: NewTask) -> Task:
        """Of the user whose key it is; Crono answers without an id."""
        fields: dict[str, object] = {
            "accountId": task.account_id,
            "type": TASK_TYPES[task.type],
            "activityDate": task.due_at.astimezone(UTC).isoformat(),
            "automatic": False,
            "subject": task.subject,
        }
        optional = {
            "prospectId": task.contact_id,
            "opportunityId": task.deal_id,
            "description": task.description,
        }
        fields |= {name: value for name, value in optional.items() if value}
        await self._client.add_task(self._keys, fields)
        return Task("", task.subject, task.due_at)

    async def find_task(self, task: NewTask, since: datetime) -> Task | None:
        """Among the account's newest fifty of this type."""
        filters = {"accountId": task.account_id, "type": TASK_TYPES[task.type]}
        for one in await self._client.tasks(self._keys, filters):
            same = (one.subject, one.prospect_id) == (task.subject.strip(), task.contact_id)
            on_time = one.due_at is not None and abs(one.due_at - task.due_at) < OVERLAP
            if same and on_time and (one.created_at is None or one.created_at >= since):
                return Task(one.id, one.subject, one.due_at)
        return None

    async def delete_task(self, task_id: str) -> None:
        """Not in Crono."""
        raise NotImplementedError("capabilities say that Crono's tasks cannot be undone")


def _record(kind: RecordKind, row: Record) -> tuple[Account | Contact | Deal, bool]:
    """The row in neutral words, and whether it is still there."""
    if kind == "account":
        return _account(account(row)), row.get("active") is not False
    if kind == "contact":
        person = prospect(row)
        return _contact(person), person.active
    opportunity = deal(row)
    return _deal(opportunity), opportunity.active


def _account(row: CronoAccount) -> Account:
    hosts = (row.email_domain.lower().removeprefix("www."), website_host(row.website))
    return Account(
        id=row.id,
        name=row.name,
        domains=tuple(dict.fromkeys(host for host in hosts if host)),
        industry=row.industry,
        country=row.country,
        owner_id=row.user_id,
        changed_at=row.modified_at,
    )


def _contact(row: Prospect) -> Contact:
    return Contact(
        id=row.id,
        name=row.name,
        emails=(row.email,) if row.email else (),
        title=row.title,
        account_id=row.account_id,
        owner_id=row.user_id,
        changed_at=row.modified_at,
    )


def _deal(row: Opportunity) -> Deal:
    return Deal(
        id=row.id,
        name=row.name,
        account_id=row.account_id,
        stage=row.stage,
        pipeline=row.pipeline,
        amount=None if row.amount_cents is None else Amount(row.amount_cents),
        closes_on=row.closes_at.date() if row.closes_at else None,
        description=row.description,
        closed=row.closed,
        won=row.won,
        owner_id=row.user_id,
        changed_at=row.modified_at,
    )


def _note(row: CronoNote) -> Note:
    return Note(row.id, row.text, row.created_at)


def _note_text(note: NewNote) -> str:
    room = NOTE_LIMIT - len(note.marker) - 2
    return f"{note.text.strip()[:room]}\n\n{note.marker}".strip()


def _changed_fields(change: DealChange) -> dict[str, object]:
    given: dict[str, object | None] = {
        "name": change.name,
        "stage": change.stage,
        "pipeline": change.pipeline,
        "amount": None if change.amount is None else change.amount.minor / 100,
        "closeDate": None if change.closes_on is None else _noon(change.closes_on),
        "description": change.description,
    }
    fields: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    cleared = {"amount": "amount", "closes_on": "closeDate", "description": "description"}
    return fields | {cleared[name]: None for name in change.cleared}


def _noon(day: date) -> str:
    """Noon in UTC: the same day in every zone but the outermost."""
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) + NOON).isoformat()
