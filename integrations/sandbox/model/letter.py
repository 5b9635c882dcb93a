"""Writes the follow-up e-mail from what was found, statement by statement."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from integrations.sandbox.model.addressing import form_of_address, names_to_greet, person_form
from integrations.sandbox.model.dates import deadline, with_dates, written_out
from integrations.sandbox.model.direct import asked, can_be_reported, direct, is_impersonal
from integrations.sandbox.model.finding import Agreement, Findings, Said, about
from integrations.sandbox.model.indirect import (
    Voice,
    first_name,
    neutral,
    promised,
    proper_words,
    reported,
)
from integrations.sandbox.model.phrases import PHRASES
from integrations.sandbox.model.reading import Brief, is_placeholder
from integrations.sandbox.model.subject import subject_of

# Facts and promises told, by the length asked for.
SIZES = {"tiny": (0, 1), "short": (2, 2), "medium": (4, 5), "long": (7, 8), "full": (10, 12)}
MOST_NAMES = 3
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
        words = proper_words(u.text for u in brief.utterances) | set(names.split())
        self._proper = words if brief.spoken == "en" else words - {"I"}
        self._inside = {a.name for a in brief.attendees if not a.is_outside} | {brief.recorder}
        self._form = form_of_address(brief, len(brief.recipients))
        # Who never spoke was perhaps not there: then nobody is `we` and nobody `you`.
        spoke = any(u.speaker == brief.sender for u in brief.utterances)
        self._was_there = spoke or not brief.sender

    def letter(self) -> Letter:
        """The whole e-mail."""
        facts, steps = SIZES[self._wishes.length]
        discussed = self._shown(self._findings.facts, self.point, facts)
        request = self._request()
        rest = (said for said in self._findings.promises if request is None or said != request[0])
        promises = self._shown(rest, self.promise, steps - (request is not None))
        again = [self.next_meeting(self._findings.agreement)] if self._findings.agreement else []
        extra = list(self._extra())
        parts = self._outlined(discussed, promises, again) or [
            *self._section(self._words.discussed, discussed),
            *self._section(self._words.agreed, promises),
            *(statement.text for statement in again),
        ]
        ask = [request[1]] if request else []
        body = "\n\n".join(
            [
                self.greeting(),
                self._opening(is_recap=bool(discussed or promises)),
                *parts,
                *(statement.text for statement in (*extra, *ask)),
                *self._ending(asks=bool(ask), tells=bool(parts)),
                self._words.closing[self._wishes.tone],
            ]
        )
        return Letter(self.subject(), body, (*discussed, *promises, *again, *extra, *ask))

    def subject(self) -> str:
        """What was asked for, else what the sender will send by when, else the next meeting."""
        if self._wishes.subject:
            return self._wishes.subject
        mine = (said for said in self._findings.promises if self._mine(said))
        acts = [] if self._is_foreign() else [promised(s.text, self._voice(s)) for s in mine]
        agreement = self._findings.agreement
        again = agreement.day if agreement else None
        return subject_of(acts, again, today=self._today, language=self._language)

    def greeting(self) -> str:
        """The recipients by first name, up to three; without names when one is unknown."""
        recipients, tone = self._brief.recipients, self._wishes.tone
        names = names_to_greet(recipients, MOST_NAMES)
        if not names and len(recipients) < 2:
            return self._words.hello
        greeting = self._words.greeting
        shown = self._listed(names) or self._words.everybody
        return greeting.get(f"{tone}.{self._form}", greeting[tone]).format(names=shown)

    def point(self, said: Said) -> Statement | None:
        """What was said, as the sender writes it to the guests; None when it cannot be told."""
        if self._is_foreign():
            return self._quoted(said)
        if not self._was_there and not is_impersonal(said.text, self._brief.spoken):
            return None
        text = direct(said.text, self._voice(said))
        return Statement(f"{self._dated(text)}.", (said.number,)) if text else None

    def report(self, said: Said, turn: int = 0) -> str:
        """The same for a colleague, who reads who said it; "" when it cannot be told."""
        if self._is_foreign():
            return ""
        if is_placeholder(said.speaker):
            is_fact = is_impersonal(said.text, self._brief.spoken)
            return f"{self._dated(said.text)}." if is_fact else ""
        if not can_be_reported(said.text, self._brief.spoken, is_mine=self._mine(said)):
            return ""
        ours = self._mine(said) or said.speaker in self._inside
        voice = Voice(self._brief.spoken, mine=False, inside=ours, proper=self._proper)
        lead = self._words.said[turn % len(self._words.said)]
        return f"{first_name(said.speaker)} {lead} {self._dated(reported(said.text, voice))}."

    def promise(self, said: Said) -> Statement | None:
        """Who does what by when; None when nobody can be named for it."""
        if self._is_foreign():
            return self._quoted(said)
        name, words = first_name(said.speaker), self._words
        if self._mine(said):
            form, act = words.my_promise, promised(said.text, self._voice(said))
        elif self._is_only_reader(said):
            form, act = words.your_promise, asked(said.text, self._voice(said))
        elif is_placeholder(said.speaker) or not self._was_there:
            return None
        elif said.speaker in self._brief.recipients:
            form, act = words.named_promise, asked(said.text, self._voice(said))
        else:
            form, act = words.promise, promised(said.text, self._voice(said))
        values = {"name": name, "act": self._dated(act), **words.address[self._form]}
        return Statement(form.format(**values), (said.number,))

    def task(self, said: Said) -> str:
        """What was promised as a task in a list: `Send a quote by Friday 27 November`."""
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
        """Up to six sentences for a colleague."""
        title = self._brief.title or self._words.untitled
        guests = [name for name in self._brief.guests if not is_placeholder(name)]
        first = self._words.was_held.format(title=title)
        if guests and self._brief.sender and self._was_there:
            names = self._listed(guests[:MOST_NAMES])
            first = self._words.met.format(sender=self._brief.sender, guests=names, title=title)
        told = (self.report(s, turn) for turn, s in enumerate(self._findings.facts[:3]))
        promises = [s for s in self._findings.promises if not is_placeholder(s.speaker)][:3]
        steps = "; ".join(f"{first_name(s.speaker)}: {self.task(s)}" for s in promises)
        sentences = [first, *filter(None, told)]
        if steps:
            sentences.append(self._words.steps.format(steps=steps))
        if self._findings.agreement:
            sentences.append(self.next_meeting(self._findings.agreement, "formal").text)
        return " ".join(sentences)

    @property
    def _language(self) -> str:
        return self._wishes.language

    def _opening(self, *, is_recap: bool) -> str:
        thanks = self._words.thanks[self._wishes.tone if self._was_there else "direct"]
        thanks = thanks.format(**self._words.address[self._form])
        is_brief = self._wishes.length in ("tiny", "short")
        return f"{thanks} {self._words.recap}" if is_recap and not is_brief else thanks

    def _ending(self, *, asks: bool, tells: bool) -> list[str]:
        """One thing is asked for at most, and nothing of whoever was told nothing."""
        return [] if asks or not tells or self._wishes.length == "tiny" else [self._words.nothing]

    def _request(self) -> tuple[Said, Statement] | None:
        """The one thing asked of a recipient: what was promised by a day, else the first thing."""
        if self._is_foreign() or not self._was_there:
            return None
        theirs = [said for said in self._findings.promises if self._can_be_asked(said)]
        dated = [said for said in theirs if deadline(said.text, self._today)]
        said = next(iter(dated or theirs), None)
        if said is None:
            return None
        words, is_only = self._words, self._is_only_reader(said)
        form = words.ask if is_only else words.named_ask
        values = {
            "name": first_name(said.speaker),
            "act": self._dated(asked(said.text, self._voice(said))),
            "can": words.address[self._form if is_only else person_form(self._brief)]["can"],
        }
        text = form.format(**values)
        return said, Statement(text[:1].upper() + text[1:], (said.number,))

    def _can_be_asked(self, said: Said) -> bool:
        named = said.speaker in self._brief.recipients and not is_placeholder(said.speaker)
        return named or self._is_only_reader(said)

    def _is_only_reader(self, said: Said) -> bool:
        return self._brief.recipients == (said.speaker,) and not self._mine(said)

    def _extra(self) -> Iterator[Statement]:
        if self._wishes.mention:
            yield self._mentioned(self._wishes.mention)
        if self._wishes.context:
            yield Statement(_sentence(self._wishes.context), ())

    def _mentioned(self, topic: str) -> Statement:
        found = about(topic, self._brief)
        point = self.point(found) if found else None
        if found is None or point is None or topic.lower().startswith(("that ", "che ")):
            words = topic.removeprefix("that ").removeprefix("che ").rstrip(".")
            return Statement(self._words.also.format(text=words), ())
        text = point.text.rstrip(".")
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

    def _shown(
        self, items: Iterable[Said], write: Callable[[Said], Statement | None], most: int
    ) -> list[Statement]:
        """The first that can be written, in the order they were said."""
        written = [statement for said in items if (statement := write(said))][: max(most, 0)]
        return sorted(written, key=lambda statement: statement.lines)

    def _quoted(self, said: Said) -> Statement | None:
        """What must not be translated, in its own words."""
        if is_placeholder(said.speaker):
            return None
        text = f"{first_name(said.speaker)} {self._words.foreign}: «{said.text}»"
        return Statement(text, (said.number,))

    def _dated(self, text: str) -> str:
        language = self._brief.spoken if self._is_foreign() else self._language
        return with_dates(text, self._today, language)

    def _is_foreign(self) -> bool:
        return self._language != self._brief.spoken

    def _voice(self, said: Said) -> Voice:
        ours, alone = said.speaker in self._inside, self._is_only_reader(said)
        return Voice(self._brief.spoken, self._mine(said), ours, self._proper, alone)

    def _mine(self, said: Said) -> bool:
        return said.speaker == self._brief.sender

    def _listed(self, names: Sequence[str]) -> str:
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self._words.joiner} {names[-1]}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
