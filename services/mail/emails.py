"""E-mails: queued in the caller's transaction, written when they leave, sent once, and visible."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog

from db import mail as table
from db.store import jobs
from db.store.session import Database, Session
from services.actors import Operator
from services.audit import Change, Subject, note
from services.email_address import wire_address
from services.errors import Conflict, DomainError, Invalid, NotFound
from services.mail.layout import Envelope, Notice, Notices
from services.mail.sender import (
    BACKOFF,
    CUT_OFF,
    NO_SERVER,
    NOT_NEEDED,
    Post,
    SendOutcome,
    SendResult,
)
from services.pages import NO_PLACE
from services.phrases import Phrase
from services.ports import Clock, Letter

SEND = "emails.send"
# Of 32 places for jobs somebody waits for, e-mails take 8 at most.
PARTITION = "emails"
# A planned try that is this late has lost its job.
LATE = timedelta(minutes=15)
WOKEN_AT_ONCE = 500

OPEN = (table.PENDING, table.SENDING)
STATES = {
    SendResult.SENT: table.SENT,
    SendResult.LATER: table.FAILED,
    SendResult.REFUSED: table.FAILED,
    SendResult.UNSURE: table.UNCERTAIN,
    SendResult.WAITING: table.PENDING,
    SendResult.NEEDLESS: table.DROPPED,
}

NO_EMAIL = Phrase(
    "There is no such e-mail. GET /api/emails lists them.",
    "Questa e-mail non esiste. GET /api/emails le elenca.",
)
BEING_SENT = Phrase(
    "This e-mail is being sent right now. Look again in a minute.",
    "Questa e-mail è in corso di invio. Riguarda tra un minuto.",
)
# Writes what an e-mail tells, as things are now; None when there is nothing to tell any more.
Writer = Callable[[Session, table.EmailRow], Awaitable[Notice | None]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Email:
    """One e-mail as its sender's people see it; `next_try_at` None: nothing is planned."""

    id: str
    kind: str
    to: str
    subject_id: str
    language: str
    state: str
    attempts: int
    last_error: str
    created_at: datetime
    next_try_at: datetime | None
    sent_at: datetime | None


