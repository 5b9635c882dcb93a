"""Posting webhooks: to addresses that may be called, without following, reading little."""

import asyncio
import socket
from datetime import timedelta
from ipaddress import ip_address

import httpx
import pytest
from aiohttp import web

from integrations.errors import RefusedByVendor, Unreachable
from integrations.http import ClientOptions
from integrations.webhooks.addresses import is_allowed, is_possible, resolve
from integrations.webhooks.client import CheckedTransport, WebhookClient
from integrations.webhooks.types import AddressPolicy
from tests.integrations.fake_vendor import FakeVendor, drops, hangs, says

QUICK = ClientOptions(deadline=timedelta(seconds=0.5))


async def post(url: str, reach: AddressPolicy = AddressPolicy.ANYONE):
    client = WebhookClient(reach, QUICK)
    try:
        return await client.post(url, {"webhook-id": "msg_1"}, b'{"a": 1}')
    finally:
        await client.close()


async def test_a_message_arrives_as_it_was_signed(vendor: FakeVendor) -> None:
    vendor.answer = says({})
    reply = await post(f"{vendor.url}/hooks?x=1")
    seen = vendor.seen[0]
    assert reply.taken
    assert (seen.method, seen.path, seen.query, seen.body) == (
        "POST",
        "/hooks",
        {"x": "1"},
        b'{"a": 1}',
    )
    assert seen.headers["webhook-id"] == "msg_1"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["host"] == vendor.url.removeprefix("http://")


async def test_a_redirect_is_not_followed(vendor: FakeVendor) -> None:
    vendor.answer = says({}, 302, Location=f"{vendor.url}/elsewhere")
    reply = await post(vendor.url)
    assert (reply.status, reply.taken, len(vendor.seen)) == (302, False, 1)


async def test_a_broken_receiver_is_asked_once_and_quoted(vendor: FakeVendor) -> None:
    vendor.answer = says(b"no\r\nroom", 503, Retry_After="7")
    reply = await post(vendor.url)
    assert (reply.status, reply.excerpt, reply.retry_after) == (
        503,
        "no room",
        timedelta(seconds=7),
    )
    assert len(vendor.seen) == 1


async def test_an_endless_answer_is_read_for_a_kilobyte_only(vendor: FakeVendor) -> None:
    sent = 0

    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)
            sent += 65536

    vendor.answer = endless
    reply = await asyncio.wait_for(post(vendor.url), 5)
    assert reply.taken
    assert sent < 50 * 1024 * 1024


async def test_a_compressed_answer_is_not_unpacked(vendor: FakeVendor) -> None:
    vendor.answer = says(b"\x1f\x8bnot gzip at all", 200, Content_Encoding="gzip")
    assert (await post(vendor.url)).taken


@pytest.mark.parametrize("way", [hangs, drops])
async def test_no_answer_is_unreachable(vendor: FakeVendor, way) -> None:
    vendor.answer = way
    with pytest.raises(Unreachable):
        await post(vendor.url)


async def test_an_address_of_our_own_network_is_never_called(vendor: FakeVendor) -> None:
    vendor.answer = says({})
    with pytest.raises(RefusedByVendor, match="not public"):
        await post(vendor.url.replace("http://127.0.0.1", "http://localhost"), AddressPolicy.PUBLIC)
    assert vendor.seen == []


@pytest.mark.parametrize("url", ["https://0177.0.0.1:1/x", "https://[::1", "//shop.example/x"])
async def test_what_is_no_address_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises((RefusedByVendor, Unreachable)) as told:
        await post(url)
    assert url not in str(told.value.args)


async def test_a_name_that_leads_nowhere_may_do_so_later() -> None:
    with pytest.raises(Unreachable, match="cannot be resolved"):
        await resolve("nowhere.invalid", 443, AddressPolicy.PUBLIC)


