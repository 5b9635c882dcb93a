"""Amounts of money as people type them, in whole micro-dollars."""

import re

from services.errors import Invalid
from services.phrases import Phrase

MICRO = 1_000_000
CENT = 10_000
MOST_DOLLARS = 100_000

SIGN = r"(?:(?:US)?\$|USD)?"
AMOUNT = re.compile(rf"{SIGN}\s*([0-9]{{1,7}})(?:[.,]([0-9]{{1,2}}))?\s*{SIGN}", re.I)

NOT_AN_AMOUNT = Phrase(
    "“{typed}” is no amount. Write US dollars such as 20 or 7.50, without thousands separators.",
    "“{typed}” non è un importo. Scrivi dollari USA come 20 o 7,50, senza separatori delle "
    "migliaia.",
)
TOO_MUCH = Phrase(
    "{limit} US dollars a month is the most. Leave it empty for no limit.",
    "Il massimo è {limit} dollari USA al mese. Lascialo vuoto per nessun limite.",
)


def dollars(typed: str, *, field: str) -> int | None:
    """Micro-dollars of what was typed, None for nothing; raises Invalid naming the field."""
    text = typed.strip()
    if not text:
        return None
    found = AMOUNT.fullmatch(text)
    if found is None:
        raise Invalid(NOT_AN_AMOUNT, field=field, typed=text[:40])
    whole, cents = found.groups()
    amount = int(whole) * MICRO + int((cents or "").ljust(2, "0")) * CENT
    if amount > MOST_DOLLARS * MICRO:
        raise Invalid(TOO_MUCH, field=field, limit=MOST_DOLLARS)
    return amount
