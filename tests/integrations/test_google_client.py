"""Gmail drafts and calendar answers: what is sent, what is found again, how failures end."""

import asyncio
import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.google import client as google_client
from integrations.google.client import Google, mark
from integrations.google.types import DraftReceipt
from integrations.http import ClientOptions
from tests.integrations.fake_vendor import drops, hangs, in_turn, says

TOKEN = "ya29.secret-token"
DRAFT = {"id": "r1", "message": {"id": "18c0ffee", "threadId": "t1", "labelIds": ["DRAFT"]}}
RECEIPT = DraftReceipt("r1", "18c0ffee", "t1")
START = datetime(2026, 11, 18, 10, tzinfo=UTC)


@pytest_asyncio.fixture
async def google(vendor):
    made = Google(f"{vendor.url}/gmail", f"{vendor.url}/gcal/")
    yield made
    made.close()


def letter(**headers):
    message = EmailMessage()
    message["Subject"] = "Ciao 🚀, עברית"
    message["To"] = (
        Address("Zoë “🚀” <!channel>", "zoe", "lumen.example"),
        Address("דנה כהן, מנהלת", "dana", "lumen.example"),
    )
    for name, value in headers.items():
        message[name] = value
    message.set_content("Ciao Zoë,\n\nא\n")
    message.add_alternative("<p>Ciao Zoë</p>", subtype="html")
    return message


def listed(*ids):
    return says({"drafts": [{"id": id_, "message": {"id": "m" + id_}} for id_ in ids]})


def with_headers(draft_id, **headers):
    rows = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    message = {"id": "m" + draft_id, "threadId": "t", "payload": {"headers": rows}}
    return says({"id": draft_id, "message": message})


def refused(status, reason, **headers):
    body = {"error": {"code": status, "message": "…", "errors": [{"reason": reason}]}}
    return says(body, status, **headers)


async def test_a_draft_holds_exactly_the_message(vendor, google):
    vendor.answer = says(DRAFT)
    message = letter()
    mark(message, "fu-1")
    assert await google.create_draft(TOKEN, message, None) == RECEIPT
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("POST", "/gmail/gmail/v1/users/me/drafts")
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert set(seen.json["message"]) == {"raw"}
    raw = urlsafe_b64decode(seen.json["message"]["raw"])
    arrived = message_from_bytes(raw, policy=policy.default)
    assert arrived["Subject"] == "Ciao 🚀, עברית"
    assert [address.display_name for address in arrived["To"].addresses] == [
        "Zoë “🚀” <!channel>",
        "דנה כהן, מנהלת",
    ]
    assert [address.addr_spec for address in arrived["To"].addresses] == [
        "zoe@lumen.example",
        "dana@lumen.example",
    ]
    assert arrived["X-Seguito-Followup"] == "fu-1"
    assert arrived["Message-ID"] == "<fu-1@seguito.invalid>"
    assert arrived.get_body(("plain",)).get_content().split() == ["Ciao", "Zoë,", "א"]
    assert b"\n" not in raw.replace(b"\r\n", b"")


async def test_a_draft_may_join_a_thread(vendor, google):
    vendor.answer = says(DRAFT)
    await google.create_draft(TOKEN, letter(**{"In-Reply-To": "<a@b.example>"}), "t1")
    assert vendor.seen[0].json["message"]["threadId"] == "t1"


async def test_a_draft_whose_reply_is_lost_is_not_sent_again_and_is_found(vendor, google):
    vendor.answer = drops
    with pytest.raises(Unreachable):
        await google.create_draft(TOKEN, letter(), None)
    assert len(vendor.seen) == 1
    vendor.answer = in_turn(listed("r1"), with_headers("r1", X_Seguito_Followup="fu-1"))
    assert (await google.find_draft(TOKEN, "fu-1")).draft_id == "r1"
    search = vendor.seen[1]
    assert search.path == "/gmail/gmail/v1/users/me/drafts"
    assert search.query["q"] == "rfc822msgid:fu-1@seguito.invalid"
    assert vendor.seen[2].query["format"] == "metadata"


async def test_a_draft_with_a_rewritten_message_id_is_found_among_the_newest(vendor, google):
    vendor.answer = in_turn(
        listed(),
        listed("r9", "r8", "r7"),
        with_headers("r9", message_id="<other@mail.gmail.com>", x_seguito_followup="fu-2"),
        refused(404, "notFound"),
        with_headers("r7", message_id="<CA@mail.gmail.com>", x_seguito_followup="fu-1"),
    )
    receipt = await google.find_draft(TOKEN, "fu-1")
    assert (receipt.draft_id, receipt.message_id) == ("r7", "mr7")
    assert vendor.seen[1].query == {"maxResults": "25", "alt": "json"}


async def test_a_draft_that_lost_our_header_is_found_by_its_message_id(vendor, google):
    vendor.answer = in_turn(listed("r1"), with_headers("r1", Message_Id="<fu-1@seguito.invalid>"))
    assert (await google.find_draft(TOKEN, "fu-1")).draft_id == "r1"


async def test_a_search_that_finds_somebody_elses_draft_is_not_believed(vendor, google):
    vendor.answer = in_turn(
        listed("r1"), with_headers("r1", Message_ID="<x@y.example>"), listed("r1")
    )
    assert await google.find_draft(TOKEN, "fu-1") is None
    assert len(vendor.seen) == 3


