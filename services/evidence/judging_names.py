"""Names in a draft: people, places, companies, known or nearly so, and together or not."""

from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise

from services.evidence import reasons
from services.evidence.almanac import WEEKDAYS, months
from services.evidence.claims import NAME, TRANSCRIPT, DraftClaim
from services.evidence.index import Index
from services.evidence.judging import ClaimContext, Verdict, check, fine, not_heard
from services.evidence.masking import inside
from services.evidence.quantities import CURRENCIES
from services.evidence.reading import MOST_MENTIONS
from services.evidence.said import Said
from services.evidence.tokens import Token, fold
from services.evidence.vocabulary import stem, stopwords, word_set

SHORTEST_GUESS = 6
_SOUNDS = (("ph", "f"), ("ck", "k"), ("ch", "k"), ("h", ""), ("c", "k"), ("y", "i"))
_TITLES = (
    "mr mrs ms miss dr prof professor sir dame sig signor signora signori dott dottore dottoressa"
    " ing ingegner avv avvocato geom arch rag com comandante direttore"
)
# Written with a capital in letters, and no names.
_COMMON = (
    "i e-mail email gmail google slack zoom teams crm pdf ok vat iva ceo cfo cto hr it ai api csv"
    " faq q1 q2 q3 q4 kpi roi dpa nda sla gdpr po pm am eur usd gbp chf internet web english"
    " italian french german spanish italiano inglese francese tedesco spagnolo christmas easter"
    " natale pasqua capodanno bst cet cest gmt utc est pst ps p.s lei le la suo sua suoi sue voi vi"
    " vostro vostra vostri vostre loro europe europa excel word powerpoint outlook whatsapp"
    " linkedin"
    " best regards kind hello hi dear ciao buongiorno gentile srl spa ltd inc gmbh llc plc"
)
_VERBS = word_set(
    "will said agreed asked confirmed promised wants needs sends would ci mi ha manda"
    " invia prepara scrive parla spedisce invierà mandera scrivera preparera decide vuole"
)
_JOINERS = word_set("de di del della dal dalla van von der la le mac mc d o")


def names(context: ClaimContext) -> Iterator[DraftClaim]:
    """A claim for every name of the sentence."""
    for group in islice(_groups(context), MOST_MENTIONS):
        words = [token.text for token in group if token.text not in _JOINERS]
        start, end = group[0].start, group[-1].end
        verdict = _verdict(context.index, [fold(token.raw) for token in group], words)
        if verdict is not None:
            yield verdict.claim(NAME, start, end, f"{NAME}:{' '.join(words)}")


def _groups(context: ClaimContext) -> Iterator[list[Token]]:
    """Runs of words with capitals that may be a name."""
    group: list[Token] = []
    for at, token in enumerate(context.reading.found):
        if _may_be_name(context, at, token):
            group.append(token)
            if token.gap in (" ", "'", "’", "-"):
                continue
        if group:
            yield group
        group = []
    if group:
        yield group


def _may_be_name(context: ClaimContext, at: int, token: Token) -> bool:
    if not token.is_capital or token.value is not None or len(token.text) < 2:
        return False
    if token.text in common() or token.text.rstrip("s'") in common():
        return False
    if token.raw.isupper() or inside(token.start, token.end, context.reading.masks):
        return False
    if any(one.start <= token.start < one.end for one in context.reading.days):
        return False
    return (at > 0 and not _opens(context, at)) or _is_known_name(context, at, token)


def _opens(context: ClaimContext, at: int) -> bool:
    """Whether a sentence, quotation or list item begins here."""
    gap = context.reading.found[at - 1].gap
    return any(mark in gap for mark in '.!?:;"“«\n') or gap.strip().endswith("-")


