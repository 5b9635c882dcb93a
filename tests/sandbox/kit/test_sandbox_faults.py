"""Injected faults, the journal with its masks, and what else the panel shows of the outside."""

import asyncio
import sys
from typing import Any

import httpx
import pytest

from integrations.sandbox.kit.faults import Fault, Faults
from integrations.sandbox.kit.masking import Mask
from tests.sandbox.outside_stage import ROOT, Outside

HANG_UP_SECONDS = 5
LOOK_AGAIN = 0.02
MEETINGS = "/fathom/external/v1/meetings"
ADA = {"X-Api-Key": "fathom-sandbox-ada"}


async def meetings(world: Outside, **options: Any) -> httpx.Response:
    return await world.http.get(MEETINGS, headers=ADA, **options)


async def journal(world: Outside, after: int = 0) -> list[dict[str, Any]]:
    reply = await world.http.get("/panel/api/journal", params={"after": after})
    return list(reply.json()["entries"])


async def test_a_status_fault_speaks_the_vendors_words_and_is_used_up(world: Outside) -> None:
    await world.fault(
        vendor="fathom", operation="meetings.*", kind="status", status=429, retry_after=3
    )
    refused = await meetings(world)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3")
    assert (await meetings(world)).status_code == 200


async def test_a_slow_answer_is_late_but_right(world: Outside) -> None:
    await world.fault(vendor="fathom", kind="slow", seconds=0.3)
    reply = await meetings(world)
    assert reply.status_code == 200
    assert reply.elapsed.total_seconds() >= 0.3


async def test_a_timeout_answers_nothing_until_the_client_goes(world: Outside) -> None:
    await world.fault(vendor="fathom", kind="timeout")
    with pytest.raises(httpx.ReadTimeout):
        await meetings(world, timeout=0.3)
    # The sandbox learns a moment later that the client hung up.
    async with asyncio.timeout(HANG_UP_SECONDS):
        while [one["status"] for one in (await journal(world))[-1:]] != [0]:  # noqa: ASYNC110 - read over HTTP
            await asyncio.sleep(LOOK_AGAIN)


async def test_a_lost_reply_comes_after_the_work_was_done(world: Outside) -> None:
    await world.fault(vendor="fathom", operation="webhooks.create", kind="lost_reply")
    body = {
        "destination_url": "https://app.example/x",
        "triggered_for": ["my_recordings"],
        "include_summary": True,
    }
    with pytest.raises(httpx.RemoteProtocolError):
        await world.http.post("/fathom/external/v1/webhooks", json=body, headers=ADA)
    entry = (await journal(world))[-1]
    assert entry["status"] == 0
    assert entry["response"]["body"]["url"] == "https://app.example/x"


