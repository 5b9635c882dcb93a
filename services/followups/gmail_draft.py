"""The Gmail draft of a follow-up: asked for once, made by a job that looks before it creates."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage

from db.followups import followups as table
from db.store import jobs
from db.store.session import Database
from integrations.google.client import Google
from integrations.google.types import DraftReceipt
from services.actors import Actor
from services.connections import RENEWING, Access, Gmail
from services.errors import (
    Conflict,
    Disconnected,
    DomainError,
    NotFound,
    Temporary,
    missing_connection,
    translate_vendor_errors,
)
from services.followups.claims import Claims
from services.followups.display import FollowUpDisplay
from services.followups.drafts import DRAFT, OPTIONS
from services.followups.followups import GONE, NOTHING_WRITTEN, STILL_WRITING
from services.followups.mime import Letters
from services.followups.progress import GMAIL, PENDING, READY, WRITING, FollowUp, load
from services.followups.support import ensure_supported
from services.meetings import Meeting
from services.people import Members
from services.phrases import Phrase
from services.ports import Clock

DELIVER = "followups.gmail"
DONE = "done"
FAILED = "failed"
FIRST = 1
# Options open while the person waits; without an answer nobody is left out.
CALENDAR_SECONDS = 1.5

RIGHT_MAILBOX = Phrase(
    "{warnings} If drafts may go there, press Create Gmail draft.",
    "{warnings} Se le bozze possono andare lì, premi Crea bozza Gmail.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: done with the draft's id and address, or failed with a sentence."""

    status: str
    external_id: str = ""
    url: str = ""
    problem: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The members' grants, and the way into their mailboxes."""

    gmail: Gmail
    google: Google


