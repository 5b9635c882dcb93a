"""What a follow-up claims: audited with every version, kept by its owner, shown with its lines."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from db.followups import followups as table
from db.store.session import Database, Session
from services.actors import Actor
from services.crm import facts
from services.errors import Conflict, DomainError, NotFound
from services.evidence import (
    AUDIT,
    CHECK,
    FINE,
    NOT_HEARD,
    ClaimInPlace,
    DraftAudit,
    Index,
    Material,
    audit,
)
from services.followups.drafts import DRAFT, OPTIONS, Draft
from services.followups.material import material, passages
from services.followups.progress import GONE, FollowUp, load
from services.followups.support import EVERYTHING, SENDS, ensure_supported
from services.habits import Habits
from services.meetings import Meetings, Spoken
from services.people import Members
from services.phrases import Phrase
from services.ports import Clock

# Indexes of the meetings that were looked at last; one of two hours takes about 2 MB.
KEPT_INDEXES = 8
# A click waits for this at most; without the transcript nothing is held against the draft.
TRANSCRIPT_SECONDS = 1.5
PLAIN = "plain"
FROM_NOTHING = ("written", PLAIN)

NO_CLAIM = Phrase(
    "The draft does not say that any more. Look at Evidence again.",
    "La bozza non lo dice più. Riguarda i Riscontri.",
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A follow-up with the lines of its meeting; none when they could not be read."""

    followup: FollowUp
    lines: tuple[Spoken, ...]


class FollowUpClaims:
    """Audits versions of follow-ups and remembers what their owners stand by."""

    def __init__(
        self,
        database: Database,
        meetings: Meetings,
        members: Members,
        habits: Habits,
        clock: Clock,
    ) -> None:
        self._database = database
        self._meetings = meetings
        self._members = members
        self._habits = habits
        self._clock = clock
        self._indexes: OrderedDict[Material, Index] = OrderedDict()

    async def audited(
        self, row: table.FollowUpRow, draft: Draft, *, origin: str, before: DraftAudit | None = None
    ) -> DraftAudit:
        """The audit of a draft of `row`: a version, or about to become one.

        Reads the transcript, from our copy or else from Fathom; its absence is told in the audit.
        Of what `before` audited only sentences that changed are audited again.
        """
        index = await self._index(row, origin)
        known = before if before is not None and before.complete else None
        return await asyncio.to_thread(audit, index, passages(draft), known)

    async def prepare(self, actor: Actor, followup_id: str) -> None:
        """See that the current version is audited; raises NotFound.

        To be called before the transaction in which `ensure_supported` asks; does nothing once it
        was done, and asks Fathom only for a transcript that we no longer keep.
        """
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id)
            versions = await table.versions(session, row.id)
        current = next((one for one in versions if one.number == row.version), None)
        if current is None or ((known := _audit(current)) is not None and known.complete):
            return
        draft = DRAFT.validate_json(current.content)
        before = None if current.origin in FROM_NOTHING else _last_audit(versions, current)
        found = await self.audited(row, draft, origin=current.origin, before=before)
        async with self._database.transaction() as session:
            version = await table.version(session, row.id, current.number)
            if version is not None:
                version.audit = AUDIT.dump_json(found).decode()
                session.add(version)

    async def guard(self, followup: FollowUp, actions: tuple[str, ...]) -> None:
        """Return when nothing in what these actions send stops them; else raise Unsupported."""
        await self.prepare(followup.actor, followup.id)
        parts = tuple(part for action in actions for part in SENDS.get(action, EVERYTHING))
        async with self._database.transaction() as session:
            row = await _own(session, followup.actor, followup.id)
            await ensure_supported(session, row, parts)

    async def see(self, actor: Actor, followup_id: str) -> Evidence:
        """The follow-up, audited, with the lines of its meeting; raises NotFound."""
        await self.prepare(actor, followup_id)
        async with self._database.transaction() as session:
            followup = await load(session, await _own(session, actor, followup_id))
        return Evidence(followup, await self._spoken(actor, followup.recording_id) or ())

    async def keep(self, actor: Actor, followup_id: str, claim_id: str) -> FollowUp:
        """Its owner stands by a claim, from now on in whatever words; twice is once.

        Raises Conflict when the draft does not claim that any more.
        """
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            finding = await _finding(session, row, claim_id)
            kept = table.KeptClaimRow(
                followup_id=row.id,
                key=finding.claim.key,
                sentence=finding.sentence,
                version=row.version,
                member_id=actor.member_id,
                kept_at=self._clock(),
            )
            await table.keep_claim(session, kept)
            return await load(session, row)

    async def _index(self, row: table.FollowUpRow, origin: str) -> Index:
        actor = Actor(row.workspace_id, row.member_id)
        spoken = await self._spoken(actor, row.recording_id)
        meeting = await self._meetings.find(actor, row.recording_id)
        member = await self._members.who(actor)
        async with self._database.transaction() as session:
            versions = await table.versions(session, row.id)
        words = await self._habits.own_words(actor)
        wished = (row.instruction, *(version.instruction for version in versions), *words)
        read = material(
            meeting,
            spoken or (),
            member,
            options=OPTIONS.validate_json(row.options),
            facts=facts(row.crm),
            wished=wished,
        )
        if spoken is None or origin == PLAIN:
            read = read.unheard(is_read=spoken is not None)
        index = self._indexes.get(read)
        if index is None:
            index = await asyncio.to_thread(Index, read)
        self._indexes[read] = index
        self._indexes.move_to_end(read)
        while len(self._indexes) > KEPT_INDEXES:
            self._indexes.popitem(last=False)
        return index

    async def _spoken(self, actor: Actor, recording_id: int) -> tuple[Spoken, ...] | None:
        """What was said; None when it cannot be had now."""
        try:
            async with asyncio.timeout(TRANSCRIPT_SECONDS):
                return await self._meetings.spoken(actor, recording_id) or None
        except (DomainError, TimeoutError):
            return None


async def _own(
    session: Session, actor: Actor, followup_id: str, *, lock: bool = False
) -> table.FollowUpRow:
    row = await table.find(session, actor.workspace_id, actor.member_id, followup_id, lock=lock)
    if row is None:
        raise NotFound(GONE)
    return row


def _audit(version: table.Version) -> DraftAudit | None:
    return AUDIT.validate_json(version.audit)


def _last_audit(versions: list[table.Version], current: table.Version) -> DraftAudit | None:
    """What was found in the versions before this one, the newest that is known."""
    earlier = (_audit(one) for one in reversed(versions) if one.number < current.number)
    return next((audit for audit in earlier if audit is not None), None)


async def _finding(session: Session, row: table.FollowUpRow, claim_id: str) -> ClaimInPlace:
    current = await table.version(session, row.id, row.version)
    audited = _audit(current) if current else None
    findings = audited.findings(NOT_HEARD, CHECK, FINE) if audited else ()
    found = next((one for one in findings if one.claim.id == claim_id), None)
    if found is None:
        raise Conflict(NO_CLAIM)
    return found
