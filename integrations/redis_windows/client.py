"""The hour's window as a sorted set in Redis, counted by Redis' own clock."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from integrations.redis_windows.errors import reaching
from integrations.redis_windows.types import Want, WindowRoom

ANSWER = timedelta(seconds=0.5)
CONNECTIONS = 8
PREFIX = "seguito:hour:"

# ARGV holds a limit and a hit for each key; no hit ("") only looks. Answers taken, remaining and
# reset for each. Times are whole microseconds, which a double holds exactly.
COUNT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local hour = 3600 * 1000000
local answers = {}
for place, key in ipairs(KEYS) do
    local limit = tonumber(ARGV[place * 2 - 1])
    local hit = ARGV[place * 2]
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - hour))
    local count = redis.call('ZCARD', key)
    local taken = 0
    if hit ~= '' and redis.call('ZSCORE', key, hit) then
        taken = 1
    elseif hit ~= '' and count < limit then
        redis.call('ZADD', key, string.format('%.0f', now), hit)
        redis.call('EXPIRE', key, 3600)
        count = count + 1
        taken = 1
    end
    local first = math.max(count - limit, 0)
    local oldest = redis.call('ZRANGE', key, first, first, 'WITHSCORES')
    local since = now
    if oldest[2] then
        since = math.min(tonumber(oldest[2]), now)
    end
    table.insert(answers, taken)
    table.insert(answers, math.max(limit - count, 0))
    table.insert(answers, math.ceil((since + hour - now) / 1000000))
end
return answers
"""


class RedisWindows:
    """Windows that every process on one Redis shares; raises Unreachable without a quick answer."""

    def __init__(self, url: str, *, answer: timedelta = ANSWER) -> None:
        """Connects on first use; one node (a batch touches several keys), by `rediss://` too.

        `answer` is how long each of finding a connection, connecting and answering may take.
        """
        seconds = answer.total_seconds()
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=seconds,
            socket_timeout=seconds,
            socket_connect_timeout=seconds,
            # A second try would make every call of a bad minute slow.
            retry=Retry(NoBackoff(), 0),
        )
        self._redis = Redis.from_pool(pool)

    async def take(self, wants: Sequence[Want]) -> list[WindowRoom]:
        """Put each hit into its window if there is room, in this order; repeating one is one."""
        keys = [PREFIX + want.license_id for want in wants]
        given = [part for want in wants for part in (str(want.hourly), want.hit)]
        # The text each time: a kilobyte, and no second trip for a Redis that has forgotten it.
        with reaching():
            answers = await self._redis.eval(COUNT, len(keys), *keys, *given)
        return [
            WindowRoom(bool(taken), int(left), int(reset))
            for taken, left, reset in _threes(answers)
        ]

    async def look(self, license_id: str, hourly: int) -> WindowRoom:
        """The window as it stands."""
        return (await self.take([Want(license_id, hourly, "")]))[0]

    async def give_back(self, wants: Sequence[Want]) -> None:
        """Take these hits out again."""
        with reaching():
            async with self._redis.pipeline(transaction=False) as pipe:
                for want in wants:
                    pipe.zrem(PREFIX + want.license_id, want.hit)
                await pipe.execute()

    async def close(self) -> None:
        """Hang up."""
        with reaching():
            await self._redis.aclose()


def _threes(flat: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    return zip(flat[::3], flat[1::3], flat[2::3], strict=True)
