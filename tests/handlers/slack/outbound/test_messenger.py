"""Drawing and telling while Slack is away: nothing breaks, and the job learns of it."""

from datetime import UTC, datetime

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from db.store.session import Database
from handlers.slack.outbound.messenger import SlackMessenger
from services.actors import Actor
from services.connections.gmail import News
from services.connections.mailboxes import ConnectedMailbox
from services.errors import NotFound, Temporary
from services.followups.drafts import Options
from services.followups.progress import FAILED, FollowUp
from services.people.members import Member, Preferences
from services.phrases import Phrase
from tests.kit.door_stage import HOME, stage

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTOR = Actor(HOME, "U0ADA")
ADA = Member(ACTOR, "Ada", "ada@home.example", "en", "UTC", Preferences())
NOWHERE = Phrase("Not here.", "Non qui.")


def followup(**changes: object) -> FollowUp:
    """One that failed, so that it is a card."""
    fields: dict[str, object] = dict.fromkeys(FollowUp.__slots__, "")
    fields |= {"id": "f1", "actor": ACTOR, "recording_id": 1, "started_at": NOW, "status": FAILED}
    fields |= {"run": 1, "options": Options(), "steps": (), "version": 0, "draft": None}
    fields |= {"revisions": (), "receipts": (), "audit": None, "kept": ()}
    fields |= {"created_at": NOW, "updated_at": NOW, **changes}
    return FollowUp(**fields)  # type: ignore[arg-type] # every field by name


@pytest.mark.parametrize("trouble", ["ratelimited", "internal_error"])
async def test_slack_in_trouble_is_away_and_what_is_known_stays(
    database: Database, trouble: str
) -> None:
    async with stage(database) as s:
        s.fake.faults |= {"views.update": trouble, "chat.update": trouble}
        shown = await SlackMessenger(s.slack.client).show(
            followup(view_id="V1", card_channel="D1", card_ts="1.1"), ADA
        )
        assert (shown.view_open, shown.channel, shown.ts, shown.away) == (True, "D1", "1.1", True)


async def test_a_gateways_page_is_slack_being_away(database: Database) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(status=503, text="<h1>Sorry</h1>", content_type="text/html")

    async with stage(database, beside=[web.post("/api/views.{update}", page)]) as s:
        shown = await SlackMessenger(s.slack.client).show(followup(view_id="V1"), ADA)
        assert (shown.view_open, shown.away) == (True, True)


async def test_a_refusal_is_not_tried_again(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postMessage"] = "account_inactive"
        shown = await SlackMessenger(s.slack.client).show(followup(), ADA)
        assert (shown.ts, shown.away) == ("", False)


async def test_a_modal_put_away_becomes_a_card(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["views.update"] = "not_found"
        shown = await SlackMessenger(s.slack.client).show(followup(view_id="V1"), ADA)
        assert (shown.view_open, shown.channel, shown.away) == (False, "D1", False)


@pytest.mark.parametrize("refusal", [NotFound(NOWHERE), Temporary(NOWHERE)])
async def test_without_a_client_nothing_is_raised(refusal: Exception) -> None:
    async def nobody(actor: Actor) -> AsyncWebClient:
        raise refusal

    messenger = SlackMessenger(nobody)
    await messenger.connected(ADA, News(ConnectedMailbox("ada@home.example"), (), None))
    assert (await messenger.show(followup(), ADA)).away
