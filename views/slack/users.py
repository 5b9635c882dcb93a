"""Users in Slack: what the ops channel is told of them."""

from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.text import escape, name
from views.words import users as say


def same_mailbox(email: str, language: str) -> kit.Message:
    """A second address of one mailbox."""
    return _notice(say.SAME_MAILBOX, language, email=name(email))


def profiles_not_written(problem: str, language: str) -> kit.Message:
    """Supabase does not let us write; `problem` is its own code."""
    return _notice(say.NOT_MIRRORED, language, problem=escape(problem))


def openrouter_empty(language: str) -> kit.Message:
    """OpenRouter wants money."""
    return _notice(say.EMPTY, language)


def _notice(phrase: Phrase, language: str, **values: str) -> kit.Message:
    text = f":warning: {phrase(language, **values)}"
    return kit.message(text, kit.section(text))
