"""The pages of an invitation: what is accepted, that it was, and why not."""

from functools import cache

from jinja2 import Environment, PackageLoader

from services.tenants import Invitation, TenantAdmin
from views.words import tenants as say


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("views.pages"), autoescape=True)


def invitation(of: Invitation, language: str, problem: str = "") -> str:
    """Who is invited to what, with a field for the name; `problem` says what is wrong with it."""
    return _render(
        "ask",
        say.PAGE_INVITED(language, company=of.company),
        say.PAGE_TEXT(language, email=of.email, company=of.company),
        say.PAGE_ONCE(language),
        language,
        name=say.PAGE_NAME(language),
        button=say.PAGE_ACCEPT(language),
        problem=problem,
    )


def accepted(admin: TenantAdmin, language: str) -> str:
    """From now on they administer it."""
    sentence = say.PAGE_ACCEPTED_TEXT(language, company=admin.company)
    headline = say.PAGE_ACCEPTED(language, name=admin.name)
    return _render("good", headline, sentence, say.PAGE_CLOSE(language), language)


def refused(sentence: str, language: str) -> str:
    """It cannot be accepted; the sentence says why and what to do."""
    hint = say.PAGE_CLOSE(language)
    return _render("bad", say.PAGE_REFUSED(language), sentence, hint, language)


def expired(sentence: str, token: str, language: str) -> str:
    """Too old, with a button for a new one."""
    return _render(
        "doubt",
        say.PAGE_EXPIRED(language),
        sentence,
        say.PAGE_CLOSE(language),
        language,
        button=say.PAGE_AGAIN(language),
        again="/invitation/again",
        token=token,
    )


def renewed(language: str) -> str:
    """A new one is on its way."""
    sentence, hint = say.PAGE_RENEWED_TEXT(language), say.PAGE_CLOSE(language)
    return _render("good", say.PAGE_RENEWED(language), sentence, hint, language)


def _render(mood: str, headline: str, sentence: str, hint: str, language: str, **more: str) -> str:
    template = _environment().get_template("invitation.html.j2")
    values = {"mood": mood, "headline": headline, "sentence": sentence, "hint": hint}
    return template.render(values, language=language, **more)
