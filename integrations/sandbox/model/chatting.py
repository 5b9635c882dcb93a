"""What the model says to a request without a meeting: it quotes and answers from what was sent."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.sandbox.kit.language import language_of

MOST_QUOTED = 3  # sentences
LONGEST_SUBJECT = 160  # characters
LEAST_WORD = 4  # letters; shorter words say nothing about a topic

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = {
    "en": {
        "asked": "You asked: “{text}”.",
        "said": "You wrote: “{text}”.",
        "found": "What was sent says about it: {quotes}",
        "alone": "Nothing else was sent, so this is all there is to go on.",
        "counted": "Words in your message: {words}; sentences: {sentences}.",
        "seen": "Pictures that came with it: {pictures}.",
        "nothing": "There was no text in this message.",
    },
    "it": {
        "asked": "Mi hai chiesto: “{text}”.",
        "said": "Hai scritto: “{text}”.",
        "found": "Quanto inviato dice in proposito: {quotes}",
        "alone": "Non è stato inviato altro, quindi non c’è altro su cui basarsi.",
        "counted": "Parole nel tuo messaggio: {words}; frasi: {sentences}.",
        "seen": "Immagini che lo accompagnavano: {pictures}.",
        "nothing": "In questo messaggio non c’era testo.",
    },
}


def converse(request: Mapping[str, Any]) -> str:
    """The same answer for the same request, in the language of its last message."""
    sent = [text for text in _sent(request) if text.strip()]
    words = _WORDS[language_of(sent[-1] if sent else "")]
    pictures = sum(1 for block in _blocks(request) if block.get("type") == "image")
    seen = "\n" + words["seen"].format(pictures=pictures) if pictures else ""
    if not sent:
        return words["nothing"] + seen
    sentences = _sentences(sent[-1])
    subject = next((s for s in reversed(sentences) if s.endswith("?")), sentences[0])
    key = "asked" if subject.endswith("?") else "said"
    others = [s for text in sent for s in _sentences(text) if s != subject]
    quotes = _closest(subject, others)
    counted = words["counted"].format(words=len(sent[-1].split()), sentences=len(sentences))
    found = words["found"].format(quotes=" ".join(quotes)) if quotes else words["alone"]
    return f"{words[key].format(text=_shortened(subject))} {found}\n\n{counted}{seen}"


def _sent(request: Mapping[str, Any]) -> Iterator[str]:
    """The texts of the system and of the people, oldest first; the model's own are left out."""
    yield from _texts(request.get("system"))
    for message in request.get("messages") or ():
        if message.get("role") != "assistant":
            yield from _texts(message.get("content"))


def _blocks(request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for message in request.get("messages") or ():
        content = message.get("content")
        yield from content if isinstance(content, list) else ()


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for block in content if isinstance(content, list) else ():
        yield str(block.get("text") or "")
        # What a tool has answered.
        yield from _texts(block.get("content"))


def _sentences(text: str) -> list[str]:
    found = [match.strip() for match in _SENTENCE.findall(text)]
    return [sentence for sentence in found if sentence] or [text.strip()]


def _closest(subject: str, others: Sequence[str]) -> list[str]:
    """The sentences that share most words with the subject, in the order they were sent."""
    about = _topics(subject)
    ranked = sorted(range(len(others)), key=lambda i: (-len(about & _topics(others[i])), -i))
    return [_shortened(others[index]) for index in sorted(ranked[:MOST_QUOTED])]


def _topics(text: str) -> frozenset[str]:
    return frozenset(w.lower() for w in _WORD.findall(text) if len(w) >= LEAST_WORD)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SUBJECT else f"{text[:LONGEST_SUBJECT].rstrip()}…"
