"""Signing in with Google: the URL, the two exchanges, and the ways in which a grant dies."""

import logging
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.google.oauth import GoogleSignIn
from integrations.google.types import CALENDAR_EVENTS, CALENDAR_FREEBUSY, GMAIL_COMPOSE, SCOPES
from integrations.http import ClientOptions
from tests.integrations.fake_vendor import drops, hangs, says

BACK = "http://127.0.0.1:3000/oauth/gmail/callback"
SECRETS = ("client-secret-1", "access-secret-2", "refresh-secret-3", "code-secret-4", "verifier-5")
CLIENT_SECRET, ACCESS, REFRESH, CODE, VERIFIER = SECRETS


def sign_in(base, options=None):
    return GoogleSignIn(
        "client-1.apps.example",
        CLIENT_SECRET,
        f"{base}/google/o/oauth2/v2/auth",
        f"{base}/google/token",
        f"{base}/google/revoke",
        options,
    )


def id_token(**claims):
    parts = ({"alg": "RS256"}, {"aud": "client-1.apps.example"} | claims)
    encoded = [urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "signature"])


def token(**more):
    return {
        "access_token": ACCESS,
        "refresh_token": REFRESH,
        "expires_in": 3599,
        "token_type": "Bearer",
        "scope": " ".join(reversed(SCOPES)),
        "id_token": id_token(email="Zoë.Q@North.example", email_verified=True),
    } | more


@pytest_asyncio.fixture
async def google(vendor):
    made = sign_in(vendor.url)
    yield made
    made.close()


async def finish(google):
    return await google.finish(code=CODE, verifier=VERIFIER, redirect_uri=BACK)


