"""Templates in every state: the list, one's own, somebody else's, and previews."""

from dataclasses import replace

from services.followups import NewTemplate, PreviewedTemplate, Template
from services.phrases import Phrase
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack.followups import templates

LONG = Phrase("Thanks, and <b>what</b> was said; ", "Grazie, e <b>cosa</b> è emerso; ")
PROBLEM = Phrase("The model is away <now>.", "Il modello non c’è <ora>.")


def _typed(language: str, *, long: bool = False) -> NewTemplate:
    outline = (LONG(language) * 60)[:2_000] if long else some.OUTLINE(language)
    return NewTemplate(some.OWN_NAME(language), outline, id="t1", version=some.NOW.isoformat())


def _own(language: str, *, shared: bool = False) -> Given:
    typed = _typed(language)
    own = Template(typed.id, typed.name, typed.outline, mine=True, version=typed.version)
    return given(some.member(language), replace(own, shared=shared, is_default=shared))


def _foreign(language: str) -> Given:
    foreign = Template("t2", some.SHARED_NAME(language), (LONG(language) * 60)[:2_000], shared=True)
    return given(some.member(language), foreign)


def _list(language: str) -> Given:
    listed = some.templates(language)
    return given((replace(listed[0], is_default=True), *listed[1:]), some.member(language))


def _pick(language: str, *, some_meetings: bool) -> Given:
    untitled = replace(some.meeting(2), title=" ")
    meetings = (some.meeting(1), untitled) if some_meetings else ()
    return given(some.member(language), some.page(*meetings), _typed(language, long=True))


def _preview(language: str) -> Given:
    previewed = PreviewedTemplate(some.meeting(), some.draft(language))
    return given(some.member(language), previewed, _typed(language, long=True))


def _problem(language: str) -> Given:
    return given(some.member(language), PROBLEM(language), _typed(language))


TEMPLATES = (
    Scene(templates.templates, "all", _list),
    Scene(templates.form, "new", lambda lang: given(some.member(lang))),
    Scene(templates.form, "own", _own),
    Scene(templates.form, "shared_default", lambda lang: _own(lang, shared=True)),
    Scene(templates.reading, "shared", _foreign),
    Scene(templates.pick, "meetings", lambda lang: _pick(lang, some_meetings=True)),
    Scene(templates.pick, "none", lambda lang: _pick(lang, some_meetings=False)),
    Scene(templates.waiting, "normal", lambda lang: given(some.member(lang), _typed(lang))),
    Scene(templates.preview, "normal", _preview),
    Scene(templates.no_preview, "away", _problem),
)
