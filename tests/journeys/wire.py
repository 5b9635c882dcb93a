"""What only Slack, or somebody who forges its requests, can send to the product."""

from typing import Any

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.deliver_http import Answer
from integrations.sandbox.slack.payloads import action_json, interaction
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.vendor import Slack
from integrations.sandbox.slack.visitor import Visitor


def last_delivery(sandbox: Sandbox, kind: str) -> Json:
    """The newest interaction of a kind (view_submission, block_actions) as it was delivered."""
    sent: list[dict[str, Any]] = [
        entry["request"]
        for entry in sandbox.journal.entries(vendor="slack")
        if entry["direction"] == "out" and entry["request"].get("kind") == kind
    ]
    body: Json = sent[-1]["body"]
    return body


async def deliver(sandbox: Sandbox, payload: Json) -> Answer:
    """Deliver an interaction, signed as Slack signs."""
    return await sandbox.of(Slack).delivery.interaction(payload)


async def click_as(sandbox: Sandbox, person: Visitor, key: str, card: Sight) -> Answer:
    """Press a button of somebody else's card, as if Slack had shown it to this person."""
    found, team = card.get(key), person.team
    room = team.rooms.im(person.id).id
    payload = {
        **interaction(team, person.person, "block_actions"),
        **card.surface.part(),
        "trigger_id": sandbox.of(Slack).tickets.trigger(team.id, person.id, room),
        "response_url": sandbox.of(Slack).response_url(team.id, person.id, room),
        "actions": [action_json(found.block, found.element, {})],
    }
    return await deliver(sandbox, payload)
