"""Idempotency keys: a request sent again with its key does nothing, and gets its first answer."""

import hashlib
import inspect
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import orjson
from pydantic import TypeAdapter

from db import idempotency as table
from db.store.session import Database, Session, seal, unseal
from services.actors import Operator
from services.errors import Conflict
from services.phrases import Phrase
from services.ports import Clock

KEPT = timedelta(days=30)

OTHER_REQUEST = Phrase(
    "This Idempotency-Key was used for another request. Use a new one.",
    "Questa Idempotency-Key è già stata usata per un’altra richiesta. Usane una nuova.",
)

P = ParamSpec("P")
Answer = TypeVar("Answer")


class KeepsAnswers(Protocol):
    """A service whose verbs may be repeated."""

    @property
    def database(self) -> Database:
        """Where the verbs write."""

    @property
    def clock(self) -> Clock:
        """The time by which kept answers age."""


Service = TypeVar("Service", bound=KeepsAnswers)
Verb = Callable[Concatenate[Service, Operator, P], Awaitable[Answer]]


def idempotent(
    action: str, answer: type[Answer], about: Callable[[Answer], str], *, of: str = ""
) -> Callable[[Verb[Service, P, Answer]], Verb[Service, P, Answer]]:
    """Carry out a verb once for each `request` of its operator; without one, each time.

    The verb and the note of its answer are one transaction. `of` names the argument that says what
    is changed: the same key for another thing is another request, while other values of the other
    arguments are a Conflict. `about` is the id of what an answer tells of.
    """
    adapter = TypeAdapter[Answer](answer)

    def decorate(verb: Verb[Service, P, Answer]) -> Verb[Service, P, Answer]:
        signature = inspect.signature(verb)

        @wraps(verb)
        async def once(
            self: Service, operator: Operator, /, *args: P.args, **named: P.kwargs
        ) -> Answer:
            if not operator.request:
                return await verb(self, operator, *args, **named)
            bound = signature.bind(self, operator, *args, **named)
            bound.apply_defaults()
            asked = bound.arguments
            identity = (operator.kind, operator.id, operator.request, action, asked.get(of, ""))
            content = {name: asked[name] for name in list(asked)[2:]}
            async with self.database.transaction() as session:
                row = await _claimed(session, identity, content, self.clock())
                if row.answer is not None:
                    return adapter.validate_json(unseal(session, row, "answer"))
                with self.database.joined(session):
                    done = await verb(self, operator, *args, **named)
                row.subject_id = about(done)
                seal(session, row, "answer", adapter.dump_json(done).decode())
            return done

        return once

    return decorate


async def forget(database: Database, now: datetime) -> None:
    """Delete answers that were kept long enough."""
    async with database.transaction() as session:
        await table.forget(session, now - KEPT)


async def _claimed(
    session: Session, identity: tuple[object, ...], content: Mapping[str, object], now: datetime
) -> table.IdempotentRequest:
    digest = _digest(content)
    row = await table.claim(session, _digest(identity), digest, now)
    if row.content != digest:
        raise Conflict(OTHER_REQUEST)
    return row


def _digest(value: object) -> str:
    return hashlib.sha256(orjson.dumps(value, default=str)).hexdigest()
