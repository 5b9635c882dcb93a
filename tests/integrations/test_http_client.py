"""The one maker of HTTP clients: what is sent again, what is not, and when it gives up."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, Unreachable
from integrations.http import SAFE, ClientOptions, client, credential, is_loopback, retry_after
from tests.integrations.fake_vendor import drops, hangs, in_turn, says

FAST = timedelta(seconds=0.15)


@pytest.fixture
def watched():
    """What the latency metric was told."""
    return []


@pytest_asyncio.fixture
async def http(vendor, watched):
    options = ClientOptions(observe=lambda *told: watched.append(told[:3]))
    async with client(vendor.url + "/prefix", "acme", options) as made:
        yield made


async def test_a_get_is_sent_again_after_a_502(vendor, http, watched):
    vendor.answer = in_turn(says(status=502), says({"ok": 1}))
    response = await http.get("/things", extensions={"operation": "things"})
    assert response.json() == {"ok": 1}
    assert [seen.path for seen in vendor.seen] == ["/prefix/things"] * 2
    assert watched == [("acme", "things", 502), ("acme", "things", 200)]


async def test_a_get_is_sent_again_when_its_answer_is_lost(vendor, http):
    vendor.answer = in_turn(drops, says({"ok": 1}))
    assert (await http.get("/things")).status_code == 200


async def test_it_gives_up_after_three_times(vendor, http):
    vendor.answer = says(status=503)
    assert (await http.get("/things")).status_code == 503
    assert len(vendor.seen) == 3


async def test_a_post_whose_answer_is_lost_is_not_sent_again(vendor, http):
    vendor.answer = drops
    with pytest.raises(Unreachable):
        await http.post("/things", json={})
    assert len(vendor.seen) == 1


async def test_a_post_that_failed_is_not_sent_again(vendor, http):
    vendor.answer = says(status=500)
    assert (await http.post("/things", json={})).status_code == 500
    assert len(vendor.seen) == 1


async def test_a_post_that_only_reads_is_sent_again(vendor, http):
    vendor.answer = in_turn(says(status=500), says({}))
    response = await http.post("/search", json={"name": "x"}, extensions=SAFE)
    assert response.status_code == 200
    assert [seen.json for seen in vendor.seen] == [{"name": "x"}] * 2


async def test_a_post_that_never_left_is_tried_again():
    tries = []

    def wire(request):
        tries.append(request)
        if len(tries) == 1:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(201)

    async with client("http://localhost", "acme", wire=httpx.MockTransport(wire)) as http:
        assert (await http.post("/things", json={})).status_code == 201


async def test_a_short_wait_is_waited_for(vendor, http):
    vendor.answer = in_turn(says(status=429, Retry_After="0.01"), says({}))
    assert (await http.get("/things")).status_code == 200


async def test_a_long_wait_is_handed_back_at_once(vendor, http):
    vendor.answer = says(status=429, Retry_After="30")
    assert (await http.get("/things")).status_code == 429
    assert len(vendor.seen) == 1


async def test_nobody_there_is_unreachable(closed_url):
    async with client(closed_url, "acme") as http:
        with pytest.raises(Unreachable, match="acme: ConnectError"):
            await http.get("/things")


async def test_the_deadline_ends_a_call_that_hangs(vendor, watched):
    vendor.answer = hangs
    options = ClientOptions(FAST, lambda *told: watched.append(told[:3]))
    async with client(vendor.url, "acme", options) as http:
        with pytest.raises(Unreachable):
            await http.get("/things")
    assert watched[-1] == ("acme", "GET", 0)


async def test_the_deadline_covers_all_tries_together(vendor):
    vendor.answer = says(status=503)
    async with client(vendor.url, "acme", ClientOptions(FAST)) as http:
        with pytest.raises(Unreachable, match="deadline"):
            await http.get("/things")


def test_retry_after_is_read_in_both_its_forms():
    soon = datetime.now(UTC) + timedelta(seconds=90)
    assert retry_after({"retry-after": "12"}) == timedelta(seconds=12)
    by_date = retry_after({"retry-after": format_datetime(soon, usegmt=True)})
    assert timedelta(seconds=85) < by_date <= timedelta(seconds=90)


@pytest.mark.parametrize("value", ["", "soon", "-5", "NaN", "inf"])
def test_a_senseless_retry_after_counts_as_none(value):
    assert retry_after({"retry-after": value}) is None


def test_nobody_waits_longer_than_an_hour():
    assert retry_after({"retry-after": "99999999"}) == timedelta(hours=1)


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "kéy", "‮abc"])
def test_what_no_header_can_carry_is_no_key_and_is_not_quoted(key):
    with pytest.raises(AuthExpired) as caught:
        credential("acme", key)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:9000/x", True),
        ("http://localhost:9000", True),
        ("http://[::1]:9000", True),
        ("http://127.0.0.1.example.com", False),
        ("https://api.fathom.ai", False),
        ("http://localhost@example.com", False),
    ],
)
def test_loopback_is_told_from_everything_else(url, local):
    assert is_loopback(url) is local