async def test_one_private_address_among_several_is_enough_to_refuse() -> None:
    class Loop(asyncio.SelectorEventLoop):
        async def getaddrinfo(self, host, port, **_):
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port)),
                (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fd00::1", port, 0, 0)),
            ]

    def run() -> None:
        loop = Loop()
        try:
            loop.run_until_complete(resolve("two.example", 443, AddressPolicy.PUBLIC))
        finally:
            loop.close()

    with pytest.raises(RefusedByVendor):
        await asyncio.to_thread(run)


async def test_the_connection_goes_to_the_looked_up_address_under_the_receivers_name() -> None:
    called: list[httpx.Request] = []

    async def wire(request: httpx.Request) -> httpx.Response:
        called.append(request)
        return httpx.Response(200)

    guarded = CheckedTransport(AddressPolicy.ANYONE, httpx.MockTransport(wire))
    async with httpx.AsyncClient(transport=guarded) as client:
        await client.post("https://localhost:8443/x", content=b"{}")
    (request,) = called
    assert ip_address(request.url.host).is_loopback
    assert request.headers["host"] == "localhost:8443"
    assert request.extensions["sni_hostname"] == "localhost"


async def test_an_address_nobody_listens_on_is_passed_over() -> None:
    called: list[str] = []

    async def wire(request: httpx.Request) -> httpx.Response:
        called.append(request.url.host)
        if len(called) == 1:
            raise httpx.ConnectError("no route")
        return httpx.Response(200)

    guarded = CheckedTransport(AddressPolicy.ANYONE, httpx.MockTransport(wire))
    request = httpx.Request("POST", "https://shop.example/", content=b"{}")
    answer = await guarded._reached(request, ("2606:2800:220:1::1", "93.184.216.34"))
    assert (answer.status_code, called) == (200, ["2606:2800:220:1::1", "93.184.216.34"])


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.1.2.3"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1"),
        *("::ffff:127.0.0.1", "::ffff:93.184.216.34", "2002:7f00:1::", "64:ff9b::7f00:1"),
        *("ff02::1", "2001:0:7f00:1::", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1"),
        *("3fff::1", "5f00::1", "192.0.0.8", "192.88.99.1", "64:ff9b:1::1", "2001:db8::1"),
    ],
)
def test_no_address_leads_back_into_our_network(address: str) -> None:
    assert not is_allowed(ip_address(address), AddressPolicy.PUBLIC)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses_may_be_called(address: str) -> None:
    assert is_allowed(ip_address(address), AddressPolicy.PUBLIC)


@pytest.mark.parametrize(
    "url",
    [
        *("http://shop.example/hooks", "https://localhost/", "https://127.0.0.1/", "https:///x"),
        *("https://user:pw@shop.example/", "https://shop.example/#part", "ftp://shop.example/"),
        *("https://shop.example/a b", "https://shop.example/\r\nX: y", "https://[::1]/", "shop"),
        *("https://shop.example:99999/", "https://shop.example:0/", "https://2130706433/"),
        *("https://shop.example\\@evil.example/", "https://" + "x" * 2000 + ".example/", ""),
        *("https://[::1", "https://127.1/", "https://0177.0.0.1:1/x", "https://0x7f.1/"),
        *("https://127.0.0.1./", "https://192.168.1/", "https://1.2.3.4.5/", "https://256.1.1.1/"),
        *("https://foo.internal/", "https://metadata.google.internal/", "https://a.localhost/"),
        *("https://shop..example/", "https://.example/", "https://-a.example/", "https://a_/"),
        *("https://[::127.0.0.1]/", "https://[fe80::1%25eth0]/", "https://%6c.example/"),
    ],
)
def test_what_cannot_be_a_public_receiver_is_refused_at_the_door(url: str) -> None:
    assert not is_possible(url, AddressPolicy.PUBLIC)


def test_a_receiver_on_the_internet_is_possible() -> None:
    assert is_possible("https://shop.example:8443/hooks?token=1", AddressPolicy.PUBLIC)


def test_on_localhost_receivers_of_this_machine_are_possible() -> None:
    assert is_possible("http://127.0.0.1:4000/site/webhooks", AddressPolicy.ANYONE)
    assert is_possible("http://localhost:4000/", AddressPolicy.ANYONE)
