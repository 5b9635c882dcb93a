"""Writes the follow-up e-mail from what was found, statement by statement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrations.sandbox.model.dates import with_dates, written_out
from integrations.sandbox.model.finding import Agreement, Findings, Said, about
from integrations.sandbox.model.indirect import (
    Voice,
    first_name,
    is_sentence,
    neutral,
    promised,
    proper_words,
    reported,
)
from integrations.sandbox.model.phrases import PHRASES
from integrations.sandbox.model.reading import Brief

# Facts and promises told, by the length asked for.
SIZES = {"tiny": (0, 2), "short": (2, 3), "medium": (4, 5), "long": (7, 8), "full": (10, 12)}
MOST_NAMES = 3
MOST_TITLE = 120
_NEXT = ("next", "step", "action", "to do", "todo", "pross", "azion", "passi")
_AGAIN = ("meeting", "date", "call", "when", "incontro", "appuntamento", "quando")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the e-mail with the numbers of the lines that support it."""

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The e-mail, and the statements in it that carry a fact, word for word."""

    subject: str
    body: str
    statements: tuple[Statement, ...]


class Writer:
    """Writes one letter in the language, tone and length of its brief."""

    def __init__(self, brief: Brief, findings: Findings) -> None:
        self._brief = brief
        self._findings = findings
        self._wishes = brief.wishes
        self._words = PHRASES[brief.wishes.language]
        self._today = brief.held.date() if brief.held else None
        names = " ".join(u.speaker for u in brief.utterances)
        self._proper = proper_words(u.text for u in brief.utterances) | set(names.split())
        self._inside = {a.name for a in brief.attendees if not a.is_outside} | {brief.recorder}

    def letter(self) -> Letter:
        """The whole e-mail."""
        facts, steps = SIZES[self._wishes.length]
        told = self._shown(self._findings.facts[:facts])
        discussed = [self.fact(said, turn) for turn, said in enumerate(told)]
        promises = [self.promise(said) for said in self._shown(self._findings.promises[:steps])]
        again = [self.next_meeting(self._findings.agreement)] if self._findings.agreement else []
        extra = list(self._extra())
        parts = self._outlined(discussed, promises, again) or [
            *self._section(self._words.discussed, discussed),
            *self._section(self._words.agreed, promises),
            *(statement.text for statement in again),
        ]
        body = "\n\n".join(
            [
                self.greeting(),
                self._words.opening[self._wishes.tone],
                *parts,
                *(statement.text for statement in extra),
                *([] if self._wishes.length == "tiny" else [self._words.nothing]),
                self._words.closing[self._wishes.tone],
            ]
        )
        return Letter(self.subject(), body, (*discussed, *promises, *again, *extra))

    def subject(self) -> str:
        """The subject: what was asked for, else the meeting's title in the tone's frame."""
        title = self._brief.title or self._words.untitled
        if len(title) > MOST_TITLE:
            title = title[:MOST_TITLE].rsplit(" ", 1)[0] + "…"
        return self._wishes.subject or self._words.subject[self._wishes.tone].format(title=title)

    def greeting(self) -> str:
        """By first name, up to three; everybody when there are more or none."""
        names = list(dict.fromkeys(first_name(name) for name in self._brief.guests))
        shown = self._listed(names) if 0 < len(names) <= MOST_NAMES else self._words.nobody
        return self._words.greeting[self._wishes.tone].format(names=shown)

    def fact(self, said: Said, turn: int = 0) -> Statement:
        """What somebody told, in indirect form; quoted when it must not be translated."""
        name = first_name(said.speaker)
        if self._is_foreign():
            return Statement(f"{name} {self._words.foreign}: «{said.text}»", (said.number,))
        text = reported(said.text, self._voice(said))
        told = self._words.said[turn % len(self._words.said)]
        lead = self._words.mine if self._mine(said) else f"{name} {told}"
        if not is_sentence(text, self._brief.spoken):
            lead = self._words.aside if self._mine(said) else f"{name}:"
        return Statement(f"{lead} {self._dated(text)}.", (said.number,))

    def told(self, said: Said, turn: int = 0) -> str:
        """The same for a colleague: nobody is `I`."""
        text = self.fact(said, turn).text
        if not self._mine(said) or self._is_foreign():
            return text
        name, lead = first_name(said.speaker), self._words.said[turn % len(self._words.said)]
        text = text.replace(self._words.aside, f"{name}:", 1)
        return text.replace(self._words.mine, f"{name} {lead}", 1)

    def promise(self, said: Said) -> Statement:
        """Who does what by when."""
        name = first_name(said.speaker)
        if self._is_foreign():
            return Statement(f"{name}: «{self._dated(said.text)}»", (said.number,))
        lead = self._words.my_promise
        if not self._mine(said):
            gap = "" if self._words.promise == ":" else " "
            lead = f"{name}{gap}{self._words.promise}"
        return Statement(f"{lead} {self.action(said)}.", (said.number,))

    def action(self, said: Said) -> str:
        """What was promised, without who promised it."""
        return self._dated(promised(said.text, self._voice(said)))

    def task(self, said: Said) -> str:
        """The same as a task in a list: `Send a quote by Friday 27 November`."""
        act = self._dated(neutral(promised(said.text, self._voice(said))))
        return act[:1].upper() + act[1:]

    def next_meeting(self, agreement: Agreement, tone: str = "") -> Statement:
        """The sentence about the next meeting."""
        when = written_out(agreement.day, self._language)
        if agreement.at:
            when += f" {self._words.at} {agreement.at:%H:%M}"
        text = self._words.next_meeting[tone or self._wishes.tone].format(when=when)
        return Statement(text, agreement.lines)

    def summary(self) -> str:
        """Three to six sentences for a colleague."""
        title = self._brief.title or self._words.untitled
        guests = self._listed([*self._brief.guests[:MOST_NAMES]]) or self._words.nobody
        sender = self._brief.sender or "We"
        first = self._words.met.format(sender=sender, guests=guests, title=title)
        told = [self.told(s, turn) for turn, s in enumerate(self._findings.facts[:3])]
        promises = self._findings.promises[:3]
        steps = "; ".join(f"{first_name(s.speaker)}: {self.task(s)}" for s in promises)
        sentences = [first, *told]
        if steps:
            sentences.append(self._words.steps.format(steps=steps))
        if self._findings.agreement:
            sentences.append(self.next_meeting(self._findings.agreement, "formal").text)
        return " ".join(sentences)

    @property
    def _language(self) -> str:
        return self._wishes.language

    def _extra(self) -> Iterator[Statement]:
        if self._wishes.mention:
            yield self._mentioned(self._wishes.mention)
        if self._wishes.context:
            yield Statement(_sentence(self._wishes.context), ())

    def _mentioned(self, topic: str) -> Statement:
        found = about(topic, self._brief)
        if found is None or topic.lower().startswith(("that ", "che ")):
            words = topic.removeprefix("that ").removeprefix("che ").rstrip(".")
            return Statement(self._words.also.format(text=words), ())
        text = self.fact(found).text.rstrip(".")
        return Statement(self._words.about.format(topic=topic, text=text), (found.number,))

    def _outlined(
        self, told: list[Statement], steps: list[Statement], again: list[Statement]
    ) -> list[str]:
        """The same statements under the headings of the sender's own outline."""
        parts: list[str] = []
        rest = list(told)
        for heading in self._wishes.outline:
            low = heading.lower()
            if any(word in low for word in _NEXT):
                chosen, steps = steps, []
            elif any(word in low for word in _AGAIN) and again:
                chosen, again = again, []
            else:
                chosen, rest = rest[:2], rest[2:]
            parts += self._section(heading, chosen)
        left = [*rest, *steps, *again] if parts else []
        return [*parts, *(statement.text for statement in left)]

    def _section(self, heading: str, statements: Sequence[Statement]) -> list[str]:
        if not statements:
            return []
        return ["\n".join([f"{heading}:", *(f"- {s.text}" for s in statements)])]

    def _shown(self, items: Sequence[Said]) -> list[Said]:
        return sorted(items, key=lambda said: said.number)

    def _dated(self, text: str) -> str:
        language = self._brief.spoken if self._is_foreign() else self._language
        return with_dates(text, self._today, language)

    def _is_foreign(self) -> bool:
        return self._language != self._brief.spoken

    def _voice(self, said: Said) -> Voice:
        ours = said.speaker in self._inside
        return Voice(self._brief.spoken, self._mine(said), ours, self._proper)

    def _mine(self, said: Said) -> bool:
        return said.speaker == self._brief.sender

    def _listed(self, names: Sequence[str]) -> str:
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self._words.joiner} {names[-1]}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