class Mails:
    """Puts the current version into its owner's Gmail drafts, never twice."""

    def __init__(
        self,
        database: Database,
        mailbox: Mailbox,
        members: Members,
        claims: Claims,
        stage: FollowUpDisplay,
        clock: Clock,
    ) -> None:
        self._database = database
        self._gmail = mailbox.gmail
        self._google = mailbox.google
        self._members = members
        self._claims = claims
        self._stage = stage
        self._clock = clock
        self._letters = Letters()

    async def request(self, actor: Actor, followup_id: str) -> FollowUp:
        """Ask for the draft in one transaction with its job; a second click changes nothing.

        Raises Disconnected when Gmail is not connected, Conflict while nothing can be sent yet,
        Unsupported (a Conflict) while it says what was neither heard nor kept.
        """
        await self._gmail.connected(actor)
        await self._claims.prepare(actor, followup_id)
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
            receipt = await table.receipt(session, row.id, GMAIL, lock=True)
            if receipt is None or receipt.status == FAILED:
                await ensure_supported(session, row)
                receipt = receipt or self._receipt(row)
                receipt.status, receipt.problem, receipt.missing = PENDING, "", ""
                receipt.version = row.version
                receipt.attempt += 1
                row.status = READY
                session.add_all((receipt, row))
                await session.flush()
                ids = (row.id, str(receipt.attempt))
                job_id = f"gmail:{row.id}:{receipt.attempt}"
                await jobs.start(session, DELIVER, job_id, *ids, partition=row.workspace_id)
            return await load(session, row)

    async def resume(self, workspace_id: str, member_id: str, followup_id: str) -> None:
        """A link was used: go on with the draft that waited for it, if Gmail is connected now.

        Into a mailbox that may be the wrong one it goes only after another click.
        """
        actor = Actor(workspace_id, member_id)
        with suppress(Conflict, Disconnected, NotFound):  # it changed meanwhile
            account = await self._gmail.account(actor)
            language = (await self._members.who(actor)).language
            if warnings := account.warnings(language):
                problem = RIGHT_MAILBOX(language, warnings=" ".join(warnings))
                await self._hold_back(actor, followup_id, problem)
            else:
                await self.request(actor, followup_id)
        await self._stage.present(followup_id)

    async def declined(self, actor: Actor, meeting: Meeting) -> frozenset[str]:
        """Addresses of guests who declined, as the member's calendar has it; empty if unknown."""
        emails = frozenset(guest.email for guest in meeting.guests if guest.email)
        try:
            async with asyncio.timeout(CALENDAR_SECONDS):
                access = await self._gmail.access(actor)
                with translate_vendor_errors("Google"):
                    return await self._google.declined(
                        access.token, start=meeting.started_at, end=meeting.ended_at, emails=emails
                    )
        except (DomainError, TimeoutError):
            return frozenset()

    async def deliver(self, followup_id: str, attempt: str) -> None:
        """The job's step: find our draft in Gmail or create it, then write the receipt."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup_id)
            receipt = await table.receipt(session, followup_id, GMAIL)
            versions = await table.versions(session, followup_id)
        if row is None or receipt is None or not _is_open(receipt, attempt):
            # A crash, or Slack out of reach, may have come between its end and the showing of it.
            await self._stage.present(followup_id)
            return
        draft = next(
            DRAFT.validate_json(v.content) for v in versions if v.number == receipt.version
        )
        actor = Actor(row.workspace_id, row.member_id)
        access = await self._gmail.access(actor)
        member = await self._members.afresh(actor)
        message = self._letters.message(
            draft,
            OPTIONS.validate_json(row.options),
            sender=access.account,
            signature=member.signature,
            marker=row.id,
        )
        made = await self._make(actor, access, message, receipt)
        await self._settle(
            followup_id, attempt, Outcome(DONE, made.draft_id, made.url(access.account))
        )

    async def failed(
        self, followup_id: str, attempt: str, reference: str, error: DomainError
    ) -> None:
        """The job gave up: say why on the card and offer to try again."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup_id)
        if row is None:
            return
        member = await self._members.who(Actor(row.workspace_id, row.member_id))
        sentence = f"{error.sentence(member.language)} ({reference})"
        missing = missing_connection(error)
        await self._settle(followup_id, attempt, Outcome(FAILED, problem=sentence, missing=missing))

    async def _hold_back(self, actor: Actor, followup_id: str, problem: str) -> None:
        scope = (actor.workspace_id, actor.member_id)
        async with self._database.transaction() as session:
            row = await table.find(session, *scope, followup_id, lock=True)
            if row is None:
                raise NotFound(GONE)
            receipt = await table.receipt(session, row.id, GMAIL, lock=True)
            receipt = receipt or self._receipt(row)
            if receipt.status == FAILED:
                receipt.problem, receipt.missing = problem, ""
                session.add(receipt)

    def _receipt(self, row: table.FollowUpRow) -> table.ReceiptRow:
        return table.ReceiptRow(
            followup_id=row.id,
            action=GMAIL,
            version=0,
            attempt=0,
            status=FAILED,
            created_at=self._clock(),
        )

    async def _make(
        self, actor: Actor, access: Access, message: EmailMessage, receipt: table.ReceiptRow
    ) -> DraftReceipt:
        try:
            with translate_vendor_errors("Google"):
                found = await self._google.find_draft(access.token, receipt.followup_id)
                if found is None:
                    return await self._google.create_draft(access.token, message, None)
                if receipt.attempt == FIRST:
                    return found
                # An earlier attempt made it though it never heard so; the words may be others now.
                return await self._google.update_draft(access.token, found.draft_id, message)
        except Disconnected as error:
            # The token died before its time; the next try renews it, or learns that it cannot.
            await self._gmail.refused(actor, access)
            raise Temporary(RENEWING) from error

    async def _settle(self, followup_id: str, attempt: str, outcome: Outcome) -> None:
        """Write the receipt, unless it was written or the person has asked again since."""
        async with self._database.transaction() as session:
            receipt = await table.receipt(session, followup_id, GMAIL, lock=True)
            if receipt is not None and _is_open(receipt, attempt):
                receipt.status, receipt.problem = outcome.status, outcome.problem
                receipt.missing = outcome.missing
                receipt.external_id, receipt.url = outcome.external_id, outcome.url
                session.add(receipt)
        await self._stage.present(followup_id)


def _is_open(receipt: table.ReceiptRow, attempt: str) -> bool:
    return receipt.status == PENDING and str(receipt.attempt) == attempt
