"""Follow-ups: written, shown, edited, and put to use."""

from services.followups import crm_forms as crm_forms
from services.followups.acting import NOTHING_ASKED, Actions, Review
from services.followups.action_run import ACT, UNDO, ActionRun
from services.followups.actions import (
    ANEW,
    NAMES,
    ActionEffect,
    ActionOrder,
    ActionPlan,
    ActionSet,
    FollowUpAction,
    Planned,
    Undecided,
)
from services.followups.author import Author, PaidAuthor
from services.followups.calendar_event import (
    CALENDAR,
    CalendarEventAction,
    agreed_meeting,
    event_suggestion,
    guests_of,
)
from services.followups.claims import Evidence, FollowUpClaims
from services.followups.composing import Composer
from services.followups.crm_forms import CrmActions, CrmForms
from services.followups.crm_tasks import DueTask, tasks_due
from services.followups.defaults import usual_options
from services.followups.display import FollowUpDisplay, Shown
from services.followups.drafts import ActionItem, Draft, Edits, Options, addresses
from services.followups.followups import WRITE, FollowUps, NewFollowUp
from services.followups.gmail_draft import CHANGED, REPLACE, GmailDraft, Mailbox
from services.followups.mails import Mails
from services.followups.previews import PreviewedTemplate, TemplatePreviews
from services.followups.progress import (
    ASKING,
    CANCELLED,
    DISCARDED,
    DONE,
    DUE,
    FAILED,
    HELD,
    PENDING,
    PLANNED,
    TOLD,
    UNDOING,
    UNDONE,
    WRITING,
    FollowUp,
    KeptClaim,
    Receipt,
    Revision,
)
from services.followups.recap import (
    RECAP_WISHES,
    UNCERTAIN,
    Recap,
    RecapChannel,
    RecapForm,
    RecapPost,
    RecapWish,
    recap_lost,
    recap_refusal,
)
from services.followups.sources import Sources
from services.followups.support import EMAIL, Unsupported, ensure_supported
from services.followups.templates import MAX_NAME, MAX_OUTLINE, NewTemplate, Template, Templates
from services.followups.writing import Writing
