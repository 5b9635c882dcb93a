"""Which addresses a webhook may go to, so that nobody reaches into our own network through us."""

import asyncio
import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import httpx

from integrations.errors import RefusedByVendor, Unreachable
from integrations.webhooks.types import AddressPolicy

VENDOR = "webhooks"
MAX_URL = 2_000
MAX_ADDRESSES = 3
SCHEMES = {AddressPolicy.PUBLIC: ("https",), AddressPolicy.ANYONE: ("https", "http")}
# What `is_global` calls public, on some Python at least, and no receiver may have.
CLOSED = tuple(
    map(
        ip_network,
        (
            # IPv4 within IPv6: compatible, translated, and NAT64 (RFC 4291, 2765, 6052, 8215).
            *("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"),
            # Site-local, documentation, segment routing (RFC 3879, 9637, 9602).
            *("fec0::/10", "3fff::/20", "5f00::/16"),
            # Protocol assignments and the relays of 6to4 (RFC 6890, 7526).
            *("192.0.0.0/24", "192.88.99.0/24"),
        ),
    )
)
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# Such a name is an IPv4 address to some (WHATWG URL), and nobody's host (RFC 3696, 2).
NUMERIC = re.compile(r"\d+|0x[0-9a-f]*")
# RFC 6761, RFC 6762, RFC 9476 and ICANN's `internal`.
INNER = frozenset(("alt", "internal", "invalid", "local", "localhost"))

Address = IPv4Address | IPv6Address


def is_possible(url: str, reach: AddressPolicy) -> bool:
    """Whether messages could be posted there, as far as the text tells; names are not looked up."""
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        # What posts must be able to read it too.
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        return False
    if parts.scheme not in SCHEMES[reach] or not host or port == 0:
        return False
    if parts.username is not None or parts.fragment or "\\" in url:
        return False
    address = _literal(host)
    return _is_name(host, reach) if address is None else is_allowed(address, reach)


def is_allowed(address: Address, reach: AddressPolicy) -> bool:
    """Whether this very address may be connected to."""
    if reach is AddressPolicy.ANYONE:
        return True
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or address.teredo
        if inner is not None:
            return False
    closed = address.is_multicast or any(address in network for network in CLOSED)
    return address.is_global and not closed


async def resolve(host: str, port: int, reach: AddressPolicy) -> tuple[str, ...]:
    """The addresses to connect to; raises Refused when any of the name's is not allowed.

    Connect to these and look no further: a second look-up may be answered differently.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(VENDOR, "the name cannot be resolved") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(is_allowed(address, reach) for address in addresses):
        raise RefusedByVendor(
            VENDOR, "private_address", "the name leads to an address that is not public"
        )
    return tuple(dict.fromkeys(map(str, addresses)))[:MAX_ADDRESSES]


def _is_name(host: str, reach: AddressPolicy) -> bool:
    labels = host.removesuffix(".").lower().split(".")
    if not all(map(LABEL.fullmatch, labels)) or NUMERIC.fullmatch(labels[-1]):
        return False
    return reach is AddressPolicy.ANYONE or (len(labels) > 1 and labels[-1] not in INNER)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
