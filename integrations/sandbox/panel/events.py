"""The stream that tells an open panel what to fetch again."""

import json

from aiohttp import web

from integrations.sandbox.kit.changes import Changes
from integrations.sandbox.kit.wire import STOPPING

GATHER_SECONDS = 1.0  # how long a stream waits before it looks whether it should end
KEEP_ALIVE = b": still here\n\n"


async def stream_changes(request: web.Request, changes: Changes) -> web.StreamResponse:
    """Server-sent events `{"changed": [topic, …]}` until the panel or the sandbox goes."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    stopping = request.app.get(STOPPING)
    with changes.subscribe() as heard:
        try:
            await response.write(KEEP_ALIVE)
            while not (stopping and stopping.is_set()):
                topics = await heard.next(GATHER_SECONDS)
                await response.write(_event(topics) if topics else KEEP_ALIVE)
        except ConnectionError:
            # The page was closed; that is how every stream ends.
            return response
    return response


def _event(topics: frozenset[str]) -> bytes:
    return b"data: %s\n\n" % json.dumps({"changed": sorted(topics)}).encode()
