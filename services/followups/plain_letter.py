"""The e-mail written without a model: a greeting, the points of Fathom's summary, a closing."""

import re
from collections.abc import Iterable

from services.followups.drafts import Draft
from services.phrases import Phrase

SUBJECT = Phrase("Notes from our conversation", "Appunti dal nostro incontro")
HELLO = Phrase("Hello {names},", "Buongiorno {names},")
HELLO_ALL = Phrase("Hello,", "Buongiorno,")
OPENING = Phrase(
    "Thank you for your time. Here are my notes from our conversation.",
    "grazie per il tempo dedicatoci. Ecco i miei appunti dal nostro incontro.",
)
ENDING = Phrase(
    "If I missed anything, just reply to this message.",
    "Se ho dimenticato qualcosa, basta rispondere a questo messaggio.",
)
CLOSING = Phrase("Best regards,", "Un saluto,")
AND = Phrase("and", "e")
MOST_NAMES = 3

# What transcribers call people whose names they do not know.
PLACEHOLDER = re.compile(
    r"(?:unknown|speaker|guest|host|participant|attendee|user|sconosciut\w|ospite|partecipante"
    r"|interlocut\w+|relat\w+)\b.*|.*[\d@].*",
    re.I,
)
HEADING = re.compile(r"#{1,6}\s+(.+?)[\s#:]*$")
ITEM = re.compile(r"(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*)")
QUOTE = re.compile(r"(?:>\s*)+")
# A rule, or a list's mark without a text.
EMPTY = re.compile(r"(?:[-*_+•]\s*)+")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
EMPHASIS = re.compile(r"(\*\*|__|\*|`|~~)(?=\S)(.+?)(?<=\S)\1")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~-])")


def plain_letter(summary: str, *, title: str, names: Iterable[str], language: str) -> Draft:
    """A draft from a summary in Markdown; `names` are the recipients', `title` is left out."""
    points = plain_points(summary, leave_out=title)
    parts = (
        _hello(names, language),
        OPENING(language),
        points,
        ENDING(language),
        CLOSING(language),
    )
    return Draft(subject=SUBJECT(language), body="\n\n".join(filter(None, parts)), summary=points)


def plain_points(markdown: str, leave_out: str = "") -> str:
    """Markdown as plain text: headings with their lists of one level, no marks, no links."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    for line in filter(None, map(str.strip, markdown.splitlines())):
        if heading := HEADING.fullmatch(line):
            sections.append((_unmarked(heading.group(1)), []))
        elif not EMPTY.fullmatch(line) and (text := _line(line)) not in ("", leave_out.strip()):
            sections[-1][1].append(text)
    return "\n\n".join(
        "\n".join([f"{heading}:", *lines] if heading else lines)
        for heading, lines in sections
        if lines
    )


def first_name(name: str) -> str:
    """The first name to greet by; "" for a placeholder such as `Speaker 2`."""
    return "" if PLACEHOLDER.fullmatch(name.strip()) else next(iter(name.split()), "")


def _hello(names: Iterable[str], language: str) -> str:
    known = [first_name(name) for name in names]
    if not known or not all(known) or len(known) > MOST_NAMES:
        return HELLO_ALL(language)
    *others, last = dict.fromkeys(known)
    joined = f"{', '.join(others)} {AND(language)} {last}" if others else last
    return HELLO(language, names=joined)


def _line(line: str) -> str:
    item = ITEM.fullmatch(QUOTE.sub("", line))
    text = _unmarked(item.group(1) if item else QUOTE.sub("", line))
    return f"- {text}" if item and text else text


def _unmarked(text: str) -> str:
    text = LINK.sub(r"\1", text)
    for _ in range(2):  # bold inside italics, and no deeper
        text = EMPHASIS.sub(r"\2", text)
    return ESCAPED.sub(r"\1", text).strip()
