"""What people do to durable operations, as lines of the audit log."""

from db.store.session import Session
from services.actors import Operator
from services.audit.audit import Subject, note
from services.operations import Kind


def note_act(
    session: Session, operator: Operator, kind: Kind, verb: str, subject_id: str, /
) -> None:
    """`users.retry` of a user, `issuing.cancel` of a bulk; nothing of a member's own affairs."""
    if kind.about:
        room = kind.name.partition(".")[0]
        note(session, operator, f"{room}.{verb}", Subject(kind.about, subject_id))
