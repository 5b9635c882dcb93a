"""Where a request comes from, behind the proxies that stand before us."""

from functools import lru_cache
from ipaddress import ip_address

from aiohttp import web

FORWARDED = "X-Forwarded-For"
REMEMBERED = 1_024


def address_of(request: web.Request) -> str:
    """The caller's address, "" when there is none.

    A private address is our own platform's proxy: then the last address it was told by the one
    before it counts. What stands further left anybody may have written.
    """
    peer = request.remote or ""
    if FORWARDED not in request.headers or not is_ours(peer):
        return peer
    # One proxy adds to the line that came, another adds a line of its own.
    forwarded = ",".join(request.headers.getall(FORWARDED))
    for one in reversed(forwarded.split(",")):
        address = one.strip()
        if not is_ours(address):
            return address if _is_address(address) else peer
    return peer


@lru_cache(maxsize=REMEMBERED)
def is_ours(address: str) -> bool:
    """Whether it is of our platform's own network, or this machine."""
    return _is_address(address) and not ip_address(address).is_global


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
