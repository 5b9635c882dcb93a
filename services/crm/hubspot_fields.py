"""HubSpot's properties in neutral words, and neutral values as HubSpot's properties."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import escape, unescape
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.hubspot.client import Values
from integrations.hubspot.types import CrmObject, Link, ObjectKind, Portal
from services.crm.hubspot_words import NOTE_LIMIT
from services.crm.money import parsed, written
from services.crm.port import (
    Account,
    Contact,
    Deal,
    DealChange,
    NewNote,
    NewTask,
    Note,
    RecordKind,
    Task,
    TaskType,
)

KINDS: Final[Mapping[RecordKind, ObjectKind]] = {
    "account": "companies",
    "contact": "contacts",
    "deal": "deals",
}
PROPERTIES: Final[Mapping[ObjectKind, tuple[str, ...]]] = {
    "companies": (
        *("name", "domain", "hs_additional_domains", "website", "industry", "country"),
        *("hubspot_owner_id", "hs_lastmodifieddate"),
    ),
    "contacts": (
        *("firstname", "lastname", "email", "hs_additional_emails", "jobtitle"),
        *("hubspot_owner_id", "lastmodifieddate"),
    ),
    "deals": (
        *("dealname", "dealstage", "pipeline", "amount", "deal_currency_code", "closedate"),
        *("description", "hs_is_closed", "hs_is_closed_won", "hubspot_owner_id"),
        "hs_lastmodifieddate",
    ),
    "notes": ("hs_note_body", "hs_timestamp"),
    "tasks": ("hs_task_subject", "hs_task_type", "hs_timestamp", "hs_createdate"),
}
# Object types in addresses of HubSpot's pages.
PAGES: Final[Mapping[RecordKind, str]] = {"contact": "0-1", "account": "0-2", "deal": "0-3"}
TASK_TYPES: Final[Mapping[TaskType, str]] = {
    "email": "EMAIL",
    "call": "CALL",
    "linkedin": "LINKED_IN_CONNECT",
    "inmail": "LINKED_IN_MESSAGE",
    "generic": "TODO",
}
OTHER_TYPE = "TODO"
NOON = time(12)
BREAKS = re.compile(r"<br\s*/?>|</(?:p|li|div)>", re.IGNORECASE)
TAGS = re.compile(r"<[^>]*>")
ADDRESSES = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads records as the account they are of means them: its zone, its currency, its pages."""

    portal: Portal

    @property
    def zone(self) -> ZoneInfo:
        """The account's zone; UTC when it names one that we do not know."""
        try:
            return ZoneInfo(self.portal.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    def link(self, kind: RecordKind, record_id: str) -> str:
        """The record's page."""
        host, page = self.portal.ui_domain, PAGES[kind]
        return f"https://{host}/contacts/{self.portal.id}/record/{page}/{record_id}" if host else ""

    def record(self, kind: RecordKind, row: CrmObject) -> Account | Contact | Deal:
        """A record of any of the three kinds."""
        if kind == "account":
            return self.account(row)
        return self.contact(row) if kind == "contact" else self.deal(row)

    def account(self, row: CrmObject) -> Account:
        """A company with all its domains."""
        found = row.properties
        hosts = [found.get("domain", ""), *found.get("hs_additional_domains", "").split(";")]
        return Account(
            id=row.id,
            name=found.get("name") or found.get("domain", ""),
            domains=tuple(dict.fromkeys(h for one in hosts if (h := _host(one)))),
            industry=found.get("industry", "").replace("_", " ").capitalize(),
            country=found.get("country", ""),
            owner_id=found.get("hubspot_owner_id", ""),
            changed_at=moment(found.get("hs_lastmodifieddate", "")),
        )

    def contact(self, row: CrmObject) -> Contact:
        """A person with all their addresses; of several companies the primary one."""
        found = row.properties
        name = f"{found.get('firstname', '')} {found.get('lastname', '')}".strip()
        emails = [found.get("email", ""), *found.get("hs_additional_emails", "").split(";")]
        listed = tuple(dict.fromkeys(e for one in emails if (e := one.strip().lower())))
        return Contact(
            id=row.id,
            name=name or (listed[0] if listed else ""),
            emails=listed,
            title=found.get("jobtitle", ""),
            account_id=_company(row),
            owner_id=found.get("hubspot_owner_id", ""),
            changed_at=moment(found.get("lastmodifieddate", "")),
        )

    def deal(self, row: CrmObject, account_id: str = "") -> Deal:
        """A deal; its close date is the day it has in the account's zone."""
        found = row.properties
        currency = found.get("deal_currency_code") or self.portal.currency
        closes = moment(found.get("closedate", ""))
        return Deal(
            id=row.id,
            name=found.get("dealname", ""),
            account_id=account_id or _company(row),
            stage=found.get("dealstage", ""),
            pipeline=found.get("pipeline", ""),
            amount=parsed(found.get("amount", ""), currency),
            closes_on=closes.astimezone(self.zone).date() if closes else None,
            description=found.get("description", ""),
            closed=found.get("hs_is_closed") == "true",
            won=found.get("hs_is_closed_won") == "true",
            owner_id=found.get("hubspot_owner_id", ""),
            changed_at=moment(found.get("hs_lastmodifieddate", "")),
        )

    def changed(self, change: DealChange) -> Values:
        """Only what the change names; "" clears. A day is noon in the account's zone."""
        values = {
            "dealname": change.name,
            "dealstage": change.stage,
            "pipeline": change.pipeline,
            "amount": None if change.amount is None else written(change.amount),
            "closedate": None if change.closes_on is None else self._noon(change.closes_on),
            "description": change.description,
        }
        cleared = {"amount": "amount", "closes_on": "closedate", "description": "description"}
        return {name: value for name, value in values.items() if value is not None} | {
            cleared[name]: "" for name in change.cleared
        }

    def _noon(self, day: date) -> str:
        return stamp(datetime.combine(day, NOON, self.zone))


def note(row: CrmObject) -> Note:
    """A note as plain text."""
    found = row.properties
    return Note(row.id, plain(found.get("hs_note_body", "")), moment(found.get("hs_timestamp", "")))


def task(row: CrmObject) -> Task:
    """A task."""
    found = row.properties
    return Task(row.id, found.get("hs_task_subject", ""), moment(found.get("hs_timestamp", "")))


def note_values(new: NewNote) -> Values:
    """The note as HTML, its marker as a line of its own; the timeline has it at the meeting."""
    body = html(new.text.strip()[:NOTE_LIMIT]) + html(new.marker)
    values = {"hs_note_body": body, "hs_timestamp": stamp(new.at)}
    return values | ({"hubspot_owner_id": new.owner_id} if new.owner_id else {})


def note_links(new: NewNote) -> list[Link]:
    """Company, deal and contacts."""
    deals = [Link("deals", new.deal_id)] if new.deal_id else []
    people = [Link("contacts", one) for one in dict.fromkeys(new.contact_ids)]
    return [Link("companies", new.account_id), *deals, *people]


def task_values(new: NewTask, kind: str) -> Values:
    """The task; `hs_timestamp` is when it is due (contract §4)."""
    values = {
        "hs_task_subject": new.subject,
        "hs_task_body": html(new.description) if new.description else "",
        "hs_task_status": "NOT_STARTED",
        "hs_task_type": kind,
        "hs_timestamp": stamp(new.due_at),
        "hubspot_owner_id": new.owner_id,
    }
    return {name: value for name, value in values.items() if value}


def task_links(new: NewTask) -> list[Link]:
    """Company, contact and deal."""
    people = [Link("contacts", new.contact_id)] if new.contact_id else []
    deals = [Link("deals", new.deal_id)] if new.deal_id else []
    return [Link("companies", new.account_id), *people, *deals]


def html(words: str) -> str:
    """Plain text as paragraphs, escaped, addresses as links."""
    paragraphs = [part for part in re.split(r"\n\s*\n", words.strip()) if part]
    shown = (_linked(part).replace("\n", "<br>") for part in paragraphs)
    return "".join(f"<p>{part}</p>" for part in shown)


def plain(body: str) -> str:
    """A note's HTML as text."""
    return unescape(TAGS.sub("", BREAKS.sub("\n", body))).strip()


def moment(value: str) -> datetime | None:
    """A time as HubSpot writes it: ISO 8601 or epoch milliseconds."""
    try:
        if value.isdigit():
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def stamp(at: datetime) -> str:
    """A time as HubSpot takes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(at: datetime) -> int:
    """A time as searches take it."""
    return round(at.timestamp() * 1000)


def _linked(words: str) -> str:
    shown, last = "", 0
    for found in ADDRESSES.finditer(words):
        address = escape(found.group())
        shown += f'{escape(words[last : found.start()])}<a href="{address}">{address}</a>'
        last = found.end()
    return shown + escape(words[last:])


def _company(row: CrmObject) -> str:
    return next(iter(row.linked.get("companies", ())), "")


def _host(domain: str) -> str:
    return domain.strip().lower().removeprefix("www.")
