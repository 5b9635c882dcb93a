"""What a member does to drafts again and again, found by comparing; pure and deterministic."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from services.habits.letters import LetterParts, greeting_word, letter, plain_words

# Before so many drafts were compared nothing is proposed.
FEWEST_DRAFTS = 5
# A habit was seen so often, and in such a share of the drafts where it could be seen.
FEWEST_SEEN = 4
SHARE = 0.6
# A sentence that goes to one company only is no habit: it may be theirs alone.
FEWEST_COMPANIES = 2
SHORTER, LONGER = 0.85, 1.15
STEP = 5  # percent
EXAMPLES = 2
EXCERPT = 120
LONGEST_LINE = 200
FEWEST_WORDS = 3

LENGTH, GREETING, CLOSING, NAME = "length", "greeting", "closing", "name"
LISTS, ADDRESS, STYLE, LINE = "lists", "address", "style", "line"

LIST_LINE = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+", re.M)
SHORT_FORM = re.compile(
    r"\b(?:\w+(?:n['’]t|['’](?:re|ve|ll|m|d))|(?:it|that|let|what|here|there)['’]s)\b", re.I
)
TU = re.compile(
    r"\b(?:tu|ti|te|tuo|tua|tuoi|tue|puoi|hai|sei|potresti|vuoi|vorresti|fammi|dimmi)\b", re.I
)
# Capitals in the middle of a sentence, since at its beginning they tell nothing; and before a verb
# in the first person ("le mando", "La ringrazio"), which no article stands before.
LEI = re.compile(
    r"(?<=[a-zàèéìòù,] )(?:Lei|La|Le|Suo|Sua|Suoi|Sue)\b|\b(?:[Pp]uò|[Pp]otrebbe|[Vv]orrebbe)\b"
    r"|\b[Ll][ae] (?!mano|foto|moto|radio|auto|video)(?!\w*[mn]o\b)\w{3,}o\b"
)


@dataclass(frozen=True, slots=True)
class Edit:
    """A body as the model wrote it and as it was used; `companies` are the recipients' domains."""

    written: str
    used: str
    language: str
    companies: frozenset[str] = frozenset()

    @property
    def before(self) -> LetterParts:
        """The parts of what was written."""
        return letter(self.written)

    @property
    def after(self) -> LetterParts:
        """The parts of what was used."""
        return letter(self.used)


