"""Receipts reach one person only; files come from Slack's own host or not at all."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import cast

import pytest
from aiohttp import web

from db.store.session import Database
from handlers.slack.outbound.ops_messenger import OpsMessenger
from services.actors import Actor
from services.errors import Conflict, DomainError, Invalid, Temporary
from services.issuing.bulk_csv import MAX_BYTES
from services.issuing.issuing import IssueReceipt
from services.licensing.licenses import SOLD_OUT
from services.people.members import Members
from tests.kit.door_stage import HOME, HOME_TOKEN, FakeMembers, Stage, stage

ACTOR, CHANNEL = Actor(HOME, "U0ADA"), "C0OPS"
KEY = "CHA-0123ABCD-4567EFAB-89ABCDEF-012345F7"
RECEIPT = IssueReceipt("ops:1", "lic_1", KEY, "a@b.example", "Pro", "", None, send_email=False)
Handler = Callable[[web.Request], Awaitable[web.Response]]


def messenger(s: Stage) -> OpsMessenger:
    """Speaks to the stage's Slack."""
    return OpsMessenger(s.slack.client, cast(Members, FakeMembers()))


async def test_a_receipt_is_whispered_in_the_channel(database: Database) -> None:
    async with stage(database) as s:
        await messenger(s).issued(ACTOR, CHANNEL, RECEIPT)
        (sent,) = s.fake.named("chat.postEphemeral")
        assert (sent["channel"], sent["user"]) == (CHANNEL, "U0ADA")
        assert KEY in str(sent["blocks"])
        assert s.fake.named("chat.postMessage") == []


@pytest.mark.parametrize("refusal", ["not_in_channel", "channel_not_found", "user_not_in_channel"])
async def test_where_slack_refuses_it_comes_as_a_direct_message(
    database: Database, refusal: str
) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postEphemeral"] = refusal
        await messenger(s).issued(ACTOR, CHANNEL, RECEIPT)
        assert [sent["channel"] for sent in s.fake.named("chat.postMessage")] == ["U0ADA"]


async def test_while_slack_is_in_trouble_nothing_goes_anywhere_else(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postEphemeral"] = "internal_error"
        with pytest.raises(Temporary):
            await messenger(s).issued(ACTOR, CHANNEL, RECEIPT)
        assert s.fake.named("chat.postMessage") == []


async def test_both_ways_refused_is_told_to_the_job(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults |= {"chat.postEphemeral": "not_in_channel", "chat.postMessage": "no_dm"}
        with pytest.raises(DomainError):
            await messenger(s).issued(ACTOR, CHANNEL, RECEIPT)


async def test_why_there_is_no_license_is_whispered_with_the_reference(database: Database) -> None:
    async with stage(database) as s:
        await messenger(s).not_issued(ACTOR, CHANNEL, Conflict(SOLD_OUT, plan="F"), "abc123")
        (sent,) = s.fake.named("chat.postEphemeral")
        assert "sold out" in str(sent["blocks"])
        assert "abc123" in str(sent["blocks"])


def described(s: Stage, path: str, **more: object) -> dict[str, object]:
    """What files.info says of a file on the stage's own host."""
    url = path if "://" in path else str(s.slack._web.base_url).replace("/api/", path)
    return {"ok": True, "file": {"id": "F1", "size": 3, "url_private_download": url, **more}}


async def fetched(
    database: Database, handler: Handler, path: str = "/files/F1", **more: object
) -> bytes:
    """The file, as one host hands it out and describes it."""
    known = SimpleNamespace(answer={})

    async def info(_: web.Request) -> web.Response:
        return web.json_response(known.answer)

    beside = [web.get("/files/F1", handler), web.get("/api/files.info", info)]
    async with stage(database, beside=beside) as s:
        known.answer = described(s, path, **more)
        return await messenger(s).fetch(ACTOR, "F1")


async def test_a_file_is_fetched_with_our_token(database: Database) -> None:
    async def file(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["Authorization"], content_type="text/csv")

    assert await fetched(database, file) == f"Bearer {HOME_TOKEN}".encode()


async def test_slacks_sign_in_page_is_no_file(database: Database) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<h1>Sign in</h1>", content_type="text/html")

    with pytest.raises(Invalid):
        await fetched(database, page)


async def test_a_redirect_is_not_followed_with_our_token(database: Database) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://evil.example/"})

    with pytest.raises(Invalid):
        await fetched(database, elsewhere)


async def test_a_file_larger_than_it_says_is_refused(database: Database) -> None:
    async def large(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * (MAX_BYTES + 1), content_type="text/csv")

    with pytest.raises(Invalid, match="10 MB"):
        await fetched(database, large)
    with pytest.raises(Invalid, match="10 MB"):
        await fetched(database, large, size=MAX_BYTES + 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/files/F1",
        "https://evil.example/files/F1",
        "https://files.slack.com.evil.example/F1",
        "http://files.slack.com/F1",
        "https://user@evil.example\\@files.slack.com/",
        "file:///etc/passwd",
    ],
)
async def test_our_token_goes_to_slacks_own_hosts_only(database: Database, url: str) -> None:
    async def file(_: web.Request) -> web.Response:
        raise AssertionError("nobody asks here")

    with pytest.raises(Invalid):
        await fetched(database, file, url)


@pytest.mark.parametrize(
    ("refusal", "kind"), [("file_not_found", Invalid), ("internal_error", Temporary)]
)
async def test_a_file_that_slack_does_not_describe_is_not_fetched(
    database: Database, refusal: str, kind: type[DomainError]
) -> None:
    async def info(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": refusal})

    async with stage(database, beside=[web.get("/api/files.info", info)]) as s:
        with pytest.raises(kind):
            await messenger(s).fetch(ACTOR, "F1")
