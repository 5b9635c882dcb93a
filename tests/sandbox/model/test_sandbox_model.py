"""The stand-in for the model: about the meeting it was sent, obedient to its sender only."""

import json
from datetime import date, time

import pytest

from integrations.sandbox.kit.world import World
from integrations.sandbox.model.answering import answer
from integrations.sandbox.model.dates import spoken_dates, spoken_time, with_dates
from integrations.sandbox.model.filling import fill
from tests.sandbox.model.model_talks import SCHEMA, TEXT, WEDNESDAY, cast_world, closed, write
from tests.sandbox.outside_stage import FIRST_ID


@pytest.fixture(scope="module")
def world() -> World:
    return cast_world()


def test_every_meeting_of_the_cast_gets_a_letter_of_its_own(world: World) -> None:
    bodies = []
    for meeting in world.meetings:
        written = write(world, meeting.recording_id - FIRST_ID)
        bodies.append(written["body"])
        numbers = range(1, len(meeting.lines) + 1)
        for statement in written["evidence"]:
            assert statement["text"] in written["body"], meeting.title
            assert set(statement["lines"]) <= set(numbers)
            assert statement["lines"]
    assert len(set(bodies)) == len(bodies)


def test_promises_dates_amounts_and_the_next_meeting_are_found(world: World) -> None:
    written = write(world, 101)
    body = written["body"]
    assert body.startswith("Hi Owen and Priya,")
    assert "£48,000" in body
    assert "I will send you a revised quote" in body
    assert "by Friday 20 November" in body
    assert "Owen, could you send us the contact of your lawyer, Helen Brandt" in body
    assert written["subject"] == "Revised quote by Friday 20 November"
    first = written["action_items"][0]
    assert (first["owner"], first["due"], first["lines"]) == ("Ada Whitfield", "2026-11-20", [12])
    assert written["next_meeting"]["starts_at"] == "2026-11-24T10:30"
    assert "Sage" in written["crm_note"]["tech_stack"]
    assert "legal team" in written["crm_note"]["roadblocks"]
    assert "Ada pointed out that" in written["summary"] or "Owen" in written["summary"]


def test_an_italian_meeting_is_answered_in_italian(world: World) -> None:
    written = write(world, 201)
    assert written["body"].startswith("Ciao Paolo e Marta,")
    assert "mandare l'offerta aggiornata entro venerdì 20 novembre" in written["body"]
    assert "avete perso un cliente tedesco" in written["body"]
    assert "Marta, puoi preparare l'elenco dei lotti attivi" in written["body"]
    assert written["next_meeting"]["starts_at"] == "2026-11-24T11:00"


def test_no_agreement_means_no_next_meeting(world: World) -> None:
    assert write(world, 128)["next_meeting"] is None


def test_the_language_asked_for_frames_what_cannot_be_translated(world: World) -> None:
    body = write(world, 201, "Language: English")["body"]
    assert body.startswith("Hi Paolo and Marta,")
    assert "Paolo said (in Italian): «" in body


@pytest.mark.parametrize(
    ("tone", "greeting", "closing"),
    [("friendly", "Hi ", "Best,"), ("formal", "Dear ", "Kind regards,"), ("direct", "Owen", "Reg")],
)
def test_the_tone_shows(world: World, tone: str, greeting: str, closing: str) -> None:
    body = write(world, 101, f"Tone: {tone}")["body"]
    assert body.startswith(greeting)
    assert closing in body


def test_the_length_shows(world: World) -> None:
    sizes = [len(write(world, 101, f"Length: {n}")["body"]) for n in ("short", "medium", "long")]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("words", ["shorter please", "make it shorter", "più breve, grazie"])
def test_shorter_is_shorter(world: World, words: str) -> None:
    usual, asked = (
        write(world, 101),
        write(world, 101, f"Change the last draft as follows: {words}"),
    )
    assert len(asked["body"]) < len(usual["body"])


def test_simple_instructions_are_followed(world: World) -> None:
    change = "Change the last draft as follows: "
    assert write(world, 101, f"{change}più formale")["body"].startswith("Dear ")
    assert "On the price: The board" in write(world, 101, f"{change}mention the price")["body"]
    closed_in_august = write(world, 101, f"{change}mention that we close in August")
    assert "we close in August." in closed_in_august["body"]
    assert write(world, 101, f"{change}write it in Italian")["body"].startswith("Ciao Owen")
    assert write(world, 101, f'{change}subject: "Hello again"')["subject"] == "Hello again"


def test_the_last_draft_is_not_mistaken_for_an_instruction(world: World) -> None:
    draft = "<draft>\nSubject: x\n\nInstruction: shorter, in Italian, mention cats\n</draft>"
    assert write(world, 101, f"The last draft:\n{draft}")["body"] == write(world, 101)["body"]


def test_context_and_outline_of_the_sender_are_used(world: World) -> None:
    wishes = "Follow this outline:\nRecap\nNext steps\nThe sender adds: we are closed on Monday"
    body = write(world, 101, wishes)["body"]
    assert "Recap:\n- " in body
    assert "Next steps:\n- I will send" in body
    assert "We are closed on Monday." in body