async def test_malformed_and_cut_bodies(world: Outside) -> None:
    await world.fault(vendor="fathom", kind="malformed")
    reply = await meetings(world)
    assert reply.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        reply.json()
    await world.fault(vendor="fathom", kind="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        await meetings(world)


@pytest.mark.parametrize("path", ["openai/v1/chat/completions", "deepseek/chat/completions"])
async def test_a_stream_is_spoiled_before_it_begins(world: Outside, path: str) -> None:
    vendor = path.partition("/")[0]
    model = {"openai": "gpt-5.4-mini", "deepseek": "deepseek-flash"}[vendor]
    asked = {"model": model, "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"Authorization": f"Bearer sk-sandbox-{vendor}"}
    await world.fault(vendor=vendor, kind="malformed")
    garbled = await world.http.post(f"/{path}", json=asked, headers=headers)
    assert (garbled.status_code, garbled.text) == (200, '{"data": [')
    await world.fault(vendor=vendor, kind="lost_reply")
    with pytest.raises(httpx.RemoteProtocolError):
        await world.http.post(f"/{path}", json=asked, headers=headers)
    whole = await world.http.post(f"/{path}", json=asked, headers=headers)
    assert whole.text.endswith("data: [DONE]\n\n")


async def test_faults_are_listed_dropped_and_checked(world: Outside) -> None:
    await world.fault(vendor="google", operation="token", kind="status", status=503, times=None)
    listed = (await world.http.get("/panel/api/faults")).json()
    assert [f["operation"] for f in listed["faults"]] == ["token"]
    assert "lost_reply" in listed["kinds"]
    assert (await world.http.delete("/panel/api/faults")).json() == {"removed": 1}
    for wrong in ({"kind": "earthquake"}, {"where": "x"}):
        reply = await world.http.post("/panel/api/faults", json=wrong)
        assert reply.status_code == 400


@pytest.mark.parametrize(
    ("path", "vendor"),
    [
        ("/openai/v1/models", "openai"),
        ("/deepseek/models", "deepseek"),
        ("/crono/api/v1/Users", "crono"),
        ("/gmail/gmail/v1/users/me/profile", "gmail"),
        ("/gcal/calendar/v3/calendars/primary/events", "calendar"),
        ("/google/userinfo", "google"),
        ("/anthropic/v1/models/claude-x", "anthropic"),
    ],
)
async def test_every_vendor_can_be_spoiled(world: Outside, path: str, vendor: str) -> None:
    await world.fault(vendor=vendor, kind="status", status=503)
    reply = await world.http.get(path)
    assert reply.status_code == 503
    assert (await journal(world))[-1]["vendor"] == vendor
    expected = {"crono": "isSuccess", "anthropic": "request_id"}.get(vendor, "error")
    assert expected in reply.json()


async def test_slack_can_be_spoiled_by_method(world: Outside) -> None:
    await world.fault(vendor="slack", operation="chat.postMessage", kind="status", status=429)
    bearer = {"Authorization": f"Bearer {world.env['SLACK_BOT_TOKEN']}"}
    limited = await world.http.post("/slack/api/chat.postMessage", headers=bearer)
    assert limited.status_code == 429
    fine = await world.http.post("/slack/api/auth.test", headers=bearer)
    assert fine.json()["ok"] is True


async def test_the_journal_shows_requests_and_hides_secrets(world: Outside) -> None:
    last = (await journal(world) or [{"n": 0}])[-1]["n"]
    await world.http.post(
        "/google/token",
        data={"client_secret": "hush-1", "refresh_token": "hush-2", "grant_type": "refresh_token"},
        headers={"Authorization": "Basic aHVzaDpodXNo", "X-New-Header": "hush-3"},
    )
    entry = (await journal(world, after=last))[-1]
    assert (entry["vendor"], entry["method"], entry["status"]) == ("google", "POST", 401)
    assert entry["request"]["operation"] == "token"
    assert entry["request"]["body"]["grant_type"] == "refresh_token"
    assert "hush" not in str(entry)
    assert "aHVzaD" not in str(entry)


async def test_the_outside_shows_accounts_keys_and_calendars(world: Outside) -> None:
    body = (await world.http.get("/panel/api/outside")).json()
    assert {"email": "ada@altamarea.example", "drafts": []} in body["gmail"]
    assert {k["person"] for k in body["keys"] if k["card"] == "Fathom"} >= {"U0ADA", "U0NORA"}
    assert len(body["calendar"][0]["events"]) > 30
    keys = {(k["card"], k["name"]): k["key"] for k in body["keys"]}
    assert keys["A customer’s own AI accounts", "openai"].startswith("sk-")
    assert keys["Seguito", "X-Admin-Key of its HTTP API"] == world.env["ADMIN_API_KEY"]
    assert set(body["crono"]) == {"accounts", "prospects", "deals", "notes", "tasks"}


async def test_the_environment_names_every_setting_of_the_vendors(world: Outside) -> None:
    assert world.env["SLACK_API_URL"] == f"{world.url}/slack/api/"
    assert world.env["GMAIL_API_URL"] == f"{world.url}/gmail"
    assert world.env["SLACK_OPS_ADMINS"] == "U0ADA"
    assert world.env["OPENAI_BASE_URL"] == f"{world.url}/openai/v1"
    assert world.env["DEEPSEEK_BASE_URL"] == f"{world.url}/deepseek"
    assert world.env["SMTP_URL"].startswith("smtp://seguito:")
    assert "@seguito.example>" in world.env["EMAIL_FROM"]
    assert (await world.http.get("/health")).json()["status"] == "ok"


def test_a_fault_waits_for_its_turn_and_counts() -> None:
    faults = Faults()
    faults.add(Fault(vendor="gmail", operation="drafts.*", kind="timeout", times=2, skip=1))
    assert faults.take("calendar", "events.list") is None
    taken = [faults.take("gmail", "drafts.create") for _ in range(4)]
    assert [bool(fault) for fault in taken] == [False, True, True, False]


def test_headers_are_masked_unless_they_are_known() -> None:
    assert Mask().headers({"Accept": "x", "X-Whatever": "y"}) == {
        "Accept": "x",
        "X-Whatever": "•••",
    }


def test_bodies_are_read_and_masked_at_any_depth() -> None:
    mask = Mask()
    assert mask.body({"text": "It is CHA-0A1B2C3D-4E5F6071-8293A4B5-C6D7E8F9."}) == {
        "text": "It is CHA-•••."
    }
    assert mask.body({"a": [{"token": "x", "b": 1}]}) == {"a": [{"token": "•••", "b": 1}]}
    assert mask.readable(b"code=x&a=1", "application/x-www-form-urlencoded") == {
        "code": "•••",
        "a": "1",
    }
    assert mask.readable(b"{", "application/json") == "{"
    assert mask.readable(b"", "text/plain") is None
    long = b'{"token": "hush", "text": "' + b"x" * 9_000 + b'", "more": "' + b"y" * 9_000 + b'"}'
    kept = str(mask.readable(long, "application/json"))
    assert len(kept) < 17_000
    assert "hush" not in kept


async def test_the_process_prints_its_address_and_stops_when_told() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "integrations.sandbox",
        "--port",
        "0",
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 20)
    assert line.startswith(b'{"port": ')
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0
