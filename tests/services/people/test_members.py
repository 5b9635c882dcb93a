"""What is known of people: as fresh as it must be, and never waited for too long."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from db.store.session import Database
from services.actors import Actor
from services.errors import NotFound
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
