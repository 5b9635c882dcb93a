"""Commitments made in a meeting: who said they would do what, and who was asked and agreed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.evidence.said import Said, is_yes
from services.evidence.tokens import fold
from services.evidence.vocabulary import word_set

LINES_BACK = 2
# So few words say by themselves hardly what shall be done.
SHORT = 5

_I = r"(?:i|we)"
ENGLISH = re.compile(
    rf"\b(?:{_I}'ll|{_I} (?:will|shall|promised? to|agreed to)|(?:i'm|we're|i am|we are)"
    rf" (?:going to|happy to|sending|getting|putting|preparing)"
    rf"|{_I}'ve got to|{_I} (?:have|need) to|let me)\b"
)
SPOKEN = re.compile(rf"\b(?:{_I} can|{_I} could|{_I} should|{_I}'d)\b")
ENGLISH_READER = re.compile(r"\b(?:you'll|you will|you shall|you are going to|you're going to)\b")
ENGLISH_NAMED = re.compile(
    r"\b([a-z][\w'-]{1,30})(?: [a-z][\w'-]{1,30})? (?:will|shall|is going to|promised to|agreed to"
    r"|offered to|is sending|sends|is getting|is preparing|has to|needs to|owes)\b"
)
ITALIAN_FIRST = re.compile(
    r"\b(?!(?:pero|cio|verso|entro|oltre|prezzo|tempo|lavoro|accordo|ufficio)\b)"
    r"(?:\w{2,20}(?:ero|aro|iro|rro|remo)|mando|mandiamo|invio|inviamo|preparo|prepariamo|spedisco"
    r"|scrivo|scriviamo|chiamo|faccio|facciamo|porto|giro|condivido|aggiorno|verifico|chiedo|sento"
    r"|creo|creiamo|organizzo|confermo|fisso|propongo|metto|passo|parlo|rispondo|fornisco|consegno"
    r"|sostituiamo|formiamo|risento|richiamo)\b"
)
ITALIAN_READER = re.compile(
    r"\b(?:firmerete|manderete|invierete|riceverete|avrete|ricevera|avra|partite|manda te|mandate"
    r"|invia te|\w{3,20}(?:erete|arete|irete))\b"
)
ITALIAN_NAMED = re.compile(
    r"\b([a-z][\w'-]{1,30}) (?:(?:ci|mi|vi|le|gli|ve|ce|me|lo|la|si|ha) )*"
    r"(manda|invia|prepara|spedisce|scrive|chiama|fa|porta|gira|condivide|verifica|chiede|sente|parla"
    r"|mette|firma|risponde|decide|organizza|conferma|fissa|promesso|\w{2,20}(?:era|ira))\b"
)
_ASKS_EN = re.compile(r"\b(?:could|can|would|will|please)\b|\bsend (?:me|us|the)\b|\bneed you to\b")
_ASKS_IT = re.compile(
    r"\b(?:puo|puoi|potete|riuscite|riesce|riesci|potreste|potresti|potrebbe|manda(?:mi|ci)?|mandi"
    r"|inviate|mi serve|ci serve|fareste)\b"
)
_REFUSES = re.compile(
    r"\b(?:can't|cannot|won't|not promise|don't promise|not sure|no sorry|non lo prometto"
    r"|non prometto|non ce la|non posso|non possiamo|non riesco|non riusciamo|non firmiamo)\b"
)
# To somebody's request that is no yes; what is said with it may be promised all the same.
_PUTS_OFF = re.compile(
    r"\b(?:let me check|have to check|have to ask|devo sentire|devo chiedere|vediamo|let's see)\b"
)
_PROMISES = re.compile(
    r"\b(?:get back to|let you know|come back to|(?:vi|le|ti) faccio sapere|vi aggiorno)\b"
)
_DENIES = re.compile(r"\b(?:won't|will not|can't|cannot|non (?:\w+ ){0,2}\w+(?:iamo|o))\b")
HEDGES = re.compile(
    r"\b(?:might|maybe|perhaps|probably|try to|hope to|should be able|have to ask|forse|magari"
    r"|probabilmente|provo a|cerco di|spero|devo chieder\w*)\b"
)
TITLES = word_set(
    "mr mrs ms miss dr prof professor sir dame sig signor signora dott dottore dottoressa"
    " dott.ssa ing ingegner avv avvocato geom arch rag com comandante"
)
# Words of manner that every promise has.
FORMS = word_set("send sendi sends manda mando mande invio invia get getti give back come")


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody (`owner`, a folded first name) said they would do something, or agreed to.

    `about` are the words it was said with; `is_asked`: only asked for; `is_refused`: and refused.
    """

    owner: str
    said: Said
    about: frozenset[str]
    is_asked: bool = False
    is_refused: bool = False
    is_hedged: bool = False
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class _Meeting:
    said: tuple[Said, ...]
    people: frozenset[str]

    def after(self, line: Said) -> tuple[Said, ...]:
        following = self.said[line.at + 1 : line.at + 1 + LINES_BACK]
        return tuple(one for one in following if one.number)


