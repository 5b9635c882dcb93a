"""A meeting ends: one of the cast's is held again, or a new one, and Fathom tells of it."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.sandbox.fathom.hooks import Delivery, Hooks
from integrations.sandbox.kit.world import Guest, Line, Meeting, Person, World

FIRST_ID = 735_000_000
SAID = (
    "Thanks for making the time today, I wanted to walk through the offer with you.",
    "We liked the demo. Our warehouse team needs the handheld scanners by the middle of March.",
    "That works. I will send you the offer for twelve scanners by Friday, with the discount.",
    "Good. Please put the yearly price in it, we think about nine thousand euros is our limit.",
    "Understood. Then let us speak again next Tuesday at ten, and I bring our technician along.",
    "Perfect, I will invite my colleague Jonas, who runs the warehouse, to that call as well.",
)
# New meetings: what the panel calls them.
NEW = {
    "customer": "A new one, with a customer",
    "colleagues": "A new one, among colleagues",
    "silent": "A new one, not transcribed yet",
}


class Endings:
    """Lets meetings end now; each is a recording of its own."""

    def __init__(self, world: World, hooks: Hooks) -> None:
        self.world, self._hooks = world, hooks
        self._ids: Iterator[int] = itertools.count(FIRST_ID)

    def choices(self) -> list[dict[str, Any]]:
        """Who may be chosen, each with the meetings that can end."""
        return [
            {
                "id": person.id,
                "name": person.real_name,
                "meetings": [
                    *({"id": kind, "title": title} for kind, title in NEW.items()),
                    *(
                        {"id": str(one.recording_id), "title": one.title}
                        for one in self.world.meetings_of(person)
                        if one.recording_id < FIRST_ID
                    ),
                ],
            }
            for person in self.world.people
            if person.fathom_key
        ]

    def end(self, person_id: str, which: str) -> tuple[Meeting, list[Delivery]]:
        """It ends now, and everybody's webhooks are told. ValueError for an unknown choice."""
        meeting = self.held(person_id, which)
        return meeting, self.ready(meeting)

    def held(self, person_id: str, which: str) -> Meeting:
        """One that ends now, and that Fathom does not know yet. ValueError as for `end`."""
        person = self.world.person(person_id)
        if person is None or not person.fathom_key:
            raise ValueError("nobody with this id has Fathom")
        return self._new(person, which) if which in NEW else self._again(person, which)

    def ready(self, meeting: Meeting) -> list[Delivery]:
        """Fathom has it now, and tells of it."""
        self.world.meetings.append(meeting)
        return self._hooks.tell(meeting)

    def transcribe(self, recording_id: int) -> Meeting:
        """What was said in a silent meeting is there now."""
        meeting = next(m for m in self.world.meetings if m.recording_id == recording_id)
        spoken = replace(meeting, lines=_lines(meeting.owner, meeting.guests[0]))
        self.world.meetings[self.world.meetings.index(meeting)] = spoken
        return spoken

    def forget(self) -> None:
        """Take back every meeting that ended."""
        self.world.meetings[:] = [m for m in self.world.meetings if m.recording_id < FIRST_ID]

    def _again(self, person: Person, which: str) -> Meeting:
        for meeting in self.world.meetings_of(person):
            if str(meeting.recording_id) == which:
                return self._now(meeting)
        raise ValueError("this person has no such meeting")

    def _new(self, person: Person, kind: str) -> Meeting:
        inside = [one for one in self.world.people if one.workspace_id == person.workspace_id]
        colleague = next(one for one in inside if one.id != person.id)
        guest = Guest("Petra Lindholm", "petra.lindholm@northwind-depot.example", is_external=True)
        if kind == "colleagues":
            guest = Guest(colleague.real_name, colleague.email, is_external=False)
        title = f"{guest.name} and {person.real_name}"
        lines = () if kind == "silent" else _lines(person, guest)
        return self._now(
            Meeting(
                recording_id=0,
                title=title,
                started_at=self.world.started_at,
                ended_at=self.world.started_at + timedelta(minutes=25),
                created_at=self.world.started_at,
                language="en",
                owner=person,
                guests=(guest,),
                lines=lines,
                viewers=frozenset({person.id}),
                calendar_title=title,
                summary=f"- The offer was discussed with {guest.name}",
            )
        )

    def _now(self, meeting: Meeting) -> Meeting:
        now = datetime.now(UTC)
        return replace(
            meeting,
            recording_id=next(self._ids),
            started_at=now - (meeting.ended_at - meeting.started_at),
            ended_at=now,
            created_at=now,
        )


def _lines(person: Person, guest: Guest) -> tuple[Line, ...]:
    voices = ((person.real_name, person.email), (guest.name or "Guest", guest.email))
    return tuple(
        Line(timedelta(seconds=12 * n), *_said(voices[n % 2], text)) for n, text in enumerate(SAID)
    )


def _said(voice: tuple[str, str | None], text: str) -> tuple[str, str, str | None]:
    return voice[0], text, voice[1]
