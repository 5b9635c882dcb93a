"""Whatever people and vendors write, Slack takes the view and nobody is pinged by it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from services.connections.connections import GOOGLE
from services.doctor.checkups import Finding
from services.followups.drafts import Options
from services.followups.progress import DONE, FAILED, READY, WRITING, FollowUp
from services.followups.templates import Template
from services.home import HomePage
from services.meetings.history import Guest
from services.people.members import Preferences
from tests.views import samples as some
from tests.views.scenes import Drawn, as_json, problems
from views.kit.text import fit_marked, name
from views.slack import connections, doctor, errors, home
from views.slack import people as settings
from views.slack.followups import card, editor, options, picker
from views.slack.followups import templates as template_views

ENGLISH = some.member("en")
URL = "https://seguito.example/google/connect?state=abc"
NASTY = {
    "empty": "",
    "blank": " \n\t ",
    "long": "Quarterly " * 30,
    "one_word": "x" * 300,
    "emoji": "👩‍👩‍👧‍👦🎉" * 60,
    "right_to_left": "פגישה עם שרה כהן " * 18,
    "turned": "\u202eevil\u2069\u202c plain",
    "mention": "<!channel> <@U0ADA> <!here|here> <#C0OPS>",
    "link": "<https://evil.example|Click> & </script>",
    "entities": "<&>" * 100,
    "bold": "*" * 300,
    "format": "*bold* _it_ ~no~ `code` ```\nblock``` > quote",
    "lines": "one\ntwo\r\n\n\nthree\u2028four",
    "braces": "{title} {0} %s {{x}}",
}
EVERY = pytest.mark.parametrize("text", [pytest.param(it, id=key) for key, it in NASTY.items()])
# All that mrkdwn of ours may hold: dates in the reader's zone, and our own links.
OURS = re.compile(r"<!date\^\d+\^\{[a-z_]+\}\|[^<>]*>|<https://[^<>|]+\|[^<>]*>")
QUOTES = re.compile(r"^> ?", re.MULTILINE)
BODY = 30_000
TURNING = set("\u202a\u202b\u202d\u202e")


def marked(drawn: Drawn) -> Iterator[str]:
    """All mrkdwn in a view or message, and the text of its notification."""
    seen: list[object] = [json.loads(as_json(drawn))]
    while seen:
        value = seen.pop()
        if isinstance(value, dict):
            if isinstance(text := value.get("text"), str) and value.get("type") != "plain_text":
                yield text
            seen += value.values()
        elif isinstance(value, list):
            seen += value


def sound(*drawn: Drawn) -> None:
    """Slack takes each, and no mark in any of them comes from somebody else."""
    for one in drawn:
        assert problems(one) == []
        for text in marked(one):
            assert not set("<>") & set(QUOTES.sub("", OURS.sub("", text)))
            assert not re.search(r"&(?!amp;|lt;|gt;)", text)


def guests(text: str) -> tuple[Guest, ...]:
    """A hundred and twenty with this name; some addresses are longer than an option may be."""
    return tuple(
        Guest(text, f"{'a' * (number % 90)}{number}@acme.example", number % 3 > 0)
        for number in range(120)
    )


def full(text: str, status: str, **more: Any) -> FollowUp:
    """A follow-up in which everything people can influence is this text."""
    draft = replace(
        some.draft("en"), subject=text[:250], body=text * 90, summary=text * 90, note=text * 90
    )
    people = tuple(f"{'a' * 60}{number}@acme.example" for number in range(60))
    revisions = tuple(
        replace(some.revision("en", number, instruction=text), subject=text)
        for number in range(1, 200)
    )
    return some.followup(
        "en",
        status=status,
        title=text,
        problem=text,
        reference="4f2a91c7",
        draft=draft,
        steps=tuple(replace(step, note=text) for step in some.steps("en", DONE, DONE, DONE)),
        options=Options(to=people[:30], cc=people[30:]),
        revisions=revisions,
        version=199,
        **more,
    )


@EVERY
def test_a_picker_shows_any_title_guest_and_search(text: str) -> None:
    listed = [
        some.meeting(number, title=text, guests=guests(text), followed=READY)
        for number in range(1, 9)
    ]
    several = some.page(*listed, search=text * 14, offset=8, has_newer=True, has_older=True)
    sound(picker.picker(several, ENGLISH), picker.picker(some.page(search=text * 14), ENGLISH))


@EVERY
def test_options_offer_any_guest_and_template(text: str) -> None:
    templates = tuple(Template(f"{n:032}", text, text, mine=True) for n in range(100))
    meeting = some.meeting(title=text, guests=guests(text))
    form = options.Form(meeting, ENGLISH, templates, already=READY)
    everybody = frozenset(guest.email for guest in meeting.guests)
    sound(options.options(form), options.options(replace(form, declined=everybody)))
    sound(template_views.templates(templates, ENGLISH))


@EVERY
def test_a_long_name_gives_way_to_the_address(text: str) -> None:
    meeting = some.meeting(guests=(Guest(text, some.CAROL.email, is_external=True),))
    view = options.options(options.Form(meeting, ENGLISH))
    block_id = f"{options.TO.action_id}@0"
    (to,) = (one for one in view.fields["blocks"] if one.get("block_id") == block_id)
    (shown,) = to["element"]["options"]
    assert some.CAROL.email in shown["text"]["text"]


@EVERY
@pytest.mark.parametrize("status", [WRITING, READY, FAILED])
@pytest.mark.parametrize("gmail", ["", "pending", "done", "failed"])
def test_a_follow_up_shows_any_text(text: str, status: str, gmail: str) -> None:
    receipts = (some.in_gmail(gmail, problem=text),) if gmail else ()
    it = full(text, status, receipts=receipts)
    sound(card.card(it, ENGLISH), editor.current(it, ENGLISH))
    sound(editor.editor(it, ENGLISH), editor.progress(it, ENGLISH))


@EVERY
def test_what_stands_beside_the_draft_shows_any_text(text: str) -> None:
    it = full(text, READY)
    sound(editor.versions(it, ENGLISH), editor.regenerate(it, ENGLISH))


@EVERY
def test_messages_and_forms_show_any_text(text: str) -> None:
    someone = some.member("en", preferences=Preferences("xx", text, text, (text * 7)[:2_000]))
    health = tuple(replace(one, account=text) for one in some.health(google="connected"))
    sound(settings.settings(someone), settings.help_message("en", text))
    sound(home.home(HomePage(someone, health)), connections.overview(health, someone))
    sound(connections.fathom_form(someone, typed=text[:400], problem=text))
    sound(connections.gmail_link(URL, someone, text), connections.gmail_connected(text, "en"))
    sound(connections.gmail_disconnected(text, "en"))
    found = (Finding(GOOGLE, text == "", text, text),)
    sound(doctor.checkup(found, health, someone))
    problem = errors.ErrorNotice(text, "en", "google", "4f2a91c7")
    sound(errors.problem_view(problem), errors.problem_message(problem))


@pytest.mark.parametrize("piece", ["x", "word ", "line\n", "par " * 200 + "\n\n", "🎉", "<", "*"])
def test_a_draft_may_have_thirty_thousand_characters(piece: str) -> None:
    text = (piece * BODY)[:BODY]
    draft = some.draft("en", body=text, summary=text, note=text)
    it = some.followup("en", draft=draft)
    sound(editor.editor(it, ENGLISH), card.card(it, ENGLISH))


@EVERY
def test_a_name_never_turns_what_follows_it(text: str) -> None:
    shown = name(text)
    assert not TURNING & set(shown)
    assert shown.count("\u2068") == shown.count("\u2069") == 1
    assert shown.endswith("\u2069")


@pytest.mark.parametrize("limit", range(12, 40))
def test_a_cut_leaves_no_half_of_a_mark(limit: int) -> None:
    text = "1234567890 &amp; &lt;a&gt; <!date^1^{time}|09:30 UTC> and so on and so on"
    cut = fit_marked(text, limit)
    assert len(cut) <= limit
    assert cut.endswith("…")
    assert not re.search(r"&(?!amp;|lt;|gt;)", cut)
    assert cut.count("<") == cut.count(">")
