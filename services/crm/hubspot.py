"""HubSpot behind the port: which of its calls make up each verb."""

import asyncio
import hashlib
from datetime import datetime, timedelta

from integrations.errors import IntegrationError, RefusedByVendor, Unreachable
from integrations.hubspot.client import HubSpot
from integrations.hubspot.errors import RefusedByHubSpot
from integrations.hubspot.types import (
    CrmObject,
    HubSpotKey,
    ObjectKind,
    ObjectSearch,
    Portal,
    PropertyFilter,
)
from services.crm import hubspot_fields as fields
from services.crm.hubspot_changes import HubSpotChanges
from services.crm.hubspot_words import CAPABILITIES, NAME, WORDS, refusal
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
)
from services.errors import DomainError
from services.phrases import Phrase

ID = "hubspot"
NEWEST = 100  # notes or tasks of a company that are looked through, the newest
MOST_CANDIDATES, MOST_DEALS = 20, 200
SCOPES = (
    *("crm.objects.companies.read", "crm.objects.contacts.read", "crm.objects.contacts.write"),
    *("crm.objects.deals.read", "crm.objects.deals.write", "crm.objects.owners.read"),
)
CLOCKS = timedelta(minutes=2)  # by which ours and HubSpot's may differ
INSTANT = timedelta(seconds=1)  # within which two due times are one
OBJECTS: tuple[ObjectKind, ...] = ("companies", "contacts", "deals")


class HubSpotVendor:
    """HubSpot as something to connect; remembers what is the same for every call of a key."""

    id = ID
    name = NAME
    fields = (
        KeyField(
            "token",
            Phrase("Service key", "Chiave di servizio (service key)"),
            Phrase(
                "HubSpot › Development › Keys › Service keys (or the token of a private app)",
                "HubSpot › Development › Keys › Service keys (o il token di una private app)",
            ),
        ),
    )

    def __init__(self, client: HubSpot) -> None:
        self._client = client
        self._known: dict[str, KnownPortal] = {}

    def open(self, keys: tuple[str, ...]) -> CrmPort:
        """HubSpot with this key."""
        [token] = keys
        # By digest: a dictionary of secrets is one more place to look for them.
        name = hashlib.sha256(token.encode()).hexdigest()
        known = self._known.setdefault(name, KnownPortal())
        return HubSpotCrm(self._client, HubSpotKey(token), known)


class KnownPortal:
    """What was learnt of an account: its details, and its types of tasks."""

    def __init__(self) -> None:
        self.portal: Portal | None = None
        self.task_types: frozenset[str] | None = None


