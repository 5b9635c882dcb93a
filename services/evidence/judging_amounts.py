"""Amounts, shares, durations and counts of a draft, weighed against all that were named."""

from collections.abc import Iterator

from services.evidence import reasons
from services.evidence.claims import AMOUNT, CHECK, NOT_HEARD, OWN_WORDS, PERCENT, DraftClaim
from services.evidence.index import Index, Mention
from services.evidence.judging import (
    BETTER_BY,
    ClaimContext,
    Verdict,
    check,
    fine,
    not_heard,
)
from services.evidence.quantities import PERCENT_UNIT, Quantity
from services.evidence.vocabulary import word_set

# Small numbers in words count what a letter itself lists: two points, three questions.
SMALL = 10
OWN_LISTS = word_set("point thing quest step item topic optio ways times punti cose doman passi")
HARD = 2


def amounts(context: ClaimContext) -> Iterator[DraftClaim]:
    """A claim for every quantity of the sentence."""
    for quantity in context.reading.quantities:
        if quantity.nouns & OWN_LISTS and quantity.value <= SMALL:
            continue
        verdict = _verdict(context, quantity)
        kind = PERCENT if quantity.unit == PERCENT_UNIT else AMOUNT
        yield verdict.claim(kind, quantity.start, quantity.end, _key(kind, quantity))


def _key(kind: str, quantity: Quantity) -> str:
    unit = quantity.unit or ",".join(sorted(quantity.nouns))
    periods = ",".join(sorted(quantity.periods))
    return f"{kind}:{quantity.value}:{unit}:{periods}:{quantity.vat}"


def _verdict(context: ClaimContext, wanted: Quantity) -> Verdict:
    words = context.words(wanted.start, wanted.end)
    alike = [m for m in context.index.by_value[wanted.value] if _comparable(m.quantity, wanted)]
    weighed = [(_trouble(context, m, wanted), -_score(context, m, words), m) for m in alike]
    if not weighed:
        return _absent(context, wanted, words)
    trouble, score, best = min(weighed, key=lambda one: (one[0][0], one[1]))
    trouble = max(trouble, _contradicted(alike, wanted), key=lambda one: one[0])
    if trouble[0] == HARD:
        return not_heard(trouble[1], best.said, words=_shown(best))
    if trouble[0]:
        return check(trouble[1], best.said, words=_shown(best))
    other = None if context.is_translated else _better(context, wanted, words, -score)
    other = other or _cited_otherwise(context, wanted, best, words)
    if other is not None:
        return check(reasons.BETTER_FIT, other.said, best.said, words=_shown(other))
    return fine(best.said)


def _score(context: ClaimContext, mention: Mention, words: frozenset[str]) -> float:
    if context.is_translated:
        return float(mention.said.number in context.sentence.cited)
    return context.index.score(words, mention.said, mention.quantity.clause)


def _comparable(said: Quantity, wanted: Quantity) -> bool:
    """Whether both measure the same kind of thing; a bare number may be money or a share."""
    if said.unit == wanted.unit:
        return True
    if said.is_money and wanted.is_money:
        return True
    bare = said if not said.unit else wanted if not wanted.unit else None
    if bare is None:
        return False
    other = wanted if bare is said else said
    return not bare.nouns if bare is wanted else other.is_money or other.unit == PERCENT_UNIT


def _trouble(context: ClaimContext, mention: Mention, wanted: Quantity) -> tuple[int, str]:
    """How bad the worst is that speaks against this mention (0, 1, or HARD), and what it is."""
    said = mention.quantity
    hard = (
        (mention.is_taken_back and not wanted.is_denied, reasons.TAKEN_BACK),
        (_is_other_currency(context.index, said, wanted), reasons.OTHER_CURRENCY),
        (_apart(said.periods, wanted.periods), reasons.OTHER_PERIOD),
        (bool(said.vat and wanted.vat and said.vat != wanted.vat), reasons.VAT),
        (bool(said.role and wanted.role and said.role != wanted.role), reasons.FROM_TO),
    )
    for is_so, reason in hard:
        if is_so:
            return HARD, reason
    soft = (
        (said.is_rough and not wanted.is_rough, reasons.ROUGHLY),
        (_lacks_currency(context.index, said, wanted), reasons.NO_CURRENCY),
        (said.is_past and not wanted.is_past, reasons.LAST_YEAR),
        (mention.is_only_asked and not context.reading.is_conditional, reasons.ONLY_ASKED),
        (_is_of_another(context, said, wanted), reasons.OTHER_UNIT),
        (_drops_condition(context, mention), reasons.CONDITION),
        (_is_undiscussed(context, mention), reasons.NOT_DISCUSSED),
    )
    return next(((1, reason) for is_so, reason in soft if is_so), (0, ""))


