"""Redis' failures as ours: whatever it is, the hour must be counted elsewhere for now."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError

from integrations.errors import Unreachable

VENDOR = "redis"


@contextmanager
def reaching() -> Iterator[None]:
    """Raise Unreachable for every failure of Redis: away, loading, full, read-only, refused."""
    try:
        yield
    except (RedisError, OSError) as error:
        # The kind alone: messages may hold the address with its password.
        raise Unreachable(VENDOR, type(error).__name__) from error
