"""Work that survives a restart: the features that have some, and every timed thing."""

from handlers.jobs import followups, housekeeping
from handlers.jobs.runner import Runner, Tick
from services import Services

FEATURES = (followups, housekeeping)

# Times are UTC.
TIMETABLE = (
    Tick("housekeeping.links", cron="17 * * * *", workflow=housekeeping.LINKS),
    # The engine's own: it forgets jobs that ended long ago.
    Tick("engine.purge", cron="17 3 * * *", workflow="engine.purge"),
    Tick("housekeeping.transcripts", cron="40 2 * * *", workflow=housekeeping.TRANSCRIPTS),
)


def register(jobs: Runner, services: Services) -> None:
    """Make every feature's workflows known to the engine."""
    for feature in FEATURES:
        feature.register(jobs, services)
