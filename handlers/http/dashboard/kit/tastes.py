"""How an admin likes pages: language, colours, keys; kept in cookies of this browser."""

from aiohttp import web

from handlers.http.dashboard.kit.guard import read_cookie, set_cookie
from handlers.http.kit.context import language
from services.phrases import LANGUAGES
from views.dashboard.kit.frame import Theme

LANGUAGE, THEME, KEYS = "seguito_language", "seguito_theme", "seguito_keys"
OFF = "off"
THEMES: dict[str, Theme] = {"light": "light", "dark": "dark"}
A_YEAR = 365 * 24 * 3600


def spoken(request: web.Request) -> str:
    """The language that was chosen, else the browser's."""
    chosen = read_cookie(request, LANGUAGE)
    return chosen if chosen in LANGUAGES else language(request)


def theme(request: web.Request) -> Theme:
    """The colours that were chosen; "" follows the browser."""
    return THEMES.get(read_cookie(request, THEME), "")


def keys_off(request: web.Request) -> bool:
    """Whether single keys do nothing."""
    return read_cookie(request, KEYS) == OFF


def keep(request: web.Request, response: web.Response, name: str, value: str) -> None:
    """Remember a choice; "" forgets it."""
    set_cookie(request, response, name, value, A_YEAR)
