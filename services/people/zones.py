"""The world's time zones, found by a city."""

import re
from functools import cache
from zoneinfo import available_timezones

# Fixed offsets and old names of whole countries have no city in them.
WITHOUT_CITY = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


def zones_like(typed: str, limit: int) -> tuple[str, ...]:
    """IANA names in which a word begins as each typed one, those of a city that does so first."""
    words = _words(typed)
    found = [name for name in _names() if all(_begins(name, word) for word in words)]
    first = words[0]
    return tuple(sorted(found, key=lambda name: (not _of_city(name, first), name))[:limit])


@cache
def _names() -> tuple[str, ...]:
    return tuple(
        sorted(
            name
            for name in available_timezones()
            if "/" in name and not name.startswith(WITHOUT_CITY)
        )
    )


def _words(name: str) -> list[str]:
    return re.split(r"[\s/_-]+", name.casefold().strip())


def _begins(name: str, word: str) -> bool:
    return any(part.startswith(word) for part in _words(name))


def _of_city(name: str, word: str) -> bool:
    return _words(name.rpartition("/")[2])[0].startswith(word)
