"""The pages of an install: that it worked, that it did not and why, and the way to start again."""

from functools import cache

from jinja2 import Environment, PackageLoader

from services.phrases import Phrase
from views.words import pages as page_words
from views.words import workspaces as say

START = "/slack/install"


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("views.pages"), autoescape=True)


def installed(team: str, url: str, language: str) -> str:
    """Seguito is in this workspace or organisation; `url` opens it in Slack."""
    return _render(
        "good",
        say.INSTALLED(language, team=team),
        say.INSTALLED_TEXT(language),
        language,
        link=url,
        label=say.OPEN_SLACK(language),
    )


def refused(why: Phrase, language: str, code: str = "") -> str:
    """It did not work; `code` is Slack's word for why, where the sentence names it."""
    sentence = why(language, **({"code": code} if why.fields else {}))
    return _render(
        "bad",
        say.NOT_INSTALLED(language),
        sentence,
        language,
        link=START,
        label=say.START_AGAIN(language),
    )


def closed(language: str) -> str:
    """Nobody can install here."""
    return _render("bad", say.NOT_INSTALLED(language), say.NO_OAUTH(language), language)


def _render(
    mood: str, headline: str, sentence: str, language: str, *, link: str = "", label: str = ""
) -> str:
    template = _environment().get_template("install.html.j2")
    told = {"mood": mood, "headline": headline, "sentence": sentence, "language": language}
    hint = "" if link == START else page_words.CLOSE_TAB(language)
    return template.render(told, link=link, label=label, hint=hint)
