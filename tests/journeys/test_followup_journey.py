"""The main job, as a sales person does it: from a recorded meeting to a draft in Gmail."""

from integrations.sandbox.google.mime import parsed
from integrations.sandbox.google.vendor import Google
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.steps import choose_meeting, write


async def test_a_meeting_becomes_exactly_the_draft_one_edited(
    ada: Visitor, sandbox: Sandbox
) -> None:
    assert "Gmail is connected" in await connect_gmail(ada)
    await ada.sees(f"Gmail is connected as {ada.person.email}")

    await write(ada, "hartwell")
    await ada.type("followups.subject", "Our call, and the price we agreed")
    await ada.click("followups.create_draft")
    await ada.sees("The draft is in your Gmail")

    [draft] = sandbox.of(Google).accounts.drafts_of(ada.person.email).values()
    assert parsed(draft)["Subject"] == "Our call, and the price we agreed"

    await ada.close(everything=True)
    await choose_meeting(ada, "hartwell")
    await ada.sees("in Gmail")
