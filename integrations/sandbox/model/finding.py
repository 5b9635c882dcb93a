"""Finds in a transcript what a follow-up is made of; every finding keeps its line's number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import repeat

from integrations.sandbox.model.dates import dates_in, spoken_time
from integrations.sandbox.model.indirect import OPENERS, first_name, fluent, is_sentence
from integrations.sandbox.model.reading import Brief, Utterance
from integrations.sandbox.model.telling import (
    is_actionable,
    is_tellable,
    shortened,
    without_vocatives,
)
from integrations.sandbox.model.verbs import PROMISE, italian_action

AMOUNT = re.compile(
    r"(?:[€$£]\s?\d[\d.,]*\d|[€$£]\s?\d)(?:\s?(?:k|m|thousand|million|mila|milion[ei]))?\b"
    r"|\b\d[\d.,]*\s?(?:thousand |million |mila |milioni di )?(?:euros?|dollars?|pounds|€"
    r"|percent\b|per cento|%)",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^a-z])")
_ADDRESS = re.compile(r"\S+@\S+|https?://", re.I)
_REQUEST = re.compile(r"\b(?:please|per favore|per cortesia)\b", re.I)
# Words meant for a machine are nothing that was discussed, and what is told in confidence is kept.
_ORDERS = re.compile(
    r"\bignor\w+ (?:all |your |the |my |previous |le |tutte )*(?:instruction|prompt|istruzion)\w*"
    r"|\bdon['’]t tell\b|\bbetween us\b|\boff the record\b|\b(?:detto|resti|rimanga) tra noi\b"
    r"|\bin confid(?:ence|enza)\b|\bdeveloper mode\b|\bsystem(?: prompt)?:|\breply only\b"
    r"|\brobot\b",
    re.I,
)
_NUMBER = re.compile(r"\d")
_MEETING = re.compile(
    r"\b(?:let['’]s (?:meet|talk|speak|catch up|have|do|say|put|plan|look|hold)|next (?:call"
    r"|meeting|session|demo|review|steering meeting)|(?:see|call|meet|speak to|talk to) you (?:on"
    r"|next|again)|(?:we|we['’]ll) (?:meet|speak|talk) (?:again )?on|book (?:a|the|our)|(?:meet"
    r"|speak|talk) again|follow-up (?:call|meeting)|ci (?:ri)?(?:sentiamo|vediamo|aggiorniamo"
    r"|troviamo|incontriamo)|prossim[oa] (?:incontro|riunione|call|chiamata|appuntamento)"
    r"|fissiamo|facciamo (?:il|una|un)? ?(?:punto|call|riunione|incontro)?)",
    re.I,
)
_YES = re.compile(
    r"\b(?:works|perfect|sounds good|great|fine|sure|agreed|deal|done|yes|see you|va bene"
    r"|perfett[oa]|d['’]accordo|ottimo|benissimo|certo|confermo|s[iì])\b",
    re.I,
)
_NO = re.compile(
    r"\b(?:can['’]?t|cannot|doesn['’]t work|won['’]t work|not sure|travelling|non posso|non "
    r"riesco|impossibile)\b",
    re.I,
)
TOOLS = re.compile(
    r"\b(?:SAP|Excel|Salesforce|HubSpot|Shopify|Odoo|Zucchetti|TeamSystem|WhatsApp|ERP|CRM|WMS"
    r"|MES|spreadsheets?|gestionale|fogli[oa]?|Google Sheets|Access|AS/?400"
    r"|Android|API|Teams|Outlook|QuickBooks|Xero|Sage|NetSuite|Magento"
    r"|WooCommerce|PLC|EDI)\b"
)
PAIN = re.compile(
    r"\b(?:problem\w*|issue\w*|slow\w*|error\w*|mistake\w*|los(?:e|es|ing|t)|wast\w+|by hand"
    r"|manual\w*|(?:came|comes?|arrives?|is|are|too) late|delay\w*|complain\w*|frustrat\w+"
    r"|struggl\w+|nightmare|duplicat\w+|missing"
    r"|errori|lent[oaie]|perdiamo|persi|a mano|manualmente|ritard\w+|difficil\w+|lament\w+"
    r"|sbagli\w*|doppi\w*|fatica\w*)\b",
    re.I,
)
COST = re.compile(
    r"\b(?:los[est]\w*|sav(?:e|es|ed|ing)|cost\w*|wast\w+|throw\w*|spen[dt]\w*|estimat\w+|takes?"
    r"|perd\w+|spend\w+|cost\w+|sprec\w+|butt\w+|risparmi\w+|richied\w+)\b",
    re.I,
)
IMPACT = re.compile(
    r"\b(?:a|per|every|each) (?:day|week|month|year|quarter|season)\b|\bhours?\b|\bore\b|\bal "
    r"(?:giorno|mese)\b|\ball['’]anno\b|\ba settimana\b|\bogni (?:giorno|mese|anno)\b",
    re.I,
)
VALUE = re.compile(
    r"\b(?:budget|quote|pric\w+|licen[cs]e\w*|contract|discount|worth|fee|preventiv\w+|prezz\w+"
    r"|canone|contratto|sconto|offerta|spesa)\b",
    re.I,
)
ROADBLOCK = re.compile(
    r"\b(?:(?:has|have|needs?|must) (?:to )?(?:approv\w+|sign\b|sign[ -]off)|(?:needs?"
    r"|waiting for|before) (?:the "
    r"|an |our )?(?:approval|sign-?off)|is blocked|block(?:s|ed) (?:until|by)|depends on"
    r"|until it arrives"
    r"|still has not|cannot \w+ (?:until|before)|procurement|è bloccat\w|dipende da|manca ancora"
    r"|deve (?:approv|autorizz|firm)\w+|in attesa d\w+)\b",
    re.I,
)
# A tool counts as theirs when they say that they use it.
USED = re.compile(
    r"\b(?:use[sd]?|using|run(?:s|ning)?|work with|live in|is in|are in|is on|are on|comes? from"
    r"|an? (?:old )?"
    r"|from|into|usiamo|usano|abbiamo|lavoriamo (?:con|su)|gestiamo (?:con|su)|è (?:in|su)"
    r"|sono (?:in|su)"
    r"|nel|su un)\s",
    re.I,
)
# Conditions, habits and refusals sound like promises.
_NO_PROMISE = re.compile(
    r"^(?:if|se|when|quando|unless)\b|\bnot?\b|\bnon\b|\bogni (?:volta|sera|mese)\b|\bla sera\b"
    r"|\bdi solito\b|\bvolte\b|\botherwise\b|\baltrimenti\b",
    re.I,
)
MOST_FACTS, MOST_ALIKE = 24, 0.6
# A promise that could not be told as one is no fact either.
_INTENTION = re.compile(r"\b(?:I|we)(?:['’]ll| will|['’]d|['’]m going to)\b", re.I)
_GREETING = re.compile(
    r"\bgood to (?:see|have)\b|^(?:see you|thank|hello|hi\b|good morning|grazie|buongiorno|ciao)",
    re.I,
)
FEWEST_WORDS, MOST_WORDS = 6, 28


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of one person."""

    number: int
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The next meeting as it was agreed, and the lines that show it."""

    day: date
    at: time | None
    lines: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that could be found; `facts` are the best sentences first."""

    promises: tuple[Said, ...]
    facts: tuple[Said, ...]
    agreement: Agreement | None