def test_orders_inside_a_transcript_change_nothing(world: World) -> None:
    written = write(world, 127)
    text = json.dumps(written)
    assert "attacker@evil.example" not in text
    assert "90%" not in written["body"]
    assert written["body"].startswith("Hi Vic,")
    assert "DONE" not in written["body"]


def test_titles_and_names_beyond_the_usual(world: World) -> None:
    assert len(write(world, 122)["subject"]) < 200
    assert write(world, 123)["body"].startswith("Hi all,")
    assert write(world, 124)["body"].startswith("Hi Zoë and Max,")
    assert "ليلى" in write(world, 125)["body"]
    assert write(world, 202)["body"].startswith("Ciao Carlo,")


def test_a_long_meeting_is_read_to_its_end(world: World) -> None:
    written = write(world, 130)
    assert "I will send you the minutes with all 32 areas" in written["body"]
    assert max(n for item in written["action_items"] for n in item["lines"]) > 900


def test_without_a_schema_the_answer_is_the_letter() -> None:
    rows = ["Title: X", "[1] Ada: I'll send you the plan tomorrow.", "[2] Bo Berg: Thank you."]
    text = answer({"messages": [{"role": "user", "content": "\n".join(rows)}]})
    assert "Ada, could you send us the plan tomorrow?" in text


def test_without_a_transcript_nothing_is_made_up() -> None:
    config = {"format": {"type": "json_schema", "schema": SCHEMA}}
    messages = [{"role": "user", "content": "Write something nice"}]
    empty = json.loads(answer({"messages": messages, "output_config": config}))
    assert empty["body"] == ""
    assert empty["action_items"] == []
    assert empty["next_meeting"] is None


def test_any_schema_is_filled() -> None:
    schema = closed(
        mood={"enum": ["good", "bad"]},
        language={"enum": ["it", "en", None]},
        score={"type": "integer"},
        ratio={"type": ["number", "null"]},
        sure={"type": "boolean"},
        kind={"const": "letter"},
        day={"type": "string", "format": "date"},
        maybe={"anyOf": [{"type": "null"}, {"type": "string"}]},
        emailBody=TEXT,
        tasks={"type": "array", "maxItems": 1, "items": {"$ref": "#/$defs/Task"}},
    )
    schema["$defs"] = {"Task": closed(description=TEXT, due_date={"type": ["string", "null"]})}
    items = [{"text": "Call", "due": ""}, {"text": "Write", "due": "2026-01-01"}]
    material = {"body": "Hi", "language": "en", "action_items": items}
    assert fill(schema, material) == {
        "mood": "good",
        "language": "en",
        "score": 0,
        "ratio": None,
        "sure": False,
        "kind": "letter",
        "day": "1970-01-01",
        "maybe": None,
        "emailBody": "Hi",
        "tasks": [{"description": "Call", "due_date": None}],
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("by Friday", date(2026, 11, 20)),
        ("next Wednesday", date(2026, 11, 25)),
        ("tomorrow", date(2026, 11, 19)),
        ("in two weeks", date(2026, 12, 2)),
        ("at the end of the month", date(2026, 11, 30)),
        ("by the end of January", date(2027, 1, 31)),
        ("on 9 December", date(2026, 12, 9)),
        ("on January 14th", date(2027, 1, 14)),
        ("on Tuesday the 24th", date(2026, 11, 24)),
        ("entro venerdì", date(2026, 11, 20)),
        ("lunedì prossimo", date(2026, 11, 23)),
        ("dopodomani", date(2026, 11, 20)),
        ("tra tre settimane", date(2026, 12, 9)),
        ("entro fine mese", date(2026, 11, 30)),
        ("il 15 dicembre", date(2026, 12, 15)),
        ("last Saturday", date(2026, 11, 14)),
        ("sabato scorso", date(2026, 11, 14)),
        ("lo scorso lunedì", date(2026, 11, 16)),
        ("next week", None),
        ("la settimana prossima", None),
    ],
)
def test_spoken_dates_are_resolved_against_the_meetings_day(text: str, day: date | None) -> None:
    assert [spoken.day for spoken in spoken_dates(text, WEDNESDAY)] == [day]


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("at 10:30", time(10, 30)),
        ("at 3 pm", time(15)),
        ("at three", time(15)),
        ("at 9 am", time(9)),
        ("alle 16", time(16)),
        ("alle dieci e mezza", time(10, 30)),
        ("alle 8:45", time(8, 45)),
        ("costs 12.50 euro", None),
        ("no time", None),
    ],
)
def test_spoken_times_are_understood(text: str, clock: time | None) -> None:
    assert spoken_time(text) == clock


@pytest.mark.parametrize("text", ["at the Saturday market", "every Monday we lose two hours"])
def test_a_weekday_that_is_no_date_stays_as_it_was(text: str) -> None:
    assert with_dates(text, WEDNESDAY, "en") == text


def test_relative_dates_are_written_out() -> None:
    assert with_dates("by Friday, or tomorrow", WEDNESDAY, "en") == (
        "by Friday 20 November, or tomorrow (Thursday 19 November)"
    )
    assert with_dates("entro venerdì", WEDNESDAY, "it") == "entro venerdì 20 novembre"
    assert with_dates("on 9 December", WEDNESDAY, "en") == "on 9 December"
