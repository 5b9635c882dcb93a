"""The CRM of the cast: its companies, contacts, deals and notes, as Crono's records."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from integrations.sandbox.kit.world import CAST, World

Record = dict[str, Any]
PORTAL = 25_995_825  # ids look like 25995825_6149990627: portal and CRM id (contract B2)


class CronoStore:
    """Every table by object id; written in camelCase, as it is read."""

    def __init__(self, world: World, path: Path = CAST / "companies.toml") -> None:
        cast = tomllib.loads(path.read_text(encoding="utf-8"))
        self._now = world.started_at
        self._numbers = count(6_149_990_001)
        self.users = {str(user["id"]): user for user in _users(world)}
        self.pipelines: list[Record] = list(_pipelines(cast["pipeline"]))
        self.accounts: dict[str, Record] = {}
        self.prospects: dict[str, Record] = {}
        self.deals: dict[str, Record] = {}
        self.notes: dict[str, Record] = {}
        self.tasks: dict[str, Record] = {}
        self._owners = {
            str(u["email"]).partition("@")[0]: str(u["id"]) for u in self.users.values()
        }
        for company in cast["company"]:
            self._add_company(company)
        for name in cast["others"]:
            self._add_company({"name": name})

    def new_id(self) -> str:
        """An id nobody has yet."""
        return f"{PORTAL}_{next(self._numbers)}"

    def stamp(self, days_ago: float) -> str:
        """A moment before the world began, as Crono writes it."""
        return (self._now - timedelta(days=days_ago)).astimezone(UTC).isoformat()

    def stamp_now(self) -> str:
        """This moment: what is written by a client is as old as it is."""
        return datetime.now(UTC).isoformat()

    def company(self, name: str, domain: str | None, stamp: str, account_id: str = "") -> Record:
        """An account's record, of which nothing else is known."""
        return {
            "objectId": account_id or self.new_id(),
            "name": name,
            "createdDate": stamp,
            "lastActivityDate": stamp,
            "lastModifiedDate": stamp,
            "website": f"https://www.{domain}" if domain else None,
            "industry": None,
            "annualRevenue": None,
            "numberOfEmployees": None,
            "phone": None,
            "cronoStatus": "Working",
            "emailDomain": domain,
            "linkedin": None,
            "country": None,
            "currentSolution": None,
            "userId": "",
            "externalValues": [],
        }

    def person(
        self, account_id: str, first: str, last: str, email: str, title: str, stamp: str
    ) -> Record:
        """A prospect's record."""
        return {
            "objectId": self.new_id(),
            "name": f"{first} {last}".strip(),
            "firstName": first,
            "lastName": last,
            "email": email or None,
            "emailStatus": "Valid" if email else "Unknown",
            "title": title,
            "phoneValid": False,
            "createdDate": stamp,
            "lastModifiedDate": stamp,
            "totalTasks": 0,
            "totalEvents": 0,
            "fromContact": True,
            "cronoStatus": "Interested",
            "active": True,
            "optedOut": False,
            "userId": "",
            "accountId": account_id,
            "externalValues": [],
        }

    def stages(self) -> dict[str, Record]:
        """Every stage of every pipeline by its external name."""
        return {s["externalName"]: s for p in self.pipelines for s in p["stages"]}

    def _add_company(self, company: Mapping[str, Any]) -> None:
        account_id = self.new_id()
        owner = self._owners.get(company.get("owner", "ada"), "")
        self.accounts[account_id] = {
            **self.company(company["name"], company.get("domain"), self.stamp(9), account_id),
            "createdDate": self.stamp(400),
            "website": company.get("website"),
            "industry": company.get("industry"),
            "numberOfEmployees": company.get("employees"),
            "cronoStatus": company.get("status", "Working"),
            "country": company.get("country"),
            "currentSolution": company.get("solution"),
            "userId": owner,
        }
        for row in company.get("contacts", ()):
            self._add_prospect(account_id, owner, row)
        for row in company.get("deals", ()):
            self._add_deal(account_id, owner, row)
        for row in company.get("notes", ()):
            self._add_note(account_id, owner, row)

    def _add_prospect(self, account_id: str, owner: str, row: str) -> None:
        name, email, title = (part.strip() for part in row.split("|"))
        first, _, last = name.partition(" ")
        person = self.person(account_id, first, last, email, title, self.stamp(12))
        self.prospects[person["objectId"]] = {
            **person,
            "name": name,
            "createdDate": self.stamp(300),
            "userId": owner,
        }

    def _add_deal(self, account_id: str, owner: str, row: str) -> None:
        name, stage, amount, closes = (part.strip() for part in row.split("|"))
        deal_id = self.new_id()
        self.deals[deal_id] = {
            "objectId": deal_id,
            "active": True,
            "createdDate": self.stamp(60),
            "lastModifiedDate": self.stamp(7),
            "closeDate": self.stamp(-int(closes)),
            "isWon": self.stages()[stage]["isWon"],
            "isClosed": self.stages()[stage]["isClosed"],
            "amount": float(amount),
            "name": name,
            "stage": stage,
            "pipeline": "default",
            "description": None,
            "userId": owner,
            "accountId": account_id,
            "externalValues": [],
        }

    def _add_note(self, account_id: str, owner: str, row: str) -> None:
        days, _, text = row.partition("|")
        note_id = self.new_id()
        self.notes[note_id] = {
            "objectId": note_id,
            "description": text.strip(),
            "createdDate": self.stamp(float(days)),
            "lastModifiedDate": self.stamp(float(days)),
            "active": True,
            "userId": owner,
            "ownerId": owner,
            "accountId": account_id,
            "opportunityId": None,
            "prospectId": None,
        }


def _users(world: World) -> Iterator[Record]:
    for number, person in enumerate(world.home.people, start=4101):
        first, _, last = person.real_name.partition(" ")
        yield {
            "id": number,
            "objectId": str(number),
            "ownerId": f"owner{number}",
            "email": person.email,
            "firstName": first,
            "lastName": last,
            "active": True,
        }


def _pipelines(rows: Mapping[str, list[str]]) -> Iterator[Record]:
    numbers = count(71)
    for order, (key, stages) in enumerate(rows.items()):
        external, _, public = key.partition("|")
        yield {
            "id": next(numbers),
            "externalName": external.strip(),
            "publicName": public.strip(),
            "displayOrder": order,
            "isSync": True,
            "stages": [_stage(next(numbers), place, row) for place, row in enumerate(stages)],
        }


def _stage(number: int, order: int, row: str) -> Record:
    external, public, probability = (part.strip() for part in row.split("|"))
    return {
        "id": number,
        "externalName": external,
        "publicName": public,
        "displayOrder": order,
        "probability": int(probability),
        "isClosed": probability in ("0", "100"),
        "isWon": probability == "100",
    }


def moment(text: object) -> datetime | None:
    """A date-time of a request; None when it is not one."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
