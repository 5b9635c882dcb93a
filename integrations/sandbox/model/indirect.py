"""Turns what somebody said into what the sender reports about it."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from integrations.sandbox.model.verbs import LORO, PROMISE, italian_action

OPENERS = re.compile(
    r"^(?:(?:one thing|another thing|then|yes|yeah|no|well|so|ok|okay|right|great|perfect|sure"
    r"|and|but|also|actually|honestly|exactly|absolutely|first|sì|si|bene|allora|certo|perfetto"
    r"|on another topic|ottimo|ok|guarda|guardi|ecco|quindi|esatto|infatti|poi|comunque"
    r"|beh)\b[\s,.:;!]*)+",
    re.I,
)
_TITLES = ("Sir", "Dr", "Prof", "Dott.ssa", "Mr", "Mrs", "Ms")
_ROLES = frozenset(
    (
        "manager",
        "designer",
        "interface",
        "speaker",
        "board",
        "team",
        "engineer",
        "director",
        "office",
    )
)
# What people say while they think: fillers, broken-off and doubled words.
_FILLERS = re.compile(r"(?:^|(?<=\s))(?:u+h*m+|u+h+|e+r+m*|m+-?h*m+|hm+)\b[\s,]*", re.I)
# `lo lose`, yet not `to tomorrow`, `in India` or `don't tell`.
_BROKEN_OFF = re.compile(
    r"(?<!['’])\b(?!(?:an?|i[nst]?|on?|to|the|at|as|so|we|be|or|no|do|he|me|my|per|con|un|di|da|su|il"
    r"|l[aoei]|e) )(\w{1,4}) (?=\1\w)",
    re.I,
)
_DOUBLED = re.compile(r"\b(\w+)(?: \1\b)+", re.I)
# `For small sites, three of our clients said`: the verb comes behind the comma.
_ADVERBIAL = re.compile(
    r"^(?:if|for|in|on|at|with|last|next|every|each|since|from|when|while|after|before|overall"
    r"|today"
    r"|se|per|con|quando|ogni|a|ad|nel|nella|dal|dopo|prima|oggi|l['’]anno)\b",
    re.I,
)
FEWEST_IN_CLAUSE = 3
_HAS_VERB = {
    "en": re.compile(
        r"\b(?:is|are|was|were|be|been|am|has|have|had|do|does|did|can|could|will|would|should"
        r"|must|may|costs?|needs?|wants?|goes|go|gets?|loses?|runs?|uses?|takes?|comes?|knows?"
        r"|ends?|begins?|expires?|leaves?|slips?|saves?|lasts?|stands?|covers?|includes?|fits?"
        r"|thinks?|makes?|counts?|works?|means?|says?|depends?|keeps?|pays?|hangs?|puts?|went"
        r"|lost|sold|bought|found|left|told|took|made|ran|came|got|(?:they|we|i|he|she) \w+"
        r"|(?<=[a-z\d] )\w{3,}ed|\w+['’](?:s|re|ve|ll|m|d))\b",
        re.I,
    ),
    "it": re.compile(
        r"\b(?!(?:italiano|mano|piano|sano|buono|tono|telefono|fuoribordo|lontano)\b)(?:è|e['’]"
        r"|sono|ha|hanno|ho|va|vanno|fa|può|deve|serve|\w{2,}(?:ano|ono|iamo|ava|eva"
        r"|avano)|costa|manca|resta|dura|dipende|ci sta|vuole|usa|vale|apre|conta|contano"
        r"|spariscono|legge|decide|comprende|arriva"
        r"|chiede|scrive|perde|misura|avvisa|passa|riguarda)\b",
        re.I,
    ),
}
_THEY = {
    "i'm": "they are",
    "i've": "they have",
    "i'd": "they would",
    "i'll": "they will",
    "i am": "they are",
    "i was": "they were",
    "i": "they",
    "we're": "they are",
    "we've": "they have",
    "we'd": "they would",
    "we'll": "they will",
    "we": "they",
    "my": "their",
    "our": "their",
    "ours": "theirs",
    "mine": "theirs",
    "me": "them",
    "us": "them",
}
_SINGULAR = ("i", "i am", "i was", "my", "mine", "me")
YOU = {
    "you're": "we are",
    "you've": "we have",
    "you'll": "we will",
    "you'd": "we would",
    "your": "our",
    "yours": "ours",
}
# `let you know`: whoever is let is no subject.
_LET = re.compile(r"\b(?:let|make|help|have|get|tell|show|give|ask|send) $", re.I)
_BEFORE_SUBJECT = re.compile(
    r"(?:^|[,;:] |\b(?:and|as|because|before|can|could|did|do|how|if|once|or|than|that|unless"
    r"|until|what|when|where|which|while|will|would) )$",
    re.I,
)
_SUBJECT_VERB = re.compile(
    r" (?:can|could|will|would|have|are|do|did|need|want|should|know|said|get|see|charge|use|come"
    r"|go|make|take|think|find|look)\b",
    re.I,
)
TO_US = re.compile(r"\bvoi\b", re.I)
_MIDDLE_CAPITAL = re.compile(r"(?<=[a-zà-ù,] )[A-ZÀ-Ù][\w-]*")
_GIVEN_TO = re.compile(
    r"^(send|e-?mail|show|give|ship|bring|forward|share|get|offer|prepare) (?:you|us|him|her"
    r"|them) (?=\w+ \w)",
    re.I,
)


def first_name(name: str) -> str:
    """The first part of a name that is no title and no emoji; a role is named in full."""
    if _ROLES & set(name.lower().split()):
        return name
    parts = [part for part in name.split() if any(map(str.isalpha, part))]
    given = [part for part in parts if not part.endswith(".") and part not in _TITLES]
    return next(iter(given or parts), name)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, as the sender sees it: `mine` the sender, `inside` a colleague, else a guest.

    `alone` is a guest who is the only reader; `proper` are the words that keep their capital at the
    beginning of a clause.
    """

    language: str
    mine: bool
    inside: bool
    proper: frozenset[str] = frozenset()
    alone: bool = False


