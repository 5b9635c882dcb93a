"""What every ops command shows: its help, printed from its schema."""

from dataclasses import dataclass

from views.kit import blocks as kit
from views.kit.text import bold, escape
from views.words import ops as say


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One thing that may be typed, and what it means."""

    typed: str
    about: str


@dataclass(frozen=True, slots=True)
class CommandUsage:
    """A command's help: its lines in the order in which they are typed."""

    command: str
    about: str
    example: str
    lines: tuple[UsageLine, ...]


def usage(help_of: CommandUsage, language: str) -> kit.Message:
    """The help of one command."""
    lead = f"{bold(help_of.command)} · {escape(help_of.about)}"
    lines = [f"• `{escape(one.typed)}`: {escape(one.about)}" for one in help_of.lines]
    example = say.EXAMPLE(language, example=f"`{escape(help_of.example)}`")
    return kit.message(
        lead, kit.section(lead), *kit.sections("\n".join(lines)), kit.context(example)
    )


def withdrawn(language: str) -> kit.Message:
    """A preview that was put away."""
    text = say.WITHDRAWN(language)
    return kit.message(text, kit.section(text))
