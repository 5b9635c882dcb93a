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
    forwarded = request.headers.get(FORWARDED)
    if not forwarded or not _is_ours(peer):
        return peer
    for one in reversed(forwarded.split(",")):
        address = one.strip()
        if not _is_ours(address):
            return address if _is_address(address) else peer
    return peer


@lru_cache(maxsize=REMEMBERED)
def _is_ours(address: str) -> bool:
    return _is_address(address) and not ip_address(address).is_global


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
