"""The evidence of a draft in every state it can be in, and a card that is marked."""

from datetime import timedelta
from typing import Any

from services.evidence.claims import (
    AMOUNT,
    BODY,
    CHECK,
    DATE,
    FINE,
    NAME,
    NOT_HEARD,
    OWN_WORDS,
    PROMISE,
    SUBJECT,
    TRANSCRIPT,
    DraftAudit,
    DraftClaim,
    Sentence,
)
from services.evidence.reasons import NOWHERE, OTHER_VALUE, TWO_READINGS
from services.followups.claims import Evidence
from services.followups.drafts import ActionItem
from services.followups.progress import FollowUp, KeptClaim
from services.meetings.meetings import Spoken
from services.phrases import Phrase
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack.followups import card, editor, evidence

OFFER = Phrase("The annual licence: <£84,000> & VAT.", "Il canone annuo è di <£84,000> & IVA.")
CALL = Phrase("We meet on Friday 4 December.", "Ci vediamo venerdì 4 dicembre.")
ITEM = Phrase("Send the <signed> order", "Mandare l’ordine <firmato>")
CITY = Phrase("Turin it is.", "Allora Torino.")
LICENCE = Phrase(
    "The licence is forty-eight thousand & VAT.", "Il canone è di quarantottomila & IVA."
)
AGAIN = Phrase("Let us speak again next Friday.", "Risentiamoci venerdì prossimo.")
AMOUNT_CLAIM = DraftClaim(
    AMOUNT, NOT_HEARD, 20, 29, "amount:84000:gbp", OTHER_VALUE, "£48,000", (1,)
)
DAY_CLAIM = DraftClaim(DATE, CHECK, 11, 28, "date:2026-12-04", TWO_READINGS, "next Friday", (2,))
MINE = DraftClaim(NAME, FINE, 0, 3, "name:turin", source=OWN_WORDS)
SAID = DraftClaim(PROMISE, FINE, 0, 0, "promise:ada", lines=(1,), source=TRANSCRIPT)


def _lines(lang: str) -> tuple[Spoken, ...]:
    return (
        Spoken(1, "Ada Bell", LICENCE(lang), timedelta(seconds=12)),
        Spoken(2, "Carol Vance", AGAIN(lang), timedelta(seconds=3_724)),
    )


def _audit(lang: str, *claims: DraftClaim, complete: bool = True) -> DraftAudit:
    texts = {AMOUNT: OFFER, DATE: CALL}
    sentences = (Sentence(BODY, texts.get(c.kind, CITY)(lang), (c,)) for c in claims)
    return DraftAudit(tuple(sentences), complete=complete)


def _followup(lang: str, *claims: DraftClaim, **changes: Any) -> FollowUp:
    return some.followup(lang, **{"audit": _audit(lang, *claims)} | changes)


def _seen(lang: str, *claims: DraftClaim, **changes: Any) -> Given:
    return given(Evidence(_followup(lang, *claims, **changes), _lines(lang)), some.member(lang))


def _kept(*claims: DraftClaim) -> tuple[KeptClaim, ...]:
    return tuple(KeptClaim(claim.key, some.NOW) for claim in claims)


def _blocked(lang: str) -> Given:
    seen = Evidence(_followup(lang, AMOUNT_CLAIM, DAY_CLAIM), _lines(lang))
    return given(seen, some.member(lang), is_blocked=True)


def _cleared(lang: str) -> Given:
    followup = _followup(lang, AMOUNT_CLAIM, kept=_kept(AMOUNT_CLAIM))
    return given(Evidence(followup, ()), some.member(lang), is_blocked=True)


def _many(lang: str) -> Given:
    claims = (DraftClaim(AMOUNT, NOT_HEARD, 0, 5, f"amount:{n}", NOWHERE) for n in range(60))
    return _seen(lang, *claims)


def _drawn(lang: str, *claims: DraftClaim, **changes: Any) -> Given:
    return given(_followup(lang, *claims, **changes), some.member(lang))


def _not_heard(lang: str) -> Given:
    blank = DraftClaim(AMOUNT, NOT_HEARD, 0, 11, "blank:[your name]", "not_filled")
    audit = DraftAudit(
        (Sentence(SUBJECT, "[Your Name]", (blank,)), *_audit(lang, AMOUNT_CLAIM).sentences)
    )
    return given(some.followup(lang, audit=audit), some.member(lang))


def _with_items(lang: str) -> Given:
    items = (
        ActionItem(ITEM(lang), "Carol Vance", "2026-11-27", (1,)),
        ActionItem(ITEM(lang)),
        *(ActionItem(f"{ITEM(lang)} {n}") for n in range(6)),
    )
    return given(some.followup(lang, draft=some.draft(lang, action_items=items)), some.member(lang))


MARKED = {
    "action_items": _with_items,
    "not_heard": _not_heard,
    "to_check": lambda lang: _drawn(lang, DAY_CLAIM),
    "kept": lambda lang: _drawn(lang, AMOUNT_CLAIM, kept=_kept(AMOUNT_CLAIM)),
    "all_heard": lambda lang: _drawn(lang, SAID, MINE),
    "no_facts": lambda lang: _drawn(lang),
    "unread": lambda lang: _drawn(lang, audit=_audit(lang, complete=False)),
}
EVIDENCE = (
    Scene(
        evidence.evidence,
        "everything",
        lambda lang: _seen(lang, AMOUNT_CLAIM, DAY_CLAIM, SAID, MINE, kept=_kept(DAY_CLAIM)),
    ),
    Scene(evidence.evidence, "blocked", _blocked),
    Scene(evidence.evidence, "cleared", _cleared),
    Scene(evidence.evidence, "many", _many),
    Scene(evidence.evidence, "nothing", lambda lang: _seen(lang)),
    *(Scene(card.card, state, it) for state, it in MARKED.items()),
    Scene(editor.editor, "not_heard", _not_heard),
)
