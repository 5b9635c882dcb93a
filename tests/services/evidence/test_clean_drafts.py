"""Drafts with nothing wrong, of every meeting of the cast, are hardly marked."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest_asyncio
from aiohttp import web

from integrations.claude.client import Claude
from integrations.sandbox.anthropic.api import KEY
from integrations.sandbox.anthropic.vendor import MODEL, vendors
from integrations.sandbox.kit.stage import SandboxOptions, set_up
from integrations.sandbox.kit.world import Meeting as CastMeeting
from integrations.sandbox.server import build
from services.budgets import CallMeter, ModelPricing
from services.evidence import CHECK, NOT_HEARD, DraftPart, Hint, Index, Material, audit
from services.followups import Author, Options
from services.followups.drafts import Draft, note_text
from services.followups.material import material, passages
from services.followups.prompting import document, request
from services.followups.written import to_draft
from services.meetings import Guest, Meeting, Spoken
from services.people.members import Member, Preferences
from tests.views.samples import ADA

# A Tuesday morning.
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONGEST = 200


@pytest_asyncio.fixture(scope="module")
async def author() -> AsyncIterator[Author]:
    """Writes with the stand-in."""
    runner = web.AppRunner(build(SandboxOptions(now=NOW), [vendors]))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    claude = Claude(KEY, f"http://127.0.0.1:{runner.addresses[0][1]}/anthropic", MODEL)
    yield Author(claude)
    await claude.close()
    await runner.cleanup()


async def drafts(author: Author) -> list[tuple[Material, Draft]]:
    """A draft of every meeting of the cast, with what may support it."""
    world = set_up(SandboxOptions(now=NOW)).world
    cast = [one for one in world.meetings if one.lines and len(one.lines) < LONGEST]
    return [await written(author, one) for one in cast]


async def written(author: Author, cast: CastMeeting) -> tuple[Material, Draft]:
    """As the product asks for it and reads it."""
    owner = cast.owner
    guests = tuple(
        Guest(g.name or "", g.email or "", is_external=g.is_external) for g in cast.guests
    )
    meeting = Meeting(
        cast.recording_id,
        cast.title,
        "",
        cast.started_at,
        cast.ended_at,
        cast.language or "",
        Guest(owner.real_name, owner.email, is_external=False),
        guests,
    )
    spoken = tuple(
        Spoken(n, line.speaker, line.text, timedelta(seconds=n))
        for n, line in enumerate(cast.lines, start=1)
    )
    member = Member(ADA, owner.real_name, owner.email, "en", "UTC", Preferences())
    options = Options(to=tuple(guest.email for guest in guests if guest.is_external))
    answer, _ = await author.write(
        document(meeting, spoken, "", UTC),
        request(options, guests, sender=member.name),
        CallMeter(ModelPricing(MODEL, lambda model, usage: 0)),
    )
    draft = to_draft(answer, lines=len(spoken), zone=UTC, title=meeting.title)
    draft = replace(draft, note=note_text(draft.crm_note, meeting.language))
    return material(meeting, spoken, member, options=options, facts=""), draft


def marks(pairs: list[tuple[Material, Draft]], shift: int = 0) -> Counter[str]:
    """How many claims came out at each level, and the sentences."""
    count: Counter[str] = Counter()
    for heard, draft in pairs:
        found = audit(Index(heard), [_shifted(part, shift) for part in passages(draft)])
        count["sentences"] += len(found.sentences)
        for finding in found.findings(NOT_HEARD, CHECK):
            count[finding.claim.level] += 1
    return count


def _shifted(part: DraftPart, by: int) -> DraftPart:
    hints = tuple(Hint(hint.text, tuple(n + by for n in hint.lines)) for hint in part.hints)
    return replace(part, hints=hints)


async def test_clean_drafts_are_left_alone_and_wrong_line_numbers_change_little(
    author: Author,
) -> None:
    pairs = await drafts(author)
    clean, shifted = marks(pairs), marks(pairs, shift=1)
    assert clean["sentences"] > 500
    assert clean[NOT_HEARD] == 0
    assert clean[CHECK] <= clean["sentences"] / 40
    more = shifted[CHECK] + shifted[NOT_HEARD] - clean[CHECK]
    assert more <= 3 * clean["sentences"] / 88