def test_the_consent_page_is_asked_for_a_lasting_grant_with_pkce():
    begun = sign_in("https://accounts.example").begin(
        state="s1", redirect_uri=BACK, login_hint="ada@north.example"
    )
    asked = dict(parse_qsl(urlsplit(begun.url).query))
    challenge = urlsafe_b64encode(sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
    assert begun.url.startswith("https://accounts.example/google/o/oauth2/v2/auth?")
    assert asked == {
        "response_type": "code",
        "client_id": "client-1.apps.example",
        "redirect_uri": BACK,
        "scope": " ".join(SCOPES),
        "state": "s1",
        "access_type": "offline",
        "prompt": "consent",
        "include_granted_scopes": "true",
        "login_hint": "ada@north.example",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    assert len(begun.verifier) == 128
    assert begun.verifier not in repr(begun)


def test_two_sign_ins_have_two_verifiers():
    google = sign_in("https://accounts.example")
    verifiers = {google.begin(state="s", redirect_uri=BACK).verifier for _ in range(3)}
    assert len(verifiers) == 3


def test_a_page_on_this_machine_may_be_plain_http():
    begun = sign_in("http://127.0.0.1:9000").begin(state="s", redirect_uri=BACK)
    assert begun.url.startswith("http://127.0.0.1:9000/google/o/oauth2/v2/auth?")


async def test_plain_http_to_anywhere_else_is_refused():
    google = sign_in("http://accounts.example")
    with pytest.raises(RefusedByVendor, match="insecure_transport"):
        google.begin(state="s", redirect_uri=BACK)
    with pytest.raises(RefusedByVendor, match="insecure_transport"):
        await google.refresh(REFRESH)


async def test_a_code_becomes_a_grant(vendor, google):
    vendor.answer = says(token())
    grant = await finish(google)
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("POST", "/google/token")
    assert seen.form == {
        "grant_type": "authorization_code",
        "code": CODE,
        "client_id": "client-1.apps.example",
        "client_secret": CLIENT_SECRET,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    assert "authorization" not in seen.headers
    assert (grant.access_token, grant.refresh_token) == (ACCESS, REFRESH)
    assert grant.email == "zoë.q@north.example"
    left = grant.expires_at - datetime.now(UTC)
    assert timedelta(minutes=59) < left < timedelta(hours=1)


async def test_scopes_in_another_order_and_under_long_names_are_the_same(vendor, google):
    long = "https://www.googleapis.com/auth/userinfo.email"
    vendor.answer = says(
        token(scope=f"{CALENDAR_FREEBUSY} {long} openid {CALENDAR_EVENTS} {GMAIL_COMPOSE}")
    )
    assert (await finish(google)).scopes == frozenset(SCOPES)


async def test_an_unticked_scope_is_seen_in_the_grant(vendor, google):
    vendor.answer = says(token(scope=f"openid email {CALENDAR_EVENTS}"))
    assert GMAIL_COMPOSE not in (await finish(google)).scopes


async def test_a_first_exchange_without_refresh_token_says_so(vendor, google):
    body = token()
    del body["refresh_token"], body["id_token"], body["expires_in"], body["scope"]
    vendor.answer = says(body)
    grant = await finish(google)
    assert (grant.refresh_token, grant.email, grant.scopes) == ("", "", frozenset())


async def test_a_refresh_keeps_the_old_refresh_token(vendor, google):
    renewed = f"{ACCESS}-renewed"
    body = token(access_token=renewed)
    del body["refresh_token"]
    vendor.answer = says(body)
    grant = await google.refresh(REFRESH)
    assert vendor.seen[0].form == {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH,
        "client_id": "client-1.apps.example",
        "client_secret": CLIENT_SECRET,
    }
    assert (grant.access_token, grant.refresh_token) == (renewed, REFRESH)


async def test_a_refresh_takes_a_new_refresh_token(vendor, google):
    renewed = f"{REFRESH}-renewed"
    vendor.answer = says(token(refresh_token=renewed))
    assert (await google.refresh(REFRESH)).refresh_token == renewed


async def test_a_token_made_for_somebody_else_is_refused(vendor, google):
    vendor.answer = says(token(id_token=id_token(aud="other", email="eve@x.example")))
    with pytest.raises(RefusedByVendor) as caught:
        await finish(google)
    assert caught.value.code == "wrong_audience"


@pytest.mark.parametrize("broken", ["", "x", "a.b.c", "a.é.c", "..", f"{'a' * 9}.{'b' * 9}.c"])
async def test_a_broken_id_token_ends_in_one_of_four(vendor, google, broken):
    vendor.answer = says(token(id_token=broken))
    if not broken:
        assert (await finish(google)).email == ""
        return
    with pytest.raises((RefusedByVendor, Unreachable)):
        await finish(google)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (says({"error": "invalid_grant", "error_description": REFRESH}, 400), AuthExpired),
        (says({"error": "invalid_client"}, 401), RefusedByVendor),
        (says({"error": "unheard_of"}, 400), RefusedByVendor),
        (says({"error": "temporarily_unavailable"}, 400), Unreachable),
        (says({"error": "internal_failure"}, 500), Unreachable),
        (says(b"<html>502</html>", 502), Unreachable),
        (says({}, 429, Retry_After="5"), RateLimited),
        (says(b"<html>"), Unreachable),
        (says([]), RefusedByVendor),
        (says({}), RefusedByVendor),
        (says(token(expires_in="soon")), RefusedByVendor),
        (says({}, 307, Location="/elsewhere"), Unreachable),
        (drops, Unreachable),
    ],
)
@pytest.mark.parametrize("verb", ["finish", "refresh"])
async def test_each_failure_becomes_one_of_four(vendor, google, answer, kind, verb):
    vendor.answer = answer
    with pytest.raises(kind) as caught:
        await (finish(google) if verb == "finish" else google.refresh(REFRESH))
    assert len(vendor.seen) == 1
    assert not any(secret in str(caught.value) for secret in SECRETS)
    assert caught.value.__cause__ is None


async def test_nobody_there_is_unreachable(closed_url):
    with pytest.raises(Unreachable):
        await sign_in(closed_url).refresh(REFRESH)


async def test_a_token_endpoint_that_hangs_ends_at_the_deadline(vendor):
    vendor.answer = hangs
    told = []
    options = ClientOptions(timedelta(seconds=0.2), lambda *what: told.append(what[:3]))
    google = sign_in(vendor.url, options)
    with pytest.raises(Unreachable):
        await google.refresh(REFRESH)
    google.close()
    assert told == [("google", "token.refresh", 0)]


async def test_a_revoked_token_is_sent_in_the_body(vendor, google):
    vendor.answer = says({})
    await google.revoke(REFRESH)
    (seen,) = vendor.seen
    assert (seen.path, seen.query, seen.form) == ("/google/revoke", {}, {"token": REFRESH})


async def test_revoking_twice_is_fine(vendor, google):
    vendor.answer = says({"error": "invalid_token"}, 400)
    assert await google.revoke(REFRESH) is None


async def test_a_revocation_that_fails_is_told(vendor, google):
    vendor.answer = says({}, 503)
    with pytest.raises(Unreachable):
        await google.revoke(REFRESH)


async def test_no_secret_reaches_any_log(vendor, google, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    for answer in (says(token()), says({"error": "invalid_grant"}, 400), drops):
        vendor.answer = answer
        for verb in (finish(google), google.refresh(REFRESH), google.revoke(REFRESH)):
            try:
                await verb
            except (AuthExpired, Unreachable):
                continue
    written = caplog.text + "".join(capsys.readouterr())
    assert "vendor.request" in written
    assert not [secret for secret in SECRETS if secret in written]