@dataclass(frozen=True, slots=True)
class Example:
    """What stood in the draft, and what the member made of it; of a length, words."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Habit:
    """A named rule: seen in `seen` of the `of` drafts where it could be seen.

    `kind` names it, `language` is "en", "it" or "" for both, `value` a text of the member's own or
    a number of percent. Habits of one `family` exclude each other, but for lines.
    """

    kind: str
    family: str
    language: str
    value: str
    seen: int
    of: int
    examples: tuple[Example, ...] = ()

    @property
    def key(self) -> str:
        """What it is remembered by, whatever the numbers."""
        said = "" if self.family == LENGTH else plain_words(self.value)
        return f"{self.kind}:{self.language}:{said}"


@dataclass(frozen=True, slots=True)
class _Check:
    """A habit without a value: where it could be seen, where it was, and what shows it."""

    kind: str
    family: str
    applies: Callable[[Edit], bool]
    did: Callable[[Edit], bool]
    shows: Callable[[LetterParts], str]
    language: str = ""


def habits(edits: Iterable[Edit]) -> tuple[Habit, ...]:
    """Every habit in these edits, the newest of which come first; none of too few drafts."""
    compared = tuple(edits)
    if len(compared) < FEWEST_DRAFTS:
        return ()
    found = [
        *_lengths(compared),
        *(one for check in CHECKS if (one := _checked(check, compared)) is not None),
        *_valued(compared),
        *_lines(compared),
    ]
    return tuple(sorted(found, key=lambda one: (-one.seen / one.of, one.key)))


def _is_habit(seen: int, of: int) -> bool:
    return seen >= FEWEST_SEEN and seen >= SHARE * of


def _lengths(edits: tuple[Edit, ...]) -> Iterable[Habit]:
    pairs = [(len(one.written.split()), len(one.used.split())) for one in edits]
    changed = {
        "shorter": [(before, after) for before, after in pairs if after <= SHORTER * before],
        "longer": [(before, after) for before, after in pairs if after >= LONGER * before],
    }
    for kind, done in changed.items():
        if not _is_habit(len(done), len(pairs)):
            continue
        share = median(abs(1 - after / max(1, before)) for before, after in done)
        percent = max(STEP, round(100 * share / STEP) * STEP)
        examples = _few(Example(str(before), str(after)) for before, after in done)
        yield Habit(kind, LENGTH, "", str(percent), len(done), len(pairs), examples)


def _checked(check: _Check, edits: tuple[Edit, ...]) -> Habit | None:
    could = [
        one
        for one in edits
        if check.language in ("", one.language) and one.used.strip() and check.applies(one)
    ]
    did = [one for one in could if check.did(one)]
    if not _is_habit(len(did), len(could)):
        return None
    examples = _few(_example(check.shows(one.before), check.shows(one.after)) for one in did)
    return Habit(check.kind, check.family, check.language, "", len(did), len(could), examples)


def _valued(edits: tuple[Edit, ...]) -> Iterable[Habit]:
    """Greetings, closings and names that take the place of what was written."""
    parts: tuple[tuple[str, str, Callable[[LetterParts], str], Callable[[str], str]], ...] = (
        ("greets", GREETING, lambda parts: parts.greeting, greeting_word),
        ("closes", CLOSING, lambda parts: parts.closing, plain_words),
        ("signs", NAME, lambda parts: parts.name, plain_words),
    )
    for language in ("en", "it"):
        spoken = [one for one in edits if one.language == language]
        for kind, family, part, alike in parts:
            # Where nothing stood before, only a name is something new.
            open_ones = [one for one in spoken if bool(part(one.before)) != (kind == "signs")]
            yield from _most(kind, family, language, open_ones, part, alike)


def _most(
    kind: str,
    family: str,
    language: str,
    edits: list[Edit],
    part: Callable[[LetterParts], str],
    alike: Callable[[str], str],
) -> Iterable[Habit]:
    values = [alike(part(one.after)) for one in edits if part(one.after)]
    for value in sorted(set(values)):
        could = [one for one in edits if alike(part(one.before)) != value]
        did = [one for one in could if alike(part(one.after)) == value]
        if not _is_habit(len(did), len(could)):
            continue
        shown = part(did[0].after)
        told = shown[: len(value)] if kind == "greets" else shown
        examples = _few(_example(part(one.before), part(one.after)) for one in did)
        yield Habit(kind, family, language, told, len(did), len(could), examples)


def _lines(edits: tuple[Edit, ...]) -> Iterable[Habit]:
    """Sentences on a line of their own that are always added, or always taken out."""
    for language in ("en", "it"):
        spoken = [one for one in edits if one.language == language]
        yield from _recurring("adds", language, spoken, spoken, lambda one: (one.after, one.before))
        yield from _recurring("omits", language, spoken, None, lambda one: (one.before, one.after))


def _recurring(
    kind: str,
    language: str,
    edits: list[Edit],
    could: list[Edit] | None,
    sides: Callable[[Edit], tuple[LetterParts, LetterParts]],
) -> Iterable[Habit]:
    seen: dict[str, list[tuple[Edit, str]]] = {}
    for one in edits:
        here, there = sides(one)
        gone = {plain_words(line) for line in there.text.splitlines()}
        new = {plain_words(line): line.strip() for line in here.text.splitlines()}
        for plain, line in new.items():
            if (
                len(plain.split()) >= FEWEST_WORDS
                and len(line) <= LONGEST_LINE
                and plain not in gone
            ):
                seen.setdefault(plain, []).append((one, line))
    for plain, found in seen.items():
        had = (
            could
            if could is not None
            else [
                one
                for one in edits
                if plain in {plain_words(line) for line in sides(one)[0].text.splitlines()}
            ]
        )
        companies = frozenset().union(*(one.companies for one, _ in found))
        if _is_habit(len(found), len(had)) and len(companies) >= FEWEST_COMPANIES:
            line = found[0][1]
            example = Example("", line) if kind == "adds" else Example(line, "")
            yield Habit(
                kind,
                LINE,
                language,
                line,
                len(found),
                len(had),
                (_example(example.before, example.after),),
            )


def _few(examples: Iterable[Example]) -> tuple[Example, ...]:
    """The newest, each once."""
    return tuple(dict.fromkeys(examples))[:EXAMPLES]


def _example(before: str, after: str) -> Example:
    return Example(_excerpt(before), _excerpt(after))


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"


def _whole(parts: LetterParts) -> str:
    return "\n".join(filter(None, (parts.greeting, parts.text, parts.closing, parts.name)))


def _around(pattern: re.Pattern[str]) -> Callable[[LetterParts], str]:
    """The first line in which it stands, else the first line of all."""

    def shown(parts: LetterParts) -> str:
        lines = parts.text.splitlines() or [""]
        return next((line for line in lines if pattern.search(line)), lines[0])

    return shown


def _address(text: str) -> str:
    tu, lei = bool(TU.search(text)), bool(LEI.search(text))
    return "" if tu == lei else "tu" if tu else "lei"


def _has(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


MARK = re.compile("!")
CHECKS = (
    _Check(
        "no_greeting",
        GREETING,
        lambda one: bool(one.before.greeting),
        lambda one: not one.after.greeting,
        lambda parts: parts.greeting or parts.text.split("\n")[0],
    ),
    _Check(
        "no_closing",
        CLOSING,
        lambda one: bool(one.before.closing),
        lambda one: not one.after.closing,
        lambda parts: parts.closing or parts.text.split("\n")[-1],
    ),
    _Check(
        "no_lists",
        LISTS,
        lambda one: _has(LIST_LINE, one.written),
        lambda one: not _has(LIST_LINE, one.used),
        _around(LIST_LINE),
    ),
    _Check(
        "lists",
        LISTS,
        lambda one: not _has(LIST_LINE, one.written),
        lambda one: _has(LIST_LINE, one.used),
        _around(LIST_LINE),
    ),
    _Check(
        "lei",
        ADDRESS,
        lambda one: _address(one.written) == "tu",
        lambda one: _address(one.used) == "lei",
        _around(re.compile(f"{TU.pattern}|{LEI.pattern}")),
        "it",
    ),
    _Check(
        "tu",
        ADDRESS,
        lambda one: _address(one.written) == "lei",
        lambda one: _address(one.used) == "tu",
        _around(re.compile(f"{TU.pattern}|{LEI.pattern}")),
        "it",
    ),
    _Check(
        "no_short_forms",
        STYLE,
        lambda one: _has(SHORT_FORM, one.written),
        lambda one: not _has(SHORT_FORM, one.used),
        _around(SHORT_FORM),
        "en",
    ),
    _Check(
        "no_exclamations",
        STYLE,
        lambda one: _has(MARK, one.written),
        lambda one: not _has(MARK, one.used),
        lambda parts: _around(MARK)(LetterParts("", _whole(parts), "", "")),
    ),
)
