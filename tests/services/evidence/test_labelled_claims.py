"""The gate over labelled claims: floors that no change of a rule may go below."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from services.evidence import CHECK, NOT_HEARD, Index, audit
from services.evidence.claims import BODY, DraftPart, HeardLine, Hint, Material
from tests.kit.labelled_claims import LabelledClaim, labelled

SEEN = ("seen_en", "seen_it")
UNSEEN = ("unseen_en", "unseen_it")
SAMPLE = Path(__file__).parents[4] / "shared" / "claims-sample.jsonl"


def level_of(material: Material, parts: tuple[DraftPart, ...]) -> str:
    """The worst level of all claims; "" when none is marked."""
    found = audit(Index(material), parts)
    if found.findings(NOT_HEARD):
        return NOT_HEARD
    return CHECK if found.findings(CHECK) else ""


def counted(claims: Iterable[LabelledClaim]) -> Counter[tuple[bool, str]]:
    """How many true (and false) claims came out at each level."""
    return Counter((one.is_true, level_of(one.material, one.parts)) for one in claims)


def test_there_are_enough_claims_of_both_kinds_in_both_languages() -> None:
    claims = labelled(*SEEN, *UNSEEN)
    kinds = Counter((one.language, one.is_true) for one in claims)
    assert len(claims) >= 200
    assert min(kinds.values()) >= 50


def test_of_the_claims_it_was_made_with_hardly_one_is_judged_wrongly() -> None:
    found = counted(labelled(*SEEN))
    assert found[False, ""] <= 2
    assert found[True, NOT_HEARD] == 0
    assert found[True, CHECK] <= 1


def test_of_unseen_claims_nine_in_ten_false_ones_are_caught() -> None:
    found = counted(labelled(*UNSEEN))
    false = sum(n for (is_true, _), n in found.items() if not is_true)
    true = found.total() - false
    assert found[False, ""] <= 0.1 * false
    assert found[True, CHECK] + found[True, NOT_HEARD] <= 0.12 * true
    assert found[True, NOT_HEARD] <= 0.04 * true


def test_claims_about_meetings_in_another_language_are_judged_as_well() -> None:
    claims = [one for one in labelled("unseen_it") if one.language != one.material.language]
    assert counted(claims) == Counter({(True, ""): 3, (False, NOT_HEARD): 3})


@pytest.mark.skipif(not SAMPLE.exists(), reason="needs ../shared")
def test_the_sample_is_judged_as_labelled() -> None:
    wrong = []
    for row in SAMPLE.read_text("utf-8").splitlines():
        one = json.loads(row)
        level = level_of(_material(one), _parts(one))
        if (level == "") != (one["label"] == "supported"):
            wrong.append((one["id"], level, one["sentence"]))
    assert wrong == []


def _material(one: dict[str, object]) -> Material:
    document = json.loads(json.dumps(one))
    return Material(
        lines=tuple(HeardLine(r["n"], r["speaker"], r["text"]) for r in document["lines"]),
        held=date.fromisoformat(document["meeting_date"]),
        language=document["transcript_lang"],
        sender=document["sender"],
        people=tuple(document["people"]),
        facts=tuple(document["crm"]),
        own=(document["sender"],),
    )


def _parts(one: dict[str, object]) -> tuple[DraftPart, ...]:
    document = json.loads(json.dumps(one))
    text = document["sentence"]
    return (DraftPart(BODY, text, (Hint(text, tuple(document["cited"])),)),)
