"""Waiting for a user's provisioning, for callers who would rather wait than ask again."""

import asyncio
from datetime import timedelta

from services.users.state import PENDING, User
from services.users.users import Users

LONGEST_WAIT = timedelta(seconds=30)
LOOK_AGAIN = timedelta(milliseconds=200)


async def until_provisioned(users: Users, user_id: str, patience: timedelta) -> User:
    """The user once its provisioning has ended well or badly, or as it is after `patience`.

    Raises NotFound. Holds no connection meanwhile.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + min(patience, LONGEST_WAIT).total_seconds()
    while True:
        user = await users.get(user_id)
        if user.status != PENDING or loop.time() >= end:
            return user
        await asyncio.sleep(LOOK_AGAIN.total_seconds())