def find(brief: Brief) -> Findings:
    """Reads the whole transcript once; what was said among colleagues alone is passed over."""
    today = brief.held.date() if brief.held else None
    agreement = _agreement(brief, today)
    taken = set(agreement.lines) if agreement else set()
    promises, facts = [], []
    for said in map(_bare, _sentences(_shared(brief)), repeat(_names(brief))):
        if _is_promise(said, brief.spoken):
            if said.number not in taken or not _MEETING.search(said.text):
                promises.append(said)
        elif said.number not in taken and (weight := _weight(said, today, brief.spoken)) > 0:
            facts.append((weight, said))
    facts.sort(key=lambda pair: (-pair[0], pair[1].number))
    varied = _varied([said for _, said in facts])
    return Findings(_distinct(promises), _distinct(varied), agreement)


def about(words: str, brief: Brief) -> Said | None:
    """The sentence that says most about some words (`the price` also means sums of money)."""
    wanted = {w for w in re.findall(r"[^\W\d_]{3,}", words.lower()) if w not in _EMPTY_WORDS}
    wants_money = bool(VALUE.search(words))
    best: tuple[int, Said] | None = None
    for said in map(_bare, _sentences(brief.utterances), repeat(_names(brief))):
        spoken = set(re.findall(r"[^\W\d_]{3,}", said.text.lower()))
        score = 2 * len(wanted & spoken) + 3 * (wants_money and bool(AMOUNT.search(said.text)))
        score -= 2 * (said.text.endswith("?") or bool(_REQUEST.search(said.text)))
        if score > 1 and (best is None or score > best[0]):
            best = (score, said)
    return best[1] if best else None


