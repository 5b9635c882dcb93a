"""Labelled claims: sentences about invented meetings, and whether each is supported."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.evidence.claims import BODY, DraftPart, HeardLine, Hint, Material

LABELLED = Path(__file__).parents[1] / "services" / "evidence" / "labelled"
HEAD = re.compile(
    r"## (?P<lang>en|it)(?:<(?P<spoken>en|it))? (?P<day>\S+) sender=(?P<sender>.*?)"
    r" people=(?P<people>.*?) crm=(?P<crm>.*)$"
)
LINE = re.compile(r"(\d+) ([^:]+): (.*)$")
CLAIM = re.compile(
    r"> (?P<label>[ycn]) (?P<kind>\w+) \[(?P<cited>[\d,]*)\] (?P<text>.*) \| (?P<tag>.*)$"
)
LABELS = {"y": "supported", "c": "check", "n": "unsupported"}


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """One sentence with its meeting; `label` is supported, check or unsupported."""

    language: str
    material: Material
    sentence: str
    kind: str
    label: str
    tag: str
    cited: tuple[int, ...]

    @property
    def is_true(self) -> bool:
        """Whether nothing should be marked."""
        return self.label == "supported"

    @property
    def parts(self) -> tuple[DraftPart, ...]:
        """As a draft of one sentence."""
        return (DraftPart(BODY, self.sentence, (Hint(self.sentence, self.cited),)),)


def labelled(*names: str) -> tuple[LabelledClaim, ...]:
    """The claims of these files, for example `seen_en`."""
    return tuple(claim for name in names for claim in _read(LABELLED / f"{name}.txt"))


def _read(path: Path) -> Iterator[LabelledClaim]:
    material: Material | None = None
    language, lines = "en", list[HeardLine]()
    for row in path.read_text("utf-8").splitlines():
        if head := HEAD.match(row):
            language, lines, material = head["lang"], [], None
            facts = head
        elif line := LINE.match(row):
            lines.append(HeardLine(int(line[1]), line[2], line[3]))
        elif claim := CLAIM.match(row):
            material = material or _material(facts, tuple(lines))
            cited = tuple(int(n) for n in claim["cited"].split(",") if n)
            yield LabelledClaim(
                language,
                material,
                claim["text"],
                claim["kind"],
                LABELS[claim["label"]],
                claim["tag"],
                cited,
            )


def _material(head: re.Match[str], lines: tuple[HeardLine, ...]) -> Material:
    people = tuple(name.strip() for name in head["people"].split(";"))
    return Material(
        lines=lines,
        held=date.fromisoformat(head["day"]),
        language=head["spoken"] or head["lang"],
        sender=head["sender"],
        people=people,
        facts=tuple(filter(None, (fact.strip() for fact in head["crm"].split(";")))),
        own=(head["sender"],),
    )
