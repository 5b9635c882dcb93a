"""Fields and buttons: one declaration draws it and reads it, so that every id exists once."""

from dataclasses import dataclass

from views.kit.blocks import Block, Composition, Element, Json, button, words
from views.kit.state import State
from views.kit.text import fit, pieces, plain

OPTION_LIMIT = 75
INPUT_LIMIT = 3_000
SEARCH_LIMIT = 150
# A piece leaves room to type more into it.
PIECE_LIMIT = 2_500
JOINTS = {"p": "\n\n", "l": "\n", "w": " ", "n": ""}


@dataclass(frozen=True, slots=True)
class Choice:
    """An option: what is shown, and the value that comes back (75 characters at most)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button; its value comes back in the click."""

    action_id: str

    def draw(
        self,
        label: str,
        value: str = "",
        *,
        style: str | None = None,
        confirm: Composition | None = None,
    ) -> Element:
        """The element, for an actions block or beside a section."""
        return button(self.action_id, label, value, style=style, confirm=confirm)


@dataclass(frozen=True, slots=True)
class Menu:
    """An overflow menu of up to five choices; the click's value is the chosen one's."""

    action_id: str

    def draw(self, choices: tuple[Choice, ...]) -> Element:
        """The element."""
        return Element.of(type="overflow", action_id=self.action_id, options=options_of(choices))


@dataclass(frozen=True, slots=True)
class Text:
    """One text field. Rotate `turn` when its content is written anew: Slack keeps typed text
    as long as block and action keep their ids."""

    action_id: str
    multiline: bool = False
    limit: int = INPUT_LIMIT

    def draw(
        self,
        label: str,
        initial: str = "",
        *,
        hint: str = "",
        optional: bool = False,
        turn: int = 0,
    ) -> Block:
        """The input block."""
        return Block.of(
            type="input",
            block_id=f"{self.action_id}@{turn}",
            label=words(label),
            hint=words(hint) if hint else None,
            optional=optional,
            element=Element.of(
                type="plain_text_input",
                action_id=self.action_id,
                multiline=self.multiline,
                initial_value=initial or None,
                max_length=self.limit,
            ),
        )

    def read(self, state: State) -> str:
        """What is typed in it now."""
        return state.text(self.action_id)

    def typed(self, state: State) -> str | None:
        """The same; None when Slack does not tell of it, which is not the same as emptied."""
        return self.read(state) if state.holds(self.action_id) else None


@dataclass(frozen=True, slots=True)
class Search:
    """A text field that speaks up when Enter is pressed."""

    action_id: str
    limit: int = SEARCH_LIMIT

    def draw(self, label: str, placeholder: str, initial: str, *, turn: int = 0) -> Block:
        """The input block; it is never part of a form."""
        return Block.of(
            type="input",
            block_id=f"{self.action_id}@{turn}",
            label=words(label),
            optional=True,
            dispatch_action=True,
            element=Element.of(
                type="plain_text_input",
                action_id=self.action_id,
                initial_value=fit(initial, self.limit) or None,
                max_length=self.limit,
                placeholder=words(placeholder),
                dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]},
            ),
        )

    def read(self, state: State) -> str:
        """What is typed in it now."""
        return state.text(self.action_id)


@dataclass(frozen=True, slots=True)
class LongText:
    """A text of any length over as many fields as it takes; read back to the letter."""

    action_id: str

    def draw(
        self, label: str, text: str, *, turn: int, optional: bool = False
    ) -> tuple[Block, ...]:
        """The input blocks; a second and third are labelled “… (2)”."""
        marks = {joint: mark for mark, joint in JOINTS.items()}
        blocks = []
        for number, (piece, joint) in enumerate(pieces(text, PIECE_LIMIT), start=1):
            field = Text(f"{self.action_id}:{number}{marks[joint]}", multiline=True)
            title = label if number == 1 else f"{label} ({number})"
            blocks.append(field.draw(title, piece, optional=optional or number > 1, turn=turn))
        return tuple(blocks)

    def read(self, state: State) -> str:
        """The whole text, its pieces joined as they were cut."""
        parts = state.parts(self.action_id)
        text = "".join(typed + JOINTS.get(suffix[-1:], "") for suffix, typed in parts)
        return text.strip()

    def typed(self, state: State) -> str | None:
        """The same; None when Slack does not tell of its first piece."""
        return self.read(state) if state.parts(self.action_id) else None

    def block(self, state: State) -> str:
        """The block of the first piece: where an error is shown."""
        parts = state.parts(self.action_id)
        return state.block_of(f"{self.action_id}:{parts[0][0]}" if parts else self.action_id)


@dataclass(frozen=True, slots=True)
class FileField:
    """One file of the person's own; its id comes back (docs.slack.dev, file input element)."""

    action_id: str
    filetypes: tuple[str, ...]

    def draw(self, label: str, *, hint: str = "", optional: bool = False, turn: int = 0) -> Block:
        """The input block."""
        return Block.of(
            type="input",
            block_id=f"{self.action_id}@{turn}",
            label=words(label),
            hint=words(hint) if hint else None,
            optional=optional,
            element=Element.of(
                type="file_input",
                action_id=self.action_id,
                filetypes=self.filetypes,
                max_files=1,
            ),
        )

    def read(self, state: State) -> str:
        """The id of the file; "" when there is none."""
        return next(iter(state.files(self.action_id)), "")