async def test_no_drafts_at_all_is_none(vendor, google):
    vendor.answer = says({"resultSizeEstimate": 0})
    assert await google.find_draft(TOKEN, "fu-1") is None


async def test_a_draft_is_deleted_once_or_twice(vendor, google):
    vendor.answer = in_turn(says(b"", 204), refused(404, "notFound"))
    assert await google.delete_draft(TOKEN, "r1") is None
    assert await google.delete_draft(TOKEN, "r1") is None
    assert (vendor.seen[0].method, vendor.seen[0].path) == (
        "DELETE",
        "/gmail/gmail/v1/users/me/drafts/r1",
    )


def event(*guests, **more):
    attendees = [{"email": email, "responseStatus": said} for email, said in guests]
    return {"start": {"dateTime": "2026-11-18T10:00:00Z"}, "attendees": attendees} | more


async def test_who_declined_is_told_from_who_only_had_two_meetings(vendor, google):
    vendor.answer = says(
        {
            "items": [
                event(("Zoe@lumen.example", "declined"), ("bo@lumen.example", "declined")),
                event(("bo@lumen.example", "accepted"), ("eve@lumen.example", "declined")),
                event(("zoe@lumen.example", "accepted"), start={"date": "2026-11-18"}),
                {"start": {"dateTime": "2026-11-18T10:00:00Z"}},
            ]
        }
    )
    emails = frozenset({"zoe@lumen.example", "bo@lumen.example", "dana@lumen.example"})
    end = START + timedelta(hours=1)
    declined = await google.declined(TOKEN, start=START, end=end, emails=emails)
    assert declined == {"zoe@lumen.example"}
    (seen,) = vendor.seen
    assert seen.path == "/gcal/calendar/v3/calendars/primary/events"
    assert seen.query["timeMin"] == "2026-11-18T10:00:00+00:00"
    assert seen.query["timeMax"] == "2026-11-18T11:00:00+00:00"
    assert seen.query["singleEvents"] == "true"


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (refused(401, "authError"), AuthExpired, None),
        (refused(403, "insufficientPermissions"), RefusedByVendor, "insufficientPermissions"),
        (refused(403, "userRateLimitExceeded"), RateLimited, None),
        (refused(429, "rateLimitExceeded"), RateLimited, None),
        (refused(400, "invalidArgument"), RefusedByVendor, "invalidArgument"),
        (refused(500, "backendError"), Unreachable, None),
        (says(b"<html>", 502), Unreachable, None),
        (says(b"<html>", 200), Unreachable, None),
        (says(b"nonsense", 410), RefusedByVendor, "410"),
        (says({"error": "text"}, 400), RefusedByVendor, "400"),
        (says({"id": ""}), RefusedByVendor, "malformed"),
        (says([1]), Unreachable, None),
        (drops, Unreachable, None),
    ],
)
async def test_each_failure_becomes_one_of_four(vendor, google, answer, kind, code):
    vendor.answer = answer
    with pytest.raises(kind) as caught:
        await google.create_draft(TOKEN, letter(), None)
    assert code is None or caught.value.code == code
    assert "secret" not in str(caught.value)
    assert len(vendor.seen) == 1


async def test_too_many_calls_say_when_to_come_back(vendor, google):
    vendor.answer = refused(429, "rateLimitExceeded", Retry_After="9")
    with pytest.raises(RateLimited) as caught:
        await google.find_draft(TOKEN, "fu-1")
    assert caught.value.retry_after == timedelta(seconds=9)


async def test_a_call_that_hangs_ends_at_the_deadline(vendor):
    vendor.answer = hangs
    told = []
    options = ClientOptions(timedelta(seconds=0.2), lambda *what: told.append(what[:3]))
    google = Google(vendor.url, vendor.url, options=options)
    with pytest.raises(Unreachable):
        await google.find_draft(TOKEN, "fu-1")
    google.close()
    assert told == [("google", "drafts.find", 0)]


async def test_nobody_there_is_unreachable(closed_url):
    google = Google(closed_url, closed_url)
    with pytest.raises(Unreachable):
        await google.create_draft(TOKEN, letter(), None)
    google.close()


async def test_a_token_no_header_can_carry_is_not_quoted(vendor, google):
    with pytest.raises(AuthExpired) as caught:
        await google.create_draft("ya29.secret\n", letter(), None)
    assert "secret" not in str(caught.value)
    assert vendor.seen == []


async def test_ten_calls_at_once_do_not_mix(vendor, google):
    vendor.answer = says(DRAFT)
    calls = (google.create_draft(f"token-{number}", letter(), None) for number in range(10))
    await asyncio.gather(*calls)
    tokens = [seen.headers["authorization"] for seen in vendor.seen]
    assert sorted(tokens) == sorted(f"Bearer token-{number}" for number in range(10))


def test_a_draft_is_opened_in_the_mailbox_it_is_in():
    url = "https://mail.google.com/mail/?authuser=ada%40x.example#drafts?compose=18c0ffee"
    assert RECEIPT.url("ada@x.example") == url


def test_there_is_no_call_that_sends():
    """Google has no scope for drafts that could not send as well: so nothing of ours does."""
    sources = Path(google_client.__file__).parent.glob("*.py")
    called = [word for source in sources for word in re.findall(r"\.(\w+)\(", source.read_text())]
    assert "create" in called
    assert [word for word in called if "send" in word.lower() or word == "messages"] == []
