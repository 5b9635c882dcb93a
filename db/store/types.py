"""Column types with a promise: times, whole money, JSON text, digests, files, sealed secrets."""

from datetime import UTC, datetime

import orjson
from sqlalchemy import BigInteger, Column, DateTime, Dialect, LargeBinary, MetaData, Text
from sqlalchemy.types import TypeDecorator

from db.store.vault import Sealed

DIGEST_BYTES = 32


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: only aware datetimes go in, UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone: use datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Money(TypeDecorator[int]):
    """An amount in whole minor or micro units; the column's name says which."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        if value is not None and type(value) is not int:
            raise TypeError(f"money is a whole number of units, not {type(value).__name__}")
        return value


class JsonText(TypeDecorator[str]):
    """JSON as the text its service wrote; refused when it is not JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None:
            orjson.loads(value)
        return value


class Digest(TypeDecorator[bytes]):
    """A SHA-256 or an HMAC of it: 32 bytes that tell nothing of what they were made of."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is not None and len(value) != DIGEST_BYTES:
            raise ValueError(f"a digest has {DIGEST_BYTES} bytes, not {len(value)}")
        return value


class FileBytes(TypeDecorator[bytes]):
    """A piece of a file made of what other columns hold in the clear: no secret may be in it."""

    impl = LargeBinary
    cache_ok = True


class Encrypted(TypeDecorator[bytes]):
    """A secret sealed by the vault for its own row: filled by `db.session.seal`, nothing else."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("an Encrypted column takes what db.session.seal() made, nothing else")
        return None if value is None else bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        return None if value is None else Sealed(value)


def encrypted_columns(metadata: MetaData) -> tuple[Column[bytes], ...]:
    """Every sealed column there is, found by its type so that a new one cannot be forgotten."""
    return tuple(
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted)
    )
