"""The card of an operation: one message, drawn anew where it is, posted where it is not."""

import pytest
from structlog.testing import capture_logs

from db.store.session import Database
from handlers.slack.outbound.operations import SlackOperationDisplay
from services.errors import Temporary
from services.operations import Operation, Place
from tests.kit.door_stage import HOME, Stage, stage
from tests.views.scenes_operations import WORDS, operation
from views.kit import blocks as kit

CHANNEL = "C0OPS"


def display(s: Stage) -> SlackOperationDisplay:
    """Draws in the stage's Slack, with a line of the domain's own."""
    made = SlackOperationDisplay(s.slack.client, {"users.provision": WORDS})
    made.add("users.provision", results)
    return made


async def results(operation: Operation) -> tuple[kit.Block, ...]:
    """What its domain says besides."""
    return (kit.section(f"{operation.done} made"),)


def shown(ts: str = "") -> Operation:
    """One that is shown in the ops channel."""
    place = {"workspace_id": HOME, "channel_id": CHANNEL, "message_ts": ts}
    return operation("en", done=5, total=10, actor_id=f"{HOME}:U0ADA", **place)


async def test_the_card_is_posted_once_and_then_drawn_anew(database: Database) -> None:
    async with stage(database) as s:
        assert await display(s).draw(shown()) == Place(HOME, "D1", "1.1")
        again = await display(s).draw(shown("1.1"))
        assert again == Place(HOME, CHANNEL, "1.1")
        (posted,), (drawn,) = s.fake.named("chat.postMessage"), s.fake.named("chat.update")
        assert "5 made" in str(posted["blocks"])
        assert posted["blocks"] == drawn["blocks"]


async def test_a_card_that_is_gone_is_posted_again(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.update"] = "message_not_found"
        await display(s).draw(shown("1.0"))
        assert [sent["channel"] for sent in s.fake.named("chat.postMessage")] == [CHANNEL]


async def test_a_card_that_slack_does_not_let_us_draw_is_not_doubled(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.update"] = "msg_too_long"
        assert await display(s).draw(shown("1.0")) == Place(HOME, CHANNEL, "1.0")
        assert s.fake.named("chat.postMessage") == []


async def test_where_the_channel_is_closed_whoever_asked_is_told(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postMessage"] = "not_in_channel"
        assert await display(s).draw(shown()) is None
        tried = [sent["channel"] for sent in s.fake.named("chat.postMessage")]
        assert tried == [CHANNEL, "U0ADA"]


async def test_while_slack_is_away_the_job_learns_of_it(database: Database) -> None:
    async with stage(database) as s:
        s.fake.faults["chat.postMessage"] = "internal_error"
        with pytest.raises(Temporary):
            await display(s).draw(shown())


async def test_in_a_workspace_that_does_not_know_us_it_is_drawn_nowhere(
    database: Database,
) -> None:
    stranger = operation("en", workspace_id="T0GONE", channel_id=CHANNEL, message_ts="")
    async with stage(database) as s:
        with capture_logs() as logs:
            assert await display(s).draw(stranger) is None
        assert s.fake.named("chat.postMessage") == []
    told = next(line for line in logs if line["event"] == "slack.card_nowhere")
    assert "is not installed in this workspace" in told["detail"]
    assert (told["workspace_id"], told["operation"]) == ("T0GONE", stranger.id)


async def test_what_names_no_channel_is_drawn_nowhere(database: Database) -> None:
    async with stage(database) as s:
        assert await display(s).draw(operation("en", channel_id="")) is None
        assert s.fake.calls == []
