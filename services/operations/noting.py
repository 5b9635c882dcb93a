"""Where it is written down that somebody took an operation up again, or ended it."""

from typing import Protocol

from db.store.session import Session
from services.actors import Operator
from services.operations.outcomes import Kind


class NoteAct(Protocol):
    """Writes a line in the session's transaction, for kinds that say what they are about."""

    def __call__(
        self, session: Session, operator: Operator, kind: Kind, verb: str, subject_id: str, /
    ) -> None:
        """`verb` is `retry` or `cancel`."""


def unnoted(
    session: Session, operator: Operator, kind: Kind, verb: str, subject_id: str, /
) -> None:
    """Nobody keeps a log."""
