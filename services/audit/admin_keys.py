"""Keys of the admin API: made and revoked on the command line, checked at every admin request."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

from cachetools import TTLCache

from db.audit import admin_keys as table
from db.store.session import Database
from services.actors import Operator
from services.audit.audit import Change, Subject, note
from services.caching import Batcher
from services.errors import Invalid, NotAllowed, NotFound
from services.phrases import Phrase
from services.ports import Clock

PREFIX = "adm_"
SECRET_BYTES = 32
MAX_NAME = 60
# A key that was revoked by another process works that much longer here.
REMEMBERED = timedelta(seconds=3)
MOST_REMEMBERED = 1_000
COMMAND = Operator("command", "admin-key", "python -m bot admin-key")
ENVIRONMENT = Operator("admin_key", "environment", "ADMIN_API_KEY")

REFUSED = Phrase(
    "This admin key is not valid. Make one with `python -m bot admin-key NAME`.",
    "Questa chiave di amministrazione non è valida. Creane una con `python -m bot admin-key NOME`.",
)
NO_NAME = Phrase(
    "Give the key a name of 1 to {limit} characters that says whose it is.",
    "Dai alla chiave un nome da 1 a {limit} caratteri che dica di chi è.",
)
TAKEN = Phrase(
    "There is a key named “{name}” already. Revoke it first, or choose another name.",
    "C’è già una chiave di nome “{name}”. Prima revocala, o scegli un altro nome.",
)
UNKNOWN = Phrase(
    "There is no key named “{name}” that could be revoked.",
    "Non c’è nessuna chiave di nome “{name}” da revocare.",
)


class AdminKeys:
    """Makes, checks and revokes the keys; their text is seen once, when they are made."""

    def __init__(self, database: Database, pepper: bytes, env_key: str, clock: Clock) -> None:
        """`env_key` is one more key that always holds; "" for none."""
        self._database = database
        self._pepper = pepper
        self._env_digest = self._digest(env_key) if env_key else b""
        self._clock = clock
        # Who tries keys by the thousand costs a handful of queries.
        self._asked: Batcher[bytes, Operator] = Batcher(self._read)
        self._remembered: TTLCache[bytes, Operator] = TTLCache(
            MOST_REMEMBERED, REMEMBERED.total_seconds(), lambda: clock().timestamp()
        )

    async def create(self, name: str) -> tuple[str, str]:
        """A new key's id and text, which nobody sees again; audited.

        Raises Invalid when the name is empty, too long, or another key's that still holds.
        """
        title = " ".join(name.split())
        if not 0 < len(title) <= MAX_NAME:
            raise Invalid(NO_NAME, field="name", limit=MAX_NAME)
        key_id, key = PREFIX + uuid4().hex, PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        async with self._database.transaction() as session:
            if await table.named(session, title):
                raise Invalid(TAKEN, field="name", name=title)
            session.add(
                table.AdminKey(
                    id=key_id, name=title, digest=self._digest(key), created_at=self._clock()
                )
            )
            subject = Subject("admin_key", key_id)
            note(session, COMMAND, "admin_keys.create", subject, Change(after={"name": title}))
        return key_id, key

    async def revoke(self, name: str) -> None:
        """End the key of this name; audited. Raises NotFound. Other processes follow in seconds."""
        title = " ".join(name.split())
        async with self._database.transaction() as session:
            rows = await table.named(session, title)
            if not rows:
                raise NotFound(UNKNOWN, name=title)
            for row in rows:
                row.revoked_at = self._clock()
                subject, change = Subject("admin_key", row.id), Change(before={"name": title})
                note(session, COMMAND, "admin_keys.revoke", subject, change)
        self._remembered.clear()

    async def who(self, key: str) -> Operator:
        """Whose key it is, in the audit log's terms; raises NotAllowed.

        What is compared are keyed digests, so that its time tells nothing of any key.
        """
        digest = self._digest(key)
        if self._env_digest and hmac.compare_digest(digest, self._env_digest):
            return ENVIRONMENT
        if (known := self._remembered.get(digest)) is not None:
            return known
        operator = await self._asked.get(digest)
        if operator is None:
            self._remembered.pop(digest, None)
            raise NotAllowed(REFUSED)
        self._remembered[digest] = operator
        return operator

    async def _read(self, digests: Sequence[bytes]) -> Mapping[bytes, Operator]:
        async with self._database.transaction() as session:
            rows = await table.of_digests(session, digests)
        return {row.digest: Operator("admin_key", row.id, row.name) for row in rows}

    def _digest(self, key: str) -> bytes:
        text = b"admin:" + key.encode(errors="surrogatepass")
        return hmac.new(self._pepper, text, hashlib.sha256).digest()
