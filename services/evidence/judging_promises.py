"""Who shall do what: the commitments of a draft, weighed against those that were made."""

import re
from collections.abc import Iterator

from services.evidence import reasons
from services.evidence.claims import PROMISE, DraftClaim
from services.evidence.commitments import (
    ENGLISH,
    ENGLISH_NAMED,
    ENGLISH_READER,
    FORMS,
    HEDGES,
    ITALIAN_FIRST,
    ITALIAN_NAMED,
    ITALIAN_READER,
    Promise,
    aligned,
    first_name,
)
from services.evidence.judging import ClaimContext, Verdict, check, fine, not_heard
from services.evidence.said import Said

SENDER = "@sender"
READER = "@reader"
# Somebody’s words as they were said.
QUOTATION = re.compile(r"«[^»]*»|“[^”]*”")
SAME_DAY = 0.4
LEAST = 0.3
OTHERS_LEAST = 0.5
OWN_LEAST = 0.6


def promises(context: ClaimContext) -> Iterator[DraftClaim]:
    """A claim for every commitment of the sentence; of an action item, its owner's."""
    reading, sentence = context.reading, context.sentence
    if sentence.owner:
        owner = first_name(sentence.owner)
        yield _claim(context, owner, 0, len(reading.text), reading.stems)
        return
    for owner, start, end in _owned(context):
        yield _claim(context, owner, start, end, context.words(start, end))


def _claim(
    context: ClaimContext, owner: str, start: int, end: int, words: frozenset[str]
) -> DraftClaim:
    days = ",".join(sorted(str(d) for one in context.reading.days for d in one.readings))
    key = f"{PROMISE}:{owner}:{' '.join(sorted(words - FORMS))}:{days}"
    return _verdict(context, owner, words).claim(PROMISE, start, end, key)


def _owned(context: ClaimContext) -> Iterator[tuple[str, int, int]]:
    """Whose commitments the sentence states, and the words that say so."""
    text, reading = context.reading.text, context.reading
    if reading.is_question:
        return
    folded = aligned(reading.text)
    first, named, reader = (
        (ENGLISH, ENGLISH_NAMED, ENGLISH_READER)
        if reading.language == "en"
        else (ITALIAN_FIRST, ITALIAN_NAMED, ITALIAN_READER)
    )
    people = context.index.people
    found = [(m.start(), m.end(), _speaker(context, m.start())) for m in first.finditer(folded)]
    found += [
        (m.start(), m.end(), m.group(1)) for m in named.finditer(folded) if m.group(1) in people
    ]
    found += [(m.start(), m.end(), READER) for m in reader.finditer(folded)]
    seen: set[str] = set()
    for start, end, owner in sorted(found):
        if owner not in seen and text[start:end]:
            seen.add(owner)
            yield owner, start, end


def _speaker(context: ClaimContext, at: int) -> str:
    """Who says "I" there: the sender, or whoever is named before the quotation it stands in."""
    text = context.reading.text
    for quote in QUOTATION.finditer(text):
        if quote.start() < at < quote.end():
            words = re.findall(r"\w+", aligned(text[: quote.start()]))
            named = [word for word in words if word in context.index.people]
            return named[-1] if named else SENDER
    return SENDER


def _verdict(context: ClaimContext, owner: str, words: frozenset[str]) -> Verdict:
    index = context.index
    owners = _names(context, owner)
    ranked = [(_fit(context, words, one), one) for one in index.promises]
    own = [(fit, one) for fit, one in ranked if one.owner in owners and fit >= LEAST]
    kept = [(fit, one) for fit, one in own if not (one.is_refused or one.is_asked)]
    refused = [(fit, one) for fit, one in own if one.is_refused]
    others = [
        (fit, one)
        for fit, one in ranked
        if one.owner not in owners and not (one.is_refused or one.is_asked)
    ]
    best = max(kept, key=lambda one: one[0], default=None)
    other = max(others, key=lambda one: one[0], default=None)
    denied = max(refused, key=lambda one: one[0], default=None)
    if denied is not None and (best is None or denied[0] > best[0] + 0.1):
        return not_heard(reasons.REFUSED, denied[1].said)
    beaten = best is None and _own_line(context, owners, words) is None
    if (
        other is not None
        and other[0] >= OTHERS_LEAST
        and (beaten or (best is not None and other[0] >= best[0] + 0.2))
    ):
        if owner == READER:
            return fine(other[1].said)
        return not_heard(reasons.SOMEBODY_ELSE, other[1].said, words=other[1].said.speaker)
    if best is None:
        own_line = _own_line(context, owners, words)
        if own_line is not None:
            return fine(own_line)
        return check(reasons.NO_LINE) if owner != READER else fine()
    return _as_made(context, best[1])


def _own_line(context: ClaimContext, owners: frozenset[str], words: frozenset[str]) -> Said | None:
    """A line of theirs with most of the words, in a form that is not known as a promise."""
    telling = words - FORMS - context.index.people
    if not telling:
        return None
    theirs = (one for one in context.index.said if first_name(one.speaker) in owners)
    least = OWN_LEAST * min(len(telling), 5)
    found = (one for one in theirs if one.number and len(telling & one.reading.stems) >= least)
    return next(found, None)


def _as_made(context: ClaimContext, made: Promise) -> Verdict:
    if made.is_hedged and not HEDGES.search(context.reading.folded):
        return check(reasons.ONLY_ASKED, made.said)
    if made.is_conditional and not context.reading.is_conditional:
        return check(reasons.CONDITION, made.said)
    if len(context.index.speakers) <= 1 < len(context.index.material.people):
        return check(reasons.ONE_MICROPHONE, made.said)
    return fine(made.said)


def _names(context: ClaimContext, owner: str) -> frozenset[str]:
    material = context.index.material
    sender = {first_name(material.sender)}
    inside = sender | {first_name(name) for name in material.insiders}
    if owner == SENDER:
        return frozenset(inside)
    if owner == READER:
        return frozenset(first_name(name) for name in material.people) - inside
    return frozenset((owner,))


def _fit(context: ClaimContext, words: frozenset[str], made: Promise) -> float:
    """How much of what the draft says shall be done stands in what was said."""
    days = {day for one in context.reading.days for day in one.readings}
    same_day = any(days & one.readings for one in made.said.reading.days)
    bonus = SAME_DAY if same_day else 0.0
    if context.is_translated:
        return bonus + float(made.said.number in context.sentence.cited)
    telling = words - FORMS - context.index.people
    if not telling:
        return bonus
    return len(telling & made.about) / min(len(telling), 5) + bonus
