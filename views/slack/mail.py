"""What the ops channel reads about e-mails that did not arrive."""

from views.kit import blocks as kit
from views.words import mail as say

FAILED = "failed"
UNCERTAIN = "uncertain"


def lost(failed: int, uncertain: int, language: str) -> kit.Message:
    """How many were given up, of how many nobody knows, and what to do; no address, no key."""
    told = []
    if failed:
        told.append((say.LOST(language, failed), FAILED))
    if uncertain:
        told.append((say.UNCERTAIN(language, uncertain), UNCERTAIN))
    parts = [
        block
        for lead, state in told
        for block in (
            kit.section(f":warning: {lead}"),
            kit.context(say.WHAT_TO_DO(language, state=state)),
        )
    ]
    return kit.message(" ".join(lead for lead, _ in told), *parts)
