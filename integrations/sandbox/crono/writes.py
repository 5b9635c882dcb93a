"""What may be written to Crono: notes, tasks and deals. Notes and tasks stay for ever."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from aiohttp import web

from integrations.sandbox.crono.store import CronoStore, moment
from integrations.sandbox.crono.wire import Failure, low, one, read_body

TASK_TYPES = ("Email", "Call", "Linkedin", "InMail", "Generic")
SUBTYPES = (
    "LinkedinInvitation",
    "LinkedinMessage",
    "LinkedinVoiceNote",
    "LinkedinProfileView",
    "LinkedinLikeLastPost",
)
DEAL_FIELDS = {
    "amount": "amount",
    "name": "name",
    "stage": "stage",
    "pipeline": "pipeline",
    "description": "description",
    "userid": "userId",
    "closedate": "closeDate",
    "iswon": "isWon",
    "isclosed": "isClosed",
}


class CronoWrites:
    """The writers; each takes its fields wrapped in `data`."""

    def __init__(self, store: CronoStore, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed
        self._task_ids = count(900_001)

    async def add_note(self, request: web.Request) -> dict[str, Any]:
        """POST Notes: description and account are required."""
        data = await _data(request, {"description", "accountid"}, {"opportunityid", "prospectids"})
        account_id = self._account(data)
        self._known(self._store.deals, data.get("opportunityid"))
        for prospect in data.get("prospectids") or []:
            self._known(self._store.prospects, prospect)
        owner = next(iter(self._store.users))
        note = {
            "objectId": self._store.new_id(),
            "description": str(data["description"]),
            "createdDate": self._store.stamp_now(),
            "lastModifiedDate": self._store.stamp_now(),
            "active": True,
            "userId": owner,
            "ownerId": owner,
            "accountId": account_id,
            "opportunityId": data.get("opportunityid"),
            "prospectId": next(iter(data.get("prospectids") or []), None),
        }
        self._store.notes[str(note["objectId"])] = note
        self._changed()
        return one(note)

    async def add_task(self, request: web.Request) -> dict[str, Any]:
        """POST Tasks: the reply carries no id (contract B3)."""
        optional = {
            "prospectid",
            "opportunityid",
            "subtype",
            "templateid",
            "subject",
            "description",
            "personalizedsubject",
            "personalizedcontent",
            "assigntouser",
        }
        data = await _data(request, {"accountid", "type", "activitydate", "automatic"}, optional)
        if data["type"] not in TASK_TYPES:
            raise Failure("BadRequest", f"type must be one of {', '.join(TASK_TYPES)}.")
        if data.get("subtype") not in (None, *SUBTYPES):
            raise Failure("BadRequest", f"subtype must be one of {', '.join(SUBTYPES)}.")
        if moment(data["activitydate"]) is None or not isinstance(data["automatic"], bool):
            raise Failure("BadRequest", "activityDate must be a date-time, automatic a boolean.")
        number = next(self._task_ids)
        self._known(self._store.prospects, data.get("prospectid"))
        self._known(self._store.deals, data.get("opportunityid"))
        self._store.tasks[str(number)] = {
            "id": number,
            "type": data["type"],
            "subtype": data.get("subtype"),
            "createdDate": self._store.stamp_now(),
            "lastModifiedDate": self._store.stamp_now(),
            "activityDate": data["activitydate"],
            "subject": data.get("subject"),
            "description": data.get("description"),
            "completed": False,
            "skipped": False,
            "active": True,
            "automatic": data["automatic"],
            "accountId": self._account(data),
            "prospectId": data.get("prospectid"),
            "opportunityId": data.get("opportunityid"),
        }
        self._changed()
        return one(True)

    async def add_deal(self, request: web.Request) -> dict[str, Any]:
        """POST Opportunities."""
        data = await _data(request, {"accountid"}, set(DEAL_FIELDS) | {"externalvalues"})
        deal = {
            "objectId": self._store.new_id(),
            "active": True,
            "createdDate": self._store.stamp_now(),
            "isWon": False,
            "isClosed": False,
            "accountId": self._account(data),
            "externalValues": [],
        }
        self._write(deal, data)
        self._store.deals[str(deal["objectId"])] = deal
        return one(deal)

    async def change_deal(self, request: web.Request) -> dict[str, Any]:
        """PATCH Opportunities: the ids are in the body, not in the path."""
        optional = set(DEAL_FIELDS) | {"ownerid", "externalvalues"}
        data = await _data(request, {"accountid", "opportunityid"}, optional)
        deal = self._store.deals.get(str(data["opportunityid"]))
        if deal is None or deal["accountId"] != self._account(data):
            raise Failure("EntityNotFound", "This account has no such opportunity.")
        self._write(deal, data)
        return one(deal)

    def _write(self, deal: dict[str, Any], data: Mapping[str, Any]) -> None:
        stage = self._store.stages().get(str(data.get("stage")))
        if "stage" in data and stage is None:
            raise Failure("EntityNotConsistent", "There is no such stage.")
        if "closedate" in data and data["closedate"] and moment(data["closedate"]) is None:
            raise Failure("BadRequest", "closeDate must be a date-time.")
        for low_name, name in DEAL_FIELDS.items():
            if low_name in data:
                deal[name] = data[low_name]
        if stage is not None:
            deal |= {"isWon": stage["isWon"], "isClosed": stage["isClosed"]}
        deal["lastModifiedDate"] = self._store.stamp_now()
        self._changed()

    def _account(self, data: Mapping[str, Any]) -> str:
        account_id = str(data["accountid"])
        self._known(self._store.accounts, account_id)
        return account_id

    def _known(self, table: Mapping[str, Any], object_id: object) -> None:
        if object_id is not None and str(object_id) not in table:
            raise Failure("EntityNotFound", f"There is no object {object_id}.")


async def _data(request: web.Request, required: set[str], optional: set[str]) -> dict[str, Any]:
    body = low(await read_body(request))
    data = body.get("data")
    if not isinstance(data, dict):
        raise Failure("MissingInput", "The fields must be wrapped in data.")
    missing = {name for name in required if data.get(name) in (None, "")}
    if missing:
        raise Failure("MissingInput", f"{sorted(missing)[0]} is required.")
    unknown = set(data) - required - optional
    if unknown:
        raise Failure("BadRequest", f"Unknown field {sorted(unknown)[0]}.")
    return data
