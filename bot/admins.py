"""`python -m bot admin`: who opens the dashboard with a password."""

import getpass
import sys
from dataclasses import dataclass

from bot.settings.settings import Settings
from bot.wiring.foundation import build_database, now
from services.admins import LocalAdmins
from services.errors import DomainError


class NoAdmin(Exception):
    """What was asked for cannot be done; the text says why."""


@dataclass(frozen=True, slots=True)
class AdminWish:
    """Who, and what is to be done: made, unless another password or an end is asked for."""

    name: str
    password: str
    reset: bool
    remove: bool


def read_password() -> str:
    """What is typed unseen, twice, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    given = getpass.getpass("Password (12 characters or more): ").strip()
    if getpass.getpass("The same again: ").strip() != given:
        raise NoAdmin("The two passwords differ. Nothing was done.")
    return given


async def change_admins(settings: Settings, url: str, wish: AdminWish) -> None:
    """Do it and say so; without a name, list them. Raises NoAdmin."""
    database = build_database(settings, url)
    try:
        sys.stdout.write(await _done(LocalAdmins(database, None, None, None, now), wish))
    except DomainError as error:
        raise NoAdmin(error.sentence("en")) from error
    finally:
        await database.dispose()


async def _done(admins: LocalAdmins, wish: AdminWish) -> str:
    if not wish.name:
        names = await admins.names()
        return "".join(f"{name}\n" for name in names) or "There is no local admin.\n"
    if wish.remove:
        await admins.remove(wish.name)
        return f"“{wish.name}” is no admin any more, and signed out everywhere.\n"
    if wish.reset:
        await admins.reset(wish.name, wish.password)
        return f"“{wish.name}” has another password, and is signed out everywhere.\n"
    await admins.create(wish.name, wish.password)
    return f"“{wish.name}” may sign in at /admin now.\n"
