"""What a draft has left open: `[Your Name]`, `{{first_name}}`, `XXX`."""

import re
from collections.abc import Iterator

from services.evidence.claims import BLANK, NOT_HEARD, DraftClaim
from services.evidence.reasons import NOT_FILLED

_BLANK = re.compile(
    r"\[[^\[\]\n\d](?:[^\[\]\n]{0,58}[^\[\]\n])?\](?!\()|\{\{[^{}\n]{1,60}\}\}|\{[a-z_]{2,40}\}"
    r"|<[a-z _]{0,30}(?:name|nome|date|data|company|azienda|amount|importo|firma)[a-z _]{0,30}>"
    r"|\bx{3,10}\b|(?-i:\b(?:TBD|TODO|TBC)\b)",
    re.I,
)


def blanks(sentence: str) -> Iterator[DraftClaim]:
    """A claim for every place that is still to be filled in."""
    for found in _BLANK.finditer(sentence):
        key = f"{BLANK}:{found.group().casefold()}"
        yield DraftClaim(BLANK, NOT_HEARD, found.start(), found.end(), key, NOT_FILLED)
