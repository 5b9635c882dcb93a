"""Gmail's drafts through Google's own client and by hand (contract D1)."""

import http.client
from collections.abc import AsyncIterator
from typing import Any

import google.auth.exceptions
import pytest
import pytest_asyncio
from googleapiclient.errors import HttpError

from integrations.sandbox.google.vendor import Google
from tests.sandbox.google.google_stage import (
    ADA,
    connect,
    create,
    gmail,
    profile,
    raw,
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


async def test_a_draft_is_kept_as_it_was_written(world: Outside) -> None:
    credentials = await connect(world)
    made = await create(world, credentials, X_Seguito_Followup="f1")
    assert made["message"]["labelIds"] == ["DRAFT"]
    drafts = gmail(world, credentials).users().drafts()
    full = await run(drafts.get(userId="me", id=made["id"]).execute)
    headers = {h["name"]: h["value"] for h in full["message"]["payload"]["headers"]}
    assert headers["Subject"] == "Prossimi passi è 🎉"
    assert headers["X-Seguito-Followup"] == "f1"
    kinds = [part["mimeType"] for part in full["message"]["payload"]["parts"]]
    assert kinds == ["text/plain", "text/html"]
    seen = (await world.http.get("/panel/api/outside")).json()["gmail"][0]["drafts"][0]
    assert seen["to"] == "Owen Hartwell <owen@hartwell-logistics.example>"
    assert seen["text"] == "Ciao Owen,\n\necco il preventivo.\n"
    assert seen["html"] == "<p>Ciao Owen,</p>\n"


async def test_a_draft_is_found_by_message_id_and_by_words(world: Outside) -> None:
    credentials = await connect(world)
    made = await create(world, credentials, Message_ID="<f7@seguito.example>")
    await create(world, credentials, Message_ID="<f8@seguito.example>")
    drafts = gmail(world, credentials).users().drafts()

    async def found(query: str) -> list[str]:
        listed = await run(drafts.list(userId="me", q=query).execute)
        return [draft["id"] for draft in listed.get("drafts", [])]

    assert await found("rfc822msgid:f7@seguito.example") == [made["id"]]
    assert await found("rfc822msgid:<f7@seguito.example>") == [made["id"]]
    assert await found("rfc822msgid:f9@seguito.example") == []
    assert len(await found("subject:prossimi to:hartwell preventivo")) == 2
    page = await run(drafts.list(userId="me", maxResults=1).execute)
    assert page["nextPageToken"] == "1"
    assert page["drafts"][0]["id"] != made["id"]


async def test_gmail_may_replace_the_message_id(world: Outside) -> None:
    world.sandbox.of(Google).accounts.rewrites_message_ids = True
    credentials = await connect(world)
    made = await create(world, credentials, Message_ID="<f7@seguito.example>", X_Mark="f7")
    drafts = gmail(world, credentials).users().drafts()
    got = await run(drafts.get(userId="me", id=made["id"], format="metadata").execute)
    headers = {h["name"]: h["value"] for h in got["message"]["payload"]["headers"]}
    assert headers["Message-ID"].endswith("@mail.gmail.com>")
    assert headers["X-Mark"] == "f7"


async def test_a_draft_is_replaced_and_removed(world: Outside) -> None:
    credentials = await connect(world)
    made = await create(world, credentials)
    drafts = gmail(world, credentials).users().drafts()
    body = {"message": {"raw": raw(X_Second="yes")}}
    changed = await run(drafts.update(userId="me", id=made["id"], body=body).execute)
    assert changed["id"] == made["id"]
    assert changed["message"]["id"] != made["message"]["id"]
    await run(drafts.delete(userId="me", id=made["id"]).execute)
    with pytest.raises(HttpError) as gone:
        await run(drafts.delete(userId="me", id=made["id"]).execute)
    assert gone.value.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"raw": "SGk="},
        {"message": {}},
        {"message": {"raw": "a+b/"}},
        {"message": {"raw": "SGk=", "subject": "x"}},
    ],
)
async def test_a_wrong_draft_is_refused(world: Outside, body: dict[str, Any]) -> None:
    credentials = await connect(world)
    bearer = {"Authorization": f"Bearer {credentials.token}"}
    path = "/gmail/gmail/v1/users/me/drafts"
    assert (await world.http.post(path, json=body, headers=bearer)).status_code == 400
    thread = {"message": {"raw": "SGk=", "threadId": "none"}}
    assert (await world.http.post(path, json=thread, headers=bearer)).status_code == 404
    unknown = await world.http.get(path, params={"limit": "5"}, headers=bearer)
    assert unknown.status_code == 400


async def test_expired_and_revoked_tokens_get_401(world: Outside) -> None:
    credentials = await connect(world)
    world.sandbox.of(Google).accounts.expire(ADA)
    assert await profile(world, credentials) == 401
    await refresh(credentials)
    assert await profile(world, credentials) == 200
    reply = await world.http.post("/panel/api/grants", json={"email": ADA, "do": "revoke"})
    assert reply.status_code == 200
    assert await profile(world, credentials) == 401
    with pytest.raises(google.auth.exceptions.RefreshError, match="expired or revoked"):
        await refresh(credentials)


async def test_a_reply_may_be_lost_after_the_draft_was_made(world: Outside) -> None:
    credentials = await connect(world)
    # httplib2 quietly sends a request again, so that one lost reply would go unnoticed.
    await world.fault(vendor="gmail", operation="drafts.create", kind="lost_reply", times=3)
    with pytest.raises((OSError, http.client.HTTPException)):
        await create(world, credentials, X_Mark="once")
    drafts = world.sandbox.of(Google).accounts.drafts_of(ADA)
    assert len(drafts) == 2
