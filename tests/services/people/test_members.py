"""What is known of people: as fresh as it must be, and never waited for too long."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from db.store.session import Database
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.people import QuietHours, zones_like
from services.people.members import ASK_SECONDS, Members, Preferences
from services.phrases import Phrase
from services.ports import SlackPerson

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Directory:
    """Slack's people: answers, waits, or refuses."""

    def __init__(self, wait: float = 0.0, refusal: Exception | None = None) -> None:
        self.wait, self.refusal, self.asked = wait, refusal, 0

    async def person(self, actor: Actor) -> SlackPerson:
        """The same person always."""
        self.asked += 1
        await asyncio.sleep(self.wait)
        if self.refusal:
            raise self.refusal
        return SlackPerson("Giulia", "giulia@home.example", "it-IT", "Europe/Rome")


def stranger() -> Actor:
    """Somebody never seen before."""
    return Actor("T1", uuid4().hex)


async def test_a_signature_saved_in_one_process_is_used_by_another(database: Database) -> None:
    web, worker = (Members(database, Directory(), lambda: NOW) for _ in range(2))
    actor = stranger()
    assert (await worker.who(actor)).preferences.signature == ""
    await web.prefer(actor, Preferences(signature="Giulia"))
    assert (await worker.afresh(actor)).preferences.signature == "Giulia"


async def test_without_a_signature_a_draft_ends_with_the_persons_name(database: Database) -> None:
    members, actor = Members(database, Directory(), lambda: NOW), stranger()
    assert (await members.who(actor)).signature == "Giulia"
    assert (await members.prefer(actor, Preferences(signature="G. R."))).signature == "G. R."


async def test_slack_is_not_asked_again_for_hours(database: Database) -> None:
    now, directory = [NOW], Directory()
    members, actor = Members(database, directory, lambda: now[0]), stranger()
    for hours in (0, 5, 11):
        now[0] = NOW + timedelta(hours=hours)
        assert (await members.who(actor)).language == "it"
    assert directory.asked == 1


async def test_a_slow_slack_leaves_the_person_in_english_in_time_for_the_ack(
    database: Database,
) -> None:
    members = Members(database, Directory(wait=30), lambda: NOW)
    async with asyncio.timeout(ASK_SECONDS + 1):
        assert (await members.who(stranger())).language == "en"


async def test_a_workspace_that_left_us_does_not_fail_the_question(database: Database) -> None:
    refusal = NotFound(Phrase("Not installed.", "Non installato."))
    members = Members(database, Directory(refusal=refusal), lambda: NOW)
    assert (await members.who(stranger())).language == "en"


async def test_what_may_happen_by_itself_is_asked_for_until_somebody_says_otherwise(
    database: Database,
) -> None:
    members, actor = Members(database, Directory(), lambda: NOW), stranger()
    likes = (await members.who(actor)).preferences
    assert (likes.auto_start, likes.quiet) == ("ask", QuietHours(time(20), time(8)))


async def test_all_that_was_saved_is_there_in_another_process(database: Database) -> None:
    web, worker = (Members(database, Directory(), lambda: NOW) for _ in range(2))
    actor = stranger()
    saved = Preferences(
        "it", "formal", "short", "G.", "external", None, "America/Lima", ("g@alias.example",)
    )
    await web.prefer(actor, saved)
    member = await worker.afresh(actor)
    assert member.preferences == saved
    assert member.tz == "America/Lima"
    assert member.addresses == {"giulia@home.example", "g@alias.example"}


async def test_without_a_zone_of_ones_own_slacks_counts_again(database: Database) -> None:
    members, actor = Members(database, Directory(), lambda: NOW), stranger()
    await members.prefer(actor, Preferences(zone="America/Lima"))
    assert (await members.prefer(actor, Preferences())).tz == "Europe/Rome"


@pytest.mark.parametrize(
    ("field", "likes"),
    [
        ("signature", Preferences(signature="x" * 2_001)),
        ("zone", Preferences(zone="Europe/Atlantis")),
        ("quiet_until", Preferences(quiet=QuietHours(time(8), time(8)))),
        ("aliases", Preferences(aliases=("not an address",))),
        ("aliases", Preferences(aliases=tuple(f"a{n}@x.example" for n in range(11)))),
    ],
)
async def test_what_cannot_be_kept_is_refused_and_nothing_changes(
    database: Database, field: str, likes: Preferences
) -> None:
    members, actor = Members(database, Directory(), lambda: NOW), stranger()
    before = (await members.prefer(actor, Preferences(tone="direct"))).preferences
    with pytest.raises(Invalid) as refused:
        await members.prefer(actor, likes)
    assert refused.value.field == field
    assert (await members.afresh(actor)).preferences == before


def test_a_zone_is_found_by_its_city() -> None:
    assert zones_like("rome", 5)[0] == "Europe/Rome"
    assert zones_like("new york", 5)[0] == "America/New_York"
    assert zones_like("europe ro", 5) == ("Europe/Rome",)
    assert zones_like("atlantis", 5) == ()
    assert len(zones_like("", 30)) == 30
