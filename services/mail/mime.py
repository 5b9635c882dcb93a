"""The MIME of every e-mail we write: one policy, and a text in its two forms."""

from email.message import EmailMessage
from email.policy import SMTP

# RFC 2045 6.7 (5). The library's own limit is 78, that of a header's lines (RFC 5322 2.1.1).
MAX_LINE = 76
POLICY = SMTP.clone(max_line_length=MAX_LINE)


def new_message() -> EmailMessage:
    """An empty message whose headers and bodies are folded at 76 characters."""
    return EmailMessage(policy=POLICY)


def add_bodies(message: EmailMessage, text: str, html: str) -> None:
    """Give the message its text as multipart/alternative, both forms in quoted-printable."""
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
