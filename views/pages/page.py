"""One page: a headline, a sentence, and what to do next."""

from functools import cache

from jinja2 import Environment, PackageLoader

from views.words import common
from views.words import pages as say


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("views.pages"), autoescape=True)


def gmail_confirm(name: str, email: str, language: str) -> str:
    """Whose Slack the mailbox will be connected to, and a button to go on."""
    return _render(
        "ask",
        say.CONFIRM(language, name=name or email),
        say.CONFIRM_TEXT(language, person=f"{name} ({email})" if name and email else name or email),
        language,
        button=say.CONTINUE(language),
    )


def gmail_connected(account: str, language: str, warnings: tuple[str, ...] = ()) -> str:
    """Gmail is connected: back to Slack; first what makes one doubt that it is the right one."""
    cure = (say.OTHER_ACCOUNT(language),) if warnings else ()
    return _render(
        "doubt" if warnings else "good",
        say.CONNECTED(language),
        say.CONNECTED_AS(language, account=account),
        language,
        warnings=(*warnings, *cure),
    )


def problem(sentence: str, language: str) -> str:
    """It did not work; the sentence says why and what to do."""
    return _render("bad", say.NOT_CONNECTED(language), sentence, language)


def unexpected(reference: str, language: str) -> str:
    """It did not work, and that is our fault."""
    sentence = common.UNEXPECTED(language, reference=reference)
    return _render("bad", common.SOMETHING_WRONG(language), sentence, language)


def _render(
    mood: str,
    headline: str,
    sentence: str,
    language: str,
    *,
    button: str = "",
    warnings: tuple[str, ...] = (),
) -> str:
    template = _environment().get_template("page.html.j2")
    hint = say.NOT_YOU(language) if button else say.CLOSE_TAB(language)
    return template.render(
        mood=mood,
        headline=headline,
        sentence=sentence,
        hint=hint,
        language=language,
        button=button,
        warnings=warnings,
    )
