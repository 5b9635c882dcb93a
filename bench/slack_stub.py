"""Slack's Web API for measurements: agreeable, and with nothing behind it.

python -m bench.slack_stub 3001 T00000000       one port, and the workspace it speaks for
"""

import asyncio
import sys
from contextlib import suppress

from aiohttp import web


async def serve(port: int, team_id: str) -> None:
    """Say ok to every method until ended."""

    async def agree(request: web.Request) -> web.Response:
        view = {"id": "V1", "hash": "1.a", "type": "modal", "root_view_id": "V1"}
        user = {"name": "ada", "locale": "en-US", "tz": "Europe/Rome", "profile": {}}
        identity = {"team_id": team_id, "user_id": "U0BOT", "bot_id": "B0BOT"}
        return web.json_response({"ok": True, "view": view, "user": user, "ts": "1.1", **identity})

    app = web.Application()
    app.router.add_post("/{path:.*}", agree)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
