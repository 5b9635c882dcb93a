"""Times as transcripts write them."""

import re

# H:MM:SS.mmm, the hours and the fraction optional; Teams writes 0:0:13.540.
TIME = r"(?:(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?)"
# Teams' copied text also spells them: 1 hour 2 minutes 3 seconds.
SPELLED = (
    r"(?:(?:\d+ (?:hours?|or[ae]) ?)?(?:\d+ (?:minutes?|minut[oi]) ?)?\d+ (?:seconds?|second[oi]))"
)
_NUMBER = re.compile(r"\d+")
_UNITS = re.compile(r"(\d+) (h|o|m|s)")
_SECONDS = {"h": 3_600, "o": 3_600, "m": 60, "s": 1}


def seconds(text: str) -> float:
    """The time in seconds; minutes and seconds where there are two numbers."""
    if " " in text:
        return float(sum(int(number) * _SECONDS[unit] for number, unit in _UNITS.findall(text)))
    whole, _, fraction = text.replace(",", ".").partition(".")
    at = 0
    for part in _NUMBER.findall(whole):
        at = at * 60 + int(part)
    return float(f"{at}.{fraction or 0}")
