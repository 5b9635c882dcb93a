"""What the sender asked for: language, tone, length, and the simple instructions it can follow."""

import re
from dataclasses import dataclass

LENGTHS = ("tiny", "short", "medium", "long", "full")

_DRAFT = re.compile(r"<draft>.*?</draft>", re.S | re.I)
_INSTRUCTION = re.compile(
    r"^\s*(?:<instruction>|[^:\n]{0,40}\b(?:change|instruction|istruzion"
    r"|modific)[^:\n]{0,40}:)\s*(.+)",
    re.S | re.I | re.M,
)
_CONTEXT = re.compile(
    r"^\s*(?:the sender adds|extra context|context|contesto)\s*:\s*(.+)$", re.I | re.M
)
_OUTLINE = re.compile(
    r"^\s*follow this outline\s*:\s*\n(?:<outline>\n)?(.+?)(?=^</outline>|^\s*[^\n:]{3,60}:\s|\Z)",
    re.S | re.I | re.M,
)
_LABEL = r"^\s*{}[^:\n]*:\s*(.+)$"
_IN_LANGUAGE = (
    ("it", re.compile(r"\b(?:in|into|to) (?:italian\b|italiano\b)|\bitalian version", re.I)),
    ("en", re.compile(r"\b(?:in|into|to) (?:english\b|inglese\b)|\benglish version", re.I)),
)
_SHORTER = re.compile(
    r"\b(?:shorter|short|brief|briefer|concise|pi[uù] (?:breve|corta?)|accorcia)\b", re.I
)
_LONGER = re.compile(
    r"\b(?:longer|more detail\w*|detailed|pi[uù] (?:lung[ao]|dettagli\w*)|allunga)\b", re.I
)
_FORMAL = re.compile(r"\b(?:formal\w*|formale|dare del lei)\b", re.I)
_INFORMAL = re.compile(r"\b(?:less formal|informal\w*|meno formale|informale)\b", re.I)
_FRIENDLY = re.compile(r"\b(?:friendl\w+|warm\w*|casual|amichevole|cordiale|calor\w+)\b", re.I)
_DIRECT = re.compile(r"\b(?:direct|dirett[oa]|to the point)\b", re.I)
_MENTION = re.compile(
    r"\b(?:mention|include|add|remind them of|menziona\w*|cita\w*|aggiungi\w*|ricorda\w*"
    r"|inserisci)\s+(?:also\s+|anche\s+)?(.+?)(?=[.;\n]|$)",
    re.I,
)
_SUBJECT = re.compile(r"\b(?:subject|oggetto)\b[^\"“«\n]{0,30}[\"“«]([^\"”»\n]+)[\"”»]", re.I)
_RECIPIENT = re.compile(r"^\s*recipients?\s*:\s*(.+)$", re.I | re.M)
_TAG = re.compile(r"</?[a-z_]+>", re.I)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The sender's wishes with defaults filled in; empty strings where nothing was asked.

    `recipients` are those named to receive the e-mail, None when the request speaks of none.
    """

    sender: str
    recipients: tuple[str, ...] | None
    language: str
    tone: str
    length: str
    mention: str
    context: str
    subject: str
    outline: tuple[str, ...]


def read_wishes(asked: str, spoken: str) -> Wishes:
    """The wishes in the request's last part; `spoken` is the language to follow by default."""
    asked = _DRAFT.sub("", asked)
    found = _INSTRUCTION.search(asked)
    instruction = _TAG.sub("", found.group(1)).strip() if found else ""
    options = asked[: found.start()] if found else asked
    context = _CONTEXT.search(options)
    outline = _OUTLINE.search(options)
    mention = _MENTION.search(instruction)
    subject = _SUBJECT.search(instruction)
    return Wishes(
        sender=_labelled(options, "sender") or "",
        recipients=_recipients(options),
        language=_language(instruction) or _asked_language(options) or spoken,
        tone=_tone(instruction) or _tone(_labelled(options, "ton[eo]") or "") or "friendly",
        length=_length(_labelled(options, "(?:length|lunghezza)") or "", instruction),
        mention=mention.group(1).strip() if mention and not subject else "",
        context=context.group(1).strip() if context else "",
        subject=subject.group(1).strip() if subject else "",
        outline=tuple(_headings(outline.group(1))) if outline else (),
    )


def _recipients(options: str) -> tuple[str, ...] | None:
    rows = _RECIPIENT.findall(options)
    if not rows:
        return None
    return tuple(row.strip() for row in rows if not row.startswith("not chosen"))


def _labelled(text: str, label: str) -> str | None:
    match = re.search(_LABEL.format(label), text, re.I | re.M)
    return match.group(1).strip() if match else None


def _language(text: str) -> str:
    return next((code for code, pattern in _IN_LANGUAGE if pattern.search(text)), "")


def _asked_language(options: str) -> str:
    asked = (_labelled(options, "(?:language|lingua)") or "").lower()
    names = {"english": "en", "inglese": "en", "italian": "it", "italiano": "it"}
    return names.get(asked.split(" ")[0].strip(".,"), asked if asked in ("en", "it") else "")


def _tone(text: str) -> str:
    if _INFORMAL.search(text) or _FRIENDLY.search(text):
        return "friendly"
    if _FORMAL.search(text):
        return "formal"
    return "direct" if _DIRECT.search(text) else ""


def _length(asked: str, instruction: str) -> str:
    word = next((name for name in LENGTHS if asked.lower().startswith(name)), "medium")
    step = bool(_LONGER.search(instruction)) - bool(_SHORTER.search(instruction))
    return LENGTHS[min(max(LENGTHS.index(word) + step, 0), len(LENGTHS) - 1)]


def _headings(text: str) -> list[str]:
    rows = (re.sub(r"^[\s\-*#\d.)]+", "", row).strip(" :") for row in text.splitlines())
    return [row for row in rows if row]
