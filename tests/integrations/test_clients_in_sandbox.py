"""Fathom, Crono and Claude against the sandbox, which knows the contracts and not our clients."""

from datetime import timedelta

import pytest
import pytest_asyncio
from pydantic import BaseModel

from integrations.claude.client import Claude
from integrations.claude.types import Prompt
from integrations.crono.client import Crono
from integrations.crono.types import CronoKeys
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.fathom.client import Fathom
from integrations.http import client
from integrations.sandbox.anthropic.api import KEY
from integrations.sandbox.crono.api import KEYS


class Letter(BaseModel):
    """A follow-up e-mail."""

    subject: str
    body: str


@pytest_asyncio.fixture
async def fathom(vendors):
    async with client(f"{vendors.url}/fathom/external/v1", "fathom") as http:
        yield Fathom(http)


@pytest_asyncio.fixture
async def crono(vendors):
    async with client(f"{vendors.url}/crono", "crono") as http:
        yield Crono(http)


@pytest_asyncio.fixture
async def claude(vendors):
    made = Claude(KEY, f"{vendors.url}/anthropic", "claude-sonnet-5-5")
    yield made
    await made.close()


@pytest.fixture
def crono_keys():
    return CronoKeys(*KEYS)


async def test_all_meetings_are_paged_through_and_read(fathom, vendors, person):
    await fathom.check_key(person.fathom_key)
    seen, cursor = [], None
    while True:
        page = await fathom.meetings(person.fathom_key, cursor=cursor)
        seen += page.meetings
        cursor = page.next_cursor
        if cursor is None:
            break
    expected = [meeting.recording_id for meeting in vendors.world.meetings_of(person)]
    assert [meeting.recording_id for meeting in seen] == expected
    assert all(meeting.title and meeting.ended_at > meeting.started_at for meeting in seen)


async def test_a_window_of_time_is_respected(fathom, person):
    newest = (await fathom.meetings(person.fathom_key)).meetings[0]
    after = await fathom.meetings(
        person.fathom_key, created_after=newest.created_at + timedelta(seconds=1)
    )
    before = await fathom.meetings(person.fathom_key, created_before=newest.created_at)
    assert after.meetings == ()
    assert newest.recording_id not in {m.recording_id for m in before.meetings}


async def test_what_was_said_is_read_in_order(fathom, vendors, person):
    meeting = vendors.world.meetings_of(person)[0]
    lines = await fathom.transcript(person.fathom_key, meeting.recording_id)
    assert [line.text for line in lines] == [line.text for line in meeting.lines]
    assert [line.at for line in lines] == sorted(line.at for line in lines)


async def test_an_unknown_key_is_expired(fathom):
    with pytest.raises(AuthExpired):
        await fathom.check_key("nobodys-key")


async def test_fathoms_limit_reaches_the_caller(fathom, vendors, person):
    vendors.spoil(vendor="fathom", kind="status", status=429, retry_after=30, times=None)
    with pytest.raises(RateLimited) as caught:
        await fathom.meetings(person.fathom_key)
    assert caught.value.retry_after == timedelta(seconds=30)


@pytest.mark.parametrize("kind", ["lost_reply", "malformed", "cut"])
async def test_a_reading_that_fails_once_or_for_good(fathom, vendors, person, kind):
    vendors.spoil(vendor="fathom", kind=kind, times=None)
    with pytest.raises(Unreachable):
        await fathom.meetings(person.fathom_key)


async def test_a_broken_connection_is_got_over(fathom, vendors, person):
    vendors.spoil(vendor="fathom", kind="cut", times=1)
    vendors.spoil(vendor="fathom", kind="status", status=502, times=1)
    assert (await fathom.meetings(person.fathom_key)).meetings


async def test_a_company_with_its_people_deals_and_notes_is_read(crono, crono_keys, vendors):
    await crono.check_keys(crono_keys)
    guests = [g for m in vendors.world.meetings for g in m.guests if g.is_external and g.domain]
    found = None
    for domain in dict.fromkeys(guest.domain for guest in guests):
        matches = await crono.accounts_for(crono_keys, domain=domain, name="")
        found = matches[0] if len(matches) == 1 else found
        if found is not None and await crono.open_deals(crono_keys, found.id):
            break
    assert found is not None
    assert await crono.prospects(crono_keys, found.id)
    deals = await crono.open_deals(crono_keys, found.id)
    assert all(deal.account_id == found.id and deal.name for deal in deals)
    assert len(await crono.last_notes(crono_keys, found.id, 3)) <= 3


async def test_wrong_crono_keys_are_expired(crono):
    with pytest.raises(AuthExpired):
        await crono.check_keys(CronoKeys("a", "b"))


async def test_a_200_that_says_no_is_refused_with_its_code(crono, crono_keys, vendors):
    vendors.spoil(vendor="crono", kind="status", status=200, code="NotAllowedWithCurrentPlan")
    with pytest.raises(RefusedByVendor) as caught:
        await crono.check_keys(crono_keys)
    assert caught.value.code == "NotAllowedWithCurrentPlan"


async def test_the_second_request_about_one_document_is_read_from_the_cache(claude, vendors):
    meeting = vendors.world.meetings[0]
    document = "\n".join(f"{line.speaker}: {line.text}" for line in meeting.lines) * 8
    rules = "You write follow-up e-mails after meetings. " * 200
    first = await claude.answer(Prompt(rules, document, "Write it."), Letter)
    again = await claude.answer(Prompt(rules, document, "Make it shorter."), Letter)
    assert first.value.subject
    assert first.usage.cached_tokens == 0 < first.usage.cache_write_tokens
    assert again.usage.cached_tokens >= first.usage.cache_write_tokens
    assert again.usage.input_tokens < 100
    assert vendors.calls("anthropic") == 2


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("refusal", "refusal"),
        ("truncated", "truncated"),
        ("not_schema", "malformed"),
        ("too_long", "too_long"),
    ],
)
async def test_a_model_that_does_not_answer_is_refused(claude, vendors, kind, code):
    vendors.spoil(vendor="anthropic", kind=kind)
    with pytest.raises(RefusedByVendor) as caught:
        await claude.answer(Prompt("Rules.", "Ada: ciao", "Write."), Letter)
    assert caught.value.code == code
    assert vendors.calls("anthropic") == 1


async def test_an_overloaded_model_is_asked_again(claude, vendors):
    vendors.spoil(vendor="anthropic", kind="status", status=529, retry_after=0.01)
    assert (await claude.answer(Prompt("Rules.", "Ada: ciao", "Write."), Letter)).value
    assert vendors.calls("anthropic") == 2
