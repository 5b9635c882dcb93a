"""What a person sees when something failed: one sentence, and what to do."""

from views.slack import blocks as kit
from views.slack.connections import missing
from views.slack.text import escape
from views.words import common

PROBLEM = "errors.problem"


def problem_view(sentence: str, language: str, *, vendor: str = "") -> kit.View:
    """The sentence as a modal; with the connect button when a connection is what is missing."""
    return kit.modal(
        PROBLEM,
        common.SOMETHING_WRONG(language) if not vendor else "Seguito",
        _blocks(sentence, language, vendor),
        close=common.CLOSE(language),
    )


def problem_message(sentence: str, language: str, *, vendor: str = "") -> kit.Message:
    """The sentence as a message."""
    return kit.message(escape(sentence), *_blocks(sentence, language, vendor))


def unexpected(language: str, reference: str) -> str:
    """What is said of a failure that is ours."""
    return common.UNEXPECTED(language, reference=reference)


def _blocks(sentence: str, language: str, vendor: str) -> tuple[kit.Block, ...]:
    if vendor:
        return missing(sentence, vendor, language)
    return (kit.section(f":warning: {escape(sentence)}"),)
