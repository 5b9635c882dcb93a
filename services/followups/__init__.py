"""Follow-ups: written, shown, edited, and put to use."""

from services.followups.author import Author
from services.followups.claims import Claims, Evidence
from services.followups.display import FollowUpDisplay, Shown
from services.followups.drafts import Edits, Options, addresses
from services.followups.followups import WRITE, FollowUps, Wish
from services.followups.gmail_draft import DELIVER, Mailbox, Mails
from services.followups.progress import (
    CANCELLED,
    DISCARDED,
    DONE,
    FAILED,
    MISSED,
    PENDING,
    RUNNING,
    SKIPPED,
    WRITING,
    FollowUp,
    FollowUpStep,
    KeptClaim,
)
from services.followups.support import EMAIL, Unsupported, ensure_supported
from services.followups.templates import MAX_NAME, MAX_OUTLINE, NewTemplate, Template, Templates
from services.followups.writing import Sources, Writing
