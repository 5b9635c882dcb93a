"""The gate before every action: nothing leaves that was not heard, unless its owner keeps it."""

from db.followups import followups as table
from db.store.session import Session
from services.errors import Conflict
from services.evidence import (
    AUDIT,
    BODY,
    ITEMS,
    NEXT,
    NOT_HEARD,
    NOTE,
    SUBJECT,
    SUMMARY,
    ClaimInPlace,
)
from services.phrases import Phrase, Plural

# What an action sends decides what it asks about; one that is not named here asks about all.
EMAIL = (SUBJECT, BODY)
SENDS = {
    "gmail": EMAIL,
    "calendar": (NEXT,),
    "note": (NOTE,),
    "deal": (),
    "tasks": (ITEMS,),
    "recap": (SUMMARY, ITEMS),
}
EVERYTHING = (SUBJECT, BODY, SUMMARY, NOTE, ITEMS, NEXT)

UNSUPPORTED = Plural(
    Phrase(
        "“{said}” was not heard in the meeting. Change it, or keep it in Evidence; then try again.",
        "«{said}» non è stato detto nella riunione. Correggilo o confermalo in Riscontri; poi "
        "riprova.",
    ),
    Phrase(
        "{n} things were not heard in the meeting, “{said}” among them. Change them, or keep them "
        "in Evidence, then try again.",
        "{n} cose non sono state dette nella riunione, tra cui «{said}». Correggile o confermale "
        "in Riscontri; poi riprova.",
    ),
)
NOT_CHECKED = Phrase(
    "This draft was not checked yet. Open View & edit, save it, then try again.",
    "Questa bozza non è ancora stata controllata. Apri Vedi e modifica, salva, e riprova.",
)


class Unsupported(Conflict):
    """Claims of the draft were not heard and not kept; `findings` has at least one, or none when
    the draft was not audited yet."""

    def __init__(self, findings: tuple[ClaimInPlace, ...]) -> None:
        n = len(findings)
        if not findings:
            super().__init__(NOT_CHECKED)
        else:
            phrase = UNSUPPORTED.one if n == 1 else UNSUPPORTED.many
            super().__init__(phrase, n=n, said=findings[0].span)
        self.findings = findings


async def ensure_supported(
    session: Session, row: table.FollowUpRow, parts: tuple[str, ...] = EMAIL
) -> None:
    """Return when the current version may leave as far as `parts` of it go; else Unsupported.

    Call it in the transaction that starts an action, after `FollowUpClaims.prepare` outside of it.
    `parts` are those that the action sends: `EMAIL`, or names of `services.evidence`.
    """
    current = await table.version(session, row.id, row.version)
    audit = AUDIT.validate_json(current.audit) if current else None
    if audit is None:
        raise Unsupported(())
    kept = {one.key for one in await table.kept_claims(session, row.id)}
    findings = audit.findings(NOT_HEARD, parts=parts)
    if open_ones := tuple(one for one in findings if one.claim.key not in kept):
        raise Unsupported(open_ones)
