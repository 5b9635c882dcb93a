"""`python -m bot keys`: which keys and secrets are in use, since when, and what needs each."""

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TextIO

from pydantic import SecretStr

from bot.settings.settings import Settings
from db import key_ages as table
from db.store.session import Database

# Older ones are pointed out.
OLD = timedelta(days=365)
ENCRYPTION = "encryption_keys"


async def note_keys(database: Database, settings: Settings, now: datetime) -> None:
    """Remember when each value of a secret setting was first in use here."""
    rows = [
        table.KeyAgeRow(name=name, digest=digest, first_seen=now)
        for name, digest in _in_use(settings)
    ]
    async with database.transaction() as session:
        await table.see(session, rows)


async def write_keys(database: Database, settings: Settings, now: datetime, out: TextIO) -> None:
    """A line for each: settings, keys that seal, keys of the admin API. No value is shown."""
    async with database.transaction() as session:
        known = await table.ages(session)
        sealed = await table.sealed(session)
        admins = await table.admin_keys(session)
    for name, digest in _in_use(settings):
        out.write(f"{_named(name)}: {_since(known.get((name, digest)), now)}\n")
    given = settings.keys()
    for key_id in [*given, *(one for one in sealed if one not in given)]:
        out.write(f"{_sealing(key_id, sealed.get(key_id, {}), tuple(given))}\n")
    for key in admins:
        out.write(f"admin key “{key.name}”: {_since(key.created_at, now)}\n")


def _in_use(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Every secret setting that is set, entry by entry where it is a list of keys."""
    pepper = settings.pepper()
    for key_id, key in settings.keys().items():
        yield f"{ENCRYPTION}:{key_id}", _digest(pepper, key)
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name != ENCRYPTION and isinstance(value, SecretStr) and value.get_secret_value():
            yield name, _digest(pepper, value.get_secret_value().encode())


def _digest(pepper: bytes, value: bytes) -> bytes:
    return hmac.digest(pepper, value, "sha256")


def _named(name: str) -> str:
    setting, _, key_id = name.partition(":")
    return f"{setting.upper()} {key_id}".strip()


def _since(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "not yet used by a process"
    days = (now - at).days
    told = f"in use since {at:%Y-%m-%d}, {days} days"
    return f"{told}; older than a year, consider another" if now - at > OLD else told


def _sealing(key_id: str, columns: Mapping[str, int], given: tuple[str, ...]) -> str:
    where = ", ".join(f"{count} {column}" for column, count in sorted(columns.items()))
    if key_id not in given:
        return f"key “{key_id}” is NOT in ENCRYPTION_KEYS and seals {where}"
    if key_id == given[0]:
        return f"key “{key_id}” seals what is new, and {where or 'nothing yet'}"
    if columns:
        return f"key “{key_id}” still seals {where}: python -m bot rotate-keys"
    return f"key “{key_id}” seals nothing any more and can go"
