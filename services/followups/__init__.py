"""Follow-ups: written, shown, edited, and put to use."""

from services.followups.author import Author
from services.followups.display import FollowUpDisplay, Shown
from services.followups.drafts import Edits, Options, addresses
from services.followups.followups import WRITE, FollowUps, NewFollowUp
from services.followups.gmail_draft import DELIVER, Mailbox, Mails
from services.followups.progress import (
    CANCELLED,
    DISCARDED,
    DONE,
    FAILED,
    PENDING,
    WRITING,
    FollowUp,
)
from services.followups.sources import Sources
from services.followups.templates import MAX_NAME, MAX_OUTLINE, NewTemplate, Template, Templates
from services.followups.writing import Writing
