"""What a draft claims, and how each claim stands against what was heard."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from pydantic import TypeAdapter

# Levels, the worst last.
FINE = "fine"
CHECK = "check"
NOT_HEARD = "not_heard"

# Kinds.
AMOUNT = "amount"
PERCENT = "percent"
DATE = "date"
NAME = "name"
PROMISE = "promise"
BLANK = "blank"

# Where support was found.
TRANSCRIPT = "transcript"
CRM = "crm"
MEETING = "meeting"
OWN_WORDS = "own_words"

# Parts of a draft.
SUBJECT = "subject"
BODY = "body"
SUMMARY = "summary"
NOTE = "note"
ITEMS = "items"
NEXT = "next"


@dataclass(frozen=True, slots=True)
class HeardLine:
    """One line of the transcript."""

    number: int
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """All that may support a draft.

    `held` is the meeting's local day, `people` are guests and recorder, `insiders` those of the
    sender's side. `facts` come from the CRM, `header` from the meeting, `own` are the sender's
    words. Where `heard` is False the draft was not written from the transcript, or that could not
    be read (`is_read`): then nothing is worse than *check*.
    """

    lines: tuple[HeardLine, ...]
    held: date
    language: str = ""
    sender: str = ""
    people: tuple[str, ...] = ()
    insiders: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    heard: bool = True
    is_read: bool = True

    def unheard(self, *, is_read: bool) -> Self:
        """The same for a draft that does not come from the transcript, or cannot be held to it."""
        return replace(self, heard=False, is_read=is_read)


@dataclass(frozen=True, slots=True)
class Hint:
    """Words of the draft and the lines which the model named for them: a hint, no proof."""

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A piece of a draft to be audited.

    `owner` is who shall do what an action item says; `day` the ISO date, or date and time, of an
    item or a meeting; "" where there is none.
    """

    part: str
    text: str
    hints: tuple[Hint, ...] = ()
    owner: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """One claim of a sentence.

    `start` and `end` are its place in the sentence. `key` is what it says, free of wording: kind,
    value, unit, owner. `reason` is a name in `REASONS`, `said` what fills it. `lines` of the
    transcript support or contradict it; `source` is where support was found, or "".
    """

    kind: str
    level: str
    start: int
    end: int
    key: str
    reason: str = ""
    said: str = ""
    lines: tuple[int, ...] = ()
    source: str = ""

    @property
    def id(self) -> str:
        """The key in 16 characters, for a button's value."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that was audited, and what it claims."""

    part: str
    text: str
    claims: tuple[DraftClaim, ...] = ()
    cited: tuple[int, ...] = ()
    owner: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class ClaimInPlace:
    """A claim with the sentence it stands in."""

    part: str
    sentence: str
    claim: DraftClaim

    @property
    def span(self) -> str:
        """The words that carry the claim."""
        return self.sentence[self.claim.start : self.claim.end] or self.sentence


@dataclass(frozen=True, slots=True)
class DraftAudit:
    """A whole draft, audited; `complete` is False when the transcript could not be read."""

    sentences: tuple[Sentence, ...] = ()
    complete: bool = True

    def findings(self, *levels: str, parts: tuple[str, ...] = ()) -> tuple[ClaimInPlace, ...]:
        """The claims of these levels, in the order of the draft; of these parts only, if given."""
        return tuple(
            ClaimInPlace(sentence.part, sentence.text, claim)
            for sentence in self.sentences
            for claim in sentence.claims
            if claim.level in levels and (not parts or sentence.part in parts)
        )


AUDIT: TypeAdapter[DraftAudit | None] = TypeAdapter(DraftAudit | None)
