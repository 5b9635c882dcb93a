"""Turns what was said to the guests themselves: their `we` becomes `you`."""

import re

from integrations.sandbox.model.indirect import YOU, Voice, swap
from integrations.sandbox.model.verbs import LORO, PROMISE, VOI, italian_action

# What a guest says in the first person, turned to the one who said it.
_TO_YOU = {
    "i'm": "you are",
    "i've": "you have",
    "i'd": "you would",
    "i'll": "you will",
    "i am": "you are",
    "i was": "you were",
    "i": "you",
    "we're": "you are",
    "we've": "you have",
    "we'd": "you would",
    "we'll": "you will",
    "we": "you",
    "my": "your",
    "our": "your",
    "ours": "yours",
    "mine": "yours",
    "me": "you",
    "us": "you",
    "myself": "yourself",
    "ourselves": "yourselves",
}
_ONE_PERSON = {
    "en": re.compile(r"\b(?:i|i['’]\w+|my|mine|me|myself)\b", re.I),
    "it": re.compile(
        r"\b(?:io|ho|devo|voglio|posso|sono io|mi[oae]|miei|mie|mi|me|vorrei|preferisco"
        r"|aspetto)\b",
        re.I,
    ),
}
# An Italian guest who speaks to us: turning that round needs more than a list of words.
_TO_US_IT = re.compile(
    r"\b(?:vi|voi|vostr[oaie]|ti|tu|te|tuo|tua|lei|suo|sua|può|fate|avete)\b", re.I
)
# What a guest says of somebody who is absent stays between the two.
_ABSENT = re.compile(
    r"\b(?:my|our) (?:boss|chief|manager|owner|colleagues?|brother|sister|wife|husband|father"
    r"|mother)\b"
    r"|\b(?:mi[oa]|nostr[oa]) (?:capo|titolare|soci[oa]|collega|fratello|sorella|moglie|marito"
    r"|padre"
    r"|madre)\b",
    re.I,
)
_SPOKEN_TO = re.compile(r"\byou(?:rs?)?\b", re.I)
_ANYBODY = {
    "en": re.compile(r"\b(?:i|we|you|me|us|my|our|your|i['’]\w+|we['’]\w+|you['’]\w+)\b", re.I),
    "it": re.compile(
        r"\b(?:noi|ci|nostr[oaie]|voi|vi|vostr[oaie]|\w+iamo|\w+(?:ate|ete|ite))\b", re.I
    ),
}
# What is left of `we` and of one person's verbs once the known ones are turned.
_UNTURNED = re.compile(
    r"\b(?:\w+iamo|vi|chiamo|conto|dimentico|credo|temo|spero|penso|pensavo|preparo|mando"
    r"|firmo)\b",
    re.I,
)


def direct(text: str, voice: Voice) -> str:
    """A sentence as the sender writes it to the guests; "" when it cannot be turned to them."""
    clause = text.rstrip(".!…, ")
    is_single = not voice.mine and _ONE_PERSON[voice.language].search(clause)
    if is_single and (voice.inside or not voice.alone or voice.language == "it"):
        return ""
    if not voice.mine and not voice.inside:
        if _ABSENT.search(clause):
            return ""
        if voice.language == "it" and not _can_be_turned(clause):
            return ""
        clause = _to_you(clause, voice.language)
    return clause[:1].upper() + clause[1:]


def can_be_reported(text: str, language: str, *, is_mine: bool) -> bool:
    """Whether a colleague would understand of whom it speaks; `is_mine` is the sender's own."""
    if language == "en":
        return not (is_mine and _SPOKEN_TO.search(text))
    return is_impersonal(text, "it") if is_mine else _can_be_turned(text)


def is_impersonal(text: str, language: str) -> bool:
    """Whether a sentence speaks of nobody present."""
    return not (_ANYBODY[language].search(text) or _ONE_PERSON[language].search(text))


def asked(text: str, voice: Voice) -> str:
    """What a guest promised, as the sender asks that guest for it: `send us your list`."""
    match = PROMISE[voice.language].search(text)
    if match is None:
        return ""
    if voice.language == "en":
        return _to_you(match.group("act").rstrip(".!…"), "en")
    return _to_you(italian_action(match), "it")


def _to_you(clause: str, language: str) -> str:
    if language == "en":
        return swap(clause, {**_TO_YOU, **YOU, "you": "us"})
    return swap(clause, {**VOI, "voi": "noi", "vi": "ci"})


def _can_be_turned(text: str) -> bool:
    """Whether an Italian guest's sentence can be told in another person."""
    return not (_TO_US_IT.search(text) or _UNTURNED.search(swap(text, LORO)))
