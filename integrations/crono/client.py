"""The verbs we need of Crono's public API (ext.crono.one, /api/v1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from integrations.crono import records as read
from integrations.crono.errors import VENDOR, envelope
from integrations.crono.types import (
    CronoAccount,
    CronoKeys,
    CronoNote,
    CronoPipeline,
    CronoTask,
    CronoUser,
    Opportunity,
    Prospect,
)
from integrations.errors import RefusedByVendor
from integrations.http import SAFE, credential
from integrations.json_fields import Record, record, records, text, whole

PAGE = 50  # what every search accepts for certain; Accounts say 200, Prospects may refuse it
LARGE_PAGE = 200
MAX_PAGES = 4
BEGINNING = 5  # letters of a domain that its company's name surely begins with
LONG_AGO = datetime.min.replace(tzinfo=UTC)
Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PageWindow:
    """Which page of what changed: `since` None is everything; `size` 200 at most."""

    since: datetime | None
    offset: int
    size: int = LARGE_PAGE


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """One page; `total` counts all pages, `size` is what Crono accepted as a page."""

    rows: tuple[Record, ...]
    total: int | None
    size: int


class Crono:
    """One workspace's CRM.

    Takes a client made by `integrations.http.client`. Every call raises Unreachable, RateLimited,
    AuthExpired or Refused with Crono's own code.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def check_keys(self, keys: CronoKeys) -> None:
        """Return when Crono accepts the keys, as the vendor's own credential test does."""
        await self._get(keys, "Users", "check_keys")

    async def users(self, keys: CronoKeys) -> tuple[CronoUser, ...]:
        """Everyone with a seat."""
        answer = await self._get(keys, "Users", "Users.list")
        found = (read.user(row) for row in records(answer.get("data")))
        return tuple(one for one in found if one.id)

    async def pipelines(self, keys: CronoKeys) -> tuple[CronoPipeline, ...]:
        """Every pipeline, by `displayOrder`."""
        answer = await self._get(keys, "Pipelines", "Pipelines.list")
        rows = sorted(records(answer.get("data")), key=lambda row: whole(row, "displayOrder") or 0)
        return tuple(one for row in rows if (one := read.pipeline(row)).name)

    async def accounts_for(
        self, keys: CronoKeys, *, domain: str, name: str
    ) -> tuple[CronoAccount, ...]:
        """The companies whose e-mail domain and website, or one of them, is exactly `domain`.

        Crono can only search by part of a name, so `name` and then the domain's own word are looked
        for and the domain is compared here. Several when nothing tells which of them is meant.
        """
        wanted = domain.strip().lower().removeprefix("www.")
        if not wanted:
            return ()
        for words in _search_words(name, wanted):
            rows = await self._search(keys, "Accounts", {"name": words})
            found = [read.account(row) for row in rows]
            mailed = [one for one in found if one.email_domain.lower() == wanted]
            hosted = [one for one in found if website_host(one.website) == wanted]
            # Sister companies share a domain; the website tells whose it is.
            matches = [one for one in mailed if one in hosted] or mailed or hosted
            if matches:
                return tuple(matches)
        return ()

    async def account(self, keys: CronoKeys, account_id: str) -> CronoAccount:
        """One company; Refused `EntityNotFound` when it is no more."""
        return read.account(await self._one(keys, "Accounts", account_id))

    async def deal(self, keys: CronoKeys, deal_id: str) -> Opportunity:
        """One opportunity; Refused `EntityNotFound` when it is no more."""
        return read.deal(await self._one(keys, "Opportunities", deal_id))

    async def prospects(self, keys: CronoKeys, account_id: str) -> tuple[Prospect, ...]:
        """The company's contacts, 200 at most."""
        rows = await self._search(keys, "Prospects", {"accountId": account_id})
        return tuple(one for row in rows if (one := read.prospect(row)).active)

    async def open_deals(self, keys: CronoKeys, account_id: str) -> tuple[Opportunity, ...]:
        """The company's deals that are neither won, nor lost, nor deleted; "": of all companies."""
        filters = {"accountId": account_id} if account_id else {}
        rows = await self._search(keys, "Opportunities", filters)
        found = (read.deal(row) for row in rows)
        return tuple(one for one in found if one.active and not one.closed)

    async def last_notes(
        self, keys: CronoKeys, account_id: str, limit: int
    ) -> tuple[CronoNote, ...]:
        """The company's newest notes, newest first (Crono does not sort them)."""
        rows = await self._search(keys, "Notes", {"accountId": account_id})
        notes = [read.note(row) for row in rows if row.get("active") is not False]
        notes.sort(key=lambda note: note.created_at or LONG_AGO, reverse=True)
        return tuple(notes[:limit])

    async def notes_with(
        self, keys: CronoKeys, account_id: str, words: str
    ) -> tuple[CronoNote, ...]:
        """The company's notes that contain `words`."""
        filters = {"accountId": account_id, "descriptionContains": words}
        rows = await self._search(keys, "Notes", filters)
        return tuple(read.note(row) for row in rows if row.get("active") is not False)

    async def add_note(self, keys: CronoKeys, fields: Fields) -> CronoNote:
        """Write a note (`description`, `accountId` …); it can never be changed or deleted."""
        return read.note(record((await self._write(keys, "POST", "Notes", fields)).get("data")))

    async def add_task(self, keys: CronoKeys, fields: Fields) -> None:
        """Create a task (`accountId`, `type`, `activityDate`, `automatic` …); Crono tells no id."""
        await self._write(keys, "POST", "Tasks", fields)

    async def tasks(self, keys: CronoKeys, filters: Fields) -> tuple[CronoTask, ...]:
        """Tasks by Crono's own filters, the newest 50."""
        body = {**filters, "sortBy": "CreatedDateDesc", "limit": PAGE, "offset": 0}
        answer = await self._post(keys, "Tasks/search", body, "Tasks.search")
        return tuple(read.task(row) for row in records(answer.get("data")))

    async def change_deal(self, keys: CronoKeys, fields: Fields) -> None:
        """Change the fields that are given; `accountId` and `opportunityId` say of which deal."""
        await self._write(keys, "PATCH", "Opportunities", fields)

    async def changed(self, keys: CronoKeys, resource: str, window: PageWindow) -> ChangedRows:
        """A page of a resource's rows, oldest created first, changed since then or all of them.

        A page size that Crono declines is asked for again as the one every search accepts.
        """
        since = window.since.isoformat() if window.since else None
        filters = {"lastModifiedDateMin": since} if since else {}
        body = {**filters, "sort": "CreatedDate"}
        size = window.size
        try:
            answer = await self._page(keys, resource, body, size, window.offset)
        except RefusedByVendor as error:
            if error.code != "BadRequest" or size == PAGE:
                raise
            size = PAGE
            answer = await self._page(keys, resource, body, size, window.offset)
        return ChangedRows(records(answer.get("data")), whole(answer, "total"), size)

    async def _one(self, keys: CronoKeys, resource: str, object_id: str) -> Record:
        path = f"{resource}/{httpx.URL(path='/' + object_id).raw_path.decode()[1:]}"
        answer = await self._get(keys, path, f"{resource}.get")
        found = record(answer.get("data"))
        if not text(found, "objectId") or found.get("active") is False:
            raise RefusedByVendor(VENDOR, "EntityNotFound")
        return found

    async def _search(self, keys: CronoKeys, resource: str, filters: Fields) -> tuple[Record, ...]:
        found: list[Record] = []
        for page in range(MAX_PAGES):
            answer = await self._page(keys, resource, filters, PAGE, page * PAGE)
            rows = records(answer.get("data"))
            found += rows
            if len(rows) < PAGE:
                break
        return tuple(row for row in found if text(row, "objectId"))

    async def _page(
        self, keys: CronoKeys, resource: str, filters: Fields, size: int, offset: int
    ) -> Record:
        body = {**filters, "pagination": {"limit": size, "offset": offset}}
        return await self._post(keys, f"{resource}/search", body, f"{resource}.search")

    async def _get(self, keys: CronoKeys, path: str, operation: str) -> Record:
        response = await self._http.get(
            f"/api/v1/{path}", headers=_headers(keys), extensions={"operation": operation}
        )
        return envelope(response)

    async def _post(self, keys: CronoKeys, path: str, body: Fields, operation: str) -> Record:
        response = await self._http.post(
            f"/api/v1/{path}",
            headers=_headers(keys),
            json=body,
            extensions={"operation": operation, **SAFE},
        )
        return envelope(response)

    async def _write(self, keys: CronoKeys, method: str, resource: str, fields: Fields) -> Record:
        """Never sent twice by itself: whether a lost reply was a success, only a search tells."""
        response = await self._http.request(
            method,
            f"/api/v1/{resource}",
            headers=_headers(keys),
            json={"data": fields},
            extensions={"operation": f"{resource}.{method.lower()}"},
        )
        return envelope(response)


def website_host(website: str) -> str:
    """The host of an address as people write it, lower case and without `www.`; "" if none."""
    address = website if "//" in website else f"//{website}"
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _headers(keys: CronoKeys) -> dict[str, str]:
    return {
        "X-Api-Key": credential(VENDOR, keys.public),
        "X-Api-Secret": credential(VENDOR, keys.private),
    }


def _search_words(name: str, domain: str) -> tuple[str, ...]:
    """The name, the domain's longest label (`acme` of `acme.co.uk`), and how that begins.

    A domain writes as one word what a name writes as several (`acmelogistics` of Acme Logistics):
    only how they begin is the same.
    """
    own_word = max(domain.split(".")[:-1], key=len, default="")
    beginning = own_word.split("-")[0][:BEGINNING]
    return tuple(dict.fromkeys(words for words in (name.strip(), own_word, beginning) if words))
