"""What the prompt makes of labelled meetings: told without a judge, per meeting and in all.

    python -m bench.eval [--language en] [--dry]

Runs the follow-up's prompt over the meetings of tests/services/evidence/labelled. With
ANTHROPIC_API_KEY set it asks that model (ANTHROPIC_MODEL, ANTHROPIC_BASE_URL); without it, or with
`--dry`, the sandbox's stand-in. Prints commitments and days found and missed, claims that the gate
would stop or mark, whether greeting and language are right, words, and cost.
"""

import argparse
import asyncio
import logging
import os
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

import structlog
from aiohttp import web

from integrations.claude.client import Claude
from integrations.providers.types import Usage
from integrations.sandbox.anthropic.vendor import Anthropic, vendors
from integrations.sandbox.kit.stage import SandboxOptions
from integrations.sandbox.server import build
from services.budgets import CallMeter, ModelPricing
from services.evidence import CHECK, NOT_HEARD, Index, Material, audit
from services.evidence.reading import read
from services.evidence.vocabulary import language as language_of
from services.followups import Author, Options
from services.followups.author import Spent
from services.followups.drafts import Draft
from services.followups.material import passages
from services.followups.prompting import document, request
from services.followups.written import to_draft
from services.gateway.prices import read_prices
from services.meetings import Guest, Meeting, Spoken
from tests.kit.labelled_claims import LabelledClaim, labelled

FILES = ("seen_en", "seen_it", "unseen_en", "unseen_it")
STAND_IN = "the sandbox's stand-in"
DAY = timedelta(days=1)
MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class LabelledMeeting:
    """A meeting with the lines that hold a commitment and the days that were agreed."""

    material: Material
    language: str
    commitments: frozenset[int]
    days: frozenset[str]


