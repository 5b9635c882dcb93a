"""Fields of forms: one declaration draws a field and names what is read of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.errors import Invalid
from services.phrases import Phrase

Kind = Literal[
    "text",
    "search",
    "email",
    "number",
    "date",
    "password",
    "textarea",
    "code",
    "select",
    "checkbox",
    "file",
    "hidden",
]
YES = "yes"

NO_NUMBER = Phrase("Write a whole number, like 12.", "Scrivi un numero intero, come 12.")
NOT_CONFIRMED = Phrase(
    "Type “{name}” exactly as it stands here, to confirm.",
    "Scrivi «{name}» esattamente come sta qui, per confermare.",
)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that was chosen."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FormInput(Mapping[str, str]):
    """What was sent by a form: texts by field, without blanks around them, and files."""

    texts: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, UploadedFile] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def text(self, name: str) -> str:
        """What was typed there; "" for nothing."""
        return self.texts.get(name, "")

    def checked(self, name: str) -> bool:
        """Whether the box was ticked."""
        return name in self.texts

    def number(self, name: str) -> int | None:
        """A whole number, None for nothing; raises Invalid for what is none."""
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 16):
            raise Invalid(NO_NUMBER, field=name)
        return int(text)

    def wanted_number(self, name: str) -> int:
        """A whole number; raises Invalid for nothing, too, which is not the same as 0."""
        found = self.number(name)
        if found is None:
            raise Invalid(NO_NUMBER, field=name)
        return found

    def confirm(self, field_name: str, name: str) -> None:
        """Raises Invalid unless `name` was typed exactly."""
        if self.text(field_name) != name:
            raise Invalid(NOT_CONFIRMED, field=field_name, name=name)


NOTHING_TYPED = FormInput({})


@dataclass(frozen=True, slots=True)
class SelectOption:
    """One value of a select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `value` is what stands in it at first. `most` is the longest text or number."""

    name: str
    label: str
    kind: Kind = "text"
    value: str = ""
    help: str = ""
    choices: tuple[SelectOption, ...] = ()
    required: bool = False
    most: int = 0
    autocomplete: str = "off"
    placeholder: str = ""

    def shown(self, typed: FormInput) -> str:
        """What stands in it now: what was typed, if the form was sent."""
        if self.kind == "password" or not typed:
            return "" if self.kind == "password" else self.value
        return typed.text(self.name)
