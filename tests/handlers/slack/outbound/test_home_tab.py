"""Publishing Home: a hash only when one is held, and Slack's no told apart."""

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from db.store.session import Database
from handlers.slack.outbound.home import SlackHomeTab
from handlers.slack.outbound.messenger import SlackMessenger
from handlers.slack.outbound.reach import RefusedBySlack
from services.actors import Actor
from services.errors import Temporary
from services.home import HomeMoved, HomePage
from services.people import Member, Preferences
from tests.kit.door_stage import ADA, HOME, stage

PAGE = HomePage(Member(Actor(HOME, ADA), "Ada", "", "en", "UTC", Preferences()), ())
Answer = Callable[[web.Request], Awaitable[web.Response]]


def user(**more: object) -> Answer:
    """users.info about somebody."""

    async def answer(_: web.Request) -> web.Response:
        person = {"id": ADA, "real_name": "Ada", "locale": "en-US", "tz": "UTC", **more}
        return web.json_response({"ok": True, "user": person})

    return answer


async def test_a_hash_that_is_not_held_is_left_out(database: Database) -> None:
    async with stage(database) as s:
        home = SlackHomeTab(s.slack.client)
        assert await home.publish(PAGE, "") == "h"
        assert await home.publish(PAGE, "h0") == "h"
        first, second = s.fake.named("views.publish")
        assert "hash" not in first
        assert second["hash"] == "h0"
        assert first["user_id"] == ADA


@pytest.mark.parametrize(
    ("word", "raised"),
    [
        ("hash_conflict", HomeMoved),
        ("not_enabled", RefusedBySlack),
        ("user_not_found", RefusedBySlack),
        ("internal_error", Temporary),
        ("ratelimited", Temporary),
    ],
)
async def test_slacks_words_are_told_apart(
    database: Database, word: str, raised: type[Exception]
) -> None:
    async with stage(database) as s:
        s.fake.faults["views.publish"] = word
        with pytest.raises(raised):
            await SlackHomeTab(s.slack.client).publish(PAGE, "h0")


@pytest.mark.parametrize(
    ("said", "admin", "outsider"),
    [
        ({}, False, False),
        ({"is_admin": True}, True, False),
        ({"is_owner": True}, True, False),
        ({"is_stranger": True}, False, True),
        ({"deleted": True}, False, True),
    ],
)
async def test_who_a_person_is_here_is_what_slack_says(
    database: Database, said: dict[str, object], *, admin: bool, outsider: bool
) -> None:
    async with stage(database, beside=[web.route("*", "/api/users.{info}", user(**said))]) as s:
        person = await SlackMessenger(s.slack.client).person(Actor(HOME, ADA))
        assert (person.admin, person.outsider) == (admin, outsider)
