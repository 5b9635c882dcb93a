"""The notice of what was just done: carried over the redirect by a signed cookie, shown once."""

import base64
import hashlib
import hmac
from typing import Literal, cast

from aiohttp import web

from handlers.http.dashboard.kit.guard import read_cookie, set_cookie
from views.dashboard.kit.frame import FlashNotice

Tone = Literal["good", "warn", "bad"]
COOKIE = "seguito_notice"
SECONDS = 120
LONGEST = 1_500
TONES = ("good", "warn", "bad")


def carry(request: web.Request, response: web.Response, key: str, notice: FlashNotice) -> None:
    """Give it to the browser, signed with its session's secret."""
    plain = f"{notice.tone}:{notice.text[:LONGEST]}".encode()
    text = base64.urlsafe_b64encode(plain).decode()
    set_cookie(request, response, COOKIE, f"{text}.{_mark(key, text)}", SECONDS)


def carried(request: web.Request, key: str) -> FlashNotice | None:
    """The notice that came back; None for none, or for one that is not ours."""
    text, _, mark = read_cookie(request, COOKIE).partition(".")
    if not hmac.compare_digest(mark.encode(errors="surrogatepass"), _mark(key, text).encode()):
        return None
    tone, _, told = base64.urlsafe_b64decode(text).decode().partition(":")
    return FlashNotice(told, cast(Tone, tone)) if tone in TONES else None


def forget(request: web.Request, response: web.Response) -> None:
    """It was shown."""
    set_cookie(request, response, COOKIE, "", 0)


def _mark(key: str, text: str) -> str:
    plain = text.encode(errors="surrogatepass")
    return hmac.new(f"notice:{key}".encode(), plain, hashlib.sha256).hexdigest()
