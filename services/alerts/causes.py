"""The causes of alerts: each has a page in docs/runbooks, and says how it ends."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Cause(StrEnum):
    """What may be wrong; the word is the runbook's name, and never renamed."""

    VENDOR_DOWN = "vendor_down"
    JOBS_WAIT = "jobs_wait"
    JOB_FAILED = "job_failed"
    ROLLOUT_HALTED = "rollout_halted"
    DRIFT = "drift"
    BUDGET = "budget"
    CERTIFICATE = "certificate"
    KEY = "key"
    EMAILS_LOST = "emails_lost"
    WEBHOOK_OFF = "webhook_off"
    CREDITS_BROKEN = "credits_broken"
    TENANTS_DIFFER = "tenants_differ"
    WRONG_PASSWORDS = "wrong_passwords"


@dataclass(frozen=True, slots=True)
class CauseRule:
    """How a cause behaves: `quiet` is how long nothing must be seen until it counts as well.

    None: it is a condition that whoever watches it ends, and raising it again counts nothing.
    """

    quiet: timedelta | None = None


QUIET = timedelta(minutes=10)
A_DAY = timedelta(days=1)
# What only happens, and does not last, is well when it did not happen for a time.
RULES = {
    Cause.JOB_FAILED: CauseRule(QUIET),
    Cause.BUDGET: CauseRule(A_DAY),
    Cause.EMAILS_LOST: CauseRule(timedelta(hours=1)),
    Cause.WEBHOOK_OFF: CauseRule(timedelta(hours=1)),
    Cause.CREDITS_BROKEN: CauseRule(2 * A_DAY),
    Cause.WRONG_PASSWORDS: CauseRule(timedelta(hours=1)),
    # Looked at once a day.
    Cause.TENANTS_DIFFER: CauseRule(A_DAY + timedelta(hours=2)),
}
USUAL = CauseRule()


def rule_of(cause: str) -> CauseRule:
    """The cause's rule; that of a condition for a word of an older version."""
    return RULES.get(Cause(cause), USUAL) if cause in set(Cause) else USUAL
