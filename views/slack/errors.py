"""What a person sees when something failed: a sentence, and the button that mends it."""

from dataclasses import dataclass

from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import escape
from views.slack.connections import connect_button
from views.words import common

PROBLEM = "errors.problem"


@dataclass(frozen=True, slots=True)
class Again:
    """The button that does once more what failed, and the value it needs for that."""

    button: Button
    value: str


@dataclass(frozen=True, slots=True)
class ErrorNotice:
    """A sentence, and what goes with it.

    `vendor`: whose connection is missing; `reference`: by which the log tells more; `again`: does
    the same once more.
    """

    sentence: str
    language: str
    vendor: str = ""
    reference: str = ""
    again: Again | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the sentence is all there is to show."""
        return not (self.vendor or self.reference or self.again)


def problem_view(problem: ErrorNotice) -> kit.View:
    """As a modal."""
    language = problem.language
    return kit.modal(
        PROBLEM,
        "Seguito" if problem.vendor else common.SOMETHING_WRONG(language),
        _blocks(problem),
        close=common.CLOSE(language),
    )


def problem_message(problem: ErrorNotice) -> kit.Message:
    """As a message."""
    return kit.message(escape(problem.sentence), *_blocks(problem))


def put_away(again: Again, language: str) -> kit.Message:
    """The modal was closed while it loaded: a line, and the button that opens it."""
    text = common.PUT_AWAY(language)
    return kit.message(
        text, kit.section(text, again.button.draw(common.OPEN(language), again.value))
    )


def unexpected(language: str, reference: str) -> str:
    """What is said of a failure that is ours."""
    return common.UNEXPECTED(language, reference=reference)


def _blocks(problem: ErrorNotice) -> tuple[kit.Block, ...]:
    language, again = problem.language, problem.again
    symbol = ":electric_plug:" if problem.vendor else ":warning:"
    blocks = [kit.section(f"{symbol} {escape(problem.sentence)}")]
    # A key that was never given fails again; one that was refused may be taken the next time.
    hopeful = again is not None and (bool(problem.reference) or not problem.vendor)
    connect = connect_button(problem.vendor, language, again.value if again else "")
    buttons = [connect] if connect is not None else []
    if again is not None and hopeful:
        style = None if buttons else "primary"
        buttons.append(again.button.draw(common.RETRY(language), again.value, style=style))
    if buttons:
        blocks.append(kit.actions(*buttons))
    if problem.reference:
        blocks.append(kit.context(common.REFERENCE(language, reference=problem.reference)))
    return tuple(blocks)