@dataclass(frozen=True, slots=True)
class Select:
    """One of a few choices; with `dispatch` a choice is told at once, as a click."""

    action_id: str
    dispatch: bool = False

    def draw(
        self,
        label: str,
        choices: tuple[Choice, ...],
        chosen: str,
        *,
        turn: int = 0,
    ) -> Block:
        """The input block, with the chosen one shown (the first, if it is none of them)."""
        options, initial = _one_of(choices, chosen)
        element = Element.of(
            type="static_select", action_id=self.action_id, options=options, initial_option=initial
        )
        return Block.of(
            type="input",
            block_id=f"{self.action_id}@{turn}",
            label=words(label),
            element=element,
            dispatch_action=True if self.dispatch else None,
        )

    def read(self, state: State) -> str:
        """The chosen value."""
        return state.choice(self.action_id)


@dataclass(frozen=True, slots=True)
class Filter:
    """One of a few choices that acts at once; no part of a form."""

    action_id: str

    def draw(self, label: str, choices: tuple[Choice, ...], chosen: str) -> Element:
        """The element for an actions block."""
        options, initial = _one_of(choices, chosen)
        return Element.of(
            type="static_select",
            action_id=self.action_id,
            placeholder=words(label),
            options=options,
            initial_option=initial,
        )

    def read(self, state: State) -> str:
        """The chosen value; "" where it is not shown."""
        return state.choice(self.action_id)


@dataclass(frozen=True, slots=True)
class Radio:
    """One of a few choices, all in sight."""

    action_id: str

    def draw(self, label: str, choices: tuple[Choice, ...], chosen: str) -> Block:
        """The input block."""
        options, initial = _one_of(choices, chosen)
        element = Element.of(
            type="radio_buttons", action_id=self.action_id, options=options, initial_option=initial
        )
        return Block.of(
            type="input", block_id=f"{self.action_id}@0", label=words(label), element=element
        )

    def read(self, state: State) -> str:
        """The chosen value."""
        return state.choice(self.action_id)


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of up to a hundred choices; their values come back."""

    action_id: str

    def draw(self, label: str, choices: tuple[Choice, ...], chosen: frozenset[str]) -> Block:
        """The input block; draw it only when there is at least one choice."""
        options = options_of(choices)
        element = Element.of(
            type="multi_static_select",
            action_id=self.action_id,
            options=options,
            initial_options=[option for option in options if option["value"] in chosen] or None,
        )
        return Block.of(
            type="input",
            block_id=f"{self.action_id}@0",
            label=words(label),
            element=element,
            optional=True,
        )

    def read(self, state: State) -> tuple[str, ...]:
        """The chosen values."""
        return state.choices(self.action_id)


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the workspace; their id comes back."""

    action_id: str

    def draw(self, label: str, chosen: str = "") -> Block:
        """The input block, with the chosen one shown."""
        element = Element.of(
            type="users_select", action_id=self.action_id, initial_user=chosen or None
        )
        return Block.of(
            type="input",
            block_id=f"{self.action_id}@{chosen or 0}",
            label=words(label),
            element=element,
        )

    def read(self, state: State) -> str:
        """The chosen id; "" when none is."""
        return state.text(self.action_id)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One channel, public or private, of those its reader sees; its id comes back.

    Never together with `default_to_current_conversation`, which wins over an initial one.
    """

    action_id: str

    def draw(self, label: str, chosen: str = "") -> Block:
        """The input block, with the chosen one shown."""
        element = Element.of(
            type="conversations_select",
            action_id=self.action_id,
            initial_conversation=chosen or None,
            filter={"include": ["public", "private"], "exclude_bot_users": True},
        )
        block_id = f"{self.action_id}@{chosen or 0}"
        return Block.of(type="input", block_id=block_id, label=words(label), element=element)

    def read(self, state: State) -> str:
        """The chosen id; "" when none is."""
        return state.text(self.action_id)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Up to ten boxes to tick, all in sight; the ticked ones' values come back."""

    action_id: str

    def draw(
        self, label: str, choices: tuple[Choice, ...], chosen: frozenset[str], *, turn: int = 0
    ) -> Block:
        """The input block; draw it only when there is at least one choice."""
        options = options_of(choices)
        element = Element.of(
            type="checkboxes",
            action_id=self.action_id,
            options=options,
            initial_options=[option for option in options if option["value"] in chosen] or None,
        )
        return Block.of(
            type="input",
            block_id=f"{self.action_id}@{turn}",
            label=words(label),
            element=element,
            optional=True,
        )

    def read(self, state: State) -> tuple[str, ...]:
        """The ticked values."""
        return state.choices(self.action_id)


def options_of(choices: tuple[Choice, ...]) -> list[Json]:
    """The choices as Slack takes them."""
    return [
        Composition.of(
            text=words(plain(choice.label, OPTION_LIMIT) or "—"), value=fit(choice.value, 75)
        ).to_dict()
        for choice in choices
    ]


def _one_of(choices: tuple[Choice, ...], chosen: str) -> tuple[list[Json], Json]:
    options = options_of(choices)
    return options, next((option for option in options if option["value"] == chosen), options[0])
