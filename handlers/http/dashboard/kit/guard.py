"""What is believed of a browser: its session's cookie, where a form came from, where it may go on.

A form is judged in this order: Sec-Fetch-Site, else Origin against PUBLIC_URL, then its token.
"""

import hashlib
import hmac
import re

from aiohttp import hdrs, web

from handlers.http.dashboard.kit.desk import PublicSite, public_site
from handlers.http.kit.callers import address_of
from services.admins import Device

SESSION, SIGN_IN = "seguito_admin", "seguito_sign_in"
SAFE_METHODS = frozenset({"GET", "HEAD"})
HOME = "/admin"
# A path of ours and nothing else: no backslash, no escape, no empty or dotted part.
OURS = re.compile(r"/admin(?:/[A-Za-z0-9_~:@-][A-Za-z0-9._~:@-]*)*(?:\?[A-Za-z0-9._~=&+%:@-]*)?")
LONGEST_NEXT = 1_000


def cookie_name(name: str, at: PublicSite) -> str:
    """By https the browser itself sees to it that no other host can set it."""
    return f"__Host-{name}" if at.secure else name


def read_cookie(request: web.Request, name: str) -> str:
    """The cookie's text, "" without one."""
    return request.cookies.get(cookie_name(name, public_site(request)), "")


def set_cookie(
    request: web.Request, response: web.Response, name: str, value: str, seconds: int
) -> None:
    """A cookie of ours; "" takes it away."""
    at = public_site(request)
    response.set_cookie(
        cookie_name(name, at),
        value,
        max_age=seconds if value else 0,
        path="/",
        secure=at.secure,
        httponly=True,
        samesite="Lax",
    )


def from_our_own_page(request: web.Request) -> bool:
    """Whether the browser says that a page of ours sent this; a GET always is."""
    if request.method in SAFE_METHODS:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is not None and origin == public_site(request).origin


def form_token(session_token: str) -> str:
    """What every form of this session carries."""
    return hmac.new(session_token.encode(), b"form", hashlib.sha256).hexdigest()


def fits(given: str, session_token: str) -> bool:
    """Whether a form's token is this session's; takes the same time whatever was sent."""
    known = form_token(session_token).encode()
    return hmac.compare_digest(given.encode(errors="surrogatepass"), known)


def safe_next(text: str) -> str:
    """A page of ours to go on to; the dashboard's first for anything else."""
    if len(text) > LONGEST_NEXT or not OURS.fullmatch(text) or text.startswith("/admin/sign-"):
        return HOME
    return text


def device_of(request: web.Request) -> Device:
    """The client behind our platform's proxies, and its browser."""
    return Device(address_of(request), request.headers.get(hdrs.USER_AGENT, ""))
