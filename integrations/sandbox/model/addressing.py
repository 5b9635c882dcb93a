"""To whom the e-mail speaks: names to greet by, and the Italian form of address."""

import re
from collections.abc import Sequence

from integrations.sandbox.model.indirect import first_name
from integrations.sandbox.model.phrases import LEI, TU, VOI
from integrations.sandbox.model.reading import Brief, is_placeholder

_RESPECT = re.compile(
    r"\bLei\b|(?<=\w )(?:Suo|Sua|Suoi|Sue)\b|(?i:\b(?:le (?:mando|preparo|invio|faccio|spiego|porto"
    r"|mostro|scrivo|propongo|confermo)|la (?:ringrazio|chiamo|richiamo|aggiorno|sua)|il suo|le sue"
    r"|mi (?:dica|racconta|spiega)|guardi|senta|scusi|ha ragione|vuole|può)\b)"
)
_FRIENDSHIP = re.compile(
    r"\b(?:ti|te lo|te la|te li|tu|tuo|tua|tuoi|tue|puoi|vuoi|dimmi"
    r"|guarda|senti|raccontami|hai|scusa)\b",
    re.I,
)


def form_of_address(brief: Brief, recipients: int) -> str:
    """`voi` to several or to nobody in particular, else as one person is addressed."""
    return person_form(brief) if recipients == 1 else VOI


def person_form(brief: Brief) -> str:
    """`tu` or `lei` as the sender spoke in the meeting; by the tone when that does not show."""
    said = " ".join(u.text for u in brief.utterances if u.speaker == brief.sender)
    respect, friendship = (len(p.findall(said)) for p in (_RESPECT, _FRIENDSHIP))
    if respect == friendship:
        return TU if brief.wishes.tone == "friendly" else LEI
    return LEI if respect > friendship else TU


def names_to_greet(recipients: Sequence[str], most: int) -> tuple[str, ...]:
    """First names, each once; none when one is unknown or there are too many."""
    if any(not name or is_placeholder(name) for name in recipients) or len(recipients) > most:
        return ()
    return tuple(dict.fromkeys(map(first_name, recipients)))