def proper_words(texts: Iterable[str]) -> frozenset[str]:
    """Words written with a capital in the middle of a sentence."""
    return frozenset(word for text in texts for word in _MIDDLE_CAPITAL.findall(text)) | {"I"}


def fluent(text: str) -> str:
    """The sentence without fillers, broken-off words and doubled words."""
    text = _BROKEN_OFF.sub("", _FILLERS.sub("", text))
    return " ".join(_DOUBLED.sub(r"\1", text).split())


def is_sentence(text: str, language: str) -> bool:
    """Whether a clause can stand alone: its first part has something like a verb."""
    if _ADVERBIAL.match(text):
        return bool(_HAS_VERB[language].search(text))
    first, comma, _ = text.partition(", ")
    if comma and len(first.split()) < FEWEST_IN_CLAUSE:
        return False
    return bool(_HAS_VERB[language].search(first))


def reported(text: str, voice: Voice) -> str:
    """A sentence in indirect form."""
    clause = OPENERS.sub("", fluent(text)).rstrip(".!…, ") or text
    if not voice.mine:
        is_english = voice.language == "en"
        clause = (_english if is_english else _italian)(clause, voice.inside)
    return _lower_first(clause, voice.proper)


def promised(text: str, voice: Voice) -> str:
    """What was promised, behind `will` (English) or as an infinitive (Italian)."""
    match = PROMISE[voice.language].search(fluent(text))
    if match is None:
        return reported(text, voice)
    if voice.language == "it":
        act = italian_action(match)
        return act if voice.mine or voice.inside else TO_US.sub("noi", act)
    act = match.group("act").rstrip(".!…")
    return act if voice.mine else _english(act, voice.inside)


def neutral(act: str) -> str:
    """A promise without whom it was made to: `send you a quote` → `send a quote`."""
    return _GIVEN_TO.sub(r"\1 ", act)


def _english(clause: str, inside: bool) -> str:
    if inside:
        return swap(clause, {w: o for w, o in _THEY.items() if w.split("'")[0] in _SINGULAR})
    return swap(clause, {**_THEY, **YOU, "you": "us"})


def _italian(clause: str, inside: bool) -> str:
    if inside:
        return clause
    return swap(clause, LORO)


def swap(clause: str, table: Mapping[str, str]) -> str:
    """Replaces whole words in one pass, so that nothing is swapped twice."""
    words = "|".join(sorted(map(re.escape, table), key=len, reverse=True))

    def other(match: re.Match[str]) -> str:
        word = match.group().lower()
        if word == "you" and _is_subject(match):
            return "we"
        return table[word]

    return re.sub(rf"(?<![\w'])(?:{words})(?!\w)", other, clause.replace("\u2019", "'"), flags=re.I)


def _is_subject(you: re.Match[str]) -> bool:
    if _LET.search(you.string[: you.start()]):
        return False
    if _SUBJECT_VERB.match(you.string, you.end()):
        return True
    return bool(_BEFORE_SUBJECT.search(you.string[: you.start()]))


def _lower_first(clause: str, proper: Set[str]) -> str:
    """A clause goes on in lower case, unless it begins with a name, a number or an acronym."""
    first = re.split(r"[\s,:']", clause, maxsplit=1)[0]
    is_ordinary = first not in proper and first[1:] == first[1:].lower()
    return clause[:1].lower() + clause[1:] if is_ordinary else clause
