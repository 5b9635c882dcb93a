"""App Home within Slack's limits, with only what its reader may use, each button once."""

from dataclasses import replace

import pytest

from integrations.sandbox.slack.blockkit.surfaces import interactive
from services.home import HomePage, OpenDraft
from services.people import Preferences
from tests.views import samples as some
from tests.views.hands import blocks_of
from tests.views.scenes import problems
from tests.views.scenes_home import CONNECTED, full
from views.slack import home

MOST_BLOCKS = 100


def ids(page: HomePage) -> list[str]:
    """Every action that is drawn, with its value."""
    blocks = blocks_of(home.home(page))
    found = [one for block in blocks for one in interactive(block)]
    return [f"{one['action_id']}={one.get('value', '')}" for one in found]


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_longest_home_has_fewer_blocks_than_slack_takes(language: str) -> None:
    page = full(language)
    drafts = tuple(page.drafts[0]._replace(id=f"f{n}") for n in range(15))
    meetings = tuple(some.meeting(n, title="x" * 400) for n in range(1, 16))
    tasks = tuple(replace(page.tasks[0], text="y" * 300) for _ in range(10))
    longest = replace(page, drafts=drafts, meetings=meetings, tasks=tasks)
    view = home.home(longest)
    assert len(blocks_of(view)) <= MOST_BLOCKS
    assert problems(view) == []


def test_a_draft_offers_what_can_be_done_with_it() -> None:
    found = ids(full("en"))
    assert "home.open_draft=f1" in found
    assert "home.finish=f1" in found
    # Being written, and never written: there is nothing to finish yet.
    assert not {"home.finish=f2", "home.finish=f3"} & set(found)


def test_meetings_among_colleagues_are_quiet_and_below_the_others() -> None:
    page = full("en")
    blocks = blocks_of(home.home(page))
    rows = [one for one in blocks if str(one.get("block_id")).startswith("home.meeting:")]
    assert [one["text"]["text"].startswith("*") for one in rows] == [True, True, False]


def test_a_guest_who_is_oneself_makes_no_meeting_with_outsiders() -> None:
    likes = Preferences(aliases=(some.CAROL.email,))
    alone = some.meeting(guests=(some.ADA_GUEST, some.CAROL))
    page = HomePage(some.member("en", preferences=likes), CONNECTED, meetings=(alone,))
    assert "Among colleagues" in str(home.home(page).to_dict())
    assert some.CAROL.name not in str(home.home(page).to_dict())


def test_what_is_missing_comes_first() -> None:
    def place(page: HomePage) -> int:
        headers = [one for one in blocks_of(home.home(page)) if one["type"] == "header"]
        return [one["text"]["text"] for one in headers].index("Connections")

    assert place(HomePage(some.member("en"), some.health())) == 0
    assert place(HomePage(some.member("en"), CONNECTED)) > 0


def test_without_a_crm_nothing_is_said_of_tasks() -> None:
    health = some.health(fathom="connected", google="connected")
    assert not [one for one in ids(HomePage(some.member("en"), health)) if "task" in one]


@pytest.mark.parametrize("text", ["<!channel>", "*_~`>", "x" * 5_000, "\u202eabc", "&amp;", ""])
def test_any_title_task_and_signature_is_shown_as_it_is(text: str) -> None:
    page = full("en")
    nasty = replace(
        page,
        member=some.member("en", preferences=Preferences(signature=text[:2_000])),
        meetings=(some.meeting(title=text),),
        drafts=(OpenDraft("f1", text, some.NOW, "ready", written=True),),
        tasks=(replace(page.tasks[0], text=text, about=text), replace(page.tasks[1], text=text)),
    )
    view = home.home(nasty)
    assert problems(view) == []
    assert "<!channel>" not in str(view.to_dict())
