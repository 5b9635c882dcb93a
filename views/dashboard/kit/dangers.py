"""Forms for what cannot be taken back: one field to be filled in, and a button that says so."""

from services.errors import DomainError
from views.dashboard.kit.blocks import PageForm
from views.dashboard.kit.fields import Field, FormInput


def danger_form(
    one: str,
    verb: str,
    field: Field,
    words: tuple[str, str],
    typed: FormInput,
    error: DomainError | None,
) -> PageForm:
    """The form of `verb` on the page at `one`; `words` are its lead and its button."""
    lead, submit = words
    return PageForm(
        f"{one}/{verb}",
        (field,),
        submit,
        lead=lead,
        style="danger",
        typed=typed,
        error=error,
        cancel_href=one,
    )
