"""An outbox with a postman instead of a mail server, and hands that do what its jobs do."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import cast
from uuid import uuid4

from db import mail as table
from db.store.session import Database, Session
from integrations.smtp.client import Mailer
from services.mail.emails import Email, Emails
from services.mail.layout import Notice
from services.mail.sender import Post
from services.ports import Letter

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANN = "ann@acme.example"
SENDER = "Acme <licenses@home.example>"


@dataclass
class Postman:
    """A mail server that keeps what it takes; what is in `breaks` is raised first."""

    taken: list[tuple[str, str, EmailMessage]] = field(default_factory=list)
    breaks: list[Exception] = field(default_factory=list)

    async def send(self, message: EmailMessage, *, sender: str, to: str) -> None:
        if self.breaks:
            raise self.breaks.pop(0)
        self.taken.append((sender, to, message))


class Outbox:
    """An outbox with one kind of letter, and hands that do what its jobs do."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.postman = Postman()
        self.notice: Notice | None = Notice("Hello", "Hello", ("You are here.",))
        self.emails = self.with_post(Post(cast(Mailer, self.postman), SENDER))

    def with_post(self, post: Post) -> Emails:
        return Emails(self.database, post, {"hello": self.write}, lambda: self.now)

    async def write(self, session: Session, email: table.EmailRow) -> Notice | None:
        return self.notice

    async def queue(self, *, to: str = ANN, dedupe: str = "") -> Email:
        subject = dedupe or uuid4().hex
        async with self.database.transaction() as session:
            await self.emails.queue(session, Letter("hello", to, subject, subject))
        (email,) = await self.emails.listed(subject_id=subject)
        return email

    async def run(self, email: Email, emails: Emails | None = None) -> Email:
        """Do what the job of the present run does."""
        emails = emails or self.emails
        run = await self.run_of(email)
        outcome = await emails.hand_over(email.id, run)
        if outcome:
            await emails.settle(email.id, run, outcome)
        return await self.see(email)

    async def run_of(self, email: Email) -> str:
        return str((await self.row(email)).run)

    async def row(self, email: Email) -> table.EmailRow:
        async with self.database.transaction() as session:
            row = await table.find(session, email.id)
        assert row is not None
        return row

    async def see(self, email: Email) -> Email:
        (found,) = await self.emails.listed(subject_id=email.subject_id)
        return found

    async def jobs(self, email: Email) -> int:
        """How many jobs were started for it."""
        return (await self.row(email)).run
