"""What the ops channel is told of the dashboard's admins."""

from views.kit import blocks as kit
from views.kit.text import escape
from views.words import admins as say


def wrong_passwords(name: str, failures: int, address: str, language: str) -> kit.Message:
    """Somebody tries the passwords of one admin."""
    text = say.WRONG_PASSWORDS(
        language, failures=failures, name=escape(name), address=escape(address)
    )
    return kit.message(text, kit.section(text))
