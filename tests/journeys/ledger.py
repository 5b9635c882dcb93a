"""What the outside world was asked during a test, and what the product keeps of it."""

import asyncio
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from db import followups
from db.session import Database
from integrations.sandbox.faults import Fault
from integrations.sandbox.google_mime import parsed
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from integrations.sandbox.world import Meeting

LOOK_AGAIN = 0.02  # seconds


async def until(condition: Callable[[], bool], within: float = 20) -> None:
    """Wait for something that happens outside of Slack."""
    deadline = asyncio.get_running_loop().time() + within
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "it never happened"
        await asyncio.sleep(LOOK_AGAIN)


class Ledger:
    """Counts what happened since it was opened."""

    def __init__(self, sandbox: Sandbox, database: Database) -> None:
        self._sandbox = sandbox
        self._database = database
        self._since = max((entry["n"] for entry in sandbox.journal.entries()), default=0)

    def calls(self, vendor: str, operation: str = "*") -> list[dict[str, Any]]:
        """The requests to a vendor's operation (a shell pattern), oldest first."""
        return [
            entry
            for entry in self._sandbox.journal.entries(self._since, vendor=vendor)
            if entry["direction"] == "in"
            and fnmatchcase(entry["request"].get("operation", ""), operation)
        ]

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

    def meeting(self, words: str) -> Meeting:
        """The newest of the cast's meetings with these words in its title."""
        found = [m for m in self._sandbox.world.meetings if words.lower() in m.title.lower()]
        return max(found, key=lambda meeting: meeting.started_at)

    async def followup(self, person: Visitor, words: str) -> followups.FollowUp:
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

    def drafts(self, person: Visitor) -> list[Any]:
        """The messages among the person's Gmail drafts."""
        return [parsed(d) for d in self._sandbox.google.drafts_of(person.person.email).values()]
