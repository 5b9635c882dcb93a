"""A false claim planted into a draft: what a model invents at its worst, for those who check it."""

import json
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from integrations.sandbox.kit.faults import FaultKind
from integrations.sandbox.model.dates import DAYS, MONTHS, written_out

PLANTED_KINDS = (
    FaultKind("wrong_amount", "Draft names a wrong amount"),
    FaultKind("wrong_day", "Draft is a day off"),
    FaultKind("wrong_week", "Draft is a week off"),
    FaultKind("wrong_owner", "Draft names the wrong person"),
)
YEARS = range(2024, 2040)

_AMOUNT = re.compile(r"(?<![\d.,])(?:[£$€]\s?)?\d{1,3}(?:[.,]\d{3})+(?![\d.,]*\d)|[£$€]\s?\d{2,6}")
_DIGITS = re.compile(r"\d")
_DATES = {
    language: re.compile(
        rf"\b(?:{'|'.join(DAYS[language])}) (\d{{1,2}}) ({'|'.join(MONTHS[language])})\b"
    )
    for language in ("en", "it")
}
_MINE = re.compile(r"\bI will\b|\bI’ll\b")
_GREETED = re.compile(r"^(?:Hi|Hello|Dear|Ciao|Buongiorno|Gentile) ([A-Z][\w'’]+)")
_INSTEAD = {
    "wrong_amount": ("The total comes to £84,210.", "In tutto sono 84.210 euro."),
    "wrong_day": ("Let us speak on Sunday 3 January.", "Sentiamoci domenica 3 gennaio."),
    "wrong_week": ("Let us speak on Sunday 3 January.", "Sentiamoci domenica 3 gennaio."),
    "wrong_owner": (
        "Bartholomew will send the signed contract.",
        "Bartolomeo ci manda il contratto firmato.",
    ),
}


def planted(answer: str, kind: str) -> str:
    """The answer's JSON with one fact of its e-mail made wrong; a sentence more if it has none."""
    try:
        draft = json.loads(answer)
        body = draft["body"]
    except (ValueError, KeyError, TypeError):
        return answer
    wrong = _WAYS[kind](body)
    if wrong == body:
        greeting, _, rest = body.partition("\n\n")
        sentence = _INSTEAD[kind][_is_italian(body)]
        wrong = f"{greeting}\n\n{sentence}\n\n{rest}"
    draft["body"] = wrong
    return json.dumps(draft, ensure_ascii=False)


def _amount(body: str) -> str:
    """The first amount with its first two different digits swapped, or one more."""
    return _AMOUNT.sub(lambda found: _other_digits(found.group()), body, count=1)


def _other_digits(amount: str) -> str:
    first, *rest = [found.start() for found in _DIGITS.finditer(amount)]
    other = next((at for at in rest if amount[at] not in (amount[first], "0")), None)
    signs = list(amount)
    if other is None:
        signs[first] = str(int(amount[first]) % 9 + 1)
    else:
        signs[first], signs[other] = signs[other], signs[first]
    return "".join(signs)


def _later(days: int) -> Callable[[str], str]:
    """The first day written out moved by so many days, its weekday with it."""

    def move(body: str) -> str:
        for language, pattern in _DATES.items():
            body = pattern.sub(partial(_moved, language=language, days=days), body, count=1)
        return body

    return move


def _moved(found: re.Match[str], language: str, days: int) -> str:
    month = MONTHS[language].index(found.group(2)) + 1
    years = (year for year in YEARS if int(found.group(1)) <= monthrange(year, month)[1])
    candidates = (date(year, month, int(found.group(1))) for year in years)
    day = next((one for one in candidates if written_out(one, language) == found.group()), None)
    return written_out(day + timedelta(days=days), language) if day else found.group()


def _owner(body: str) -> str:
    """What the sender promised is laid upon whoever is greeted."""
    greeted = _GREETED.match(body)
    if greeted is None:
        return body
    return _MINE.sub(f"{greeted.group(1)} will", body, count=1)


def _is_italian(body: str) -> bool:
    return bool(re.search(r"\b(?:grazie|che|per|con|della|incontro)\b", body))


_WAYS = {
    "wrong_amount": _amount,
    "wrong_day": _later(1),
    "wrong_week": _later(7),
    "wrong_owner": _owner,
}
