"""Durable work of e-mails: sending one, waking those that wait, telling what was lost."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services
from services.mail import SEND

WAKE = "emails.wake"
# Those that wait for SMTP_URL, and those whose job got lost.
TICKS = (Tick(WAKE, cron="*/2 * * * *", workflow=WAKE),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    emails = services.mail.emails

    @jobs.workflow(SEND, on_failure=emails.failed)
    async def send(email_id: str, run: str) -> None:
        # Two steps: what the mail server said is kept even while the database is away.
        outcome = await jobs.step(emails.hand_over, email_id, run)
        if outcome:
            await jobs.step(emails.settle, email_id, run, outcome)

    @jobs.workflow(WAKE)
    async def wake(_slot: str) -> None:
        await jobs.step(emails.wake)
        await jobs.step(services.mail.lost_emails.tell)
