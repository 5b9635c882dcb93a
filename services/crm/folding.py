"""How names are compared: without accents and case, by words, and by letters when mistyped."""

import re
import unicodedata
from collections.abc import Iterable

# What no decomposition takes apart.
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"}
)
NOT_WORDS = re.compile(r"[^\w]+|_+")
MAX_TEXT = 300
MAX_WORD = 40
MAX_WORDS = 24
# A shorter word has too many neighbours one letter away.
SHORTEST_MISTYPED = 4
LONGEST_FOR_ONE = 5


def fold(text: str) -> str:
    """The text in lower case, without accents, with single spaces; at most 300 characters."""
    plain = unicodedata.normalize("NFKD", text[:MAX_TEXT].casefold().translate(LETTERS))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(letters.split())


def words(folded: str) -> tuple[str, ...]:
    """The words of a folded text; `d'angelo` is found as `d`, `angelo` and `dangelo`."""
    joined = (one.replace("'", "") for one in folded.split() if "'" in one)
    found = (*NOT_WORDS.split(folded), *(NOT_WORDS.sub("", one) for one in joined))
    kept = (word[:MAX_WORD] for word in found if word)
    return tuple(dict.fromkeys(kept))[:MAX_WORDS]


def address_words(email: str) -> tuple[str, ...]:
    """What an address is found by: all of it, its domain, and the words before the @."""
    folded = fold(email)
    local, _, domain = folded.rpartition("@")
    return tuple(dict.fromkeys(one for one in (folded, domain, *words(local)) if one))


def trigrams(word: str) -> frozenset[str]:
    """Three letters in a row, the beginning marked: how a word starts counts most."""
    marked = f"  {word}"
    return frozenset(marked[at : at + 3] for at in range(len(marked) - 2))


def lexeme(workspace_id: str, word: str) -> str:
    """A word as the index holds it: scoped, so that no search leaves its workspace."""
    return f"{workspace_id}/{word}"


def prefix_query(workspace_id: str, alternatives: Iterable[Iterable[str]]) -> str:
    """A tsquery: of each group one word must begin so."""
    groups = []
    for group in alternatives:
        terms = [f"'{_escaped(lexeme(workspace_id, word))}':*" for word in group]
        groups.append(f"({'|'.join(terms)})")
    return "&".join(groups)


def mistyped(typed: str, word: str) -> int | None:
    """How many letters apart the typed beginning and the word are; None: too far.

    One in words of four or five letters, two in longer ones; the word's own end is not missed.
    """
    allowed = 1 if len(typed) <= LONGEST_FOR_ONE else 2
    ends = {min(len(word), len(typed) + more) for more in range(-allowed, allowed + 1)}
    near = min(distance(typed, word[:end]) for end in ends)
    return near if near <= allowed else None


def distance(one: str, other: str) -> int:
    """Letters to insert, drop, change or swap (Damerau–Levenshtein, restricted)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for at, there in enumerate(other, start=1):
            cost = min(last[at] + 1, now[at - 1] + 1, last[at - 1] + (letter != there))
            swapped = row > 1 and at > 1 and letter == other[at - 2] and one[row - 2] == there
            now.append(min(cost, before[at - 2] + 1) if swapped else cost)
        before, last = last, now
    return last[-1]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''")
