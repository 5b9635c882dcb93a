"""A draft's text as sentences: the units that are audited, kept and audited again."""

import re
from collections.abc import Iterator
from functools import cache

MAX_SENTENCE = 1_000

# A full stop ends a sentence before white space only, and not behind an initial or a title.
_END = re.compile(r"(?<=[.!?…;])[\"”»)]?\s+(?=\S)")
_SHORT = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|prof|sig|dott|ing|avv|geom|arch|rag|com|no|nr|ecc|etc|approx|ca|st|vs"
    r"|e\.g|i\.e|p\.s|[A-Za-z])|\b(?:sig|dott)\.?(?:ra|ssa))\.$",
    re.I,
)
_MARK = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|ciao|buongiorno|buonasera|salve"
    r"|gentil\w+|car[oaie]|egregi\w*|spett\w*)\b[^.!?]{0,80}[,!.]?$",
    re.I,
)
_CLOSING = re.compile(
    r"^(?:(?:kind|best|warm|many)?\s*(?:regards|wishes|thanks)|best|all the best|cheers|sincerely"
    r"|yours\b.{0,20}|thanks(?: again)?|thank you|talk soon|speak soon|(?:un |cordiali |distinti )?"
    r"salut[oi]|a presto|cordialmente|grazie(?: ancora| mille)?|un caro saluto|buona giornata)"
    r"[,.! ]{0,3}$",
    re.I,
)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text without marks of lists, greetings and closings."""
    for row in text.splitlines():
        line = _MARK.sub("", row).strip()
        if not line or _is_form(line):
            continue
        yield from _split(line)


def _split(line: str) -> Iterator[str]:
    begun = 0
    for found in _END.finditer(line):
        if _SHORT.search(line[max(begun, found.start() - 12) : found.start()]):
            continue
        if sentence := line[begun : found.start()].strip():
            yield sentence[:MAX_SENTENCE]
        begun = found.end()
    if sentence := line[begun:].strip():
        yield sentence[:MAX_SENTENCE]


@cache
def _greetings() -> tuple[re.Pattern[str], ...]:
    return (_GREETING, _CLOSING)


def _is_form(line: str) -> bool:
    return any(pattern.match(line) for pattern in _greetings())