class Emails:
    """The outbox, and what may be done with it."""

    def __init__(
        self, database: Database, post: Post, writers: Mapping[str, Writer], clock: Clock
    ) -> None:
        """`writers` by kind of letter."""
        self._database = database
        self._post = post
        self._writers = writers
        self._clock = clock
        self._notices = Notices()

    async def queue(self, session: Session, letter: Letter) -> bool:
        """Keep the letter and start the job that sends it once the session's transaction commits.

        Another with the same `dedupe` changes nothing: False. Raises Invalid (field `email`), and
        KeyError for a kind that nobody writes.
        """
        if letter.kind not in self._writers:
            raise KeyError(letter.kind)
        now = self._clock()
        row = table.EmailRow(
            kind=letter.kind,
            to_address=wire_address(letter.to, field="email"),
            subject_id=letter.subject_id,
            dedupe=letter.dedupe,
            language=letter.language,
            created_at=now,
            due_at=now,
        )
        is_new = await table.add(session, row)
        if is_new:
            await _start(session, row)
        return is_new

    async def listed(
        self, *, state: str = "", subject_id: str = "", before: str = "", limit: int = 50
    ) -> tuple[Email, ...]:
        """The newest first; `before` is the last one's id of the page before, else Invalid."""
        async with self._database.transaction() as session:
            if before and await table.find(session, before) is None:
                raise Invalid(NO_PLACE, field="cursor")
            rows = await table.page(
                session, state=state, subject_id=subject_id, before=before, limit=limit
            )
        return tuple(map(_email, rows))

    async def resend(self, operator: Operator, email_id: str) -> Email:
        """Send it now, whatever became of it before; raises NotFound, Conflict while it is sent.

        What was sent gets a new Message-ID: mailboxes hide a second one with the same.
        """
        async with self._database.transaction() as session:
            row = await table.find(session, email_id, lock=True)
            if row is None:
                raise NotFound(NO_EMAIL)
            if row.state == table.SENDING:
                raise Conflict(BEING_SENT)
            before = row.state
            if before == table.SENT:
                row.message_id = ""
            row.state, row.attempts, row.last_error, row.told = table.PENDING, 0, "", False
            await self._again(session, row, timedelta(0))
            change = Change({"state": before}, {"state": row.state})
            note(session, operator, "emails.resend", Subject("email", row.id), change)
        return _email(row)

    async def hand_over(self, email_id: str, run: str) -> SendOutcome | None:
        """A step: write the e-mail and give it to the mail server; what came of it, for `settle`.

        None: there was nothing to do. When the same run comes again although it began to send, it
        sends nothing: the process died in between, and nobody knows how far it came.
        """
        async with self._database.transaction() as session:
            row = await _of_run(session, email_id, run, OPEN)
            if row is None:
                return None
            begun = await self._begin(session, row)
        if isinstance(begun, SendOutcome):
            return begun
        return await self._post.hand_over(begun, row.to_address)

    async def settle(self, email_id: str, run: str, outcome: SendOutcome) -> None:
        """A step: write down what came of it, and plan the next try; a repeat changes nothing."""
        async with self._database.transaction() as session:
            row = await _of_run(session, email_id, run, (*OPEN, table.UNCERTAIN))
            if row is not None:
                await self._settle(session, row, outcome)
                log.info("emails.settled", kind=row.kind, status=row.state, attempts=row.attempts)

    async def failed(self, email_id: str, run: str, reference: str, error: DomainError) -> None:
        """The job broke, by a fault of ours: it is in the log under `reference`."""
        async with self._database.transaction() as session:
            row = await _of_run(session, email_id, run, OPEN)
            if row is not None:
                row.state = table.UNCERTAIN if row.state == table.SENDING else table.FAILED
                row.last_error, row.due_at = f"{error.sentence('en')} ({reference})", None

    async def wake(self) -> None:
        """Start again what waits without a plan: the mail server was not set, or a job got lost."""
        if not self._post.ready:
            return
        async with self._database.transaction() as session:
            late = self._clock() - LATE
            for row in await table.stranded(session, late, limit=WOKEN_AT_ONCE):
                await self._again(session, row, timedelta(0))

    async def _begin(self, session: Session, row: table.EmailRow) -> EmailMessage | SendOutcome:
        """The message, marked as being sent; or why there is none."""
        if row.state == table.SENDING:
            return SendOutcome(SendResult.UNSURE, CUT_OFF)
        if not self._post.ready:
            return SendOutcome(SendResult.WAITING, NO_SERVER)
        notice = await self._writers[row.kind](session, row)
        if notice is None:
            return SendOutcome(SendResult.NEEDLESS, NOT_NEEDED)
        row.message_id = row.message_id or self._message_id(row)
        envelope = Envelope(self._post.sender, row.to_address, row.message_id, self._clock())
        message = self._notices.message(notice, envelope, row.language)
        row.state = table.SENDING
        row.attempts += 1
        return message

    async def _settle(self, session: Session, row: table.EmailRow, outcome: SendOutcome) -> None:
        row.state, row.last_error, row.due_at = STATES[outcome.result], outcome.detail, None
        if outcome.result is SendResult.SENT:
            row.sent_at = self._clock()
        if outcome.result is SendResult.LATER and (wait := BACKOFF.pause(row.attempts)):
            row.state = table.PENDING
            await self._again(session, row, wait)

    async def _again(self, session: Session, row: table.EmailRow, wait: timedelta) -> None:
        row.run += 1
        row.due_at = self._clock() + wait
        await _start(session, row, wait)

    def _message_id(self, row: table.EmailRow) -> str:
        return f"<{row.id}.{row.run}@{self._post.domain}>"


async def _of_run(
    session: Session, email_id: str, run: str, states: tuple[str, ...]
) -> table.EmailRow | None:
    """The fence: the e-mail, locked, while `run` is its newest and its state one of these."""
    row = await table.find(session, email_id, lock=True)
    return row if row and row.run == int(run) and row.state in states else None


async def _start(session: Session, row: table.EmailRow, wait: timedelta | None = None) -> None:
    await jobs.start(
        session,
        SEND,
        f"email:{row.id}:{row.run}",
        row.id,
        str(row.run),
        partition=PARTITION,
        delay=wait or None,
    )


def _email(row: table.EmailRow) -> Email:
    return Email(
        id=row.id,
        kind=row.kind,
        to=row.to_address,
        subject_id=row.subject_id,
        language=row.language,
        state=row.state,
        attempts=row.attempts,
        last_error=row.last_error,
        created_at=row.created_at,
        next_try_at=row.due_at,
        sent_at=row.sent_at,
    )
