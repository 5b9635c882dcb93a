"""Short names of tenants, made of what their companies are called."""

import re
import unicodedata
from collections.abc import Set
from itertools import count

LONGEST = 32
# For companies whose name has no Latin letter or digit.
NAMELESS = "company"
# What NFKD leaves whole, as people write it without accents.
WHOLE = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "ł": "l", "Ł": "l"})


def slug_of(company: str) -> str:
    """Lower-case ASCII letters and digits with single hyphens between, 32 characters at most."""
    folded = unicodedata.normalize("NFKD", company.translate(WHOLE))
    ascii_only = folded.encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only.replace("'", "")).strip("-")
    return words[:LONGEST].rstrip("-") or NAMELESS


def free_slug(base: str, taken: Set[str]) -> str:
    """The name itself, or with the first number that makes it free."""
    if base not in taken:
        return base
    return next(name for n in count(2) if (name := f"{base}-{n}") not in taken)
