"""Google's clients against the sandbox: consent, tokens, drafts, calendar."""

from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import parse_qs, parse_qsl, urlsplit

import aiohttp
import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, Unreachable
from integrations.google.client import Google, mark
from integrations.google.oauth import GoogleSignIn
from integrations.google.types import CALENDAR_EVENTS, GMAIL_COMPOSE, SCOPES
from integrations.http import ClientOptions
from integrations.sandbox.google.accounts import CLIENT

BACK = "http://127.0.0.1:3000/oauth/gmail/callback"
TINY = ClientOptions(timedelta(seconds=0.3))


@pytest_asyncio.fixture
async def google(vendors):
    made = Google(f"{vendors.url}/gmail", f"{vendors.url}/gcal")
    yield made
    made.close()


@pytest_asyncio.fixture
async def signing_in(vendors):
    made = GoogleSignIn(
        *CLIENT,
        f"{vendors.url}/google/o/oauth2/v2/auth",
        f"{vendors.url}/google/token",
        f"{vendors.url}/google/revoke",
    )
    yield made
    made.close()


async def consent(begun, person, ticked):
    """What a person does on Google's page; the code and state that come back."""
    asked = dict(parse_qsl(urlsplit(begun.url).query))
    page = begun.url.partition("?")[0]
    form = [*asked.items(), ("account", person.email), ("decision", "allow")]
    form += [("granted", scope) for scope in ticked]
    async with aiohttp.ClientSession() as browser:
        shown = await browser.get(begun.url)
        assert shown.status == 200
        answer = await browser.post(page, data=form, allow_redirects=False)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


@pytest_asyncio.fixture
async def grant(signing_in, person):
    begun = signing_in.begin(state="s1", redirect_uri=BACK, login_hint=person.email)
    back = await consent(begun, person, SCOPES)
    assert back["state"] == ["s1"]
    return await signing_in.finish(code=back["code"][0], verifier=begun.verifier, redirect_uri=BACK)


def letter(marker):
    message = EmailMessage()
    message["To"] = "zoe@lumen.example"
    message["Subject"] = "Ciao 🚀"
    message.set_content("Ciao!")
    mark(message, marker)
    return message


async def test_signing_in_gives_everything_that_was_asked_for(grant, person):
    assert grant.email == person.email
    assert grant.scopes == frozenset(SCOPES)
    assert grant.refresh_token


async def test_an_unticked_box_shows_in_the_scopes(signing_in, person):
    begun = signing_in.begin(state="s1", redirect_uri=BACK)
    back = await consent(begun, person, {CALENDAR_EVENTS})
    grant = await signing_in.finish(
        code=back["code"][0], verifier=begun.verifier, redirect_uri=BACK
    )
    assert GMAIL_COMPOSE not in grant.scopes


async def test_a_code_works_once_and_only_with_its_verifier(signing_in, person):
    begun = signing_in.begin(state="s1", redirect_uri=BACK)
    code = (await consent(begun, person, SCOPES))["code"][0]
    for verifier in ("x" * 128, begun.verifier):
        with pytest.raises(AuthExpired):
            await signing_in.finish(code=code, verifier=verifier, redirect_uri=BACK)


async def test_a_refresh_renews_until_the_grant_is_revoked(signing_in, grant):
    fresh = await signing_in.refresh(grant.refresh_token)
    assert fresh.access_token != grant.access_token
    assert fresh.refresh_token == grant.refresh_token
    await signing_in.revoke(fresh.refresh_token)
    await signing_in.revoke(fresh.refresh_token)
    with pytest.raises(AuthExpired):
        await signing_in.refresh(grant.refresh_token)


async def test_a_draft_is_made_found_and_deleted(google, grant):
    made = await google.create_draft(grant.access_token, letter("fu-1"), None)
    assert await google.find_draft(grant.access_token, "fu-1") == made
    assert await google.find_draft(grant.access_token, "fu-2") is None
    await google.delete_draft(grant.access_token, made.draft_id)
    await google.delete_draft(grant.access_token, made.draft_id)
    assert await google.find_draft(grant.access_token, "fu-1") is None


async def test_a_draft_joins_the_thread_of_another(google, grant):
    first = await google.create_draft(grant.access_token, letter("fu-1"), None)
    second = await google.create_draft(grant.access_token, letter("fu-2"), first.thread_id)
    assert second.thread_id == first.thread_id


async def test_a_draft_whose_reply_was_lost_is_there_once_and_found(google, grant, vendors, person):
    vendors.spoil(vendor="gmail", operation="drafts.create", kind="lost_reply")
    with pytest.raises(Unreachable):
        await google.create_draft(grant.access_token, letter("fu-1"), None)
    assert len(vendors.accounts.drafts_of(person.email)) == 1
    assert await google.find_draft(grant.access_token, "fu-1") is not None


async def test_a_draft_with_a_rewritten_message_id_is_found(google, grant, vendors):
    vendors.accounts.rewrites_message_ids = True
    made = await google.create_draft(grant.access_token, letter("fu-1"), None)
    await google.create_draft(grant.access_token, letter("fu-2"), None)
    assert await google.find_draft(grant.access_token, "fu-1") == made


async def test_an_access_token_that_died_says_so(google, grant, vendors, person):
    vendors.accounts.expire(person.email)
    with pytest.raises(AuthExpired):
        await google.create_draft(grant.access_token, letter("fu-1"), None)


async def test_who_declined_the_meeting_is_known(google, signing_in, vendors):
    meeting = next(
        m
        for m in vendors.world.meetings
        if m.calendar_title and any(g.declined and g.email for g in m.guests)
    )
    begun = signing_in.begin(state="s", redirect_uri=BACK)
    back = await consent(begun, meeting.owner, SCOPES)
    grant = await signing_in.finish(
        code=back["code"][0], verifier=begun.verifier, redirect_uri=BACK
    )
    emails = frozenset(guest.email for guest in meeting.guests if guest.email)
    declined = await google.declined(
        grant.access_token, start=meeting.started_at, end=meeting.ended_at, emails=emails
    )
    assert declined == {guest.email for guest in meeting.guests if guest.declined}


async def test_a_gmail_that_hangs_ends_at_the_deadline(grant, vendors):
    vendors.spoil(vendor="gmail", kind="timeout", times=None)
    google = Google(f"{vendors.url}/gmail", f"{vendors.url}/gcal", options=TINY)
    with pytest.raises(Unreachable):
        await google.create_draft(grant.access_token, letter("fu-1"), None)
    google.close()
