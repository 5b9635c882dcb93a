"""The subject of the e-mail: what the guests get by when, never the meeting's own title."""

import re
from collections.abc import Sequence
from datetime import date

from integrations.sandbox.model.dates import deadline, spoken_dates, written_out
from integrations.sandbox.model.phrases import PHRASES

MOST_SUBJECT = 60
# What is sent or made: the thing the e-mail is about.
_THING = {
    "en": re.compile(
        r"^(?:send|prepare|share|write|forward|email)(?: you| us)? (?:an?|the|our|your|my) "
        r"((?:[\w-]+ ){0,2}?[\w-]+)(?= (?:with|of|for|on|in|by|before|until|where|and|to|from"
        r"|tomorrow"
        r"|today|this|next)\b|[,.]|$)",
        re.I,
    ),
    "it": re.compile(
        r"^(?:mandare|preparare|inviare|condividere|scrivere|inoltrare) (?:un['’]|una |un |il "
        r"|la |lo |l['’])"
        r"((?:[\w-]+ )??[\w-]+)(?= (?:con|di|del|per|su|in|entro|prima|e|a|domani|oggi)\b|[,.]|$)",
        re.I,
    ),
}
# Things that need no second word to be known.
_KNOWN_THINGS = re.compile(
    r"(?:quote|offer|recording|minutes|proposal|contract|agenda|summary|report|invoice|preventivo"
    r"|offerta|contratto|verbale|proposta|fattura|registrazione|video)",
    re.I,
)


def subject_of(
    acts: Sequence[str], again: date | None, *, today: date | None, language: str
) -> str:
    """The first thing that the sender will send by a day, else the next meeting."""
    words = PHRASES[language]
    subjects = [
        words.subject_due.format(thing=thing, when=written_out(day, language))
        for act in acts
        if (thing := _thing(act, today, language)) and (day := deadline(act, today))
    ]
    if again:
        subjects.append(words.subject_meeting.format(when=written_out(again, language)))
    return next((s for s in subjects if len(s) <= MOST_SUBJECT), words.subject)


def _thing(act: str, today: date | None, language: str) -> str:
    """`Revised quote`, of `send you a revised quote by Friday`; "" when nobody would know it."""
    found = _THING[language].match(act)
    if found is None or spoken_dates(found.group(1), today):
        return ""
    thing = found.group(1)
    is_known = " " in thing or _KNOWN_THINGS.fullmatch(thing)
    return thing[:1].upper() + thing[1:] if is_known else ""