class HubSpotCrm:
    """One workspace's HubSpot; the docstrings are those of the port."""

    vendor = ID
    name = NAME
    words = WORDS
    capabilities = CAPABILITIES

    def __init__(self, client: HubSpot, key: HubSpotKey, known: KnownPortal) -> None:
        self._client = client
        self._key = key
        self._known = known

    def refusal(self, error: RefusedByVendor) -> DomainError | None:
        """HubSpot's codes (contract §7) as sentences."""
        return refusal(error) if isinstance(error, RefusedByHubSpot) else None

    def link(self, kind: RecordKind, record_id: str) -> str:
        """Known once any call was made in this process."""
        portal = self._known.portal
        return fields.Reader(portal).link(kind, record_id) if portal else ""

    async def check(self) -> None:
        """Scopes where HubSpot tells them, else a read of each object."""
        self._known.portal = await self._client.portal(self._key)
        granted = await self._client.scopes(self._key)
        if granted is not None:
            missing = [one for one in SCOPES if one not in granted]
            if missing:
                raise RefusedByHubSpot("MISSING_SCOPES", ", ".join(missing))
        await asyncio.gather(
            self._client.owners(self._key),
            *(self._client.page(self._key, kind, ("hs_object_id",), "") for kind in OBJECTS),
        )

    async def changes(self, kind: RecordKind, cursor: str) -> ChangePage:
        """Lists for a full pass, then searches by the stamp of modification (contract §5)."""
        return await HubSpotChanges(self._client, self._key, await self._reader()).page(
            kind, cursor
        )

    async def size(self, kind: RecordKind) -> int | None:
        """The `total` of a search of one."""
        found = await self._client.search(self._key, fields.KINDS[kind], ObjectSearch(limit=1))
        return found.total

    async def accounts_for(self, domain: str) -> tuple[Account, ...]:
        """By `domain`, which is not unique, and `hs_additional_domains`, compared again here."""
        wanted = domain.strip().lower().removeprefix("www.")
        if not wanted:
            return ()
        tests = (
            (PropertyFilter("domain", "EQ", wanted),),
            (PropertyFilter("hs_additional_domains", "CONTAINS_TOKEN", wanted),),
        )
        names = fields.PROPERTIES["companies"]
        search = ObjectSearch(tests, names, limit=MOST_CANDIDATES)
        reader, found = await asyncio.gather(
            self._reader(), self._client.search(self._key, "companies", search)
        )
        accounts = map(reader.account, found.rows)
        return tuple(one for one in accounts if wanted in one.domains)

    async def context(self, account_id: str, *, notes: int) -> AccountContext:
        """The company, then what it is linked to: no search, which would lag."""
        reader, company = await asyncio.gather(self._reader(), self._read("companies", account_id))
        people, deals, last = await asyncio.gather(
            self._linked("companies", company.id, "contacts"),
            self.open_deals(company.id),
            self._linked("companies", company.id, "notes"),
        )
        latest = sorted(map(fields.note, last), key=_when, reverse=True)
        return AccountContext(
            reader.account(company),
            tuple(reader.contact(_of(one, company.id)) for one in people),
            deals,
            tuple(latest[:notes]),
        )

    async def open_deals(self, account_id: str) -> tuple[Deal, ...]:
        """Of one company by its links, of everyone by a search."""
        reader = await self._reader()
        if account_id:
            rows = await self._linked("companies", account_id, "deals")
        else:
            test = ((PropertyFilter("hs_is_closed", "NEQ", "true"),),)
            names = fields.PROPERTIES["deals"]
            search = ObjectSearch(test, names, "hs_lastmodifieddate", newest_first=True)
            rows = (await self._client.search(self._key, "deals", search)).rows
        deals = (reader.deal(one, account_id) for one in rows)
        return tuple(one for one in deals if not one.closed)

    async def deal(self, deal_id: str) -> Deal:
        """One call."""
        row = await self._read("deals", deal_id)
        return (await self._reader()).deal(row)

    async def update_deal(self, deal: Deal, change: DealChange) -> Deal:
        """PATCH, then a read: a stage may move the close date too."""
        reader = await self._reader()
        values = reader.changed(change)
        if values:
            await self._client.update(self._key, "deals", deal.id, values)
        return await self.deal(deal.id)

    async def pipelines(self) -> tuple[Pipeline, ...]:
        """Won is closed with certainty; closed alone is not (contract §4)."""
        return tuple(
            Pipeline(
                one.id,
                one.label,
                tuple(
                    Stage(s.id, s.label, s.closed, s.closed and s.probability == 1.0, s.writable)
                    for s in one.stages
                ),
            )
            for one in await self._client.pipelines(self._key)
        )

    async def owners(self) -> tuple[Owner, ...]:
        """Those in use."""
        found = await self._client.owners(self._key)
        return tuple(Owner(one.id, one.name, one.email) for one in found)

    async def create_note(self, note: NewNote) -> Note:
        """Linked as asked for, which is looked at afterwards: a link may be dropped silently."""
        links, page = fields.note_links(note), await self._page(note.account_id)
        made = await self._client.create(self._key, "notes", fields.note_values(note), links)
        try:
            linked = await self._client.linked(self._key, "notes", made.id, "companies")
            if note.account_id not in linked:
                await self._client.tie(self._key, ("notes", made.id), links[0])
        except IntegrationError as error:
            # The note is there: no failure may look as if it were not.
            raise Unreachable(ID, f"written, its links unknown: {error.detail}") from error
        return Note(made.id, note.text, note.at, page)

    async def find_note(self, account_id: str, marker: str) -> Note | None:
        """Among the company's newest hundred; a search would not know of it yet."""
        rows = await self._linked("companies", account_id, "notes")
        notes = (fields.note(one) for one in rows)
        found = next((one for one in notes if marker in one.text), None)
        if found is None:
            return None
        return Note(found.id, found.text, found.created_at, await self._page(account_id))

    async def update_note(self, note_id: str, note: NewNote) -> Note:
        """The text alone; its links stay."""
        body = {"hs_note_body": fields.note_values(note)["hs_note_body"]}
        await self._client.update(self._key, "notes", note_id, body)
        return Note(note_id, note.text, note.at, await self._page(note.account_id))

    async def delete_note(self, note_id: str) -> None:
        """Into HubSpot's recycle bin."""
        await self._client.delete(self._key, "notes", note_id)

    async def create_task(self, task: NewTask) -> Task:
        """Of the owner that is named, else in nobody's queue."""
        kind, page = await self._task_type(task), await self._page(task.account_id)
        values, links = fields.task_values(task, kind), fields.task_links(task)
        made = await self._client.create(self._key, "tasks", values, links)
        return Task(made.id, task.subject, task.due_at, page)

    async def find_task(self, task: NewTask, since: datetime) -> Task | None:
        """Among the company's newest hundred."""
        kind = await self._task_type(task)
        for row in await self._linked("companies", task.account_id, "tasks"):
            found = fields.task(row)
            made = fields.moment(row.properties.get("hs_createdate", ""))
            same = (found.subject, row.properties.get("hs_task_type")) == (task.subject, kind)
            on_time = found.due_at is not None and abs(found.due_at - task.due_at) < INSTANT
            if same and on_time and (made is None or made >= since - CLOCKS):
                page = await self._page(task.account_id)
                return Task(found.id, found.subject, found.due_at, page)
        return None

    async def delete_task(self, task_id: str) -> None:
        """Into HubSpot's recycle bin."""
        await self._client.delete(self._key, "tasks", task_id)

    async def _linked(
        self, kind: ObjectKind, record_id: str, to: ObjectKind
    ) -> tuple[CrmObject, ...]:
        """The newest of them: ids grow."""
        ids = await self._client.linked(self._key, kind, record_id, to)
        most = MOST_DEALS if to in ("deals", "contacts") else NEWEST
        newest = sorted(ids, key=_number, reverse=True)[:most]
        return await self._client.read_many(self._key, to, newest, fields.PROPERTIES[to])

    async def _read(self, kind: ObjectKind, record_id: str) -> CrmObject:
        return await self._client.read(self._key, kind, record_id, fields.PROPERTIES[kind])

    async def _reader(self) -> fields.Reader:
        if self._known.portal is None:
            self._known.portal = await self._client.portal(self._key)
        return fields.Reader(self._known.portal)

    async def _page(self, account_id: str) -> str:
        """Notes and tasks have no page of their own: they are on the company's."""
        return (await self._reader()).link("account", account_id)

    async def _task_type(self, task: NewTask) -> str:
        """As this account knows it: LinkedIn's types are not in every one (contract §4)."""
        if self._known.task_types is None:
            found = await self._client.options(self._key, "tasks", "hs_task_type")
            self._known.task_types = found
        kind = fields.TASK_TYPES[task.type]
        return kind if kind in self._known.task_types else fields.OTHER_TYPE


def _of(row: CrmObject, company_id: str) -> CrmObject:
    return CrmObject(row.id, row.properties, {"companies": (company_id,)})


def _when(note: Note) -> float:
    return note.created_at.timestamp() if note.created_at else 0.0


def _number(record_id: str) -> int:
    return int(record_id) if record_id.isdigit() else 0
