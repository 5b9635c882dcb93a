"""Crono behind the port: its words, its fields, and what it refuses, said in sentences."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from integrations.crono.client import Crono, PageWindow
from integrations.crono.types import (
    CronoKeys,
)
from integrations.errors import RefusedByVendor
from integrations.json_fields import text
from services.crm import crono_fields as fields
from services.crm.crono_words import CAPABILITIES, NAME, WORDS, refusal
from services.crm.port import (
    Account,
    AccountContext,
    ChangePage,
    CrmPort,
    Deal,
    DealChange,
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
from services.errors import DomainError
from services.phrases import Phrase

ID = "crono"
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
# Read again at each refresh: clocks differ, and a row may be committed after its time.
OVERLAP = timedelta(minutes=2)


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
                "In Crono: Account Settings › Integrations › API",
                "Su Crono: Account Settings › Integrations › API",
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
        return refusal(error.code)

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
        found = tuple(fields.record(kind, row) for row in page.rows if text(row, "objectId"))
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
        return tuple(map(fields.account, found))

    async def context(self, account_id: str, *, notes: int) -> AccountContext:
        """Four calls at once."""
        account, people, deals, last = await asyncio.gather(
            self._client.account(self._keys, account_id),
            self._client.prospects(self._keys, account_id),
            self._client.open_deals(self._keys, account_id),
            self._client.last_notes(self._keys, account_id, notes),
        )
        return AccountContext(
            fields.account(account),
            tuple(map(fields.contact, people)),
            tuple(map(fields.deal, deals)),
            tuple(map(fields.note, last)),
        )

    async def open_deals(self, account_id: str) -> tuple[Deal, ...]:
        """200 at most."""
        return tuple(map(fields.deal, await self._client.open_deals(self._keys, account_id)))

    async def deal(self, deal_id: str) -> Deal:
        """One call."""
        return fields.deal(await self._client.deal(self._keys, deal_id))

    async def update_deal(self, deal: Deal, change: DealChange) -> Deal:
        """PATCH with the ids in the body, then a read: Crono may move more than was sent."""
        changed = fields.changed_fields(change)
        if changed:
            ids = {"accountId": deal.account_id, "opportunityId": deal.id}
            await self._client.change_deal(self._keys, {**ids, **changed})
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
        written: dict[str, object] = {
            "accountId": note.account_id,
            "description": fields.note_text(note),
        }
        if note.deal_id:
            written["opportunityId"] = note.deal_id
        if note.contact_ids:
            written["prospectIds"] = list(note.contact_ids)
        return fields.note(await self._client.add_note(self._keys, written))

    async def find_note(self, account_id: str, marker: str) -> Note | None:
        """By `descriptionContains`."""
        found = await self._client.notes_with(self._keys, account_id, marker)
        return next((fields.note(one) for one in found if marker in one.text), None)

    async def update_note(self, note_id: str, note: NewNote) -> Note:
        """Not in Crono."""
        raise NotImplementedError("capabilities say that Crono's notes cannot be edited")

    async def delete_note(self, note_id: str) -> None:
        """Not in Crono."""
        raise NotImplementedError("capabilities say that Crono's notes cannot be undone")

    async def create_task(self, task: NewTask) -> Task:
        """Of the user whose key it is; Crono answers without an id."""
        written: dict[str, object] = {
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
        written |= {name: value for name, value in optional.items() if value}
        await self._client.add_task(self._keys, written)
        return Task("", task.subject, task.due_at)

    async def find_task(self, task: NewTask, since: datetime) -> Task | None:
        """Among the account's newest fifty of this type."""
        filters = {"accountId": task.account_id, "type": TASK_TYPES[task.type]}
        for one in await self._client.tasks(self._keys, filters):
            same = (one.subject, one.prospect_id) == (task.subject.strip(), task.contact_id)
            on_time = one.due_at is not None and abs(one.due_at - task.due_at) < OVERLAP
            if same and on_time and (one.created_at is None or one.created_at >= since - OVERLAP):
                return Task(one.id, one.subject, one.due_at)
        return None

    async def delete_task(self, task_id: str) -> None:
        """Not in Crono."""
        raise NotImplementedError("capabilities say that Crono's tasks cannot be undone")
