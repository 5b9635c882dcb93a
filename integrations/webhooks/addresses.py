"""Which addresses a webhook may go to, so that nobody reaches into our own network through us."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from integrations.errors import Refused, Unreachable
from integrations.webhooks.types import Reach

VENDOR = "webhooks"
MAX_URL = 2_000
MAX_ADDRESSES = 3
SCHEMES = {Reach.PUBLIC: ("https",), Reach.ANYONE: ("https", "http")}
# Gateways that lead from IPv6 back into IPv4 (RFC 6052, RFC 8215).
NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))

Address = IPv4Address | IPv6Address


def is_possible(url: str, reach: Reach) -> bool:
    """Whether messages could be posted there, as far as the text tells; names are not looked up."""
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in SCHEMES[reach] or not host or port == 0:
        return False
    if parts.username is not None or parts.fragment or "\\" in url:
        return False
    address = _literal(host)
    if address is not None:
        return is_allowed(address, reach)
    return reach is Reach.ANYONE or "." in host.rstrip(".")


def is_allowed(address: Address, reach: Reach) -> bool:
    """Whether this very address may be connected to."""
    if reach is Reach.ANYONE:
        return True
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or address.teredo
        if inner is not None or any(address in network for network in NAT64):
            return False
    return address.is_global and not address.is_multicast


async def resolve(host: str, port: int, reach: Reach) -> tuple[str, ...]:
    """The addresses to connect to; raises Refused when any of the name's is not allowed.

    Connect to these and look no further: a second look-up may be answered differently.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(VENDOR, "the name cannot be resolved") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(is_allowed(address, reach) for address in addresses):
        raise Refused(VENDOR, "private_address", "the name leads to an address that is not public")
    return tuple(dict.fromkeys(map(str, addresses)))[:MAX_ADDRESSES]


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
