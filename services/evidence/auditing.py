"""The audit of a draft: every sentence's claims, each with its level, reason and lines."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from services.evidence.blanks import blanks
from services.evidence.claims import (
    BLANK,
    CHECK,
    ITEMS,
    NEXT,
    NOT_HEARD,
    DraftAudit,
    DraftClaim,
    DraftPart,
    Hint,
    Sentence,
)
from services.evidence.index import Index
from services.evidence.judging import ClaimContext
from services.evidence.judging_amounts import amounts
from services.evidence.judging_days import days, due
from services.evidence.judging_names import names
from services.evidence.judging_promises import promises
from services.evidence.masking import inside
from services.evidence.reading import read
from services.evidence.reasons import UNREAD
from services.evidence.sentences import sentences
from services.evidence.tokens import tokens
from services.evidence.vocabulary import language

# A draft is a letter; more than this is somebody's paste, of which the beginning is audited.
MAX_SENTENCES = 600


def audit(
    index: Index, passages: Iterable[DraftPart], before: DraftAudit | None = None
) -> DraftAudit:
    """The claims of all passages; sentences which `before` knows word for word are taken from it.

    Deterministic and without I/O; processor time grows with the text, so call it in a thread.
    """
    known = {_identity(one): one for one in before.sentences} if before else {}
    stated = list(islice(_sentences(passages), MAX_SENTENCES))
    words = [token.text for one in stated for token in tokens(one.text)]
    spoken = language(words, index.language)
    found = [known.get(_identity(one)) or _audited(index, one, spoken) for one in stated]
    return DraftAudit(tuple(found), complete=index.material.is_read)


def _sentences(passages: Iterable[DraftPart]) -> Iterator[Sentence]:
    for passage in passages:
        for text in sentences(passage.text):
            cited = {n for hint in passage.hints if _about(hint, text) for n in hint.lines}
            numbers = tuple(sorted(cited))
            yield Sentence(passage.part, text, (), numbers, passage.owner, passage.day)


def _about(hint: Hint, sentence: str) -> bool:
    return sentence in hint.text or hint.text in sentence


def _identity(sentence: Sentence) -> tuple[str, str, tuple[int, ...], str, str]:
    return (sentence.part, sentence.text, sentence.cited, sentence.owner, sentence.day)


def _audited(index: Index, sentence: Sentence, spoken: str) -> Sentence:
    # A letter may quote another language: each sentence tells its own, the whole where it cannot.
    own = language([token.text for token in tokens(sentence.text)], spoken)
    reading = read(sentence.text, index.material.held, own)
    context = ClaimContext(index, sentence, reading)
    claims = [*blanks(sentence.text)]
    blank = tuple((one.start, one.end) for one in claims)
    if index.material.is_read:
        claims += [*amounts(context), *days(context), *names(context)]
        if sentence.part in (ITEMS, NEXT):
            claims += due(context)
        claims += promises(context)
    # A name or number inside of a blank is one trouble, not two.
    claims = [c for c in claims if c.kind == BLANK or not inside(c.start, c.end, blank)]
    if not index.material.heard:
        claims = [_softened(one) for one in claims]
    placed = tuple(sorted(claims, key=lambda claim: claim.start))
    return replace(sentence, claims=placed)


def _softened(claim: DraftClaim) -> DraftClaim:
    """What was not heard from a person is never held against a draft that does not come from it."""
    if claim.level != NOT_HEARD or claim.kind == BLANK:
        return claim
    return replace(claim, level=CHECK, reason=claim.reason or UNREAD)
