"""Evidence: whether what a draft claims was heard, known or written by the sender."""

from services.evidence.auditing import audit
from services.evidence.claims import (
    AUDIT,
    BODY,
    CHECK,
    CRM,
    FINE,
    ITEMS,
    MEETING,
    NEXT,
    NOT_HEARD,
    NOTE,
    OWN_WORDS,
    SUBJECT,
    SUMMARY,
    TRANSCRIPT,
    ClaimInPlace,
    DraftAudit,
    DraftClaim,
    DraftPart,
    HeardLine,
    Hint,
    Material,
    Sentence,
)
from services.evidence.index import Index
from services.evidence.reasons import REASONS
from services.evidence.vocabulary import language
