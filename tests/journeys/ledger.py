"""What the outside world was asked during a test, and what the product keeps of it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import text

from db.followups import followups
from db.store.session import Database
from integrations.sandbox.anthropic.vendor import Anthropic
from integrations.sandbox.google.accounts import Draft as StoredDraft
from integrations.sandbox.google.mime import parsed
from integrations.sandbox.google.vendor import Google
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.kit.world import Meeting
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from services.followups.drafts import DRAFT, Draft
from tests.kit.waiting import until

BUSY = text("SELECT count(*) FROM dbos.workflow_status WHERE status IN ('PENDING', 'ENQUEUED')")
LOOK_AGAIN = 0.02  # seconds


class Ledger:
    """Counts what happened since it was opened."""

    def __init__(self, sandbox: Sandbox, database: Database) -> None:
        self._sandbox = sandbox
        self._database = database
        sandbox.of(Anthropic).api.calls.clear()
        self._since = max((entry["n"] for entry in sandbox.journal.entries()), default=0)

    def calls(self, vendor: str, operation: str = "*") -> list[dict[str, Any]]:
        """The requests to a vendor's operation (a shell pattern), oldest first."""
        return [
            entry
            for entry in self._sandbox.journal.entries(self._since, vendor=vendor)
            if entry["direction"] == "in"
            and fnmatchcase(entry["request"].get("operation", ""), operation)
        ]

    def times(self, vendor: str, operation: str) -> list[datetime]:
        """When a vendor answered each of those requests."""
        return [datetime.fromisoformat(call["at"]) for call in self.calls(vendor, operation)]

    def model_usage(self) -> list[dict[str, int]]:
        """What each answer of the model took, in tokens."""
        return [entry["response"]["body"]["usage"] for entry in self.calls("anthropic", "messages")]

    def plan(self, fault: Fault) -> Fault:
        """Have a vendor fail."""
        return self._sandbox.faults.add(fault)

    def mend(self) -> None:
        """Have every vendor work again."""
        self._sandbox.faults.remove()

    async def spoiled(self, fault: Fault) -> None:
        """Wait until a request has met the fault: what it spoils or holds up is under way."""
        await until(lambda: fault.id not in {f["id"] for f in self._sandbox.faults.as_json()})

    def model_requests(self) -> list[Mapping[str, Any]]:
        """What the model was asked, whole (the journal shortens), oldest first."""
        return list(self._sandbox.of(Anthropic).api.calls)

    async def answered(self, vendor: str, times: int) -> None:
        """Wait until a vendor has answered so often."""
        await until(lambda: len(self.calls(vendor)) >= times)

    async def idle(self) -> None:
        """Wait until no job is under way."""
        async with asyncio.timeout(20):
            while True:
                if not await self._busy():
                    return
                await asyncio.sleep(LOOK_AGAIN)

    def visible_to(self, person: Visitor) -> list[Meeting]:
        """What the person may see in Fathom, the latest first."""
        seen = self._sandbox.world.meetings_of(person.person)
        return sorted(seen, key=lambda m: (m.started_at, m.recording_id), reverse=True)

    def meeting(self, words: str) -> Meeting:
        """The newest of the cast's meetings with these words in its title."""
        found = [m for m in self._sandbox.world.meetings if words.lower() in m.title.lower()]
        return max(found, key=lambda meeting: meeting.started_at)

    async def followup(self, person: Visitor, words: str) -> followups.FollowUpRow:
        """The person's newest follow-up of a meeting."""
        recording = self.meeting(words).recording_id
        async with self._database.transaction() as session:
            row = await followups.latest(session, person.team.id, person.id, recording)
        assert row is not None, f"no follow-up of {words}"
        return row

    async def versions(self, person: Visitor, words: str) -> list[followups.Version]:
        """Every version of that follow-up, oldest first."""
        row = await self.followup(person, words)
        async with self._database.transaction() as session:
            return await followups.versions(session, row.id)

    async def current(self, person: Visitor, words: str) -> Draft:
        """What the follow-up says now."""
        row = await self.followup(person, words)
        versions = await self.versions(person, words)
        return next(DRAFT.validate_json(v.content) for v in versions if v.number == row.version)

    def stored_drafts(self, person: Visitor) -> list[StoredDraft]:
        """The person's Gmail drafts, oldest first."""
        return list(self._sandbox.of(Google).accounts.drafts_of(person.person.email).values())

    def drafts(self, person: Visitor) -> list[Any]:
        """The messages among the person's Gmail drafts."""
        return [parsed(draft) for draft in self.stored_drafts(person)]

    async def _busy(self) -> bool:
        async with self._database.transaction() as session:
            return bool((await session.execute(BUSY)).scalar_one())
