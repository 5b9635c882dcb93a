"""Half of the Management API's limit, for all our processes together (contract B.1)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

# Of 120 calls of one endpoint in one scope; the other half is left to people and their scripts.
MOST = 60
WINDOW = timedelta(seconds=60)

# Counts one of `most` calls of a key within a time, or none: how long until there is room.
TakeFromWindow = Callable[[bytes, int, timedelta], Awaitable[timedelta]]


class ManagementPace:
    """Counts calls where every process counts them."""

    def __init__(self, take: TakeFromWindow) -> None:
        self._take = take

    async def __call__(self, operation: str, scope: str) -> timedelta:
        """How long this call must wait, zero if it may leave."""
        key = sha256(f"supabase management {operation} {scope}".encode()).digest()
        return await self._take(key, MOST, WINDOW)
