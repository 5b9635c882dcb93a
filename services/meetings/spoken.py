"""A numbered line of what was said, and how lines are kept."""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Spoken:
    """One numbered line of a transcript; `at` counts from the start of the recording."""

    number: int
    speaker: str
    text: str
    at: timedelta


SPOKEN: TypeAdapter[tuple[Spoken, ...]] = TypeAdapter(tuple[Spoken, ...])
