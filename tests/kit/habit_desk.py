"""A member whose drafts and edits are written straight into the database."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import text

from db.followups.followups import FollowUpRow, ReceiptRow, Version
from db.store.session import Database
from services.actors import Actor
from services.followups.drafts import DRAFT, OPTIONS, Draft, Options
from services.habits import Habits

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WRITTEN = "Hi Bob,\n\nthank you for today. Here is {n}.\n\nBest,"
OWNED = ("followup_receipts", "followup_kept_claims", "followup_versions")
MINE = "workspace_id = :workspace AND member_id = :member"
FORGET = (
    *(
        f"DELETE FROM {table} WHERE followup_id IN (SELECT id FROM followups WHERE {MINE})"  # noqa: S608 - constants
        for table in OWNED
    ),
    f"DELETE FROM followups WHERE {MINE}",  # noqa: S608 - constants
    f"DELETE FROM member_habits WHERE {MINE}",  # noqa: S608 - constants
)
CHEERS = ("Best,", "Cheers,")


class HabitDesk:
    """A member who follows up and edits."""

    def __init__(self, database: Database, actor: Actor | None = None) -> None:
        self.database = database
        self.habits = Habits(database, lambda: NOW)
        self.actor = actor or Actor(f"T{uuid4().hex[:8]}", f"U{uuid4().hex[:8]}")
        self.made = 0

    async def followup(self, *bodies: tuple[str, str], in_gmail: int | None = None) -> None:
        """With these versions, by origin and body."""
        self.made += 1
        at = NOW + timedelta(minutes=self.made)
        options = Options(language="en", to=(f"bob@company{self.made % 2}.example",))
        row = FollowUpRow(
            workspace_id=self.actor.workspace_id,
            member_id=self.actor.member_id,
            request_id=uuid4().hex,
            recording_id=9_900_000 + self.made,
            title="Habits",
            started_at=at,
            options=OPTIONS.dump_json(options).decode(),
            status="ready",
            version=len(bodies),
            created_at=at,
            updated_at=at,
        )
        async with self.database.transaction() as session:
            session.add(row)
            await session.flush()
            for number, (origin, body) in enumerate(bodies, start=1):
                content = DRAFT.dump_json(Draft("Subject", body)).decode()
                session.add(
                    Version(
                        followup_id=row.id,
                        number=number,
                        run=1,
                        origin=origin,
                        content=content,
                        created_at=at,
                    )
                )
            if in_gmail:
                session.add(
                    ReceiptRow(
                        followup_id=row.id,
                        action="gmail",
                        version=in_gmail,
                        status="done",
                        created_at=at,
                        done_at=at,
                    )
                )

    async def edited(self, times: int, old: str = CHEERS[0], new: str = CHEERS[1]) -> None:
        """So many drafts, each changed by hand and put into Gmail."""
        for _ in range(times):
            body = WRITTEN.replace("{n}", "it " * (self.made + 1))
            await self.followup(("written", body), ("edited", body.replace(old, new)), in_gmail=2)

    async def proposed(self) -> list[str]:
        """Keys of what is proposed now."""
        return [one.key for one in (await self.habits.seen(self.actor)).proposed]

    async def forget(self) -> None:
        """No follow-up of this member is left, nor what was decided."""
        owner = {"workspace": self.actor.workspace_id, "member": self.actor.member_id}
        async with self.database.transaction() as session:
            for statement in FORGET:
                await session.execute(text(statement), owner)
