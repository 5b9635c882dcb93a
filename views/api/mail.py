"""The outbox of e-mails as the API tells it."""

from typing import Literal

from pydantic import BaseModel, Field

from services.mail import Email
from views.api.kit.wire import (
    LONGEST_NAME,
    NextCursor,
    PageQuery,
    cut,
    optional_timestamp,
    timestamp,
)

State = Literal["pending", "sending", "sent", "failed", "uncertain", "dropped"]


class EmailAnswer(BaseModel):
    """One e-mail; its text is never kept, it is written when it leaves."""

    id: str = Field(description="E-mail identifier, `eml_…`")
    kind: str = Field(description="Kind of e-mail, as `license.delivery`")
    to: str
    subject_id: str = Field(description="Identifier of the subject, as `lic_…`")
    language: str = Field(description="Language code, `en` or `it`")
    state: State = Field(
        description="Delivery state; `uncertain`: possibly arrived, resend if not; "
        "`dropped`: no longer true at the time of sending"
    )
    attempts: int
    last_error: str = Field(description="Reason for the last failed attempt; empty for none")
    created_at: str
    next_try_at: str | None = Field(description="Time of the next attempt; null for none")
    sent_at: str | None


class EmailPage(BaseModel):
    """The newest e-mails first."""

    emails: list[EmailAnswer]
    next: NextCursor


class EmailQuery(PageQuery):
    """Which e-mails."""

    state: State | Literal[""] = Field("", description="State to filter by")
    subject_id: str = Field("", max_length=LONGEST_NAME, description="Subject to filter by")


def email_answer(email: Email) -> EmailAnswer:
    """One e-mail's state, without its text."""
    return EmailAnswer.model_validate(
        {
            "id": email.id,
            "kind": email.kind,
            "to": email.to,
            "subject_id": email.subject_id,
            "language": email.language,
            "state": email.state,
            "attempts": email.attempts,
            "last_error": email.last_error,
            "created_at": timestamp(email.created_at),
            "next_try_at": optional_timestamp(email.next_try_at),
            "sent_at": optional_timestamp(email.sent_at),
        }
    )


def email_page(emails: tuple[Email, ...], limit: int) -> EmailPage:
    """Up to `limit` e-mails, of which there may be one more."""
    shown, following = cut(emails, limit, lambda one: one.id)
    return EmailPage(emails=[email_answer(one) for one in shown], next=following)
