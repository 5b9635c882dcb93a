"""`python -m bot users`: who signed up, and who of them has no key, a line for each."""

from typing import TextIO

from db.store.session import Database
from services.users import User, every_user

COLUMNS = ("id", "email", "status", "key", "limit_usd", "created_at", "problem")


async def write_users(database: Database, out: TextIO, *, provisioned: bool | None) -> int:
    """A line for each, with tabs between the columns; how many there are."""
    out.write("\t".join(COLUMNS) + "\n")
    count = 0
    async for user in every_user(database, provisioned=provisioned):
        out.write("\t".join(_columns(user)) + "\n")
        count += 1
    return count


def _columns(user: User) -> tuple[str, ...]:
    return (
        user.id,
        user.email,
        user.status,
        user.key_name,
        "" if user.key_limit is None else str(user.key_limit),
        user.created_at.isoformat(timespec="seconds"),
        " ".join(user.problem.split()),
    )