_EMPTY_WORDS = frozenset({"the", "that", "our", "your", "about", "del", "della", "che", "nostro"})


def _sentences(utterances: Sequence[Utterance]) -> Iterator[Said]:
    for utterance in utterances:
        for sentence in _SENTENCE.split(utterance.text):
            if sentence.strip():
                yield Said(utterance.number, utterance.speaker, sentence.strip())


def _shared(brief: Brief) -> Sequence[Utterance]:
    """The lines from the first to the last of somebody from outside; all, if nobody is."""
    outside = {attendee.name for attendee in brief.attendees if attendee.is_outside}
    theirs = [i for i, row in enumerate(brief.utterances) if row.speaker in outside]
    if not theirs:
        return brief.utterances
    # Whoever answers a greeting or a question is still in the room.
    return brief.utterances[max(theirs[0] - 1, 0) : theirs[-1] + 2]


def _names(brief: Brief) -> frozenset[str]:
    """The first names by which somebody may be spoken to."""
    people = {u.speaker for u in brief.utterances} | {a.name for a in brief.attendees}
    return frozenset(first_name(name) for name in people if name)


def _bare(said: Said, names: frozenset[str]) -> Said:
    """The sentence without openers, vocatives and an afterthought; questions keep their mark."""
    text = without_vocatives(OPENERS.sub("", fluent(said.text)), names)
    mark = "?" if said.text.endswith("?") else ""
    return replace(said, text=shortened(text.rstrip("?")) + mark)


def _is_promise(said: Said, language: str) -> bool:
    if said.text.endswith("?") or _NO_PROMISE.search(said.text):
        return False
    match = PROMISE[language].search(said.text)
    if match is None:
        return False
    act = match.group("act") if language == "en" else italian_action(match)
    return is_actionable(act, language)


def _weight(said: Said, today: date | None, language: str) -> int:
    """How much a sentence is worth telling; zero or less when it is not."""
    words = len(said.text.split())
    if not FEWEST_WORDS <= words <= MOST_WORDS or said.text.endswith("?"):
        return 0
    if any(
        pattern.search(said.text)
        for pattern in (_ADDRESS, _MEETING, _ORDERS, _REQUEST, _GREETING, _INTENTION)
    ):
        return 0
    if not is_tellable(said.text, language) or not is_sentence(said.text, language):
        return 0
    weight = 3 * bool(AMOUNT.search(said.text)) + 2 * bool(PAIN.search(said.text))
    weight += sum(bool(p.search(said.text)) for p in (TOOLS, IMPACT, VALUE, ROADBLOCK, _NUMBER))
    return weight + any(True for _ in dates_in(said.text, today))


def _distinct(items: Sequence[Said]) -> tuple[Said, ...]:
    """At most one sentence of a line, so that no speaker fills the page."""
    return tuple({said.number: said for said in reversed(items)}.values())[::-1]


def _varied(items: Sequence[Said]) -> list[Said]:
    """The first items that say something different from each other."""
    chosen: list[tuple[frozenset[str], Said]] = []
    for said in items:
        words = frozenset(said.text.lower().split())
        if all(len(words & other) <= len(words) * MOST_ALIKE for other, _ in chosen):
            chosen.append((words, said))
        if len(chosen) == MOST_FACTS:
            break
    return [said for _, said in chosen]


def _agreement(brief: Brief, today: date | None) -> Agreement | None:
    if today is None:
        return None
    found: Agreement | None = None
    rows = brief.utterances
    for index, row in enumerate(rows):
        for sentence in _SENTENCE.split(row.text):
            day = next(dates_in(sentence, today), None)
            if day is None or not _MEETING.search(sentence):
                continue
            answers = [r for r in rows[index + 1 : index + 3] if r.speaker != row.speaker]
            if _accepted(sentence, answers):
                lines = (row.number, *(r.number for r in answers[:1]))
                at = spoken_time(sentence) or next(
                    (t for r in answers[:1] if (t := spoken_time(r.text))), None
                )
                found = Agreement(day, at, lines, sentence)
    return found


def _accepted(proposal: str, answers: Sequence[Utterance]) -> bool:
    if any(_NO.search(answer.text) for answer in answers[:1]):
        return False
    return not proposal.endswith("?") or any(_YES.search(answer.text) for answer in answers)


def starts_at(agreement: Agreement) -> str:
    """`YYYY-MM-DDTHH:MM`, or the date alone when no time was agreed."""
    if agreement.at is None:
        return agreement.day.isoformat()
    return datetime.combine(agreement.day, agreement.at).isoformat(timespec="minutes")