def _contradicted(alike: list[Mention], wanted: Quantity) -> tuple[int, str]:
    """Whether VAT or period were said otherwise wherever they were said at all."""
    said = [mention.quantity for mention in alike if not mention.is_taken_back]
    vat = {one.vat for one in said if one.vat}
    if wanted.vat and vat and wanted.vat not in vat:
        return HARD, reasons.VAT
    periods = [one.periods for one in said if one.periods]
    if wanted.periods and periods and all(_apart(one, wanted.periods) for one in periods):
        return HARD, reasons.OTHER_PERIOD
    return 0, ""


def _is_other_currency(index: Index, said: Quantity, wanted: Quantity) -> bool:
    if said.is_money and wanted.is_money:
        return said.unit != wanted.unit
    is_bare = wanted.is_money and not said.unit
    return is_bare and bool(index.currencies) and wanted.unit not in index.currencies


def _lacks_currency(index: Index, said: Quantity, wanted: Quantity) -> bool:
    return wanted.is_money and not said.unit and not index.currencies


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _is_of_another(context: ClaimContext, said: Quantity, wanted: Quantity) -> bool:
    """Whether something else was counted, and this was counted with another number."""
    if context.is_translated or not _apart(said.nouns, wanted.nouns):
        return False
    return any(
        one.quantity.nouns & wanted.nouns and one.quantity.value != wanted.value
        for one in context.index.mentions
    )


def _drops_condition(context: ClaimContext, mention: Mention) -> bool:
    """Whether it was offered only if something else happens, in the very sentence of the number."""
    if not mention.said.number or context.reading.is_conditional:
        return False
    reading, quantity = mention.said.reading, mention.quantity
    begun = max((reading.text.rfind(mark, 0, quantity.start) for mark in ".!?;"), default=-1) + 1
    ends = [at for mark in ".!?;" if (at := reading.text.find(mark, quantity.end)) >= 0]
    sentence = reading.text[begun : min(ends, default=len(reading.text))].casefold()
    return any(f" {word} " in f" {sentence}" for word in ("if", "se", "unless", "purché"))


def _is_undiscussed(context: ClaimContext, mention: Mention) -> bool:
    """“as discussed” about what only the sender wrote."""
    text = context.reading.folded
    spoken = ("as discussed", "as agreed", "you said", "come discusso", "come concordato")
    return mention.said.source == OWN_WORDS and any(one in text for one in spoken)


def _better(
    context: ClaimContext, wanted: Quantity, words: frozenset[str], score: float
) -> Mention | None:
    """Another value of the same kind that fits the sentence's words clearly better."""
    best, most = None, score + BETTER_BY
    stated = {one.value for one in context.reading.quantities}
    for mention in context.index.mentions:
        said = mention.quantity
        if said.value in stated or mention.is_taken_back or not _rivals(said, wanted):
            continue
        fits = _score(context, mention, words)
        if fits >= most:
            best, most = mention, fits + 0.01
    return best


def _rivals(said: Quantity, wanted: Quantity) -> bool:
    if said.unit != wanted.unit:
        return not said.unit and not said.nouns and wanted.is_money and said.value >= 100
    return bool(said.unit) or not _apart(said.nouns, wanted.nouns)


def _cited_otherwise(
    context: ClaimContext, wanted: Quantity, best: Mention, words: frozenset[str]
) -> Mention | None:
    """Another value of the kind in the very lines that were cited, where this one is not."""
    cited = {said.number for said in context.cited}
    if not cited or best.said.number in cited or not best.said.number:
        return None
    there = [m for m in context.index.mentions if m.said.number in cited]
    if any(m.quantity.value == wanted.value for m in there):
        return None
    rivals = [m for m in there if m.quantity.unit == wanted.unit and wanted.unit]
    own = _score(context, best, words)
    return next(
        (m for m in rivals if context.is_translated or _score(context, m, words) >= own), None
    )


def _absent(context: ClaimContext, wanted: Quantity, words: frozenset[str]) -> Verdict:
    """Nobody named the value; what comes nearest is shown."""
    rivals = [
        (_score(context, mention, words), mention)
        for mention in context.index.mentions
        if _rivals(mention.quantity, wanted) and not mention.is_taken_back
    ]
    score, nearest = max(rivals, key=lambda one: one[0], default=(0.0, None))
    is_small = not wanted.unit and wanted.value <= SMALL and not rivals
    level = CHECK if is_small else NOT_HEARD
    if nearest is None or not score:
        return Verdict(level, reasons.NOWHERE)
    said = nearest.said
    return Verdict(
        NOT_HEARD, reasons.OTHER_VALUE, _shown(nearest), (said.number,) * bool(said.number)
    )


def _shown(mention: Mention) -> str:
    quantity = mention.quantity
    return mention.said.reading.text[quantity.start : quantity.end]
