"""The gate before a draft leaves: what was not heard stops it, until it is changed or kept."""

from uuid import uuid4

import pytest

from db.followups import followups as table
from db.store.session import Database
from services.actors import Actor
from services.errors import Conflict, NotFound
from services.evidence.claims import BODY, NOTE, SUMMARY
from services.followups.drafts import DRAFT, Draft, Edits, Options
from services.followups.followups import NewFollowUp
from services.followups.progress import READY
from services.followups.support import Unsupported, ensure_supported
from tests.kit.desk import NOW, Desk

BLANK = "All is well, says [Your Name] too."


class Gate:
    """A follow-up whose first version says what the test wants."""

    def __init__(self, database: Database, desk: Desk, followup_id: str) -> None:
        self.database = database
        self.desk = desk
        self.id = followup_id

    async def asks(self, *parts: str) -> tuple[str, ...]:
        """The words that stop an action which sends these parts; empty when it may begin."""
        await self.desk.claims.prepare(self.desk.actor, self.id)
        async with self.database.transaction() as session:
            row = await table.find_job(session, self.id)
            assert row is not None
            try:
                await ensure_supported(session, row, parts or (BODY,))
            except Unsupported as error:
                return tuple(finding.span for finding in error.findings)
        return ()

    async def edit(self, body: str, note: str = "") -> None:
        """Save another body."""
        edits = Edits("Recap", body, "", note)
        await self.desk.followups.edit(self.desk.actor, self.id, edits)

    async def keep(self) -> None:
        """Stand by the first claim that stops it."""
        seen = await self.desk.claims.see(self.desk.actor, self.id)
        claim = seen.followup.not_heard[0].claim
        await self.desk.claims.keep(self.desk.actor, self.id, claim.id)


async def gate(database: Database, body: str, **parts: str) -> Gate:
    """A written follow-up with this body."""
    desk = Desk(database)
    wish = NewFollowUp(uuid4().hex, await desk.met(), Options())
    followup = await desk.followups.start(desk.actor, wish)
    content = DRAFT.dump_json(Draft("Recap", body, **parts)).decode()
    version = table.Version(
        followup_id=followup.id, number=1, run=1, origin="written", content=content, created_at=NOW
    )
    async with database.transaction() as session:
        row = await table.find_job(session, followup.id, lock=True)
        assert row is not None
        row.status, row.version = READY, 1
        session.add_all((row, version))
    return Gate(database, desk, followup.id)


async def test_a_version_that_was_never_audited_may_not_leave(database: Database) -> None:
    draft = await gate(database, "All is well.")
    async with database.transaction() as session:
        row = await table.find_job(session, draft.id)
        assert row is not None
        with pytest.raises(Unsupported):
            await ensure_supported(session, row)


async def test_what_is_left_open_stops_the_e_mail_until_it_is_filled_in(database: Database) -> None:
    draft = await gate(database, f"All is well.\n\n{BLANK}")
    assert await draft.asks() == ("[Your Name]",)
    await draft.edit("All is well.\n\nYours is the choice.")
    assert await draft.asks() == ()


async def test_each_action_asks_only_about_what_it_sends(database: Database) -> None:
    draft = await gate(database, "All is well.", note="Value: [amount]")
    assert await draft.asks(BODY, SUMMARY) == ()
    assert await draft.asks(NOTE) == ("[amount]",)


async def test_what_is_kept_stays_kept_in_other_words_and_other_versions(
    database: Database,
) -> None:
    draft = await gate(database, f"All is well.\n\n{BLANK}")
    await draft.asks()
    await draft.keep()
    assert await draft.asks() == ()
    await draft.edit("Quite another letter, from [Your Name] with care.")
    assert await draft.asks() == ()
    await draft.edit("Now it is [Their Name].")
    assert await draft.asks() == ("[Their Name]",)


async def test_keeping_twice_keeps_the_first_moment_and_who_did_it(database: Database) -> None:
    draft = await gate(database, BLANK)
    seen = await draft.desk.claims.see(draft.desk.actor, draft.id)
    [finding] = seen.followup.not_heard
    for _ in range(2):
        await draft.desk.claims.keep(draft.desk.actor, draft.id, finding.claim.id)
    async with database.transaction() as session:
        [kept] = await table.kept_claims(session, draft.id)
    assert (kept.member_id, kept.kept_at) == (draft.desk.actor.member_id, NOW)
    assert (kept.version, kept.sentence) == (1, BLANK)


async def test_what_the_draft_does_not_say_cannot_be_kept(database: Database) -> None:
    draft = await gate(database, "All is well.")
    await draft.asks()
    with pytest.raises(Conflict):
        await draft.desk.claims.keep(draft.desk.actor, draft.id, "0123456789abcdef")


async def test_nobody_else_sees_or_keeps(database: Database) -> None:
    draft = await gate(database, BLANK)
    stranger = Actor(draft.desk.actor.workspace_id, uuid4().hex)
    for call in (
        draft.desk.claims.prepare(stranger, draft.id),
        draft.desk.claims.keep(stranger, draft.id, "0123456789abcdef"),
    ):
        with pytest.raises(NotFound):
            await call
