"""Lines and facts of a meeting, read."""

from dataclasses import dataclass

from services.evidence.reading import ReadText
from services.evidence.vocabulary import word_set

_YES = word_set(
    "yes yeah yep sure certainly absolutely exactly ok okay right correct perfect fine"
    " agreed great course do done si certo certamente perfetto esatto volentieri benissimo"
    " accordo bene naturalmente"
)
_NO = frozenset(["no", "not", "don't", "can't", "non", "sorry"])


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the transcript, or a fact; `number` is 0 for what is no line."""

    at: int
    number: int
    source: str
    speaker: str
    reading: ReadText


def is_yes(reading: ReadText) -> bool:
    """Whether a line agrees at its beginning."""
    opening = [token.text for token in reading.found[:3]]
    return bool(_YES & set(opening)) and not bool(_NO & set(opening))
