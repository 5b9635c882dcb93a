"""The verbs we need of Crono's public API (ext.crono.one, /api/v1)."""

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlsplit

import httpx

from integrations.crono.errors import VENDOR, envelope
from integrations.crono.types import Account, CronoKeys, Deal, Note, Prospect
from integrations.http import SAFE, credential
from integrations.json_fields import Record, flag, moment, records, text

PAGE = 50  # what every search accepts for certain; Accounts say 200, Prospects may refuse it
MAX_PAGES = 4
BEGINNING = 5  # letters of a domain that its company's name surely begins with
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Crono:
    """Reads one workspace's CRM.

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
        response = await self._http.get(
            "/api/v1/Users", headers=_headers(keys), extensions={"operation": "check_keys"}
        )
        envelope(response)

    async def accounts_for(self, keys: CronoKeys, *, domain: str, name: str) -> tuple[Account, ...]:
        """The companies whose e-mail domain and website, or one of them, is exactly `domain`.

        Crono can only search by part of a name, so `name` and then the domain's own word are looked
        for and the domain is compared here. Several when nothing tells which of them is meant.
        """
        wanted = domain.strip().lower().removeprefix("www.")
        if not wanted:
            return ()
        for words in _search_words(name, wanted):
            rows = await self._search(keys, "Accounts", {"name": words})
            found = [_account(row) for row in rows]
            mailed = [one for one in found if one.email_domain.lower() == wanted]
            hosted = [one for one in found if _host(one.website) == wanted]
            # Sister companies share a domain; the website tells whose it is.
            matches = [one for one in mailed if one in hosted] or mailed or hosted
            if matches:
                return tuple(matches)
        return ()

    async def prospects(self, keys: CronoKeys, account_id: str) -> tuple[Prospect, ...]:
        """The company's contacts, 200 at most."""
        rows = await self._search(keys, "Prospects", {"accountId": account_id})
        return tuple(_prospect(row) for row in rows)

    async def open_deals(self, keys: CronoKeys, account_id: str) -> tuple[Deal, ...]:
        """The company's deals that are neither won, nor lost, nor deleted."""
        rows = await self._search(keys, "Opportunities", {"accountId": account_id})
        return tuple(_deal(row) for row in rows if _is_open(row))

    async def last_notes(self, keys: CronoKeys, account_id: str, limit: int) -> tuple[Note, ...]:
        """The company's newest notes, newest first (Crono does not sort them)."""
        rows = await self._search(keys, "Notes", {"accountId": account_id})
        notes = [_note(row) for row in rows if row.get("active") is not False]
        notes.sort(key=lambda note: note.created_at or LONG_AGO, reverse=True)
        return tuple(notes[:limit])

    async def _search(
        self, keys: CronoKeys, resource: str, filters: dict[str, str]
    ) -> tuple[Record, ...]:
        found: list[Record] = []
        for page in range(MAX_PAGES):
            window = {"limit": PAGE, "offset": page * PAGE}
            response = await self._http.post(
                f"/api/v1/{resource}/search",
                headers=_headers(keys),
                json={**filters, "pagination": window},
                extensions={"operation": f"{resource}.search", **SAFE},
            )
            rows = records(envelope(response).get("data"))
            found += rows
            if len(rows) < PAGE:
                break
        return tuple(row for row in found if text(row, "objectId"))


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


def _host(website: str) -> str:
    address = website if "//" in website else f"//{website}"
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _account(row: Record) -> Account:
    return Account(
        id=text(row, "objectId"),
        name=text(row, "name"),
        email_domain=text(row, "emailDomain"),
        website=text(row, "website"),
        industry=text(row, "industry"),
        status=text(row, "cronoStatus"),
    )


def _prospect(row: Record) -> Prospect:
    full = f"{text(row, 'firstName')} {text(row, 'lastName')}".strip()
    return Prospect(
        id=text(row, "objectId"),
        name=text(row, "name") or full,
        email=text(row, "email").lower(),
        title=text(row, "title"),
        account_id=text(row, "accountId"),
    )


def _is_open(row: Record) -> bool:
    over = flag(row, "isClosed") or flag(row, "isWon")
    return not over and row.get("active") is not False


def _deal(row: Record) -> Deal:
    return Deal(
        id=text(row, "objectId"),
        name=text(row, "name"),
        stage=text(row, "stage"),
        pipeline=text(row, "pipeline"),
        amount_cents=_cents(row.get("amount")),
        closes_at=moment(row, "closeDate"),
        description=text(row, "description"),
        account_id=text(row, "accountId"),
    )


def _cents(amount: object) -> int | None:
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    return int((Decimal(str(amount)) * 100).to_integral_value())


def _note(row: Record) -> Note:
    return Note(text(row, "objectId"), text(row, "description"), moment(row, "createdDate"))
