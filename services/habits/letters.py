"""The parts of a letter: greeting, text, closing, name; and each of them once."""

import re
import unicodedata
from dataclasses import dataclass

# What a letter begins with, alone on its line.
TITLES = r"(?:dr|mr|mrs|ms|prof|ing|dott|sig|avv|arch|geom|rag)"
GREETING = re.compile(
    r"(?P<word>hi|hello|hey|dear|good (?:morning|afternoon|evening)|ciao|buon ?giorno|buona ?sera"
    r"|salve|gentil[ei]|gentilissim[aeio]|egregi[ao]?|spettabile|car[aeio]|carissim[aeio])\b"
    rf"(?:[^.:;?\n]|\b{TITLES}\.){{0,80}}[,!:.]?",
    re.I,
)
THANKS = r"(?:many thanks|thanks(?: again)?|thank you(?: again)?|grazie(?: mille| ancora)?)[,!]?"
CLOSING = re.compile(
    r"(?:(?:all the |with )?best(?: regards| wishes)?|(?:(?:kind|warm)(?:est)? )?regards"
    r"|cheers|(?:yours )?(?:sincerely|truly|faithfully)"
    r"|talk soon|see you(?: soon)?|speak soon|take care"
    r"|un (?:caro |cordiale )?saluto|(?:un )?abbraccio"
    r"|(?:tanti |cari |cordiali |distinti |i migliori )?saluti"
    r"|a presto|a risentirci|buona (?:giornata|serata)|buon (?:lavoro|weekend)"
    rf"|cordialmente)(?: \w+){{0,3}}[,!.]?|{THANKS}",
    re.I,
)
NO_NAME = re.compile(r"[.?!:;]\s*$|\d")
# "Hi ,": a greeting whose name was left out.
NAMELESS = re.compile(r"^(\w[\w ]*?)\s+(?=[,!])")
LONGEST_NAME = 5
LAST_LINES = 3


@dataclass(frozen=True, slots=True)
class LetterParts:
    """A body in its parts, each "" where there is none; `name` is what stands below the closing."""

    greeting: str
    text: str
    closing: str
    name: str


def letter(body: str) -> LetterParts:
    """The parts of a body."""
    lines = body.strip().splitlines()
    greeting = ""
    if lines and is_greeting(lines[0]):
        greeting = lines.pop(0).strip()
    closing, name = "", ""
    for at in _last_lines(lines):
        below = [line.strip() for line in lines[at + 1 :] if line.strip()]
        if is_closing(lines[at]) and _is_name(" ".join(below)):
            closing, name = lines[at].strip(), " ".join(below)
            lines = lines[:at]
            break
    return LetterParts(greeting, "\n".join(lines).strip(), closing, name)


def is_greeting(line: str) -> bool:
    """Whether a line is nothing but a greeting."""
    return GREETING.fullmatch(line.strip()) is not None


def is_closing(line: str) -> bool:
    """Whether a line is nothing but a closing."""
    return CLOSING.fullmatch(line.strip()) is not None


def greeting_word(line: str) -> str:
    """How a greeting begins (`Dear`), in lower case; "" when it is none."""
    found = GREETING.fullmatch(line.strip())
    return " ".join(found["word"].lower().split()) if found else ""


def once(body: str, outline: str = "", signature: str = "") -> str:
    """The body with one greeting, one closing, and no name that the signature repeats.

    Of two greetings or closings beside each other the one that the outline has stays, else the
    first greeting and the last closing.
    """
    paragraphs = [part for part in re.split(r"\n\s*\n", body.strip()) if part.strip()]
    lines = outline.splitlines()
    greets = {greeting_word(line) for line in lines if is_greeting(line)}
    closes = {plain_words(line) for line in lines if is_closing(line)}
    while len(paragraphs) > 1 and is_greeting(paragraphs[0]) and is_greeting(_first(paragraphs[1])):
        first, second = greeting_word(paragraphs[0]), greeting_word(_first(paragraphs[1]))
        if second in greets and first not in greets:
            paragraphs.pop(0)
            continue
        rest = paragraphs[1].strip().partition("\n")[2].strip()
        paragraphs[1:2] = [rest] if rest else []
    while len(paragraphs) > 1 and is_closing(paragraphs[-2]) and is_closing(_first(paragraphs[-1])):
        first, second = plain_words(paragraphs[-2]), plain_words(_first(paragraphs[-1]))
        keeps_first = first in closes and second not in closes
        paragraphs.pop(-1 if keeps_first else -2)
    if paragraphs and is_greeting(_first(paragraphs[0])):
        paragraphs[0] = NAMELESS.sub(r"\1", paragraphs[0])
    return unsigned("\n\n".join(paragraphs), signature)


def unsigned(body: str, signature: str) -> str:
    """The body without its last line, when that is the signature's first line again."""
    lines = body.rstrip().splitlines()
    signed = next((line for line in signature.splitlines() if line.strip()), "")
    if len(lines) > 1 and signed and plain_words(lines[-1]) == plain_words(signed):
        return "\n".join(lines[:-1]).rstrip()
    return body


def plain_words(line: str) -> str:
    """The words without case, accents and marks: what two lines have in common."""
    parted = unicodedata.normalize("NFKD", line.casefold())
    kept = (c for c in parted if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())


def _is_name(text: str) -> bool:
    return len(text.split()) <= LONGEST_NAME and NO_NAME.search(text) is None


def _last_lines(lines: list[str]) -> list[int]:
    """Where the last lines with words are, the lowest first."""
    return [at for at, line in enumerate(lines) if line.strip()][-LAST_LINES:][::-1]


def _first(paragraph: str) -> str:
    return paragraph.strip().splitlines()[0]
