"""Rules without a model: whether a meeting is anybody's news, and holds a draft."""

import re
from collections.abc import Iterable

from services.meetings import Guest, Meeting, Spoken
from services.people import ASK, EXTERNAL, OFF, Member

# Why nothing begins by itself.
SWITCHED_OFF, COLLEAGUES, ABSENT, NO_OUTSIDER = "off", "colleagues", "absent", "no_outsider"
FOLLOWED, OLD, UNREADABLE = "followed", "old", "unreadable"
# Why it is asked instead of written.
SILENT, SHORT, NOBODY = "silent", "short", "nobody"

FEWEST_WORDS = 40
WORD = re.compile(r"[^\W\d_]+")


def why_quiet(member: Member, meeting: Meeting, own: frozenset[str]) -> str:
    """Why this meeting is told to nobody, "" when it is news; `own` are the firm's domains.

    Fathom's own mark of outsiders is unreliable: only addresses count where they are known.
    """
    choice = member.preferences.auto_start
    if choice == OFF:
        return SWITCHED_OFF
    if not meeting.mine:
        return ABSENT
    outside = [guest for guest in meeting.guests if _is_outside(guest, member, own)]
    if meeting.guests and not outside:
        return COLLEAGUES
    if choice == EXTERNAL and not outside:
        return NO_OUTSIDER
    return ""


def why_ask(member: Member, meeting: Meeting, spoken: tuple[Spoken, ...]) -> str:
    """Why no draft is written of what was said, "" when one can be."""
    if not spoken:
        return SILENT
    words = {word.lower() for line in spoken for word in WORD.findall(line.text)}
    if len(words) < FEWEST_WORDS:
        return SHORT
    inside = (member.name, meeting.recorder.name, *_names(meeting.guests, outside=False))
    known = {_folded(name) for name in inside if name}
    if all(_folded(line.speaker) in known for line in spoken):
        return NOBODY
    return ""


def begins(member: Member) -> bool:
    """Whether the member wants drafts written without being asked."""
    return member.preferences.auto_start not in (OFF, ASK)


def whom(meeting: Meeting) -> tuple[str, ...]:
    """The guests from outside as one speaks of them: by name, else by address."""
    return tuple(dict.fromkeys(_names(meeting.guests, outside=True)))


def _names(guests: Iterable[Guest], *, outside: bool) -> Iterable[str]:
    return (g.name or g.email for g in guests if g.is_external is outside and (g.name or g.email))


def _is_outside(guest: Guest, member: Member, own: frozenset[str]) -> bool:
    if not guest.email:
        return guest.is_external
    return guest.email not in member.addresses and guest.email.rpartition("@")[2] not in own


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
