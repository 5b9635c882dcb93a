"""The Gmail draft of a follow-up: asked for once, made by a job that looks before it creates."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage

from db import followups as table
from db import jobs
from db.session import Database
from integrations.google.client import Google
from integrations.google.types import DraftReceipt
from services.actors import Actor
from services.drafts import DRAFT, OPTIONS
from services.errors import Conflict, Disconnected, DomainError, NotFound, Temporary, in_our_words
from services.followups import GONE, NOTHING_WRITTEN, STILL_WRITING
from services.gmail import RENEWING, Access, Gmail
from services.letters import Letters
from services.meetings import Meeting
from services.members import Members
from services.ports import Clock
from services.progress import GMAIL, PENDING, READY, WRITING, FollowUp, load
from services.stage import Stage

DELIVER = "followups.gmail"
DONE = "done"
FAILED = "failed"
# Options open while the person waits; without an answer nobody is left out.
CALENDAR_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The members' grants, and the way into their mailboxes."""

    gmail: Gmail
    google: Google


class Mails:
    """Puts the current version into its owner's Gmail drafts, never twice."""

    def __init__(
        self, database: Database, mailbox: Mailbox, members: Members, stage: Stage, clock: Clock
    ) -> None:
        self._database = database
        self._gmail = mailbox.gmail
        self._google = mailbox.google
        self._members = members
        self._stage = stage
        self._clock = clock
        self._letters = Letters()

    async def request(self, actor: Actor, followup_id: str) -> FollowUp:
        """Ask for the draft in one transaction with its job; a second click changes nothing.

        Raises Disconnected when Gmail is not connected, Conflict while nothing can be sent yet.
        """
        await self._gmail.connected(actor)
        async with self._database.transaction() as session:
            row = await table.find(
                session, actor.workspace_id, actor.member_id, followup_id, lock=True
            )
            if row is None:
                raise NotFound(GONE)
            if row.status == WRITING:
                raise Conflict(STILL_WRITING)
            if row.version == 0:
                raise Conflict(NOTHING_WRITTEN)
            receipt = await table.receipt(session, row.id, GMAIL)
            if receipt is None or receipt.status == FAILED:
                receipt = receipt or table.Receipt(
                    followup_id=row.id, action=GMAIL, version=0, attempt=0, created_at=self._clock()
                )
                receipt.status, receipt.problem = PENDING, ""
                receipt.version = row.version
                receipt.attempt += 1
                row.status = READY
                session.add_all((receipt, row))
                await session.flush()
                job_id = f"gmail:{row.id}:{receipt.attempt}"
                await jobs.start(session, DELIVER, job_id, row.id, partition=row.workspace_id)
            return await load(session, row)

    async def declined(self, actor: Actor, meeting: Meeting) -> frozenset[str]:
        """Addresses of guests who declined, as the member's calendar has it; empty if unknown."""
        emails = frozenset(guest.email for guest in meeting.guests if guest.email)
        try:
            async with asyncio.timeout(CALENDAR_SECONDS):
                access = await self._gmail.access(actor)
                with in_our_words("Google"):
                    return await self._google.declined(
                        access.token, start=meeting.started_at, end=meeting.ended_at, emails=emails
                    )
        except (DomainError, TimeoutError):
            return frozenset()

    async def deliver(self, followup_id: str) -> None:
        """The job's step: find our draft in Gmail or create it, then write the receipt."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup_id)
            receipt = await table.receipt(session, followup_id, GMAIL)
            versions = await table.versions(session, followup_id)
        if row is None or receipt is None or receipt.status != PENDING:
            # A crash may have come between its end and the showing of it.
            await self._stage.show(followup_id)
            return
        draft = next(
            DRAFT.validate_json(v.content) for v in versions if v.number == receipt.version
        )
        actor = Actor(row.workspace_id, row.member_id)
        access = await self._gmail.access(actor)
        member = await self._members.who(actor)
        message = self._letters.message(
            draft,
            OPTIONS.validate_json(row.options),
            sender=access.account,
            signature=member.preferences.signature,
            marker=row.id,
        )
        made = await self._make(actor, access, message, row.id)
        await self._settle(followup_id, status=DONE, external_id=made.draft_id, url=made.url)

    async def failed(self, followup_id: str, reference: str, error: DomainError) -> None:
        """The job gave up: say why on the card and offer to try again."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup_id)
        if row is None:
            return
        member = await self._members.who(Actor(row.workspace_id, row.member_id))
        sentence = f"{error.sentence(member.language)} ({reference})"
        await self._settle(followup_id, status=FAILED, problem=sentence)

    async def _make(
        self, actor: Actor, access: Access, message: EmailMessage, marker: str
    ) -> DraftReceipt:
        try:
            with in_our_words("Google"):
                found = await self._google.find_draft(access.token, marker)
                return found or await self._google.create_draft(access.token, message, None)
        except Disconnected as error:
            # The token died before its time; the next try renews it, or learns that it cannot.
            await self._gmail.refused(actor, access)
            raise Temporary(RENEWING) from error

    async def _settle(
        self,
        followup_id: str,
        *,
        status: str,
        external_id: str = "",
        url: str = "",
        problem: str = "",
    ) -> None:
        async with self._database.transaction() as session:
            receipt = await table.receipt(session, followup_id, GMAIL)
            if receipt is None or receipt.status == DONE:
                return
            receipt.status, receipt.problem = status, problem
            receipt.external_id, receipt.url = external_id, url
            session.add(receipt)
        await self._stage.show(followup_id)
