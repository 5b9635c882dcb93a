"""`python -m bot stripe-replay`: events of Stripe's handled again, by id or all undone."""

from collections.abc import Sequence
from typing import TextIO

from services.actors import Operator
from services.billing import KeptEvent, KeptEvents
from services.errors import NotFound

COMMAND = Operator("command", "stripe-replay")
UNDONE = ("waiting", "working", "parked")


async def replay(inbox: KeptEvents, event_ids: Sequence[str], out: TextIO) -> int:
    """Start a job for each of these, or without ids for all undone ones; how many are unknown."""
    unknown = 0
    for event_id in event_ids or [one.id for one in await _undone(inbox)]:
        try:
            event = await inbox.replay(COMMAND, event_id)
        except NotFound as error:
            unknown += 1
            out.write(f"{event_id}\t{error.sentence('en')}\n")
        else:
            out.write(f"{event.id}\t{event.type}\t{event.state}\n")
    return unknown


async def _undone(inbox: KeptEvents) -> list[KeptEvent]:
    found: list[KeptEvent] = []
    for state in UNDONE:
        before = ""
        while page := await inbox.listed(state=state, before=before, limit=100):
            found += page
            before = page[-1].id
    return found
