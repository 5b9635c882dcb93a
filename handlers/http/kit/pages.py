"""Pages as responses: one maker, so that every page carries the same headers."""

from aiohttp import web

# An address may carry a state: no referrer, no cache, no framing, and nothing foreign runs.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}

# A form that leads on to Google: browsers hold its redirects to the same rule, and Google's
# address is a setting.
FORM_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "form-action 'none'; ", ""
    ),
}


def html(text: str, status: int = 200) -> web.Response:
    """A page for a person's browser."""
    return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)


def form(text: str) -> web.Response:
    """A page with a button that leads on."""
    return web.Response(text=text, content_type="text/html", headers=FORM_HEADERS)