@dataclass(slots=True)
class Score:
    """What can be counted of drafts."""

    drafts: int = 0
    commitments: int = 0
    commitments_found: int = 0
    days: int = 0
    days_found: int = 0
    stopped: int = 0
    marked: int = 0
    greeting_right: int = 0
    language_right: int = 0
    words: int = 0
    tokens: int = 0
    micro_dollars: int = 0

    def add(self, other: "Score") -> None:
        """Add another's counts."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def line(self, name: str) -> str:
        """As one row of the table."""
        return (
            f"{name:34} {self.commitments_found:>4}/{self.commitments:<4}"
            f" {self.days_found:>4}/{self.days:<4} {self.stopped:>5} {self.marked:>5}"
            f" {self.greeting_right:>4}/{self.drafts:<3} {self.language_right:>4}/{self.drafts:<3}"
            f" {self.words // max(self.drafts, 1):>5} {self.micro_dollars / MICRO:>9.4f}"
        )


def main() -> int:
    """Print the table."""
    asked = _arguments()
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    meetings = [m for m in _meetings() if asked.language in ("", m.language)]
    asyncio.run(_evaluate(meetings, dry=asked.dry))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--language", choices=("", "en", "it"), default="")
    parser.add_argument("--dry", action="store_true", help="the stand-in, whatever is configured")
    return parser.parse_args()


def _meetings() -> list[LabelledMeeting]:
    by_meeting: dict[Material, list[LabelledClaim]] = {}
    for claim in labelled(*FILES):
        by_meeting.setdefault(claim.material, []).append(claim)
    return [_labelled(material, claims) for material, claims in by_meeting.items()]


def _labelled(material: Material, claims: Iterable[LabelledClaim]) -> LabelledMeeting:
    true = [claim for claim in claims if claim.is_true]
    spoken = material.language[:2]
    days = (read(c.sentence, material.held, c.language).days for c in true if c.kind == "date")
    exact = {str(day) for found in days for one in found for day in one.readings}
    lines = {claim.cited[-1] for claim in true if claim.kind == "commitment" and claim.cited}
    return LabelledMeeting(material, spoken, frozenset(lines), frozenset(exact))


async def _evaluate(meetings: list[LabelledMeeting], *, dry: bool) -> None:
    async with _claude(dry=dry) as (claude, name):
        author = Author(claude)
        print(f"{len(meetings)} labelled meetings, written by {name}\n")
        print(f"{'meeting':34} {'promises':>9} {'days':>9} {'stop':>5} {'check':>5} ", end="")
        print(f"{'greeting':>8} {'language':>8} {'words':>5} {'USD':>9}")
        total = Score()
        for meeting in meetings:
            score = await _score(author, meeting)
            first = meeting.material
            print(score.line(f"{first.held} {first.sender}"[:34]))
            total.add(score)
        print(total.line("all"))
        print(f"{total.tokens} tokens; stop: claims that nobody made; check: claims to look at")


@asynccontextmanager
async def _claude(*, dry: bool) -> AsyncIterator[tuple[Claude, str]]:
    """The configured model, or the stand-in on a port of its own."""
    key = os.environ.get("ANTHROPIC_API_KEY", "")
    model = os.environ.get("ANTHROPIC_MODEL", "claude-sonnet-5-5")
    if key and not dry:
        address = os.environ.get("ANTHROPIC_BASE_URL", "https://api.anthropic.com")
        claude = Claude(key, address, model)
        yield claude, model
        await claude.close()
        return
    runner = web.AppRunner(build(SandboxOptions(), [vendors]))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    given = Anthropic().environment(site.name)
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/anthropic"
    claude = Claude(given["ANTHROPIC_API_KEY"], address, given["ANTHROPIC_MODEL"])
    yield claude, STAND_IN
    await claude.close()
    await runner.cleanup()


async def _score(author: Author, labelled_meeting: LabelledMeeting) -> Score:
    material = labelled_meeting.material
    meeting = _as_met(material)
    spoken = tuple(
        Spoken(line.number, line.speaker, line.text, timedelta(seconds=30 * line.number))
        for line in material.lines
    )
    recipients = tuple(guest.email for guest in meeting.guests if guest.is_external)
    options = Options(to=recipients)
    written, spent = await author.write(
        document(meeting, spoken, "\n".join(material.facts), UTC),
        request(options, meeting.guests, sender=material.sender),
        CallMeter(ModelPricing("", lambda model, usage: 0)),
    )
    draft = to_draft(written, lines=len(spoken), zone=UTC, title=meeting.title)
    return _counted(labelled_meeting, draft, spent)


def _as_met(material: Material) -> Meeting:
    held = datetime.combine(material.held, datetime.min.time(), UTC) + DAY / 2
    guests = tuple(
        Guest(name, f"guest{n}@example.com", is_external=True)
        for n, name in enumerate(material.people)
        if name != material.sender
    )
    recorder = Guest(material.sender, "sender@example.org", is_external=False)
    title = "Labelled meeting"
    return Meeting(1, title, "", held, held + DAY / 24, material.language, recorder, guests)


def _counted(meeting: LabelledMeeting, draft: Draft, spent: Spent) -> Score:
    found = audit(Index(meeting.material), passages(draft))
    lines = {line for item in draft.action_items for line in item.lines}
    held = meeting.material.held
    named = read(f"{draft.subject}\n{draft.body}", held, meeting.language).days
    days = {str(day) for one in named for day in one.readings}
    days |= {item.due for item in draft.action_items if item.due}
    days |= {draft.next_meeting.starts_at[:10]} if draft.next_meeting else set()
    usage = Usage(spent.input + spent.cached, spent.output, cached_tokens=spent.cached)
    return Score(
        drafts=1,
        commitments=len(meeting.commitments),
        commitments_found=len(meeting.commitments & lines),
        days=len(meeting.days),
        days_found=len(meeting.days & days),
        stopped=len(found.findings(NOT_HEARD)),
        marked=len(found.findings(CHECK)),
        greeting_right=_greets(meeting.material, draft.body),
        language_right=language_of(draft.body.lower().split()) == meeting.language,
        words=len(draft.body.split()),
        tokens=spent.input + spent.cached + spent.output,
        micro_dollars=read_prices().cost(spent.model, usage),
    )


def _greets(material: Material, body: str) -> bool:
    """Whether the first line names everybody who gets the e-mail (up to three) and nobody else."""
    first = body.splitlines()[0] if body else ""
    named = {name.split()[0] for name in material.people if _is_in(name.split()[0], first)}
    others = {name.split()[0] for name in material.people if name != material.sender}
    return named == others or (not named and len(others) > 3)


def _is_in(word: str, text: str) -> bool:
    return bool(re.search(rf"\b{re.escape(word)}\b", text))


if __name__ == "__main__":
    raise SystemExit(main())
