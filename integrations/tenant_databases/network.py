"""From a host's name to addresses that may be connected to, and encryption that keeps the name."""

import asyncio
import ssl
from ipaddress import ip_address
from socket import AF_INET6, SOCK_STREAM

from integrations.databases import ConnectionParts
from integrations.tenant_databases.errors import Reason, TenantUnreachable
from integrations.webhooks.addresses import is_allowed
from integrations.webhooks.types import AddressPolicy

VERIFIED = frozenset({"verify-ca", "verify-full"})
# libpq's two that may end without encryption; asyncpg knows them by the same words.
OPTIONAL = frozenset({"allow", "prefer"})
MAX_ADDRESSES = 4


async def addresses(parts: ConnectionParts, policy: AddressPolicy) -> tuple[str, ...]:
    """Where to connect: the pinned address, if it is allowed, or all that the name leads to now.

    TenantUnreachable NAME or NOT_ALLOWED.
    """
    if parts.address:
        if not is_allowed(ip_address(parts.address), policy):
            raise TenantUnreachable(Reason.NOT_ALLOWED)
        return (parts.address,)
    if parts.host.startswith("/"):
        return (parts.host,)
    return await look_up(parts.host, parts.port)


async def look_up(host: str, port: int) -> tuple[str, ...]:
    """Every address of the name, IPv4 first; TenantUnreachable NAME."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TenantUnreachable(Reason.NAME, "the name cannot be resolved") from None
    found.sort(key=lambda entry: entry[0] == AF_INET6)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))[:MAX_ADDRESSES]


def only_ipv6(found: tuple[str, ...]) -> bool:
    """Whether there is no IPv4 address among them."""
    return all(":" in address for address in found)


def encryption(parts: ConnectionParts) -> ssl.SSLContext | str | bool:
    """What asyncpg takes as `ssl`, without looking at this machine's PG… variables and files."""
    if parts.sslmode in OPTIONAL:
        return parts.sslmode
    if parts.sslmode == "disable":
        return False
    context = _NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.name = parts.host
    context.check_hostname = parts.sslmode == "verify-full"
    if parts.sslmode in VERIFIED:
        context.load_default_certs()
    else:
        context.verify_mode = ssl.CERT_NONE
    return context


class _NamedContext(ssl.SSLContext):
    """Says and checks the name it was given, though the socket goes to an address."""

    name = ""

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        named = self.name or server_hostname
        return super().wrap_bio(incoming, outgoing, server_side, named, session)