def _is_known_name(context: ClaimContext, at: int, token: Token) -> bool:
    """The first word of a sentence: a name of somebody there, or one that does something."""
    found = context.reading.found
    behind = found[at + 1] if at + 1 < len(found) else None
    if token.text in context.index.people:
        return True
    # A word before a colon is a heading: “Roadblocks: Paolo explained …”.
    if behind is None or ":" in token.gap or token.text in context.index.words:
        return False
    does = behind.text in _VERBS and stem(token.text) not in context.index.stems
    return does or (behind.is_capital and behind.text in context.index.people)


def _verdict(index: Index, whole: list[str], words: list[str]) -> Verdict | None:
    if not words:
        return None
    unknown = [word for word in words if not _is_known(index, word)]
    if unknown:
        near = {word: _near(index, word) for word in unknown}
        lost = [word for word, heard in near.items() if not heard]
        if lost:
            return not_heard(reasons.OTHER_NAME)
        heard = next(iter(near.values()))
        return check(reasons.MISHEARD, *_lines(index, heard), words=heard.capitalize())
    if len(whole) > 1 and not _are_together(index, whole):
        return not_heard(reasons.NEVER_TOGETHER, *_lines(index, words[0])[:1])
    if index.people.issuperset(words):
        return None  # who was there is no news
    return fine(*_lines(index, words[-1]))


def _is_known(index: Index, word: str) -> bool:
    parts = word.split("'")
    return word in index.words or parts[-1] in index.words or _singular(index, word)


def _singular(index: Index, word: str) -> bool:
    """Nationalities, plurals and the like: Italian words are compared by their stems."""
    return len(word) > SHORTEST_GUESS and word[:-1] in index.words


def _are_together(index: Index, whole: list[str]) -> bool:
    """Whether all neighbours were heard side by side; a name spelled as one word counts."""
    return all(
        pair in index.pairs or "".join(pair) in index.words or not _are_people(index, pair)
        for pair in pairwise(whole)
    )


def _are_people(index: Index, pair: tuple[str, str]) -> bool:
    """Whether both words were heard with capitals, as names are."""
    return all(word in index.capitals for word in pair)


def _near(index: Index, word: str) -> str:
    """A word that was perhaps meant and written down otherwise; "" when there is none."""
    if len(word) < SHORTEST_GUESS - 1:
        return ""
    for other in index.capitals:
        if other[:1] == word[:1] and len(other) >= SHORTEST_GUESS - 1 and _alike(word, other):
            return other
    return ""


def _alike(one: str, other: str) -> bool:
    """Misheard, not merely another: never equal where only the last vowel differs."""
    if one[:-1] == other[:-1] and one[-1] in "aeio" and other[-1] in "aeio":
        return False
    if _skeleton(one) == _skeleton(other):
        return True
    return min(len(one), len(other)) >= SHORTEST_GUESS and _one_apart(one, other)


def _skeleton(word: str) -> str:
    """Its consonants as they sound, doubles once."""
    for letters, sound in (
        ("ph", "f"),
        ("ck", "k"),
        ("ch", "k"),
        ("h", ""),
        ("c", "k"),
        ("y", "i"),
    ):
        word = word.replace(letters, sound)
    kept = ""
    for letter in word:
        if letter not in "aeiou" and not kept.endswith(letter):
            kept += letter
    return kept


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter more, less, other or swapped turns one into the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True
    left, right = one[at:], other[at:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right or left == right[1:] or left[1:] == right[1:] or swapped


def _lines(index: Index, word: str) -> tuple[Said, ...]:
    found = [one for one in index.said if any(t.text == word for t in one.reading.found)]
    return tuple(sorted(found, key=lambda one: one.source != TRANSCRIPT)[:3])


@cache
def common() -> frozenset[str]:
    """Words with capitals that are no names."""
    days = {fold(day) for days in WEEKDAYS.values() for day in days}
    dated = {*months("en"), *months("it"), *days}
    written = {*_TITLES.split(), *_COMMON.split()}
    return frozenset(dated | written | set(CURRENCIES)) | stopwords()
