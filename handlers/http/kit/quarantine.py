"""The doors of a copy that nobody released: they say so, and how it is; nothing else is done."""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from handlers.http.kit.context import language
from services.errors import Temporary
from views.words.problems import QUARANTINED

IsHeld = Callable[[], bool]
HELD: web.AppKey[IsHeld] = web.AppKey("held")

OPEN = frozenset({"/health", "/health/ready", "/health/live", "/api/health", "/metrics"})
# Slack shows a person the text of a 200 only.
SLACK_COMMANDS = "/slack/commands"


@web.middleware
async def hold(request: web.Request, handler: Handler) -> web.StreamResponse:
    """503 with its sentence for whatever might leave the house, while in quarantine."""
    if not request.app[HELD]() or request.path in OPEN:
        return await handler(request)
    if request.path == SLACK_COMMANDS:
        text = QUARANTINED(language(request))
        return web.json_response({"response_type": "ephemeral", "text": text})
    raise Temporary(QUARANTINED)
