"""What people read in the views: no English is left in Italian ones, and nothing is cut off."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.views import samples as some
from tests.views.scenes import Scene, as_json
from tests.views.scenes_activities import SAID
from tests.views.scenes_alerts import SHOWN as OF_ALERTS
from tests.views.scenes_billing import PRICE
from tests.views.scenes_crm import ACCOUNTS
from tests.views.scenes_evidence import EVIDENCE
from tests.views.scenes_files import SHOWN as OF_FILES
from tests.views.scenes_followups import FOLLOWUPS, MANY, REFERENCE
from tests.views.scenes_licenses import KEY
from tests.views.scenes_operations import OPERATIONS
from tests.views.scenes_others import OTHERS, UNKNOWN_WORD
from tests.views.scenes_rollouts import SHOWN as OF_ROLLOUTS
from tests.views.scenes_tenants import SHOWN as OF_TENANTS
from tests.views.test_words import PHRASES, SAME
from views.words.connections import VENDORS

SCENES = [
    pytest.param(scene, id=scene.name)
    for scene in (*FOLLOWUPS, *EVIDENCE, *OPERATIONS, *OTHERS)
    if "it" in scene.languages
]
PEOPLE = (some.CAROL, some.DAN, some.BOB, some.ADA_GUEST, *MANY)
# What people and vendors have said is shown as it is, whatever the reader's language.
DATA = (
    some.TITLE,
    REFERENCE,
    UNKNOWN_WORD,
    "acme",
    "zebra",
    "\n> Ada",
    KEY,
    "A presto, Ada",
    *(text for guest in PEOPLE for text in (f"{guest.name} ({guest.email})", guest.name)),
    *(guest.email for guest in PEOPLE),
    *SAID,
    PRICE,
    *OF_ALERTS,
    *OF_FILES,
    *OF_ROLLOUTS,
    *OF_TENANTS,
    *(account.name for account in ACCOUNTS),
)
SOLD = ("Founders", "Pro", "Starter", "pro", "/license-issue", "10 MB")
FILES = ("SRT", "TXT", "DOCX.", "Teams", "Meet", "Webex")
USERS = ("/provision-user", "Account")
TENANTS = ("/tenant-create", "Database:", "database", "PostgreSQL 16.4")
ROLLOUTS = ("/tenant-migrate", "Rollout", "SQL", "SQL:")
NAMES = {*SAME, *FILES, *SOLD, *USERS, *TENANTS, *ROLLOUTS, *VENDORS.values()}
NAMES |= {"in Gmail", "E-mail (2)"}
MARKUP = re.compile(
    r"<!date\^[^>]*>|<https?://[^|>]*\||:[a-z_]+:|`/[a-z -]+`|<[^>]*>|[*>•\u2068\u2069]"
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
BREAKS = re.compile(r"\n| · | — |, ")
# Slack's clients cut longer ones on a narrow screen.
LONGEST_LABEL = 30


def texts(value: object) -> Iterator[str]:
    """Everything in a document that a person reads, but for what is typed into fields."""
    if isinstance(value, list):
        for member in value:
            yield from texts(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key == "text" and isinstance(member, str):
                yield member
            yield from member if key == "lines" else texts(member)


def said(scene: Scene, language: str) -> set[str]:
    """The scene's words, without markup and without what people and vendors said."""
    found = set()
    for text in texts(json.loads(as_json(scene.draw(language)))):
        for known in sorted(DATA, key=len, reverse=True):
            text = text.replace(known, "")
        found |= {piece.strip() for piece in BREAKS.split(MARKUP.sub("", text))}
    return {words for words in found if LETTERS.search(words)}


def elements(scene: Scene, language: str, kind: str) -> Iterator[dict[str, dict[str, str]]]:
    """The elements of one type in a scene."""
    seen = [json.loads(as_json(scene.draw(language)))]
    while seen:
        value = seen.pop()
        if isinstance(value, dict) and value.get("type") == kind:
            yield value
        if isinstance(value, dict | list):
            seen += value.values() if isinstance(value, dict) else value


@pytest.mark.parametrize("scene", SCENES)
def test_no_english_is_left_in_an_italian_view(scene: Scene) -> None:
    both = said(scene, "en") & said(scene, "it")
    assert both <= NAMES


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("scene", SCENES)
def test_a_button_says_what_it_does_in_few_words(scene: Scene, language: str) -> None:
    labels = [button["text"]["text"] for button in elements(scene, language, "button")]
    assert [label for label in labels if len(label) > LONGEST_LABEL] == []
    assert [label for label in labels if not label[0].isupper()] == []


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("scene", SCENES)
def test_the_title_of_a_modal_is_whole(scene: Scene, language: str) -> None:
    titles = {view["title"]["text"] for view in elements(scene, language, "modal")}
    assert titles <= {phrase(language) for phrase in PHRASES.values()}


def test_what_is_compared_is_what_people_read() -> None:
    home = next(scene for scene in OTHERS if scene.name == "slack.connections.overview.everything")
    assert "Disconnect" in said(home, "en")
    assert "Scollega" in said(home, "it")
