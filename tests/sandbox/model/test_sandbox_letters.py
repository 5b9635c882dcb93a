"""The stand-in's letters: what one could send, and nothing rather than nonsense."""

import json
import re

import pytest

from integrations.sandbox.kit.world import World
from tests.sandbox.model.model_talks import cast_world, talk, write
from tests.sandbox.outside_stage import FIRST_ID


@pytest.fixture(scope="module")
def world() -> World:
    return cast_world()


def test_only_recipients_are_greeted_and_spoken_to(world: World) -> None:
    wishes = "Recipient: Owen Hartwell <owen@x.example>\nIn copy: Priya Nair <priya@x.example>"
    body = write(world, 101, wishes)["body"]
    assert body.startswith("Hi Owen,")
    assert "Could you send us the contact of your lawyer" in body
    assert "Priya will ask the Hull manager" in body
    assert write(world, 101, "Recipient: not chosen yet")["body"].startswith("Hello,")


@pytest.mark.parametrize("name", ["Speaker 2", "Unknown", "Professor", "Project Manager", "PhD A"])
def test_a_placeholder_is_no_name(name: str) -> None:
    written = talk(
        "Ada Whitfield: Shall we look at the offer?",
        f"{name}: We lose 40 orders a month because of typing errors.",
        f"{name}: I'll send you the price list by Friday.",
        guests=(name,),
    )
    text = json.dumps({**written, "evidence": []})
    assert name not in text
    assert written["body"].startswith("Hello,")
    assert "You lose 40 orders a month because of typing errors." in written["body"]
    assert "Could you send us the price list by Friday 20 November?" in written["body"]


@pytest.mark.parametrize(
    "said",
    [
        "I'll start, if that's okay.",
        "I'll get around to that, yeah.",
        "I'll come back to it later with the others.",
        "I'll give they will the budget of 400 euros.",
        "We have, you know, 3,000 orders a month or something.",
        "It is 4,000 euros a month and they lose the rest.",
        "About 3,200 orders a month, and 5% of them wrong.",
        "Come to the Saturday market, he is there until two.",
        "I'll convince him.",
        "Our budget is 9,000 euros a year, but don't tell anybody.",
    ],
)
def test_what_cannot_be_told_is_left_out(said: str) -> None:
    written = talk("Ada Whitfield: Hello Bo.", f"Bo Berg: {said}", "Ada Whitfield: Good.")
    assert written["body"] == "Hi Bo,\n\nThank you for your time, it was good to talk.\n\nBest,"
    assert written["action_items"] == []
    assert set(written["crm_note"].values()) == {""}
    assert written["subject"] == "Next steps after our conversation"


def test_whoever_is_spoken_to_is_no_part_of_the_sentence() -> None:
    written = talk(
        "Bo Berg: Hello.",
        "Ada Whitfield: Bo, your contract of 4,000 euros ends on 9 December.",
        "Bo Berg: Yes.",
    )
    assert "- Your contract of 4,000 euros ends on 9 December." in written["body"]


def test_what_colleagues_say_among_themselves_stays_inside() -> None:
    written = talk(
        "Ada Whitfield: They would pay 9,000 euros a year at the most.",
        "Sam: Their budget is 12,000 euros a year, I heard.",
        "Ada Whitfield: Hello Bo.",
        "Bo Berg: The licence may cost 7,000 euros a year.",
        "Ada Whitfield: Good.",
        "Sam: The margin is still 40% at that price.",
    )
    assert "The licence may cost 7,000 euros a year." in written["body"]
    for secret in ("9,000", "12,000", "40%"):
        assert secret not in json.dumps(written)


def test_whole_words_are_not_taken_for_broken_off_ones() -> None:
    said = "Bo Berg: The shop in India lost €900 in invoices that don't total."
    written = talk("Ada Whitfield: Hello Bo.", said, "Ada Whitfield: I see.")
    assert "- The shop in India lost €900 in invoices that don't total." in written["body"]


def test_what_is_said_of_somebody_absent_is_not_written_back() -> None:
    written = talk(
        "Ada Whitfield: Hello Bo.",
        "Bo Berg: My boss thinks that 9,000 euros a year is too much.",
        "Bo Berg: Our licence costs 7,000 euros a year today.",
        "Ada Whitfield: Good.",
    )
    assert "boss" not in written["body"]
    assert "- Your licence costs 7,000 euros a year today." in written["body"]


def test_wishes_are_never_taken_for_a_transcript() -> None:
    wishes = "Recipient: Bo Berg <bo@x.example>\nLanguage: English\nTone: friendly\nLength: short"
    written = talk("Bo Berg: Thanks, that was all for today.", wishes=wishes)
    assert written["body"].startswith("Hi Bo,")
    assert "Sender" not in json.dumps(written)


def test_tu_and_lei_are_taken_from_the_transcript() -> None:
    polite, friendly = (
        talk(
            f"Ada Whitfield: {mine}",
            "Bo Berg: Io mando l'elenco dei fornitori entro venerdì.",
            f"Ada Whitfield: {mine}",
            wishes="Language: Italian",
        )["body"]
        for mine in ("Le preparo il preventivo entro lunedì.", "Ti preparo il preventivo lunedì.")
    )
    assert polite.startswith("Buongiorno Bo,\n\ngrazie per il tempo che mi ha dedicato")
    assert "Può mandare l'elenco dei fornitori entro venerdì 20 novembre?" in polite
    assert friendly.startswith("Ciao Bo,\n\ngrazie per il tempo che mi hai dedicato")
    assert "Puoi mandare l'elenco dei fornitori entro venerdì 20 novembre?" in friendly


def test_no_letter_tells_of_guests_in_the_third_person(world: World) -> None:
    for meeting in world.meetings:
        written = write(world, meeting.recording_id - FIRST_ID)
        assert not re.search(r"\b(?:explained|told us|pointed out)\b", written["body"])
        assert len(written["subject"]) <= 60
        assert meeting.title not in written["subject"]
        asks = [line for line in written["body"].split("\n\n") if line.endswith("?")]
        assert len(asks) <= 1
