"""What looks like a number or a name and is none: addresses, telephones, versions, page numbers."""

import re

Span = tuple[int, int]

_MASKED = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    r"|\b(?:https?://|www\.)\S{1,300}"
    r"|\b[\w-]{1,40}(?:\.[\w-]{1,40}){0,3}\.(?:com|it|org|net|io|eu|co\.uk|example)\b(?:/\S{0,200})?"
    r"|\+\d{1,3}[\d ().-]{6,18}\d"
    r"|\b0\d{1,4}[ -]\d{3,4}[ -]\d{3,5}\b"
    r"|\b(?:version|versione|release|v)\.?\s?\d{1,4}(?:\.\d{1,4}){0,3}\b"
    r"|\b(?:pages?|pagin[ae]|pag\.|p\.|slides?|lines?|rig[ah]e?|linea|linee|questions?|domand[ae]"
    r"|rows?|items?|paragraphs?|paragraf[oi]|sections?|sezion[ei]|points?|punto|punti|steps?|fas[ei]|phases?|chapters?|capitol[oi]|articol[oi]"
    r"|art\.|n\.|no\.|nr\.|room|sala|line[ae]?|level|livello|messages?|messagg[io]+)\s"
    r"\d{1,5}(?:\s?[-–,]\s?\d{1,5})?\b(?!\s?[%€£$])"
    r"|\b(?:page|line|question|slide|step|pagina|linea|domanda|fase)\s(?:one|two|three|four|five|six|seven"
    r"|eight|nine|ten|uno|due|tre|quattro|cinque|sei|sette|otto|nove|dieci)\b"
    r"|\b(?:ISO|DIN|UNI|EN|AS|RFC|GDPR|Office|Windows|Microsoft|Article|Form|Modello|Formula)"
    r"[ /-]{0,2}\d{1,6}\b"
    r"|\b[QT][1-4]\b|\b[A-Z]{1,4}/?\d{1,4}[A-Z]?\b|\b24/7\b|\b\d{1,2}/24\b",
    re.I,
)
_CONTACT = re.compile(
    r"[\w.]@[\w-]{1,63}\.|\+\d{1,3}[\d ().-]{6,18}\d|\b0\d{1,4}[ -]\d{3,4}[ -]\d{3}"
)
# What has none of these is not looked at further.
_MAYBE = re.compile(
    r"\d|@|://|www|\.\w|\b(?:page|line|question|slide|step|pagina|linea|domanda|fase)\s", re.I
)
_YEAR = re.compile(
    r"(?<![\d.,€£$])(?<![€£$] )(?:19|20)\d\d(?![\d%€£$]|[.,]\d)(?!\s?(?:[€£$%]|eur))"
)


def masked(text: str) -> tuple[Span, ...]:
    """Places that are neither amounts nor names, in order."""
    patterns = (_MASKED, _YEAR) if _MAYBE.search(text) else ()
    found = [match.span() for pattern in patterns for match in pattern.finditer(text)]
    return tuple(sorted(found))


def is_contact(text: str) -> bool:
    """Whether a sentence says where somebody can be reached: its hours are nobody's promise."""
    return bool(_CONTACT.search(text))


def inside(start: int, end: int, spans: tuple[Span, ...]) -> bool:
    """Whether a place touches one of these."""
    return any(start < last and first < end for first, last in spans)
