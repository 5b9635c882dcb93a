"""Google's sign-in through Google's own libraries and by hand (contract D3)."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import google.auth.exceptions
import httpx
import pytest
import pytest_asyncio
from googleapiclient.errors import HttpError

from integrations.sandbox.google.vendor import Google
from tests.sandbox.google.google_stage import (
    ADA,
    BACK,
    COMPOSE,
    EVENTS,
    SCOPES,
    calendar,
    connect,
    decide,
    flow,
    profile,
    refresh,
    relaxed,
    run,
)
from tests.sandbox.outside_stage import Outside, outside


@pytest_asyncio.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outside]:
    relaxed(monkeypatch)
    async with outside() as started:
        yield started


async def test_the_page_asks_and_the_library_gets_its_tokens(world: Outside) -> None:
    url, _ = flow(world).authorization_url(access_type="offline", login_hint=ADA)
    page = await world.http.get(url)
    assert page.status_code == 200
    assert "Manage drafts and send emails" in page.text
    assert f'value="{ADA}" selected' in page.text
    credentials = await connect(world)
    assert credentials.refresh_token
    assert set(credentials.granted_scopes) == set(SCOPES)


async def test_a_name_cannot_break_the_page(world: Outside) -> None:
    url, _ = flow(world).authorization_url(state='"><script>alert(1)</script>')
    assert "<script>" not in (await world.http.get(url)).text


async def test_an_unticked_scope_is_not_granted(world: Outside) -> None:
    credentials = await connect(world, granted=[COMPOSE])
    assert EVENTS not in credentials.granted_scopes
    listing = calendar(world, credentials).events().list(calendarId="primary")
    with pytest.raises(HttpError) as refused:
        await run(listing.execute)
    assert refused.value.status_code == 403
    assert refused.value.error_details[0]["reason"] == "insufficientPermissions"


async def test_denying_comes_back_as_an_error(world: Outside) -> None:
    url, _ = flow(world).authorization_url(state="s2")
    assert await decide(world, url, decision="deny") == {"state": "s2", "error": "access_denied"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"redirect_uri": "http://evil.example/oauth/gmail/callback"}, "redirect_uri_mismatch"),
        ({"redirect_uri": BACK + "/"}, "redirect_uri_mismatch"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"access_type": "always"}, "invalid_request"),
        ({"prompt": "please"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
async def test_a_wrong_request_never_leaves_google(
    world: Outside, change: dict[str, str], error: str
) -> None:
    url, _ = flow(world).authorization_url()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    reply = await world.http.get("/google/o/oauth2/v2/auth", params={**asked, **change})
    assert reply.status_code == 400
    assert error in reply.text


async def exchange(world: Outside, **form: str) -> httpx.Response:
    env = world.env
    client = {"client_id": env["GOOGLE_CLIENT_ID"], "client_secret": env["GOOGLE_CLIENT_SECRET"]}
    return await world.http.post("/google/token", data={**client, **form})


async def test_a_code_works_once_and_only_with_its_verifier(world: Outside) -> None:
    for verifier in ("wrong" * 10, ""):
        web = flow(world)
        url, _ = web.authorization_url()
        code = (await decide(world, url))["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        reply = await exchange(world, **form, code_verifier=verifier)
        assert reply.status_code == 400
        assert reply.json()["error"] == "invalid_grant"
    web = flow(world)
    url, _ = web.authorization_url()
    code = (await decide(world, url))["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": web.code_verifier}
    assert (await exchange(world, **form, redirect_uri=BACK)).status_code == 200
    again = await exchange(world, **form, redirect_uri=BACK)
    assert again.json()["error"] == "invalid_grant"


async def test_a_refresh_token_comes_with_offline_and_the_first_consent(world: Outside) -> None:
    async def token(**options: str) -> dict[str, Any]:
        web = flow(world)
        url, _ = web.authorization_url(**options)
        code = (await decide(world, url))["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        return dict((await exchange(world, **form, code_verifier=web.code_verifier)).json())

    assert "refresh_token" not in await token(access_type="online")
    assert "refresh_token" not in await token(access_type="offline")
    answer = await token(access_type="offline", prompt="consent")
    assert "refresh_token" in answer
    assert answer["expires_in"] == 3599
    claims = answer["id_token"].split(".")[1]
    claims += "=" * (-len(claims) % 4)
    assert json.loads(base64.urlsafe_b64decode(claims))["email"] == ADA


async def test_refreshing_works_until_the_grant_is_revoked(world: Outside) -> None:
    credentials = await connect(world)
    before = credentials.token
    await refresh(credentials)
    assert credentials.token != before
    reply = await world.http.post("/google/revoke", data={"token": credentials.refresh_token})
    assert reply.status_code == 200
    with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_grant"):
        await refresh(credentials)
    again = await world.http.post("/google/revoke", data={"token": credentials.refresh_token})
    assert again.status_code == 400


async def test_a_wrong_client_is_refused(world: Outside) -> None:
    reply = await exchange(world, client_id="x", grant_type="refresh_token")
    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")


async def test_userinfo_names_the_account(world: Outside) -> None:
    credentials = await connect(world)
    bearer = {"Authorization": f"Bearer {credentials.token}"}
    assert (await world.http.get("/google/userinfo", headers=bearer)).json()["email"] == ADA


async def test_tokens_can_be_made_short_lived(world: Outside) -> None:
    world.sandbox.of(Google).accounts.token_life = 0.05
    credentials = await connect(world)
    await asyncio.sleep(0.1)
    assert await profile(world, credentials) == 401
