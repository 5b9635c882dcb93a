"""Work that survives a restart: the features that have some, and every timed thing."""

from handlers.jobs import followups, housekeeping, ops, webhooks
from handlers.jobs import gateway as ledger
from handlers.jobs import issuing as bulk
from handlers.jobs import licensing as licenses
from handlers.jobs import mail as emails
from handlers.jobs.kit.runner import Runner, Tick
from services import Services

FEATURES = (bulk, emails, followups, housekeeping, ledger, licenses, ops, webhooks)

# Times are UTC.
TIMETABLE = (
    # Those that wait for SMTP_URL, and those whose job got lost.
    Tick("emails.wake", cron="*/2 * * * *", workflow=emails.WAKE),
    Tick("housekeeping.links", cron="17 * * * *", workflow=housekeeping.LINKS),
    # The engine's own: it forgets jobs that ended long ago.
    Tick("engine.purge", cron="17 3 * * *", workflow="engine.purge"),
    Tick("housekeeping.transcripts", cron="40 2 * * *", workflow=housekeeping.TRANSCRIPTS),
    Tick("housekeeping.answers", cron="45 2 * * *", workflow=housekeeping.ANSWERS),
    Tick("ops.forget", cron="20 4 * * *", workflow=ops.FORGET),
    # Holds whose process was killed: until then they count against the quota.
    Tick("ledger.expire", cron="* * * * *", workflow=ledger.EXPIRE),
    Tick("ledger.forget", cron="55 2 * * *", workflow=ledger.FORGET),
    # A license ends by itself; this tells that it did.
    Tick("licenses.expire", cron="*/5 * * * *", workflow=licenses.EXPIRE),
    Tick("licenses.notify", cron="23 * * * *", workflow=licenses.NOTIFY),
    Tick("webhooks.forget", cron="50 2 * * *", workflow=webhooks.FORGET),
)


def register(jobs: Runner, services: Services) -> None:
    """Make every feature's workflows known to the engine."""
    for feature in FEATURES:
        feature.register(jobs, services)
