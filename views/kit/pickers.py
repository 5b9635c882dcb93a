"""More fields of forms: what is searched while one types, days and times."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.phrases import Phrase
from views.kit.blocks import Block, Element, words
from views.kit.controls import Choice, Text, options_of
from views.kit.state import State
from views.kit.text import fit

LABEL = 150


@dataclass(frozen=True, slots=True)
class Suggest:
    """One of far too many choices: options are asked for while the person types.

    docs.slack.dev, select menu of external data source; the answer is `Turn.options`. With
    `dispatch` a choice is told at once, as a click.
    """

    action_id: str
    dispatch: bool = False
    # Letters to type before the first question.
    least: int = 1

    def draw(
        self,
        label: str,
        placeholder: str,
        chosen: Choice | None = None,
        *,
        hint: str = "",
        optional: bool = False,
        turn: int = 0,
    ) -> Block:
        """The input block; `hint` stands below it."""
        return Block.of(
            type="input",
            block_id=f"{self.action_id}@{turn}",
            label=words(label),
            hint=words(hint) if hint else None,
            optional=optional,
            dispatch_action=True if self.dispatch else None,
            element=Element.of(
                type="external_select",
                action_id=self.action_id,
                placeholder=words(placeholder),
                min_query_length=self.least,
                initial_option=options_of((chosen,))[0] if chosen else None,
            ),
        )

    def read(self, state: State) -> str:
        """The chosen value; "" when there is none."""
        return state.choice(self.action_id)


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the calendar; read as an ISO date."""

    action_id: str

    def draw(
        self, label: str, initial: str = "", *, optional: bool = False, turn: int = 0
    ) -> Block:
        """The input block; `initial` is an ISO date or ""."""
        element = Element.of(
            type="datepicker", action_id=self.action_id, initial_date=initial or None
        )
        return _input(f"{self.action_id}@{turn}", label, element, optional=optional)

    def read(self, state: State) -> str:
        """The ISO date; "" when there is none."""
        return state.text(self.action_id)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; read as HH:MM."""

    action_id: str

    def draw(
        self, label: str, initial: str = "", *, optional: bool = False, turn: int = 0
    ) -> Block:
        """The input block; `initial` is HH:MM or ""."""
        element = Element.of(
            type="timepicker", action_id=self.action_id, initial_time=initial or None
        )
        return _input(f"{self.action_id}@{turn}", label, element, optional=optional)

    def read(self, state: State) -> str:
        """HH:MM; "" when there is none."""
        return state.text(self.action_id)


@dataclass(frozen=True, slots=True)
class TextPerName:
    """A short optional text for each of some names, such as everybody's address."""

    action_id: str
    limit: int = 254

    def draw(
        self, label: Phrase, language: str, texts: Mapping[int, tuple[str, str]]
    ) -> list[Block]:
        """An input block per place: a name for the label's `name`, and the text in it."""
        return [
            Text(f"{self.action_id}:{place}n", limit=self.limit).draw(
                fit(label(language, name=name), LABEL), text, optional=True
            )
            for place, (name, text) in texts.items()
        ]

    def read(self, state: State) -> Mapping[int, str]:
        """What is typed, by place."""
        return {int(suffix[:-1]): typed for suffix, typed in state.parts(self.action_id)}

    def block(self, state: State, place: int) -> str:
        """The block of one place: where an error is shown."""
        return state.block_of(f"{self.action_id}:{place}n")


def _input(block_id: str, label: str, element: Element, *, optional: bool) -> Block:
    return Block.of(
        type="input", block_id=block_id, label=words(label), optional=optional, element=element
    )
