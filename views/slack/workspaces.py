"""What whoever installed Seguito is told, and people from elsewhere."""

from services.phrases import LANGUAGES
from views.kit import blocks as kit
from views.slack.connections import CONNECT_FATHOM, CONNECT_GMAIL
from views.words import common
from views.words import workspaces as say


def welcome(language: str) -> kit.Message:
    """What comes next, with a button for each step."""
    buttons = (
        CONNECT_FATHOM.draw(common.CONNECT_FATHOM(language), style="primary"),
        CONNECT_GMAIL.draw(common.CONNECT_GMAIL(language)),
    )
    return kit.message(
        say.WELCOME(language),
        kit.section(say.WELCOME(language)),
        kit.section(say.STEPS(language)),
        kit.actions(*buttons),
        kit.context(say.COLLEAGUES(language)),
    )


def stranger() -> kit.Message:
    """To somebody of whom we know nothing, not even the language."""
    text = "\n".join(say.STRANGER(language) for language in LANGUAGES)
    return kit.message(text, kit.section(text))
