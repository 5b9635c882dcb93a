"""A rollout's page in each of its states: plain words in both languages, and what is offered."""

import re
from dataclasses import replace
from html import unescape

import pytest

from services.rollouts import Breach, Rollout
from tests.views import samples as some
from tests.views.scenes_rollouts import CARDS, EVENTS, HALT, ORDER, PROPOSED, ROLLOUT, TENANTS
from views.dashboard import rollouts
from views.dashboard.kit.reader import PageReader
from views.dashboard.kit.render import region
from views.words import rollouts as words

EN, IT = PageReader("en", some.NOW), PageReader("it", some.NOW)
SLACKISH = re.compile(r"<!date|:[a-z_]+:|\*\w|&amp;lt;")


def drawn(of: Rollout, reader: PageReader) -> str:
    file = rollouts.RolloutFile(of, TENANTS if of.total else (), EVENTS)
    return region(rollouts.one(file, ORDER, reader).blocks, reader)


def shown(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("name", CARDS)
def test_every_state_reads_plainly_in_both_languages(name: str) -> None:
    of, _ = CARDS[name]
    english, italian = drawn(of, EN), drawn(of, IT)
    assert shown(english) != shown(italian)
    for html in (english, italian):
        assert not SLACKISH.search(html)


@pytest.mark.parametrize("code", words.BREACHES)
def test_every_reason_of_a_halt_is_a_sentence_without_slacks_emphasis(code: str) -> None:
    detail = '{"sentence": "a * b <c>"}' if code == "try_out" else "a * b <c>"
    of = replace(HALT, breaches=(Breach(code, "globex", detail),))
    for reader in (EN, IT):
        text = shown(drawn(of, reader))
        assert "*" not in text.replace("a * b <c>", "")
        assert "{" not in text


def test_a_halted_one_tells_the_worst_first() -> None:
    text = shown(drawn(HALT, EN))
    places = [text.index(f"{name} 1 ") for name in ("globex", "odd-one", "newer", "far-away")]
    assert places == sorted(places)
    assert "Statement 1: column “note” <x> has nulls (23502)" in text


@pytest.mark.parametrize(
    ("of", "offered"),
    [
        (PROPOSED, ()),
        (ROLLOUT, ("pause", "hold", "abort", "roll_back")),
        (replace(ROLLOUT, control="pause"), ("resume", "hold", "abort", "roll_back")),
        (replace(ROLLOUT, hold=True), ("resume", "abort", "roll_back")),
        (replace(ROLLOUT, watch_until=some.NOW), ("pause", "hold", "go_on", "abort", "roll_back")),
        (HALT, ("retry", "resume", "hold", "abort", "roll_back")),
        (replace(ROLLOUT, direction="down"), ("pause", "abort")),
        (replace(ROLLOUT, control="abort"), ("roll_back",)),
        (replace(ROLLOUT, state="done"), ("roll_back",)),
        (replace(ROLLOUT, state="done", can_roll_back=False), ()),
        (replace(ROLLOUT, state="rolled_back", direction="down"), ()),
    ],
)
def test_what_is_offered_is_what_can_be_done(of: Rollout, offered: tuple[str, ...]) -> None:
    assert of.offered == offered
    html = drawn(of, EN)
    for verb in ("retry", "pause", "resume", "hold", "go_on", "finish", "abort", "roll_back"):
        assert (f'"/admin/rollouts/{of.id}/{verb}"' in html) is (verb in offered)