def said_promises(said: tuple[Said, ...], people: frozenset[str]) -> tuple[Promise, ...]:
    """Every commitment that was made, asked for or refused in the meeting."""
    meeting = _Meeting(said, people)
    return tuple(one for line in said if line.number for one in _made(meeting, line))


def _made(meeting: _Meeting, said: Said) -> Iterator[Promise]:
    reading = said.reading
    speaker = first_name(said.speaker)
    text = aligned(reading.text)
    english = reading.language == "en"
    first, named = (ENGLISH, ENGLISH_NAMED) if english else (ITALIAN_FIRST, ITALIAN_NAMED)
    refuses = bool(_REFUSES.search(text)) and not _PROMISES.search(text)
    more = {
        "is_hedged": bool(HEDGES.search(text)),
        "is_conditional": reading.is_conditional,
        "is_refused": refuses or (_denies(text) and not _PROMISES.search(text)),
    }
    about = reading.stems
    if len(about) <= SHORT:
        about |= _context_of(meeting, said)
    owners = {match.group(1) for match in named.finditer(text)} & meeting.people
    for owner in owners:
        yield Promise(owner, said, reading.stems, **more)
    offers = english and bool(SPOKEN.search(text)) and not reading.is_question
    if offers or first.search(text) or (is_yes(reading) and not reading.is_question):
        yield Promise(speaker, said, about, **more)
    asks = _ASKS_EN if english else _ASKS_IT
    if asks.search(text):
        yield from _asked(meeting, said)


def _denies(text: str) -> bool:
    """Whether the line says that it will not be done."""
    return bool(
        re.search(r"\b(?:won't|will not|can't|cannot|non (?:\w+ ){0,2}\w+(?:iamo|o))\b", text)
    )


def _context_of(meeting: _Meeting, said: Said) -> frozenset[str]:
    """“I'll do that this afternoon”: the words of the lines before are meant as well."""
    before = [one for one in meeting.said[max(0, said.at - LINES_BACK) : said.at] if one.number]
    asked = [one for one in before if one.speaker != said.speaker]
    return frozenset().union(*(one.reading.stems for one in asked[-1:]))


def _asked(meeting: _Meeting, said: Said) -> Iterator[Promise]:
    """A request counts for whoever answers it with yes; refused, it is held against a claim."""
    for answer in meeting.after(said):
        if answer.speaker == said.speaker:
            continue
        text = aligned(answer.reading.text)
        owner = first_name(answer.speaker)
        refused = bool(_REFUSES.search(text) or _PUTS_OFF.search(text))
        about = said.reading.stems if refused else said.reading.stems | answer.reading.stems
        yes = not refused and is_yes(answer.reading)
        yield Promise(owner, answer, about, is_asked=not yes, is_refused=refused)
        return


def first_name(name: str) -> str:
    """How somebody is called in a sentence: no title, no surname."""
    words = [fold(word).rstrip(".") for word in name.split()]
    return next((word for word in words if word not in TITLES), "")


def aligned(text: str) -> str:
    """The text folded letter by letter, so that places stay the same."""
    if text.isascii():
        return text.lower()
    return "".join((fold(letter) or " ")[:1] for letter in text.replace("’", "'"))
